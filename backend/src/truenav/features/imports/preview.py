"""What a commit would do: which rows are new, how cash and NAV would change."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import AccountId, InstrumentId, TransactionId
from truenav.core.imports.parsed import ParsedFile, ParsedRow
from truenav.core.ledger.cash import cash_effects, net_cash
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import (
    InstrumentRef,
    Transaction,
    TransactionDraft,
)
from truenav.core.money import exact
from truenav.core.valuation.columns import Timeline, timeline
from truenav.core.valuation.explaining import Valuing
from truenav.core.valuation.nav import DayValue, value_days
from truenav.features.accounts.tables import AccountRow
from truenav.features.imports.explain_preview import Valued, explain_preview
from truenav.features.instruments.matching import names_of
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.reads import live_transactions
from truenav.features.marketdata.rates import with_sources
from truenav.features.marketdata.reads import load_market


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """One row of the file with the keys of its drafts and whether the account holds them all."""

    row: ParsedRow
    keys: tuple[str, ...]
    is_duplicate: bool

    @property
    def status(self) -> str:
        """As stored: a row whose records are all held is a duplicate."""
        return "duplicate" if self.is_duplicate else self.row.status.value


def keyed_rows(
    file: ParsedFile,
    keys: Sequence[tuple[TransactionDraft, str]],
    in_use: Mapping[str, bool],
) -> list[KeyedRow]:
    """Join rows with the keys of their drafts, which stand in the same order."""
    remaining = iter(keys)
    found = []
    for row in file.rows:
        own = tuple(next(remaining)[1] for _ in row.drafts)
        held = bool(own) and all(is_held(key, in_use) for key in own)
        found.append(KeyedRow(row, own, held))
    return found


def is_held(key: str, in_use: Mapping[str, bool]) -> bool:
    """Whether a record that counts has this key, in any of its generations."""
    generation, candidate = 1, key
    while candidate in in_use:
        if in_use[candidate]:
            return True
        generation += 1
        candidate = f"{key}~{generation}"
    return False


def stored_rows(tenant_id: UUID, batch_id: UUID, rows: Sequence[KeyedRow]) -> list[dict[str, Any]]:
    """Rows of `import_rows`: one per draft, one for a row without any."""
    stored = []
    for keyed in rows:
        row = keyed.row
        for ordinal, draft in enumerate(row.drafts or (None,)):
            stored.append(
                {
                    "tenant_id": tenant_id,
                    "batch_id": batch_id,
                    "row_number": row.row_number,
                    "ordinal": ordinal,
                    "status": keyed.status,
                    "reason_code": "duplicate" if keyed.is_duplicate else row.reason_code,
                    "message": "the account holds this record already"
                    if keyed.is_duplicate
                    else row.message,
                    "column_name": row.column,
                    "idempotency_key": keyed.keys[ordinal] if draft is not None else None,
                    "draft": draft_summary(draft) if draft is not None else None,
                    "original": {str(k): str(v) for k, v in row.original.items()},
                }
            )
    return stored


def draft_summary(draft: TransactionDraft) -> dict[str, Any]:
    """What a person needs to recognize a record; decimals as text."""
    net = net_cash(draft)
    ref = draft.instrument
    return {
        "kind": draft.kind.value,
        "sub_kind": draft.sub_kind.value if draft.sub_kind else None,
        "trade_date": draft.trade_date.isoformat(),
        "symbol": (ref.symbol or ref.isin or ref.name) if ref else None,
        "quantity": _text(draft.quantity),
        "price": _text(draft.price),
        "net_amount": _text(net),
        "currency": draft.currency,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


async def preview_of(
    session: AsyncSession,
    account: AccountRow,
    drafts: Sequence[TransactionDraft],
    known: Mapping[InstrumentRef, InstrumentId],
    as_of: date,
) -> dict[str, Any]:
    """The preview of the drafts that are new, as stored in the batch."""
    before, after, told = await _nav_before_and_after(session, account, drafts, known, as_of)
    unmet = [d.instrument for d in drafts if d.instrument and d.instrument not in known]
    # one instrument often has several descriptions in one file
    new_refs = list({names_of(ref)[0]: ref for ref in reversed(unmet)}.values())[::-1]
    days = [draft.trade_date for draft in drafts]
    return {
        "transaction_count": len(drafts),
        "first_trade_date": min(days).isoformat() if days else None,
        "last_trade_date": max(days).isoformat() if days else None,
        "new_instruments": [
            {
                "symbol": ref.symbol,
                "isin": ref.isin,
                "name": ref.name,
                "currency": ref.currency,
            }
            for ref in new_refs
        ],
        "cash_changes": [
            {"currency": currency, "amount": format(amount, "f")}
            for currency, amount in sorted(cash_changes(drafts).items())
        ],
        "kinds": dict(Counter(draft.kind.value for draft in drafts)),
        "nav_before": _text(before.nav),
        "nav_after": _text(after.nav),
        "nav_currency": account.base_currency,
        "unknown_reasons": sorted({unknown.reason_code for unknown in after.unknowns}),
        "explanations": told,
    }


@exact
def cash_changes(drafts: Sequence[TransactionDraft]) -> dict[str, Decimal]:
    """Sum of cash effects per currency."""
    totals: dict[str, Decimal] = {}
    for draft in drafts:
        for currency, amount in cash_effects(draft):
            totals[currency] = totals.get(currency, Decimal(0)) + amount
    return totals


async def _nav_before_and_after(
    session: AsyncSession,
    account: AccountRow,
    drafts: Sequence[TransactionDraft],
    known: Mapping[InstrumentRef, InstrumentId],
    as_of: date,
) -> tuple[DayValue, DayValue, list[dict[str, Any]]]:
    held = await live_transactions(session, [account.id])
    stand_ins = dict(known)
    for draft in drafts:
        if draft.instrument is not None and draft.instrument not in stand_ins:
            stand_ins[draft.instrument] = InstrumentId(uuid4())  # has no price yet: unknown
    added = [
        _as_transaction(draft, AccountId(account.id), stand_ins, index)
        for index, draft in enumerate(drafts, start=1_000_000)
    ]
    both = [*held, *added]
    currencies = {account.base_currency, *_currencies(both)}
    ids = {record.instrument_id for record in both if record.instrument_id is not None}
    market = await load_market(session, ids, currencies, first_day=as_of, last_day=as_of)

    def valued(records: Sequence[Transaction]) -> tuple[Timeline, DayValue]:
        found = timeline(records, as_of, 1, LotMethod.FIFO)  # units are the same by any method
        (value,) = value_days(found, market, account.base_currency, first_day=as_of, count=1)
        return found, value

    was, before = valued(held)
    would, after = valued(both) if added else (was, before)
    valuing = Valuing(
        market=market,
        rates=await with_sources(session, market.fx),
        currency=account.base_currency,
        as_of=as_of,
        symbols=await _symbols(session, ids, stand_ins),
    )
    sides = [Valued("nav_before", was, before.nav), Valued("nav_after", would, after.nav)]
    return before, after, explain_preview(drafts, valuing, sides)


async def _symbols(
    session: AsyncSession, ids: Collection[UUID], named: Mapping[InstrumentRef, InstrumentId]
) -> dict[InstrumentId, str]:
    """What instruments are called: as we know them, else as the file does."""
    found = {
        key: ref.symbol or ref.isin or ref.name or "" for ref, key in named.items() if key in ids
    }
    query = select(InstrumentRow.id, InstrumentRow.symbol).where(InstrumentRow.id.in_(list(ids)))
    rows = await session.execute(query)
    return found | {InstrumentId(row.id): row.symbol for row in rows}


def _currencies(records: Iterable[Transaction]) -> Iterator[str]:
    """Every currency that cash may move in, without adding up how much."""
    for record in records:
        yield record.currency
        if record.counter is not None:
            yield record.counter.currency


def _as_transaction(
    draft: TransactionDraft,
    account_id: AccountId,
    instruments: Mapping[InstrumentRef, InstrumentId],
    sequence: int,
) -> Transaction:
    return Transaction(
        id=TransactionId(UUID(int=sequence)),  # never stored
        account_id=account_id,
        instrument_id=instruments[draft.instrument] if draft.instrument else None,
        kind=draft.kind,
        sub_kind=draft.sub_kind,
        trade_date=draft.trade_date,
        settlement_date=draft.settlement_date,
        sequence=sequence,
        quantity=draft.quantity,
        price=draft.price,
        multiplier=draft.multiplier,
        ratio=draft.ratio,
        currency=draft.currency,
        gross=draft.gross,
        fee=draft.fee,
        tax=draft.tax,
        counter=draft.counter,
        is_external_flow=draft.is_external_flow,
        traded_at=draft.traded_at,
    )

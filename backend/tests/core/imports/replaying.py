"""What a file leaves in an account that holds nothing else: lots, cash, and stated balances."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID, uuid5

from tests.core.imports.samples import drafts
from truenav.core.ids import AccountId, InstrumentId, TransactionId
from truenav.core.imports.parsed import ParsedFile, ParsedRow
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import InstrumentRef, Transaction

SPACE = UUID(int=0)


def instrument_id(ref: InstrumentRef) -> InstrumentId:
    """One id per ISIN, else per symbol."""
    return InstrumentId(uuid5(SPACE, str(ref.isin or ref.symbol or ref.name)))


def state_after(file: ParsedFile) -> LedgerState:
    """The lots and cash of an account that holds nothing but this file."""
    records = [
        Transaction(
            id=TransactionId(uuid5(SPACE, str(sequence))),
            account_id=AccountId(SPACE),
            instrument_id=instrument_id(draft.instrument) if draft.instrument else None,
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
            acquired_date=draft.acquired_date,
        )
        for sequence, draft in enumerate(drafts(file))
    ]
    return replay(records)


def held(state: LedgerState) -> dict[InstrumentId, tuple[Decimal, Decimal]]:
    """Units and cost per instrument."""
    return {p.instrument_id: (p.quantity, p.cost) for p in state.positions()}


def named(isin: str) -> InstrumentId:
    """The id of an ISIN or symbol."""
    return InstrumentId(uuid5(SPACE, isin))


def units(state: LedgerState) -> dict[InstrumentId, Decimal]:
    """Units held per instrument."""
    return {p.instrument_id: p.quantity for p in state.positions()}


def column_sum(content: str, column: str, *, delimiter: str = ",", skip: int = 0) -> Decimal:
    """The sum of a column as a spreadsheet would have it, without our reader.

    `skip` lines stand before the header. Cells that are not plain numbers do not count.
    """
    lines = content.splitlines(keepends=True)[skip:]
    total = Decimal(0)
    for row in csv.DictReader(io.StringIO("".join(lines)), delimiter=delimiter):
        cell = (row.get(column) or "").replace(",", "").strip()
        if cell.lstrip("-").replace(".", "", 1).isdigit():
            total += Decimal(cell)
    return total


def balance_gaps(
    rows: Iterable[ParsedRow],
    *,
    stamp: tuple[str, ...],
    balance: str,
    currency: str,
) -> dict[int, Decimal]:
    """Row number → what its stated balance differs by from the one before and what moved since.

    Args:
        rows: Oldest first.
        stamp: Columns that rows of one event share; the legs of a trade are compared as one.
        balance: The column of the balance.
        currency: The column of its currency, or a currency.
    """
    gaps: dict[int, Decimal] = {}
    last: dict[str, Decimal] = {}
    for group in _events(rows, stamp):
        moved: dict[str, Decimal] = {}
        for row in group:
            for draft in row.drafts:
                for code, amount in cash_effects(draft):
                    moved[code] = moved.get(code, Decimal(0)) + amount
        stated: dict[str, tuple[int, Decimal]] = {}
        for row in group:
            cell = row.original.get(balance, "").replace(",", ".").strip()
            code = row.original.get(currency, currency)
            if cell:
                stated[code] = row.row_number, Decimal(cell)
        for code, (number, figure) in stated.items():
            off = figure - last.get(code, figure - moved.get(code, Decimal(0)))
            off -= moved.get(code, Decimal(0))
            if off:
                gaps[number] = off
            last[code] = figure
    return gaps


def _events(rows: Iterable[ParsedRow], stamp: tuple[str, ...]) -> list[list[ParsedRow]]:
    groups: list[list[ParsedRow]] = []
    before: tuple[str, ...] | None = None
    for row in rows:
        now = tuple(row.original.get(column, "") for column in stamp)
        if now != before:
            groups.append([])
            before = now
        groups[-1].append(row)
    return groups

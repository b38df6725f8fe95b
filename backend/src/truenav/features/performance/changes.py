"""The value-change waterfall of accounts: records replayed, priced, and added up as bars."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact, to_decimal_places
from truenav.core.performance.effects import Bar, Effect
from truenav.core.performance.waterfall import VERSION, Books, Waterfall, waterfall
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import FxTable
from truenav.core.valuation.slices import Slice
from truenav.features.ledger import rebuilding
from truenav.features.marketdata.reads import load_market
from truenav.features.performance.schemas import BarOut, BarRecordOut, WaterfallOut
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation import repository
from truenav.features.valuation.explain import Named, explained
from truenav.features.valuation.receivables import receivables_of
from truenav.features.valuation.schemas import SliceOut
from truenav.features.valuation.series import Scope, nav_series
from truenav.platform.unit_of_work import UnitOfWork

PLACES = 10
RECORDS = 200
NEAR = Decimal("1E-6")  # what 18 stored places can differ by, over many accounts
ZERO = Decimal(0)
DERIVED = (Bar.UNREALIZED, Bar.FX)


@dataclass(frozen=True, slots=True)
class _Ends:
    first: SeriesPoint
    last: SeriesPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenChange:
    """What a waterfall is worked out from; `first` and `last` are None where nothing was yet."""

    currency: str
    slice: SliceOut
    as_of: date
    first: SeriesPoint | None
    last: SeriesPoint | None
    books: Sequence[Books]
    market: Market
    names: Mapping[UUID, Named]
    of: Slice | None = None


async def waterfall_of(uow: UnitOfWork, scope: Scope, wanted: Wanted) -> WaterfallOut:
    """Every bar of the span with its records; null bars with their reasons."""
    is_busy = await repository.is_recomputing(uow.session)
    given = await given_change(uow, scope, wanted)
    # a long history takes a while, and others wait for the loop
    made = await asyncio.to_thread(change_of, given)
    return made.model_copy(update={"is_recomputing": is_busy})


async def given_change(uow: UnitOfWork, scope: Scope, wanted: Wanted) -> GivenChange:
    """Both ends, the records up to the last day, and prices and rates of the days between."""
    until = min(wanted.to_date or scope.as_of, scope.as_of)
    points = await nav_series(uow, scope, wanted.first_day(scope.as_of), until)
    first, last = (points[0], points[-1]) if points else (None, None)
    books = await _books(uow, scope, _Ends(first, last)) if first and last else []
    records = [record for one in books for record in one.records]
    due = [one for of_account in books for one in of_account.due]
    ids = {InstrumentId(r.instrument_id) for r in records if r.instrument_id is not None}
    market = Market(prices={}, multipliers={}, fx=FxTable({}))
    if first is not None and last is not None:
        market = await load_market(
            uow.session,
            ids,
            {
                scope.currency,
                *(currency for record in records for currency in _currencies(record)),
                *(one.currency for one in due),
            },
            first_day=first.as_of,
            last_day=last.as_of,
        )
    rows = await repository.instruments(uow.session, [*ids, *(one.instrument_id for one in due)])
    return GivenChange(
        currency=scope.currency,
        slice=scope.told,
        as_of=scope.as_of,
        first=first,
        last=last,
        books=books,
        market=market,
        names={key: Named(row.symbol, row.name) for key, row in rows.items()},
        of=scope.of,
    )


def change_of(given: GivenChange, found: Waterfall | None = None) -> WaterfallOut:
    """The bars; of a waterfall that was found, or of the one that is given."""
    if given.first is None or given.last is None:
        return _empty(given)
    ends = _Ends(given.first, given.last)
    records: dict[UUID, Transaction] = {r.id: r for one in given.books for r in one.records}
    found = found or waterfall(
        given.books,
        given.market,
        given.currency,
        first_day=ends.first.as_of,
        last_day=ends.last.as_of,
        of=given.of,
    )
    symbols = {key: named.symbol for key, named in given.names.items()}
    amounts, is_equal = _shown(found, ends)
    return WaterfallOut(
        currency=given.currency,
        as_of=given.as_of,
        from_date=ends.first.as_of,
        to_date=ends.last.as_of,
        opening_nav=rounded(ends.first.nav),
        closing_nav=rounded(ends.last.nav),
        price_result=rounded(found.price_result) if is_equal else None,
        bars=[
            _bar(bar, amounts[bar], [e for e in found.effects if e.bar is bar], records, symbols)
            for bar in Bar
        ],
        reason=_reason(found, is_equal=is_equal),
        slice=given.slice,
        unknowns=explained(found.unknowns, given.names),
        calculation_version=VERSION.number,
        is_recomputing=False,
    )


def _reason(found: Waterfall, *, is_equal: bool) -> str | None:
    if not is_equal:
        return "values_recomputing"
    return "value_unknown" if None in found.bars.values() else None


async def _books(uow: UnitOfWork, scope: Scope, ends: _Ends) -> list[Books]:
    """Each account's records up to the last day, the lots that travelled to it, income due."""
    last = ends.last.as_of
    due = await receivables_of(uow, scope.accounts, (ends.first.as_of, last), scope.as_of)
    books = []
    for account in scope.accounts:
        given = await rebuilding.inputs(uow.session, account, through=last)
        mine = [one for one in due if one.account_id == account.id]
        books.append(Books(given.records, given.policy, mine))
    return books


def _currencies(record: Transaction) -> set[str]:
    return {record.currency, *(currency for currency, _ in cash_effects(record))}


@exact
def _shown(found: Waterfall, ends: _Ends) -> tuple[Mapping[Bar, Decimal | None], bool]:
    """Bars at the places of the wire, and whether they are of the values on the other pages.

    What rounding leaves goes to the unrealized bar, so that what is shown adds up to the digit.
    While snapshots wait to be rebuilt their values are of other records: nothing is told then.
    """
    shown = {bar: rounded(amount) for bar, amount in found.bars.items()}
    is_equal = _is_near(found.opening, ends.first.nav) and _is_near(found.closing, ends.last.nav)
    if not is_equal:
        return dict.fromkeys(Bar), False
    first, last = rounded(ends.first.nav), rounded(ends.last.nav)
    others = [amount for bar, amount in shown.items() if bar is not Bar.UNREALIZED]
    if shown[Bar.UNREALIZED] is not None and first is not None and last is not None:
        known = [amount for amount in others if amount is not None]
        shown[Bar.UNREALIZED] = last - first - sum(known, ZERO)
    return shown, True


def _is_near(left: Decimal | None, right: Decimal | None) -> bool:
    if left is None or right is None:
        return left is right
    return abs(left - right) <= NEAR


def _bar(
    bar: Bar,
    amount: Decimal | None,
    effects: Sequence[Effect],
    records: Mapping[UUID, Transaction],
    symbols: Mapping[UUID, str],
) -> BarOut:
    newest = sorted(effects, key=lambda e: (e.day, str(e.transaction_id)), reverse=True)
    codes = {reason.reason_code for effect in effects for reason in effect.reasons}
    if amount is None and not codes:
        codes = {"value_unknown"}
    return BarOut(
        bar=bar.value,
        amount=amount,
        reasons=sorted(codes) if amount is None else [],
        is_remainder=bar in DERIVED,
        record_count=len(effects),
        records=[_record(effect, records, symbols) for effect in newest[:RECORDS]],
    )


def _record(
    effect: Effect, records: Mapping[UUID, Transaction], symbols: Mapping[UUID, str]
) -> BarRecordOut:
    record = records.get(effect.transaction_id) if effect.transaction_id is not None else None
    instrument_id: UUID | None = record.instrument_id if record is not None else None
    kind = record.kind.value if record is not None else "dividend"
    if effect.due is not None:
        instrument_id = effect.due.instrument_id
        if effect.due.event_id is not None:
            kind = "declared"
    return BarRecordOut(
        transaction_id=effect.transaction_id,
        day=effect.day,
        kind=kind,
        symbol=symbols.get(instrument_id) if instrument_id is not None else None,
        amount=rounded(effect.amount),
        reason=effect.reason.reason_code if effect.reason else None,
    )


def told_records(given: GivenChange, effects: Iterable[Effect]) -> list[BarRecordOut]:
    """What records add to a bar, as the page tells it."""
    records: dict[UUID, Transaction] = {r.id: r for one in given.books for r in one.records}
    symbols = {key: named.symbol for key, named in given.names.items()}
    return [_record(effect, records, symbols) for effect in effects]


def rounded(value: Decimal | None) -> Decimal | None:
    """An amount at the places of the wire."""
    return None if value is None else to_decimal_places(value, PLACES)


def _empty(given: GivenChange) -> WaterfallOut:
    return WaterfallOut(
        currency=given.currency, as_of=given.as_of, from_date=None, to_date=None,
        opening_nav=None, closing_nav=None, price_result=None, bars=[], reason="no_capital",
        slice=given.slice, unknowns=[], calculation_version=VERSION.number, is_recomputing=False,
    )  # fmt: skip

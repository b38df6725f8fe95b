"""Realized and unrealized gains and income, side by side: the figures of three pages in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.income.received import NOTHING, Amounts, summed
from truenav.core.money import exact
from truenav.core.valuation.gains import Gain, unrealized
from truenav.core.valuation.nav import Unknown
from truenav.features.gains.schemas import GainOut, GainsOut, GainsRowOut, ReceivedOut
from truenav.features.income.gathering import received_by
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.gains import GainFilter
from truenav.features.valuation import repository
from truenav.features.valuation.allocation import places
from truenav.features.valuation.earned import realized_by_instrument
from truenav.features.valuation.explain import explained
from truenav.features.valuation.holdings import lots_and_market, valued
from truenav.features.valuation.series import Scope
from truenav.platform.problems import InvalidFields
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)
EXACT = 18
Key = UUID | None  # None is the income that names no instrument


@dataclass(frozen=True, slots=True)
class Row:
    """What one instrument brought."""

    realized: Gain = field(default_factory=Gain)
    unrealized: Gain = field(default_factory=Gain)
    before: Gain = field(default_factory=Gain)
    income: Amounts = NOTHING

    @property
    @exact
    def change(self) -> Decimal | None:
        """What the span changed of the unrealized gain."""
        now, before = self.unrealized.gain, self.before.gain
        return None if now is None or before is None else now - before

    @property
    @exact
    def total(self) -> Decimal | None:
        """All of it; None when a part is."""
        parts = self.realized.gain, self.change, self.income.net
        known = [part for part in parts if part is not None]
        return sum(known, ZERO) if len(known) == len(parts) else None

    def plus(self, other: "Row") -> "Row":
        """Both together."""
        return Row(
            self.realized.plus(other.realized),
            self.unrealized.plus(other.unrealized),
            self.before.plus(other.before),
            self.income.plus(other.income),
        )


async def gains_of(uow: UnitOfWork, scope: Scope, year: int | None) -> GainsOut:
    """Gains and income since ever, or of a year.

    Raises:
        InvalidFields: the year has not begun on the day the values are of.
    """
    if year is not None and year > scope.as_of.year:
        raise InvalidFields([("/query/year", f"no later than {scope.as_of.year}")])
    first = date(year, 1, 1) if year is not None else None
    ends = date(year, 12, 31) if year is not None else None
    last = min(ends or scope.as_of, scope.as_of)
    opened = await repository.first_trade_date(uow.session, scope.account_ids)
    # by the day they count on: what became worthless this year counts on a day to come
    wanted = GainFilter(first_date=first, last_date=ends)
    realized = await realized_by_instrument(uow, scope, wanted)
    now = await _unrealized(uow, scope, last)
    before: Mapping[UUID, Gain] = {}
    if first is not None and opened is not None and opened < first:
        before = await _unrealized(uow, scope, date(first.year - 1, 12, 31))
    income = await _income(uow, scope, first, last)
    keys: list[Key] = list(dict.fromkeys([*now, *realized, *before, *income]))
    rows = {
        key: Row(
            realized.get(key, Gain()) if key else Gain(),
            now.get(key, Gain()) if key else Gain(),
            before.get(key, Gain()) if key else Gain(),
            income.get(key, NOTHING),
        )
        for key in keys
    }
    instruments = await repository.instruments(uow.session, [key for key in keys if key])
    return GainsOut(
        currency=scope.currency,
        as_of=scope.as_of,
        year=year,
        from_date=first,
        to_date=last,
        slice=scope.told,
        years=[*range(scope.as_of.year, opened.year - 1, -1)] if opened is not None else [],
        items=_sorted([_row(key, row, instruments) for key, row in rows.items()]),
        total=_row(None, _all(list(rows.values())), {}, name="All together"),
        is_realized_explained=_is_kept(scope),
        unknowns=explained(_unknowns(rows), instruments),
        is_recomputing=await repository.is_recomputing(uow.session),
    )


def _is_kept(scope: Scope) -> bool:
    """Whether every realized gain is one that the ledger keeps in this currency, for tax."""
    kept = {account.tax_currency or account.base_currency for account in scope.accounts}
    return kept == {scope.currency}


async def _unrealized(uow: UnitOfWork, scope: Scope, day: date) -> dict[UUID, Gain]:
    lots, besides, market = await lots_and_market(uow, scope, day)
    holdings = valued(scope, lots, besides, market, day)
    return {
        item.instrument_id: unrealized(item, lots[item.instrument_id], scope.currency)
        for item in holdings.items
    }


async def _income(
    uow: UnitOfWork, scope: Scope, first: date | None, last: date
) -> dict[Key, Amounts]:
    received = await received_by(uow, scope)
    payments = received.between(first, last)
    return summed(payments, received.fx, scope.currency, lambda payment: payment.instrument_id)


def _all(rows: Sequence[Row]) -> Row:
    found = Row()
    for row in rows:
        found = found.plus(row)
    return found


def _row(
    key: Key, row: Row, instruments: Mapping[UUID, InstrumentRow], *, name: str = "No instrument"
) -> GainsRowOut:
    of = instruments.get(key) if key is not None else None
    reasons = {*row.realized.reasons, *row.unrealized.reasons, *row.before.reasons,
               *(reason.split(":")[0] for reason in row.income.reasons)}  # fmt: skip
    return GainsRowOut(
        instrument_id=key,
        symbol=of.symbol if of is not None else None,
        name=of.name if of is not None else name,
        asset_class=of.asset_class if of is not None else "cash",
        realized=_gain(row.realized, EXACT),
        unrealized=_gain(row.unrealized, 6),
        unrealized_change=places(row.change),
        income=ReceivedOut(
            net=places(row.income.net),
            count=row.income.count,
            reasons=list(row.income.reasons),
        ),
        total=places(row.total),
        reasons=sorted(reasons),
    )


@exact
def _gain(found: Gain, digits: int) -> GainOut:
    """At the places of the page that shows it alone; both parts come to it exactly."""
    gain = places(found.gain, digits)
    split = None if gain is None else places(found.from_currency, 6)
    return GainOut(
        gain=gain,
        from_prices=gain - split if gain is not None and split is not None else None,
        from_currency=split,
        count=found.count,
        reasons=list(found.reasons),
    )


@exact
def _sorted(items: Sequence[GainsRowOut]) -> list[GainsRowOut]:
    return sorted(
        items,
        key=lambda one: (
            one.instrument_id is None,
            one.total is None,
            -abs(one.total or ZERO),
            one.symbol or "",
        ),
    )


def _unknowns(rows: Mapping[Key, Row]) -> list[Unknown]:
    found = [
        Unknown(reason, str(key))
        for key, row in rows.items()
        for reason in dict.fromkeys(
            (*row.realized.reasons, *row.unrealized.reasons, *row.before.reasons)
        )
    ]
    for row in rows.values():
        for reason in row.income.reasons:
            code, _, subject = reason.partition(":")
            found.append(Unknown(code, subject))
    return found

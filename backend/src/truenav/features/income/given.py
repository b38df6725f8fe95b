"""A page of income in two halves: what it is worked out from, and the pure working out.

What is given can be kept: the same given and the same version make the same answer, whenever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.interest import Earning
from truenav.core.income.qualified import HeldLot
from truenav.core.income.received import Payment
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import FxTable
from truenav.core.valuation.slices import Slice
from truenav.features.income.calendar import projection_of
from truenav.features.income.gathering import (
    Known,
    Received,
    Waiting,
    known_of,
    of_scope,
    received_by,
)
from truenav.features.income.history import History
from truenav.features.income.measures import yields_page
from truenav.features.income.schemas import IncomeOut, ProjectionOut, YieldsOut
from truenav.features.income.tested import Tester, tester_of
from truenav.features.income.totals import income_of
from truenav.features.ledger.preferences import Preferences
from truenav.features.valuation.explain import Named
from truenav.features.valuation.holdings import Holdings
from truenav.features.valuation.series import Scope
from truenav.features.valuation.slicing import Filters
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import Body

Span = tuple[date | None, date | None]


class IncomePageOut(Body):
    """The page of income: what was received, what is to come, and what that is of what is held."""

    received: IncomeOut
    projection: ProjectionOut
    yields: YieldsOut


@dataclass(frozen=True, slots=True)
class Quoted(Named):
    """An instrument as the page tells it."""

    currency: str


@dataclass(frozen=True, slots=True)
class Preferred:
    """What is done with income of an account, or of an instrument in it."""

    account_id: UUID
    instrument_id: UUID | None
    handling: str


@dataclass(frozen=True, slots=True)
class LotsHeld:
    """Lots of an instrument in an account, closed ones too."""

    account_id: UUID
    instrument_id: UUID
    lots: Sequence[HeldLot]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenIncome:
    """Payments, what is declared, what is held and what it paid before; rates; words and lots.

    Payments are all there are of the accounts: what was paid for one unit, and what is withheld,
    follow from them. `of` says which part of them is told; None where that is all, as in what was
    kept before income could be of a part.
    """

    currency: str
    as_of: date
    filters: Filters
    span: Span
    account_names: Mapping[UUID, str]
    instruments: Mapping[UUID, Quoted]
    payments: Sequence[Payment]
    waiting: Sequence[Waiting]
    fx: FxTable
    items: Sequence[HoldingValue]
    multipliers: Mapping[InstrumentId, Decimal]
    units: Sequence[tuple[AccountId, InstrumentId, Decimal]]
    histories: Mapping[UUID, History]
    earnings: Sequence[Earning]
    preferences: Sequence[Preferred]
    taxable: Sequence[UUID]
    lots: Sequence[LotsHeld]
    preferred: Mapping[UUID, Sequence[date]]
    of: Slice | None = None


async def given_income(uow: UnitOfWork, scope: Scope, span: Span) -> GivenIncome:
    """What the page of income of a span is worked out from."""
    known = await known_of(uow, scope)
    received = known.received
    ids = {p.instrument_id for p in received.between(*span) if p.instrument_id is not None}
    tester = await tester_of(uow, received, ids)
    return GivenIncome(
        currency=scope.currency,
        as_of=scope.as_of,
        filters=scope.filters,
        span=span,
        account_names=received.account_names,
        instruments={
            key: Quoted(one.symbol, one.name, one.currency)
            for key, one in received.instruments.items()
        },
        payments=received.recorded,
        waiting=received.waiting,
        fx=received.fx,
        items=known.holdings.items,
        multipliers=known.holdings.market.multipliers,
        units=known.units,
        histories=known.histories,
        earnings=known.earnings,
        preferences=[
            Preferred(account_id, instrument_id, handling)
            for (account_id, instrument_id), handling in known.preferences.rows.items()
        ],
        taxable=sorted(tester.taxable),
        lots=[LotsHeld(*key, lots) for key, lots in sorted(tester.lots.items())],
        preferred=tester.preferred,
        of=scope.of,
    )


def income_page(given: GivenIncome) -> IncomePageOut:
    """The page of income; of nothing but what is given."""
    known = _known(given)
    lots = {(one.account_id, one.instrument_id): one.lots for one in given.lots}
    tester = Tester(lots, frozenset(given.taxable), given.as_of, given.preferred)
    return IncomePageOut(
        received=income_of(known.received, *given.span, tester),
        projection=projection_of(known),
        yields=yields_page(known),
    )


def _known(given: GivenIncome) -> Known:
    scope = Scope(
        accounts=(), currency=given.currency, as_of=given.as_of, filters=given.filters,
        of=given.of,
    )  # fmt: skip
    received = Received(
        scope=scope, payments=of_scope(scope, given.payments), recorded=given.payments,
        fx=given.fx, instruments=given.instruments, entries=(), waiting=given.waiting,
        account_names=given.account_names,
    )  # fmt: skip
    # of what is held the page reads its lines and multipliers, and no totals
    holdings = Holdings(
        scope=scope, day=given.as_of, items=given.items, cash=(), receivables=(),
        market=Market(prices={}, multipliers=given.multipliers, fx=given.fx),
        market_value=None, cash_value=None, receivable_value=None,
    )  # fmt: skip
    said = {(one.account_id, one.instrument_id): one.handling for one in given.preferences}
    return Known(
        received=received, holdings=holdings, units=given.units, histories=given.histories,
        earnings=given.earnings,
        preferences=Preferences(said),
    )  # fmt: skip


async def received_page(
    uow: UnitOfWork, scope: Scope, span: tuple[date | None, date | None]
) -> IncomeOut:
    """What was received in a span, for pages that nobody keeps."""
    received = await received_by(uow, scope)
    ids = {p.instrument_id for p in received.between(*span) if p.instrument_id is not None}
    return income_of(received, *span, await tester_of(uow, received, ids))

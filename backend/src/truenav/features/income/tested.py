"""Which units behind a dividend were held long enough, from the lots of its account."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from truenav.core.corporate_actions.actions import CASH_PAID
from truenav.core.income.projection import AHEAD
from truenav.core.income.qualified import (
    COMMON,
    HeldLot,
    Holding,
    HoldingTest,
    Rule,
    holding_test,
    rule_of,
)
from truenav.core.income.received import IncomeKind, Payment
from truenav.core.ledger.transactions import SubKind
from truenav.features.income.gathering import Received
from truenav.features.income.schemas import HoldingTestOut, LotTestOut
from truenav.features.instruments.settings import settings_of
from truenav.features.ledger.actions_catalogue import known_events
from truenav.features.ledger.paid_reads import lots_held
from truenav.platform.unit_of_work import UnitOfWork

Lots = Mapping[tuple[UUID, UUID], Sequence[HeldLot]]


@dataclass(frozen=True, slots=True)
class Tester:
    """Lots of a scope's accounts; of preferred stock the ex-dates that are known."""

    lots: Lots
    taxable: frozenset[UUID]
    as_of: date
    preferred: Mapping[UUID, Sequence[date]]

    def of_payment(self, payment: Payment) -> HoldingTestOut | None:
        """The test of a recorded dividend; None for income that knows no such test."""
        if payment.kind is IncomeKind.IN_LIEU:
            return _none("in_lieu_never_qualifies")
        if payment.kind is not IncomeKind.DIVIDEND or payment.gross <= 0:
            return None
        if payment.sub_kind is SubKind.ORDINARY:
            return _none("classified_ordinary")
        return self.of(payment.account_id, payment.instrument_id, payment.ex_date)

    def of(
        self, account_id: UUID, instrument_id: UUID | None, ex_date: date | None
    ) -> HoldingTestOut:
        """The test of a dividend of an instrument in an account."""
        if account_id not in self.taxable:
            return _none("account_not_taxable")
        if ex_date is None or instrument_id is None:
            return _none("ex_date_unknown")
        rule = rule_of(self.preferred.get(instrument_id), ex_date)
        if rule is None:
            return _none("dividend_period_unknown")
        lots = self.lots.get((account_id, instrument_id), ())
        test = holding_test(lots, ex_date, self.as_of, rule)
        return _told(test, rule) if test.lots else _none("no_lots_known")


def _none(reason: str) -> HoldingTestOut:
    return HoldingTestOut(
        units_enough=None, units_not_yet=None, units_too_short=None, enough_on=None,
        reason=reason, rule=None, lots=[],
    )  # fmt: skip


def _told(test: HoldingTest, rule: Rule) -> HoldingTestOut:
    return HoldingTestOut(
        units_enough=test.units(Holding.HELD_LONG_ENOUGH),
        units_not_yet=test.units(Holding.NOT_YET),
        units_too_short=test.units(Holding.TOO_SHORT),
        enough_on=test.enough_on,
        reason=None,
        rule="61_of_121" if rule == COMMON else "91_of_181",
        lots=[
            LotTestOut(
                lot_id=one.lot.id, acquired_date=one.lot.acquired, closed_date=one.lot.closed,
                units=one.lot.units, days_held=one.days_held, holding=one.holding.value,
                enough_on=one.enough_on,
            )
            for one in test.lots
        ],
    )  # fmt: skip


async def tester_of(uow: UnitOfWork, received: Received, instrument_ids: Iterable[UUID]) -> Tester:
    """Everything the tests of some instruments need."""
    scope, ids = received.scope, set(instrument_ids)
    taxable = frozenset(row.id for row in scope.accounts if row.tax_treatment == "taxable")
    lots = await lots_held(uow.session, taxable, ids)
    return Tester(lots, taxable, scope.as_of, await _preferred(uow, received, ids))


async def _preferred(
    uow: UnitOfWork, received: Received, ids: Collection[UUID]
) -> dict[UUID, Sequence[date]]:
    """Ex-dates of what is said to be preferred stock, by the catalogue and by the records."""
    said = await settings_of(uow.session, ids)
    found: dict[UUID, set[date]] = {
        key: set() for key, row in said.items() if row.share_kind == "preferred"
    }
    if not found:
        return {}
    for event in await known_events(uow, found, received.scope.as_of + AHEAD):
        if event.action.kind in CASH_PAID:
            found[event.instrument.id].add(event.action.ex_date)
    for payment in received.payments:
        if payment.instrument_id in found and payment.ex_date is not None:
            found[payment.instrument_id].add(payment.ex_date)
    return {key: sorted(days) for key, days in found.items()}

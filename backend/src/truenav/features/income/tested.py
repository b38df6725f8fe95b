"""Which units behind a dividend were held long enough, from the lots of its account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from truenav.core.income.qualified import HeldLot, Holding, HoldingTest, holding_test
from truenav.core.income.received import IncomeKind, Payment
from truenav.core.ledger.transactions import SubKind
from truenav.features.accounts.tables import AccountRow
from truenav.features.income.schemas import HoldingTestOut, LotTestOut
from truenav.features.ledger.paid_reads import lots_held
from truenav.platform.unit_of_work import UnitOfWork

Lots = Mapping[tuple[UUID, UUID], Sequence[HeldLot]]


@dataclass(frozen=True, slots=True)
class Tester:
    """Lots of a scope's accounts."""

    lots: Lots
    taxable: frozenset[UUID]
    as_of: date

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
        lots = self.lots.get((account_id, instrument_id), ())
        test = holding_test(lots, ex_date, self.as_of)
        return _told(test) if test.lots else _none("no_lots_known")


def _none(reason: str) -> HoldingTestOut:
    return HoldingTestOut(
        units_enough=None, units_not_yet=None, units_too_short=None, enough_on=None,
        reason=reason, lots=[],
    )  # fmt: skip


def _told(test: HoldingTest) -> HoldingTestOut:
    return HoldingTestOut(
        units_enough=test.units(Holding.HELD_LONG_ENOUGH),
        units_not_yet=test.units(Holding.NOT_YET),
        units_too_short=test.units(Holding.TOO_SHORT),
        enough_on=test.enough_on,
        reason=None,
        lots=[
            LotTestOut(
                lot_id=one.lot.id, acquired_date=one.lot.acquired, closed_date=one.lot.closed,
                units=one.lot.units, days_held=one.days_held, holding=one.holding.value,
                enough_on=one.enough_on,
            )
            for one in test.lots
        ],
    )  # fmt: skip


async def tester_of(
    uow: UnitOfWork,
    accounts: Sequence[AccountRow],
    instrument_ids: Iterable[UUID],
    as_of: date,
) -> Tester:
    """Everything the tests of some instruments need."""
    taxable = frozenset(row.id for row in accounts if row.tax_treatment == "taxable")
    lots = await lots_held(uow.session, taxable, instrument_ids)
    return Tester(lots, taxable, as_of)

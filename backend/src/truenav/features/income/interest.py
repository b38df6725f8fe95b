"""What earns interest in a scope, and what it was paid: cash by currency, instruments by units."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.interest import Coupon, Earning
from truenav.core.income.pattern import Distribution
from truenav.core.income.received import IncomeKind, Payment, withheld_ratio
from truenav.core.money import exact
from truenav.features.income.history import interest_histories
from truenav.features.instruments.settings import settings_of
from truenav.features.ledger import reads as ledger_reads
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ONE = Decimal(1)
Units = Sequence[tuple[AccountId, InstrumentId, Decimal]]


async def earnings_of(
    uow: UnitOfWork, scope: Scope, payments: Sequence[Payment], units: Units
) -> list[Earning]:
    """Cash that is there and units that are held, of which interest was paid before."""
    interest = [one for one in payments if one.kind is IncomeKind.INTEREST]
    paying = {one.instrument_id for one in interest if one.instrument_id is not None}
    histories = await interest_histories(uow, scope, paying, payments)
    coupons = await coupons_of(uow, {key for _, key, _ in units})
    cash = [
        _earning(interest, AccountId(row.account_id), row.currency, scope)
        for row in await ledger_reads.cash_balances(uow.session, scope.account_ids)
        if row.amount > 0 and scope.weight(row.currency)
    ]
    held = [
        Earning(
            account_id=account_id, instrument_id=key, units=count,
            history=histories.get(key, ()),
            withheld_ratio=_withheld(payments, account_id, key, scope),
            coupon=coupons[key][0] if key in coupons else None,
            currency=coupons[key][1] if key in coupons else "",
        )
        for account_id, key, count in units
        if key in histories or key in coupons
    ]  # fmt: skip
    return [one for one in (*cash, *held) if one.history or one.coupon is not None]


def _withheld(
    payments: Iterable[Payment], account_id: AccountId, instrument_id: InstrumentId, scope: Scope
) -> Decimal | None:
    """Of all its payments: a record of tax alone does not say which kind it was withheld of."""
    key = account_id, instrument_id
    mine = (one for one in payments if (one.account_id, one.instrument_id) == key)
    return withheld_ratio(mine, scope.as_of)


async def coupons_of(
    uow: UnitOfWork, instrument_ids: Collection[InstrumentId]
) -> dict[InstrumentId, tuple[Coupon, str]]:
    """What was said of bonds, and the currency they are in."""
    said = await settings_of(uow.session, instrument_ids)
    rows = await valuation.instruments(uow.session, list(said))
    return {
        InstrumentId(key): (
            Coupon(
                ratio=row.coupon_ratio, face=row.face_value, per_year=row.coupons_per_year,
                matures_on=row.matures_on,
            ),
            rows[key].currency,
        )
        for key, row in said.items()
        if row.coupon_ratio is not None and row.face_value is not None
        and row.coupons_per_year is not None and row.matures_on is not None
    }  # fmt: skip


def _earning(
    interest: Iterable[Payment], account_id: AccountId, currency: str, scope: Scope
) -> Earning:
    key = account_id, None, currency
    mine = [one for one in interest if (one.account_id, one.instrument_id, one.currency) == key]
    return Earning(
        account_id=account_id, instrument_id=None, units=scope.weight(currency),
        withheld_ratio=withheld_ratio(mine, scope.as_of), history=_by_day(mine, currency),
        currency=currency,
    )  # fmt: skip


@exact
def _by_day(payments: Iterable[Payment], currency: str) -> list[Distribution]:
    """What was credited on each day; what was charged is no income that could go on."""
    days: dict[date, Decimal] = {}
    for one in payments:
        if one.gross > 0:
            days[one.paid_on] = days.get(one.paid_on, Decimal(0)) + one.gross
    return [
        Distribution(ex_date=day, pay_date=None, per_unit=amount, currency=currency)
        for day, amount in sorted(days.items())
    ]

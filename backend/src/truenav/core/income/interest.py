"""Interest to come: what was paid regularly goes on, as long as there is something that earns it.

The rule is that of dividends (pattern.py): the year up to the newest payment comes again on its
days, each at the last amount, until a payment is overdue. Always an estimate: rates change, and
nobody declares interest. A bond whose coupon is known pays that, on the days it is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.calendar.months import months_before
from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.pattern import Distribution, not_told_yet, pattern_of, repeated
from truenav.core.income.projection import Basis, Expected, IncomeState, taxed
from truenav.core.income.received import VERSION, IncomeKind
from truenav.core.money import exact
from truenav.core.versions import versioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """What one unit of a bond pays: a part of its face value a year, in equal payments.

    They fall on the day of the month on which it matures, the last of a shorter month.
    """

    ratio: Decimal
    face: Decimal
    per_year: int
    matures_on: date

    @property
    @exact
    def per_unit(self) -> Decimal:
        """One payment."""
        return self.face * self.ratio / self.per_year

    def days(self, after: date, through: date) -> list[date]:
        """The days of payments after one day up to another, in order; none after it matures."""
        between, found, place = 12 // self.per_year, list[date](), 0
        day = self.matures_on
        while day > after:
            if day <= through:
                found.append(day)
            place += between
            day = months_before(self.matures_on, place)
        return found[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """What earns interest in an account: units of an instrument, or its cash in a currency.

    Where a `coupon` is known it is what is to come, in `currency`. Else `history` counts: what was
    paid for one unit of today, in one currency; of cash, which counts as one unit while there is
    any, for all of it. `withheld_ratio` as for dividends.
    """

    account_id: AccountId
    instrument_id: InstrumentId | None
    units: Decimal
    withheld_ratio: Decimal | None
    history: Sequence[Distribution]
    currency: str
    coupon: Coupon | None = None


@versioned(VERSION)
@exact
def interest_to_come(of: Earning, as_of: date, through: date) -> list[Expected]:
    """What it may expect, in order of day; nothing once payments have stopped.

    Args:
        of: What earns; nothing that is owed does.
        as_of: Today.
        through: Last day on which cash may come.
    """
    if of.units <= 0:
        return []
    if of.coupon is not None:
        amount = of.coupon.per_unit
        return [
            _expected(of, _on(day, amount, of.currency), Basis.COUPON)
            for day in of.coupon.days(as_of, through)
            if amount
        ]
    pattern = pattern_of(of.history)
    if pattern is None:
        return []
    told = {paid.ex_date for paid in of.history}
    return [
        _expected(of, one, Basis.LAST_INTEREST)
        for one in not_told_yet(repeated(pattern, as_of, through), told, pattern.tolerance)
    ]


def _on(day: date, amount: Decimal, currency: str) -> Distribution:
    return Distribution(ex_date=day, pay_date=None, per_unit=amount, currency=currency)


def _expected(of: Earning, one: Distribution, basis: Basis) -> Expected:
    gross = one.per_unit * of.units
    return Expected(
        state=IncomeState.ESTIMATED, kind=IncomeKind.INTEREST, basis=basis,
        account_id=of.account_id, instrument_id=of.instrument_id, ex_date=one.ex_date,
        pay_date=one.pay_date, currency=one.currency, per_unit=one.per_unit, units=of.units,
        gross=gross, withheld=taxed(gross, of.withheld_ratio),
        is_net_known=of.withheld_ratio is not None,
    )  # fmt: skip

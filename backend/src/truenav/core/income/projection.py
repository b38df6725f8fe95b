"""Income to come: what is declared, and what is estimated from the year before; never both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.pattern import (
    Distribution,
    not_told_yet,
    pattern_of,
    repeated,
)
from truenav.core.income.received import VERSION, IncomeKind
from truenav.core.money import exact
from truenav.core.versions import versioned

ZERO = Decimal(0)
AHEAD = timedelta(days=365)


class Basis(StrEnum):
    """What an estimate goes by."""

    LAST_REGULAR = "last_regular"
    LAST_INTEREST = "last_interest"
    COUPON = "coupon"


class IncomeState(StrEnum):
    """How sure a payment is."""

    PAID = "paid"
    DECLARED = "declared"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Units of one instrument in one account today, and what is known of its payments there.

    `withheld_ratio` is what was withheld of the payments of the last year, None when none was
    seen: estimates are before tax then. `price` is of one unit in the currency of the payments;
    None when it, or the rate, is not known.
    """

    account_id: AccountId
    instrument_id: InstrumentId
    units: Decimal
    multiplier: Decimal
    withheld_ratio: Decimal | None
    price: Decimal | None = None
    is_reinvested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One payment to come, before and after tax, in `currency`.

    `units` were or will be held at the close before the ex-date; of an estimate they are today's
    and those that reinvested estimates bought by then. Interest on cash is of no instrument: it
    is for all the cash, told as one unit. `basis` says what an estimate goes by.
    """

    state: IncomeState
    kind: IncomeKind = IncomeKind.DIVIDEND
    basis: Basis | None = None
    account_id: AccountId
    instrument_id: InstrumentId | None
    ex_date: date
    pay_date: date | None
    currency: str
    per_unit: Decimal | None
    units: Decimal
    gross: Decimal
    withheld: Decimal
    is_net_known: bool
    event_id: UUID | None = None
    is_special: bool = False
    is_reinvested: bool = False

    @property
    def day(self) -> date:
        """When cash moves; the ex-date until that is known."""
        return self.pay_date or self.ex_date

    @property
    @exact
    def net(self) -> Decimal:
        """What is left after the tax expected."""
        return self.gross - self.withheld


@exact
def taxed(gross: Decimal, ratio: Decimal | None) -> Decimal:
    """Tax to expect on a payment; nothing is taken from what is owed, or where none was seen."""
    return gross * ratio if ratio is not None and gross > 0 else ZERO


@versioned(VERSION)
@exact
def estimated(
    held: Held,
    history: Sequence[Distribution],
    declared: Iterable[Expected],
    as_of: date,
    through: date,
) -> list[Expected]:
    """What one holding may expect beyond what is declared, in order of ex-date.

    Args:
        held: The holding; estimates are for long positions only.
        history: Every known payment of the instrument per unit, announced ones included.
        declared: Declared payments of this holding.
        as_of: Today.
        through: Last day on which cash may come.
    """
    pattern = pattern_of(history)
    if pattern is None or held.units <= 0:
        return []
    known = [*declared]
    told = {d.ex_date for d in history if not d.is_special} | {
        d.ex_date for d in known if not d.is_special
    }
    hoped = not_told_yet(repeated(pattern, as_of, through), told, pattern.tolerance)
    return _grown(held, hoped, known)


def _grown(
    held: Held, hoped: Iterable[Distribution], declared: Iterable[Expected]
) -> list[Expected]:
    """Amounts, with the units that reinvested payments buy at today's price on the way."""
    bought = [(d.day, _units_for(held, d.net)) for d in declared]
    found = []
    for event in hoped:
        units = held.units + sum((more for day, more in bought if day < event.ex_date), ZERO)
        gross = event.per_unit * units * held.multiplier
        one = Expected(
            state=IncomeState.ESTIMATED, basis=Basis.LAST_REGULAR, account_id=held.account_id,
            instrument_id=held.instrument_id, ex_date=event.ex_date, pay_date=event.pay_date,
            currency=event.currency, per_unit=event.per_unit, units=units, gross=gross,
            withheld=taxed(gross, held.withheld_ratio),
            is_net_known=held.withheld_ratio is not None,
            is_reinvested=held.is_reinvested and held.price is not None,
        )  # fmt: skip
        bought.append((one.day, _units_for(held, one.net)))
        found.append(one)
    return found


def _units_for(held: Held, amount: Decimal) -> Decimal:
    if not held.is_reinvested or not held.price or amount <= 0:
        return ZERO
    return amount / (held.price * held.multiplier)


def months_of(first: date, last: date) -> list[str]:
    """Every month between two days as "2026-03", oldest first."""
    place, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(place, end + 1)]

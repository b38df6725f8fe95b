"""Lots: units acquired together, what closing them realizes, and how long they were held."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from truenav.core.ids import InstrumentId, LotId, TransactionId
from truenav.core.ledger.amounts import Amounts
from truenav.core.money import exact

ZERO = Decimal(0)


class AdjustmentKind(StrEnum):
    """What changed a lot without closing it."""

    SPLIT = "split"
    RETURN_OF_CAPITAL = "return_of_capital"
    MERGER = "merger"
    NAME_CHANGE = "name_change"
    SPIN_OFF = "spin_off"
    OPTION_FOLDED = "option_folded"
    RIGHTS_USED = "rights_used"
    TRANSFERRED_OUT = "transferred_out"
    TRANSFERRED_IN = "transferred_in"


class ClosureKind(StrEnum):
    """Why a lot realized a gain."""

    CLOSED = "closed"  # units left
    BOOT = "boot"  # cash in an exchange whose units carry on
    CAPITAL_RETURNED = "capital_returned"  # more capital came back than the lot had cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Units acquired in one transaction and not yet sold, or sold short and not yet covered.

    `cost` is the basis of the whole lot, fees included, in `currency`; of a short lot it is what
    the sale brought in after fees. A total, not a unit price: a total can be divided without
    losing a cent. `quantity` is positive for both. `costs` is the same total in the currencies a
    replay was asked for (see `amounts.CostCurrencies`), None where a rate is unknown.
    """

    id: LotId
    instrument_id: InstrumentId
    opened_by: TransactionId
    acquired_date: date
    quantity: Decimal
    cost: Decimal
    currency: str
    is_short: bool = False
    is_cost_known: bool = True
    costs: tuple[Decimal | None, ...] = ()

    def __post_init__(self) -> None:
        if self.quantity <= 0:
            raise ValueError(f"lot {self.id} needs a positive quantity, got {self.quantity}")

    @exact
    def split(self, taken: Decimal) -> tuple["Lot", "Lot | None"]:
        """Return (part taken, part left or None); units and costs add up to the lot exactly."""
        if not 0 < taken <= self.quantity:
            raise ValueError(f"cannot take {taken} of {self.quantity}")
        if taken == self.quantity:
            return self, None
        whole = self.amounts
        part = whole.share(taken, self.quantity)
        left = self.with_(self.quantity - taken, whole - part)
        return self.with_(taken, part), left

    @property
    def amounts(self) -> Amounts:
        """Its cost in every currency."""
        return Amounts(self.cost, self.costs)

    def with_(
        self, quantity: Decimal, amounts: Amounts, *, is_cost_known: bool | None = None
    ) -> "Lot":
        """The same lot of other units at another cost."""
        # `replace` would look up every field by name: half of what a partial sale costs
        return Lot(
            id=self.id,
            instrument_id=self.instrument_id,
            opened_by=self.opened_by,
            acquired_date=self.acquired_date,
            quantity=quantity,
            cost=amounts.traded,
            currency=self.currency,
            is_short=self.is_short,
            is_cost_known=self.is_cost_known if is_cost_known is None else is_cost_known,
            costs=amounts.others,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LotClosure:
    """A gain one transaction realized on one lot.

    `gain` = `proceeds` - `cost` in `currency`, after fees on both sides. Of a short lot
    `proceeds` is what its sale brought in and `cost` what covering took. When `is_cost_known` is
    false the cost is a placeholder and the gain must be shown as unknown. `quantity` is 0 when no
    units left (BOOT, CAPITAL_RETURNED). `gain_date` is the day the gain counts for tax and term:
    the day the units left, but 31 December for what became worthless. `proceeds_in` and `cost_in`
    are the same amounts in the currencies a replay was asked for, each at its own day's rate.
    """

    lot_id: LotId
    instrument_id: InstrumentId
    opened_by: TransactionId
    closed_by: TransactionId
    acquired_date: date
    closed_date: date
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal
    currency: str
    is_short: bool
    is_cost_known: bool
    kind: ClosureKind = ClosureKind.CLOSED
    gain_date: date
    proceeds_in: tuple[Decimal | None, ...] = ()
    cost_in: tuple[Decimal | None, ...] = ()

    @property
    @exact
    def gain(self) -> Decimal:
        """Proceeds minus cost, exact, in `currency`."""
        return self.proceeds - self.cost

    @property
    def is_long_term(self) -> bool:
        """Held more than one year; a short sale's gain is short-term."""
        return not self.is_short and self.gain_date >= long_term_from(self.acquired_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAdjustment:
    """One lot before and after something that is no sale.

    A lot that came out of another starts at nothing and names it; one that went ends at nothing.
    """

    lot_id: LotId
    instrument_id: InstrumentId
    caused_by: TransactionId
    kind: AdjustmentKind
    adjusted_date: date
    quantity_before: Decimal
    quantity_after: Decimal
    cost_before: Decimal
    cost_after: Decimal
    source_lot_id: LotId | None = None


def long_term_from(acquired: date) -> date:
    """First day on which a sale is long-term: held more than one year.

    Counting starts the day after acquisition. Acquired on the last day of a month, the holding
    period of whole months ends on last days too (Rev. Rul. 66-7): 2024-02-29 gives 2025-03-01,
    2023-02-28 gives 2024-03-01.
    """
    last_of_month = calendar.monthrange(acquired.year, acquired.month)[1]
    if acquired.day == last_of_month:
        after = date(acquired.year + acquired.month // 12, acquired.month % 12 + 1, 1)
        return after.replace(year=after.year + 1)
    # a day later than a year later, not day + 1: 2024-02-28 gives 2025-03-01
    return acquired.replace(year=acquired.year + 1) + timedelta(days=1)

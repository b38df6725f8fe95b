"""What companies do to those who hold their units: a closed set of events and their terms.

The kinds and fields are those of the best public taxonomy (Alpaca's corporate actions), with the
basis fraction of the issuer's Form 8937 and fair values added, which tax lots need.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from truenav.core.ledger.transactions import InstrumentRef
from truenav.core.money import CURRENCIES, exact

ZERO, ONE = Decimal(0), Decimal(1)
# So that no product of terms and units held outgrows what is computed with (60 digits).
LEAST_UNITS, MOST_UNITS, MOST_CASH = Decimal("1E-9"), Decimal("1E9"), Decimal("1E12")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


class ActionKind(StrEnum):
    """The closed set of events."""

    FORWARD_SPLIT = "forward_split"
    REVERSE_SPLIT = "reverse_split"
    UNIT_SPLIT = "unit_split"
    STOCK_DIVIDEND = "stock_dividend"
    CASH_DIVIDEND = "cash_dividend"
    SPECIAL_DIVIDEND = "special_dividend"
    RETURN_OF_CAPITAL = "return_of_capital"
    SPIN_OFF = "spin_off"
    RIGHTS = "rights"
    STOCK_MERGER = "stock_merger"
    CASH_MERGER = "cash_merger"
    STOCK_AND_CASH_MERGER = "stock_and_cash_merger"
    NAME_CHANGE = "name_change"
    TENDER = "tender"
    REDEMPTION = "redemption"
    MATURITY = "maturity"
    WORTHLESS = "worthless"


A = ActionKind
SPLITS = frozenset({A.FORWARD_SPLIT, A.REVERSE_SPLIT})
CASH_PAID = frozenset({A.CASH_DIVIDEND, A.SPECIAL_DIVIDEND, A.RETURN_OF_CAPITAL})
SOLD_FOR_CASH = frozenset({A.TENDER, A.REDEMPTION, A.MATURITY})
EXCHANGES = frozenset({A.UNIT_SPLIT, A.STOCK_MERGER, A.STOCK_AND_CASH_MERGER, A.NAME_CHANGE})
RATIO = frozenset({"old_units", "new_units"})
CASH = frozenset({"cash_amount", "currency"})
NEW = frozenset({"new_instrument"})
LIEU = frozenset({"fraction_price", "currency"})
VALUES = frozenset({"fair_value", "new_fair_value"})
# Terms that may have a value; all of `CorporateAction` but what every event has.
TERMS = (
    "old_units", "new_units", "cash_amount", "currency", "new_instrument", "alternate_instrument",
    "alternate_units", "basis_fraction", "fair_value", "new_fair_value", "fraction_price",
    "accrued_interest",
)  # fmt: skip
NEEDS: Mapping[ActionKind, frozenset[str]] = {
    A.FORWARD_SPLIT: RATIO,
    A.REVERSE_SPLIT: RATIO,
    A.UNIT_SPLIT: RATIO | NEW | {"alternate_instrument", "alternate_units"},
    A.STOCK_DIVIDEND: RATIO,
    A.CASH_DIVIDEND: CASH,
    A.SPECIAL_DIVIDEND: CASH,
    A.RETURN_OF_CAPITAL: CASH,
    A.SPIN_OFF: RATIO | NEW,
    A.RIGHTS: RATIO | NEW,
    A.STOCK_MERGER: RATIO | NEW,
    A.CASH_MERGER: CASH,
    A.STOCK_AND_CASH_MERGER: RATIO | NEW | CASH,
    A.NAME_CHANGE: NEW,
    A.TENDER: CASH,
    A.REDEMPTION: CASH,
    A.MATURITY: CASH,
    A.WORTHLESS: frozenset(),
}
MAY_HAVE: Mapping[ActionKind, frozenset[str]] = {
    A.FORWARD_SPLIT: LIEU,
    A.REVERSE_SPLIT: LIEU,
    A.UNIT_SPLIT: LIEU | {"basis_fraction"},
    A.STOCK_DIVIDEND: LIEU | {"fair_value"},
    A.SPIN_OFF: LIEU | VALUES | {"basis_fraction"},
    A.RIGHTS: VALUES | {"basis_fraction", "currency"},
    A.STOCK_MERGER: LIEU | {"new_fair_value"},
    A.STOCK_AND_CASH_MERGER: LIEU | {"new_fair_value"},
    A.TENDER: frozenset({"accrued_interest"}),
    A.REDEMPTION: frozenset({"accrued_interest"}),
    A.MATURITY: frozenset({"accrued_interest"}),
    A.WORTHLESS: frozenset({"currency"}),
}
MAY_BE_TAXABLE = frozenset({A.STOCK_DIVIDEND, A.SPIN_OFF, A.STOCK_MERGER, A.STOCK_AND_CASH_MERGER})
# Where only units of one's own choice take part.
ELECTIVE = frozenset({A.TENDER, A.REDEMPTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateAction:
    """One event of one instrument.

    `ex_date` is the first day on which a buyer has no part in it: who holds units at the end of
    the day before is entitled. For a merger, a change of name, a redemption or what became
    worthless it is the day it takes effect. `pay_date` is when cash moves.

    `new_units` come for, or, with a stock dividend, a spin-off or rights, beside `old_units`.
    `cash_amount` is per unit held; of a bond per 100 of face value, as `accrued_interest` is.
    `basis_fraction` (0..1) is the part of the cost that goes to the new instrument, in a unit
    split to the alternate one. `fair_value` is of a unit of the instrument after the event,
    `new_fair_value` of a unit of the new one. With a `fraction_price`, cash for one new unit,
    parts of a unit are paid out; without one they are kept. Amounts are in `currency`, >= 0.
    """

    kind: ActionKind
    instrument: InstrumentRef
    ex_date: date
    record_date: date | None = None
    pay_date: date | None = None
    old_units: Decimal | None = None
    new_units: Decimal | None = None
    cash_amount: Decimal | None = None
    currency: str | None = None
    new_instrument: InstrumentRef | None = None
    alternate_instrument: InstrumentRef | None = None
    alternate_units: Decimal | None = None
    basis_fraction: Decimal | None = None
    fair_value: Decimal | None = None
    new_fair_value: Decimal | None = None
    fraction_price: Decimal | None = None
    accrued_interest: Decimal | None = None
    is_taxable: bool = False


def faults(action: CorporateAction) -> Iterator[tuple[str, str]]:
    """What is wrong with an event's terms: (field, why); nothing when they go together."""
    kind = action.kind
    allowed = NEEDS[kind] | MAY_HAVE.get(kind, frozenset())
    said = kind.value.replace("_", " ")
    for name in TERMS:
        stated = getattr(action, name) is not None
        if name in NEEDS[kind] and not stated:
            yield name, f"a {said} needs it"
        if stated and name not in allowed:
            yield name, f"a {said} has none"
    if action.is_taxable and kind not in MAY_BE_TAXABLE:
        yield "is_taxable", f"nothing to choose for a {said}"
    yield from _number_faults(action)
    yield from _sense_faults(action)


def _number_faults(action: CorporateAction) -> Iterator[tuple[str, str]]:
    for name in ("old_units", "new_units", "alternate_units"):
        value = getattr(action, name)
        if value is not None and not LEAST_UNITS <= value <= MOST_UNITS:
            yield name, "is above zero and no more than a billion"
    for name in (
        "cash_amount", "fair_value", "new_fair_value", "fraction_price", "accrued_interest"
    ):  # fmt: skip
        value = getattr(action, name)
        if value is not None and not 0 <= value <= MOST_CASH:
            yield name, "is not below zero and no more than a trillion"
    if action.basis_fraction is not None and not 0 <= action.basis_fraction <= 1:
        yield "basis_fraction", "is a part: from 0 to 1"
    if action.currency is not None and action.currency not in CURRENCIES:
        yield "currency", "is not a currency"
    for name in ("ex_date", "record_date", "pay_date"):
        day = getattr(action, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield name, "is not a day events are kept of"


def _sense_faults(action: CorporateAction) -> Iterator[tuple[str, str]]:
    old, new = action.old_units, action.new_units
    if old and new:
        if action.kind is A.FORWARD_SPLIT and new <= old:
            yield "new_units", "a forward split gives more units than there were"
        if action.kind is A.REVERSE_SPLIT and new >= old:
            yield "new_units", "a reverse split gives fewer units than there were"
    if action.fraction_price is not None and action.currency is None:
        yield "currency", "a price has one"
    others = (action.new_instrument, action.alternate_instrument)
    if action.instrument in others:
        yield "new_instrument", "is another instrument than the one the event is of"
    if others[0] is not None and others[0] == others[1]:
        yield "alternate_instrument", "is another instrument than the new one"
    if action.is_taxable:
        value = "fair_value" if action.kind is A.STOCK_DIVIDEND else "new_fair_value"
        if getattr(action, value) is None and action.kind in MAY_BE_TAXABLE:
            yield value, "what is taxed at its value needs one"
        if action.currency is None and action.kind in MAY_BE_TAXABLE:
            yield "currency", "a value has one"


@exact
def new_units_for(action: CorporateAction, held: Decimal) -> Decimal:
    """Units of the event for units held: held × new / old, at 18 places; 0 without a ratio."""
    if action.old_units is None or action.new_units is None:
        return ZERO
    return stored(held * action.new_units / action.old_units)


def stored(value: Decimal) -> Decimal:
    """A number of units as it can be kept: 18 places, half up."""
    return value.quantize(Decimal("1E-18"))


@exact
def basis_part(action: CorporateAction) -> Decimal | None:
    """The part of the cost that goes to the new units (0..1); None when nobody can say.

    As stated, else by fair values: new / (new + parent), per unit of the parent. Rights worth
    less than 15 % of the units cost nothing unless somebody chooses otherwise (IRC 307(b)).
    """
    if action.basis_fraction is not None:
        return action.basis_fraction
    parent, new = action.fair_value, action.new_fair_value
    if parent is None or new is None or not action.old_units or not action.new_units:
        return ZERO if action.kind is A.RIGHTS else None
    came = new * action.new_units / action.old_units
    if action.kind is A.RIGHTS and came < parent * Decimal("0.15"):
        return ZERO
    return stored(came / (parent + came)) if parent + came else None

"""An event and units held → the records the account would get; plain records, no other effect.

Entitlement goes by trade date: `held` are the units at the end of the day before the ex-date.
Short positions owe what long ones receive.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from truenav.core.corporate_actions.actions import (
    EXCHANGES,
    ActionKind,
    CorporateAction,
    basis_part,
    new_units_for,
    stored,
)
from truenav.core.ledger.transactions import (
    CashPart,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import exact, quantize

A, K = ActionKind, TransactionKind
ZERO, ONE = Decimal(0), Decimal(1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Effects:
    """The records of one account, and what a person should know before they are posted."""

    drafts: tuple[TransactionDraft, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The day on which the last of it has happened; None without records."""
        return max((draft.trade_date for draft in self.drafts), default=None)


@dataclass(frozen=True, slots=True)
class Held:
    """Units entitled (< 0 owed), the instrument's multiplier and currency, and a link to use."""

    units: Decimal
    currency: str
    multiplier: Decimal = ONE
    link_id: UUID | None = None


@exact
def effects_of(action: CorporateAction, held: Held) -> Effects:
    """The records an account that held so much gets.

    Args:
        action: An event without `faults`.
        held: Units at the end of the day before the ex-date; a bond's are its face value.

    Returns:
        Drafts in the ledger's signs, linked when there are several; none with a warning where
        what a short position owes has to be recorded by hand.
    """
    if not held.units:
        return Effects()
    rule = RULES[action.kind] if held.units > 0 else SHORT_RULES.get(action.kind, _by_hand)
    found = rule(action, held)
    if len(found.drafts) > 1:
        linked = tuple(replace(draft, link_id=held.link_id) for draft in found.drafts)
        return replace(found, drafts=linked)
    return found


@exact
def reinvested(effects: Effects, price: Decimal) -> Effects:
    """The same cash dividend, and units bought with it at a price on the day it is paid.

    Args:
        effects: Of a dividend paid in cash, > 0.
        price: Of one unit, > 0, in the currency of the dividend.
    """
    paid = effects.drafts[0]
    if paid.gross is None or paid.gross.amount <= 0:
        raise ValueError("only cash that is received can be put back")
    bought = replace(
        paid, kind=K.BUY, sub_kind=SubKind.REINVESTMENT, price=price,
        quantity=stored(paid.gross.amount / price),
        gross=replace(paid.gross, amount=-paid.gross.amount),
    )  # fmt: skip
    return replace(effects, drafts=(paid, bought))


def last_entitled_day(action: CorporateAction) -> date:
    """The day at whose end units must be held."""
    return action.ex_date - DAY


# --- parts of records ---------------------------------------------------------------------------


def _draft(
    action: CorporateAction,
    held: Held,
    kind: TransactionKind,
    quantity: Decimal | None = None,
    amount: Decimal | None = None,
) -> TransactionDraft:
    currency = action.currency or held.currency
    return TransactionDraft(
        row_number=0,
        kind=kind,
        trade_date=action.ex_date,
        ex_date=action.ex_date,
        record_date=action.record_date,
        pay_date=action.pay_date,
        instrument=action.instrument,
        quantity=quantity,
        currency=currency,
        gross=None
        if amount is None
        else CashPart(amount=quantize(amount, currency) + ZERO, currency=currency),
    )


def _fractions(
    action: CorporateAction, held: Held, units: Decimal, of: InstrumentRef
) -> tuple[TransactionDraft, ...]:
    """The part of a unit beyond whole ones, sold at the stated price; nothing without a price."""
    price = action.fraction_price
    part = abs(units) - abs(units).to_integral_value(ROUND_FLOOR)
    if price is None or not part:
        return ()
    # exchanges take effect at the end of their day: what they bring can be sold on the next
    earliest = action.ex_date + DAY if action.kind in EXCHANGES else action.ex_date
    draft = _draft(action, held, K.CASH_IN_LIEU, -part, part * price)
    if units < 0:
        draft = replace(
            _draft(action, held, K.BUY, part, -part * price),
            sub_kind=SubKind.SHORT_COVER, price=price,
        )  # fmt: skip
    day = max(action.pay_date or earliest, earliest)
    return (replace(draft, instrument=of, trade_date=day),)


def _kept_fraction(action: CorporateAction, units: Decimal) -> tuple[str, ...]:
    has_part = units != units.to_integral_value()
    return ("fraction_kept",) if has_part and action.fraction_price is None else ()


def _paid_on(action: CorporateAction) -> date:
    return action.pay_date or action.ex_date


def _undated(action: CorporateAction) -> tuple[str, ...]:
    return () if action.pay_date is not None else ("pay_date_unknown",)


# --- units in proportion ------------------------------------------------------------------------


def _split(action: CorporateAction, held: Held) -> Effects:
    """A ratio where it can be kept exactly, else the change of units."""
    return _rescaled(action, held, new_units_for(action, held.units), None)


def _stock_dividend(action: CorporateAction, held: Held) -> Effects:
    more = new_units_for(action, held.units)
    if action.is_taxable and held.units > 0:
        value = action.fair_value or ZERO
        draft = replace(
            _draft(action, held, K.DIVIDEND, more), sub_kind=SubKind.STOCK, price=value,
            multiplier=held.multiplier, trade_date=_paid_on(action),
        )  # fmt: skip
        paid = tuple(
            replace(part, trade_date=max(part.trade_date, draft.trade_date))
            for part in _fractions(action, held, more, action.instrument)
        )
        return Effects((draft, *paid), _kept_fraction(action, more))
    return _rescaled(action, held, held.units + more, SubKind.STOCK)


def _rescaled(
    action: CorporateAction, held: Held, after: Decimal, sub_kind: SubKind | None
) -> Effects:
    ratio = stored(after / held.units)
    is_exact = stored(held.units * ratio) == held.units * ratio == after
    draft = replace(
        _draft(action, held, K.SPLIT, None if is_exact else after - held.units),
        ratio=ratio if is_exact else None,
        sub_kind=SubKind.REVERSE if action.kind is A.REVERSE_SPLIT else sub_kind,
    )
    paid = _fractions(action, held, after, action.instrument)
    return Effects((draft, *paid), _kept_fraction(action, after))


def _spin_off(action: CorporateAction, held: Held) -> Effects:
    new, units = _new(action), new_units_for(action, held.units)
    part = basis_part(action)
    draft = replace(
        _draft(action, held, K.SPIN_OFF, units), instrument=new, source=action.instrument
    )
    if action.is_taxable:
        draft = replace(draft, sub_kind=SubKind.TAXABLE, price=action.new_fair_value)
    else:
        draft = replace(draft, basis_fraction=part)
    warnings = () if action.is_taxable or part is not None else ("basis_fraction_unknown",)
    paid = _fractions(action, held, units, new)
    return Effects((draft, *paid), (*warnings, *_kept_fraction(action, units)))


def _rights(action: CorporateAction, held: Held) -> Effects:
    units = new_units_for(action, held.units)
    draft = replace(
        _draft(action, held, K.RIGHTS, units), instrument=_new(action),
        source=action.instrument, basis_fraction=basis_part(action),
    )  # fmt: skip
    return Effects((draft,), _kept_fraction(action, units))


# --- exchanges ----------------------------------------------------------------------------------


def _exchange(action: CorporateAction, held: Held) -> Effects:
    new, units = _new(action), new_units_for(action, held.units)
    cash = None if action.cash_amount is None else held.units * action.cash_amount
    out = _draft(action, held, K.MERGER, -held.units, cash)
    into = replace(
        _draft(action, held, K.MERGER, units), instrument=new, price=action.new_fair_value
    )
    if action.is_taxable:
        out, into = (replace(leg, sub_kind=SubKind.TAXABLE) for leg in (out, into))
    elif cash is not None:
        out = replace(out, sub_kind=SubKind.CASH)
    needs_value = action.kind is A.STOCK_AND_CASH_MERGER and action.new_fair_value is None
    warnings = ("exchange_value_unknown",) if needs_value else ()
    paid = _fractions(action, held, units, new)
    return Effects((out, into, *paid), (*warnings, *_kept_fraction(action, units)))


def _unit_split(action: CorporateAction, held: Held) -> Effects:
    new, units = _new(action), new_units_for(action, held.units)
    part, other = action.basis_fraction, action.alternate_instrument
    alternate = new_units_for(replace(action, new_units=action.alternate_units), held.units)
    out = _draft(action, held, K.MERGER, -held.units)
    into = replace(
        _draft(action, held, K.MERGER, units), instrument=new,
        basis_fraction=None if part is None else 1 - part,
    )  # fmt: skip
    second = replace(
        _draft(action, held, K.MERGER, alternate), instrument=other, basis_fraction=part
    )
    warnings = () if part is not None else ("basis_fraction_unknown",)
    paid = _fractions(action, held, units, new)
    return Effects((out, into, second, *paid), (*warnings, *_kept_fraction(action, units)))


def _name_change(action: CorporateAction, held: Held) -> Effects:
    out = _draft(action, held, K.NAME_CHANGE, -held.units)
    return Effects((out, replace(out, instrument=_new(action), quantity=held.units)))


# --- cash ---------------------------------------------------------------------------------------


def _cash_paid(action: CorporateAction, held: Held) -> Effects:
    kind = K.RETURN_OF_CAPITAL if action.kind is A.RETURN_OF_CAPITAL else K.DIVIDEND
    amount = held.units * (action.cash_amount or ZERO) * held.multiplier
    sub_kind = SubKind.SPECIAL if action.kind is A.SPECIAL_DIVIDEND else None
    if held.units < 0:  # what the lender of the units would have had is owed instead
        kind, sub_kind = K.DIVIDEND, SubKind.IN_LIEU
    draft = replace(
        _draft(action, held, kind, None, amount), sub_kind=sub_kind, trade_date=_paid_on(action)
    )
    return Effects((draft,), _undated(action))


def _cash_merger(action: CorporateAction, held: Held) -> Effects:
    amount = held.units * (action.cash_amount or ZERO) * held.multiplier
    out = replace(
        _draft(action, held, K.MERGER, -held.units, amount), sub_kind=SubKind.CASH,
        settlement_date=_settles(action),
    )  # fmt: skip
    return Effects((out,))


SALES = {
    A.TENDER: SubKind.TENDER,
    A.REDEMPTION: SubKind.CALL,
    A.MATURITY: SubKind.MATURITY,
}


def _sale(action: CorporateAction, held: Held) -> Effects:
    price = action.cash_amount or ZERO
    sale = replace(
        _draft(action, held, K.SELL, -held.units, held.units * price * held.multiplier),
        sub_kind=SALES[action.kind], price=price, multiplier=held.multiplier,
        settlement_date=_settles(action),
    )  # fmt: skip
    if not action.accrued_interest:
        return Effects((sale,))
    interest = replace(
        _draft(
            action, held, K.INTEREST, None,
            held.units * action.accrued_interest * held.multiplier,
        ),
        sub_kind=SubKind.ACCRUED, trade_date=_paid_on(action),
    )  # fmt: skip
    return Effects((sale, interest))


def _worthless(action: CorporateAction, held: Held) -> Effects:
    return Effects((_draft(action, held, K.WORTHLESS, -held.units),))


def _covered(action: CorporateAction, held: Held) -> Effects:
    """Units owed are bought back for what long ones are paid."""
    price = action.cash_amount or ZERO
    owed = -held.units
    buy = replace(
        _draft(action, held, K.BUY, owed, -owed * price * held.multiplier),
        sub_kind=SubKind.SHORT_COVER, price=price, multiplier=held.multiplier,
        settlement_date=_settles(action),
    )  # fmt: skip
    return Effects((buy,))


def _by_hand(_action: CorporateAction, _held: Held) -> Effects:
    return Effects((), ("short_by_hand",))


def _settles(action: CorporateAction) -> date | None:
    paid = action.pay_date
    return paid if paid is not None and paid >= action.ex_date else None


def _new(action: CorporateAction) -> InstrumentRef:
    if action.new_instrument is None:
        raise ValueError(f"a {action.kind} without a new instrument")
    return action.new_instrument


Rule = Callable[[CorporateAction, Held], Effects]
RULES: Mapping[ActionKind, Rule] = {
    A.FORWARD_SPLIT: _split,
    A.REVERSE_SPLIT: _split,
    A.UNIT_SPLIT: _unit_split,
    A.STOCK_DIVIDEND: _stock_dividend,
    A.CASH_DIVIDEND: _cash_paid,
    A.SPECIAL_DIVIDEND: _cash_paid,
    A.RETURN_OF_CAPITAL: _cash_paid,
    A.SPIN_OFF: _spin_off,
    A.RIGHTS: _rights,
    A.STOCK_MERGER: _exchange,
    A.CASH_MERGER: _cash_merger,
    A.STOCK_AND_CASH_MERGER: _exchange,
    A.NAME_CHANGE: _name_change,
    A.TENDER: _sale,
    A.REDEMPTION: _sale,
    A.MATURITY: _sale,
    A.WORTHLESS: _worthless,
}
SHORT_RULES: Mapping[ActionKind, Rule] = {
    **{kind: RULES[kind] for kind in (A.FORWARD_SPLIT, A.REVERSE_SPLIT, A.STOCK_DIVIDEND)},
    **dict.fromkeys((A.CASH_DIVIDEND, A.SPECIAL_DIVIDEND, A.RETURN_OF_CAPITAL), _cash_paid),
    **dict.fromkeys((A.CASH_MERGER, A.REDEMPTION, A.MATURITY, A.WORTHLESS), _covered),
}

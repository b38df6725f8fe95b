"""What companies do to lots: splits, spin-offs, returned capital, fractions, options and rights."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from truenav.core.ids import InstrumentId
from truenav.core.ledger.amounts import Amounts, apportion
from truenav.core.ledger.book import LotBook
from truenav.core.ledger.bookkeeper import Bookkeeper, derived_lot_id
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.lots import AdjustmentKind, ClosureKind, Lot
from truenav.core.ledger.trades import deliver, join, receive, receive_unknown
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import kept

K = TransactionKind
ZERO = Decimal(0)
ONE = Decimal(1)


def rescale(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """A split or a stock dividend: other units, the same cost and dates."""
    book = keeper.state.book(instrument_id)
    if not book:
        keeper.note(record, "nothing_held", "a split of units that are not held")
        return
    after = _units_after(keeper, record, book)
    if after <= 0:
        keeper.note(record, "ratio_unknown", "a split without a ratio or a change of units")
        return
    keeper.traded(record, instrument_id)
    changed = carry(keeper, record, instrument_id, tuple(book), after, AdjustmentKind.SPLIT)
    keeper.state.books[instrument_id] = LotBook(changed)


def _units_after(keeper: Bookkeeper, record: Transaction, book: LotBook) -> Decimal:
    """By the ratio, else by the change stated; 0 when neither tells."""
    held = -book.units if book.is_short else book.units
    if record.ratio is None:
        return abs(held + record.quantity) if record.quantity else ZERO
    after = kept(book.units * record.ratio)
    if record.quantity and record.instrument_id is not None:
        # a broker states whole units; what is missing to the ratio is paid in cash later
        missing = after - abs(held + record.quantity)
        remember_fraction(keeper, record, record.instrument_id, missing)
    return after


def remember_fraction(
    keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId, missing: Decimal
) -> Decimal:
    """A part of a unit stays held until cash in lieu closes it; the part, 0 if there is none."""
    if 0 < missing < 1:
        keeper.state.fractions[instrument_id] = missing
        return missing
    if missing:
        keeper.note(record, "units_differ", "the ratio and the units stated do not agree")
    return ZERO


def carry(
    keeper: Bookkeeper,
    record: Transaction,
    instrument_id: InstrumentId,
    held: Sequence[Lot],
    after: Decimal,
    kind: AdjustmentKind,
) -> list[Lot]:
    """`held` with `after` units in all, as `instrument_id`; costs and dates stay."""
    shares = apportion(Amounts(after), [lot.quantity for lot in held])
    changed: list[Lot] = []
    for lot, share in zip(held, shares, strict=True):
        if share.traded <= 0:
            keeper.note(record, "fraction_lost", "a lot too small for the ratio was dropped")
            continue
        moved = replace(lot, quantity=share.traded, instrument_id=instrument_id)
        keeper.adjusted(record, kind, lot, moved)
        changed.append(moved)
    return changed


def lower_cost(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """Capital comes back: it lowers cost, and above cost it is gain of the lot's term."""
    amount = net_cash(record)
    held = tuple(keeper.state.book(instrument_id))
    if not held or held[0].is_short or amount is None:
        keeper.note(record, "nothing_held", "a return of capital on units that are not held")
        return
    shares = apportion(keeper.amounts(record, amount), [lot.quantity for lot in held])
    changed: list[Lot] = []
    for lot, share in zip(held, shares, strict=True):
        if not lot.is_cost_known or lot.currency != record.currency:
            changed.append(_cost_lost(keeper, record, lot, share))
            continue
        excess = (share - lot.amounts).above_zero()
        lowered = lot.with_(lot.quantity, lot.amounts - share + excess)
        keeper.adjusted(record, AdjustmentKind.RETURN_OF_CAPITAL, lot, lowered)
        changed.append(lowered)
        if any((excess.traded, *excess.others)):
            keeper.close_lot(
                record, lot, proceeds=excess, cost=excess.nothing(),
                kind=ClosureKind.CAPITAL_RETURNED,
            )  # fmt: skip
    keeper.state.books[instrument_id] = LotBook(changed)


def _cost_lost(keeper: Bookkeeper, record: Transaction, lot: Lot, share: Amounts) -> Lot:
    """A lot whose cost in the record's currency nobody knows stays as it is."""
    if lot.is_cost_known and share.traded:
        keeper.note(record, "currency_differs", "capital came back in another currency than paid")
        return replace(lot, is_cost_known=False, costs=(lot.amounts - share).others)
    return lot


def move_cost(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """A spin-off, or rights: a stated part of the parent's cost goes with the new units.

    Each parent lot gives one lot of the child, with its acquisition date.
    """
    parent, part = record.source_instrument_id, record.basis_fraction
    if parent == instrument_id:
        parent = None  # nothing comes out of itself
    held = tuple(keeper.state.book(parent)) if parent is not None else ()
    if record.kind is K.RIGHTS and part is None:
        part = ZERO  # and they are held as long as their stock (IRC 307(b), 1223(4))
    if record.kind is K.RIGHTS and (parent is None or not (part or held)):
        receive(keeper, record, instrument_id)  # rights without an allocation cost nothing
        return
    if parent is None or part is None or not held or held[0].is_short:
        _note_unmoved(keeper, record, parent, is_held=bool(held))
        receive_unknown(keeper, record, instrument_id)
        return
    units = _units_of_child(keeper, record, instrument_id, held)
    stay: list[Lot] = []
    for lot, share in zip(held, units, strict=True):
        moved = lot.amounts.share(part, ONE)
        if share <= 0:
            stay.append(lot)
            continue
        left = lot.with_(lot.quantity, lot.amounts - moved)
        child = replace(
            lot, id=derived_lot_id(record, lot.id), instrument_id=instrument_id,
            opened_by=record.id, quantity=share, cost=moved.traded, costs=moved.others,
        )  # fmt: skip
        keeper.adjusted(record, AdjustmentKind.SPIN_OFF, lot, left)
        keeper.adjusted(record, AdjustmentKind.SPIN_OFF, None, child, source=lot)
        stay.append(left)
        join(keeper, record, child)
    keeper.state.books[parent] = LotBook(stay)


def _note_unmoved(
    keeper: Bookkeeper, record: Transaction, parent: InstrumentId | None, *, is_held: bool
) -> None:
    if parent is None:
        keeper.note(record, "source_unknown", "it is not stated what the units came out of")
    elif not is_held:
        keeper.note(record, "source_not_held", "what the units came out of is not held")
    else:
        keeper.note(record, "basis_fraction_unknown", "which part of the cost came is not stated")


def _units_of_child(
    keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId, held: Sequence[Lot]
) -> list[Decimal]:
    stated = record.quantity or ZERO
    whole = sum((lot.quantity for lot in held), ZERO)
    if record.ratio is not None:
        missing = kept(whole * record.ratio) - stated
        stated += remember_fraction(keeper, record, instrument_id, missing)
    return [share.traded for share in apportion(Amounts(stated), [lot.quantity for lot in held])]


def close_fraction(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """Cash for a part of a unit: the part is sold. Without units stated, what a split left is."""
    waiting = keeper.state.fractions.pop(instrument_id, None)
    if record.quantity:
        deliver(keeper, record, instrument_id)
    elif waiting is not None:
        deliver(keeper, replace(record, quantity=-waiting), instrument_id)
    else:
        keeper.note(record, "units_unknown", "cash in lieu without the fraction it paid for")


def fold(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    """An option is exercised or assigned, or rights are used: the premium goes into the trade.

    What a long option cost adds to the purchase or lowers the sale; what a short one brought in
    does the opposite. Without a linked trade that day the lots close for nothing.
    """
    quantity = record.quantity or ZERO
    book = keeper.state.book(instrument_id)
    is_cover = quantity > 0
    held = book.units if book.is_short == is_cover else ZERO
    if record.link_id is None or record.link_id not in keeper.trade_links or not held:
        _close_unfolded(keeper, record, instrument_id)
        return
    if abs(quantity) > held:
        keeper.note(record, "more_than_held", "more units left than were held")
    kind = AdjustmentKind.RIGHTS_USED if record.kind is K.RIGHTS else AdjustmentKind.OPTION_FOLDED
    before, is_known = keeper.folded.get(record.link_id, (None, True))
    premium = keeper.amounts(record, net_cash(record) or ZERO)
    for lot in keeper.release(record, instrument_id, min(abs(quantity), held), ZERO):
        if not lot.is_cost_known:
            keeper.note(record, "premium_unknown", "what the option cost is not known")
            is_known = False
        premium = premium + (lot.amounts if lot.is_short else -lot.amounts)
        keeper.adjusted(record, kind, lot, None)
    whole = premium if before is None else before + premium
    keeper.folded[record.link_id] = (whole, is_known)


def _close_unfolded(keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId) -> None:
    parent = record.source_instrument_id
    is_lapse = record.kind is K.RIGHTS and not net_cash(record)
    if is_lapse and parent is not None and parent != instrument_id:
        _lapse(keeper, record, instrument_id, parent)
        return
    if record.kind is not K.RIGHTS:
        keeper.note(record, "premium_not_folded", "the premium stays with the option")
    if (record.quantity or ZERO) > 0:
        receive(keeper, record, instrument_id)
    else:
        deliver(keeper, record, instrument_id)


def _lapse(
    keeper: Bookkeeper, record: Transaction, instrument_id: InstrumentId, parent: InstrumentId
) -> None:
    """Rights that came out of a parent lapse: their cost goes back to it (Reg. 1.307-1(a)).

    It goes to the parent's lots of the same day; where none is left it is lost with the rights.
    """
    book = keeper.state.book(instrument_id)
    units = -(record.quantity or ZERO)
    held = ZERO if book.is_short else book.units
    if units > held:
        keeper.note(record, "more_than_held", "more units left than were held")
    if not held:
        return
    for lot in keeper.release(record, instrument_id, min(units, held), ZERO):
        if _give_back(keeper, record, lot, parent):
            keeper.adjusted(record, AdjustmentKind.RIGHTS_USED, lot, None)
        else:
            keeper.note(record, "source_not_held", "what the rights came out of is not held")
            nothing = lot.amounts.nothing()
            keeper.close_lot(record, lot, proceeds=nothing, cost=lot.amounts)


def _give_back(keeper: Bookkeeper, record: Transaction, lot: Lot, parent: InstrumentId) -> bool:
    """Add a lot's cost to the parent's lots it came from; whether there are any."""
    if not lot.is_cost_known:
        return True  # and nothing that could be given back
    held = tuple(keeper.state.book(parent))
    same = [
        one for one in held
        if one.acquired_date == lot.acquired_date and one.currency == lot.currency
        and not one.is_short
    ]  # fmt: skip
    if not same:
        return False
    shares = apportion(lot.amounts, [one.quantity for one in same])
    raised = {
        one.id: one.with_(one.quantity, one.amounts + share)
        for one, share in zip(same, shares, strict=True)
    }
    for one in same:
        if raised[one.id] != one:
            keeper.adjusted(record, AdjustmentKind.RIGHTS_USED, one, raised[one.id])
    keeper.state.books[parent] = LotBook(raised.get(one.id, one) for one in held)
    return True

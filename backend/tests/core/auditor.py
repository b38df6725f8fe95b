"""A second ledger, slow and obvious, to check the first against.

Written from the rules in the documentation alone: exact fractions instead of decimals, plain lists
instead of books, one function for each kind of event. It shares nothing with `core/ledger` but
the records and the order of a day.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.ordering import order_of
from truenav.core.ledger.transactions import CashPart, SubKind, Transaction, TransactionKind

K = TransactionKind
F = Fraction
M = LotMethod
Key = tuple[Fraction, ...]


@dataclass
class Batch:
    """Units got together. Short ones are owed; their cost is what they brought in."""

    acquired: date
    units: Fraction
    cost: Fraction
    known: bool
    short: bool = False


@dataclass(frozen=True)
class Gain:
    """What one batch realized."""

    units: Fraction
    proceeds: Fraction
    cost: Fraction
    known: bool
    acquired: date


@dataclass
class Account:
    """Batches by instrument in the order they were acquired, gains in the order they came."""

    method: LotMethod
    held: dict[object, list[Batch]] = field(default_factory=dict)
    gains: list[Gain] = field(default_factory=list)
    cash: Fraction = field(default_factory=Fraction)
    # parts of a unit a split left, and premiums of the day by link
    fractions: dict[object, Fraction] = field(default_factory=dict)
    premiums: dict[object, Fraction] = field(default_factory=dict)
    unknown_premiums: set[object] = field(default_factory=set)

    def batches(self, instrument: object) -> list[Batch]:
        return self.held.setdefault(instrument, [])

    def put(self, instrument: object, batch: Batch) -> None:
        """Cover what is owed, then keep the rest in its place by age."""
        found = self.batches(instrument)
        if not batch.short and found and found[0].short:
            owed = sum((b.units for b in found), F(0))
            covered = min(owed, batch.units)
            paid = batch.cost * covered / batch.units
            for part in self.take(instrument, covered, paid / covered):
                share = paid * part.units / covered
                self.gains.append(
                    Gain(part.units, part.cost, share, part.known and batch.known, part.acquired)
                )
            batch = Batch(batch.acquired, batch.units - covered, batch.cost - paid, batch.known)
        found = self.batches(instrument)
        if batch.units:
            place = len(found)
            while place and found[place - 1].acquired > batch.acquired:
                place -= 1
            found.insert(place, batch)

    def take(self, instrument: object, units: Fraction, price: Fraction) -> list[Batch]:
        """Take units out in the order of the method; all long or all short."""
        found = self.batches(instrument)
        if self.method is M.AVERAGE and found:
            whole = sum(b.units for b in found)
            cost, known = sum(b.cost for b in found), all(b.known for b in found)
            for batch in found:
                batch.cost, batch.known = cost * batch.units / whole, known
        taken: list[Batch] = []
        for batch in sorted(found, key=self.order(price, found)):
            part = min(units, batch.units)
            if not part:
                break
            cost = batch.cost * part / batch.units
            taken.append(Batch(batch.acquired, part, cost, batch.known, batch.short))
            batch.units -= part
            batch.cost -= cost
            units -= part
        self.held[instrument] = [batch for batch in found if batch.units]
        return taken

    def order(
        self, price: Fraction, found: Sequence[Batch]
    ) -> Callable[[Batch], tuple[Fraction, ...]]:
        age = {id(batch): place for place, batch in enumerate(found)}

        def gain(batch: Batch) -> Fraction:
            each = batch.cost / batch.units
            return each - price if batch.short else price - each

        def key(batch: Batch) -> Key:
            place = F(age[id(batch)])
            if self.method is M.LIFO:
                return (-place,)
            if self.method is M.HIFO:
                return (F(not batch.known), gain(batch), place)
            if self.method is M.LOFO:
                return (F(not batch.known), -gain(batch), place)
            return (place,)

        return key


def amount(part: CashPart | None) -> Fraction:
    return F(0) if part is None else F(part.amount) * F(part.rate)


def net(record: Transaction) -> Fraction:
    return amount(record.gross) - amount(record.fee) - amount(record.tax)


def audit(records: Iterable[Transaction], method: LotMethod) -> Account:
    """What a person with a pencil would have in the books."""
    account = Account(method)
    for _, of_day in groupby(sorted(records, key=order_of), key=lambda r: r.trade_date):
        exchanges: dict[object, list[Transaction]] = {}
        records_of_day = list(of_day)
        account.premiums.clear()
        account.unknown_premiums.clear()
        trades = {r.link_id for r in records_of_day if r.kind in {K.BUY, K.SELL}}
        for record in records_of_day:
            account.cash += net(record)
            if record.kind in FOLDING and record.link_id in trades and record.link_id:
                fold(account, record)
            elif record.kind in {K.MERGER, K.NAME_CHANGE}:
                exchanges.setdefault(record.link_id, []).append(record)
            else:
                ONE_BY_ONE.get(record.kind, nothing)(account, record)
        for legs in exchanges.values():
            merge(account, legs)
    return account


def nothing(_account: Account, _record: Transaction) -> None:
    return


def received(account: Account, record: Transaction) -> None:
    units = F(record.quantity or 0)
    known = True
    if record.kind is K.BUY:
        cost = -net(record) - account.premiums.pop(record.link_id, F(0))
        known = record.link_id not in account.unknown_premiums
    elif record.kind in {K.RIGHTS, K.OPTION_EXPIRY, K.OPTION_EXERCISE, K.OPTION_ASSIGNMENT}:
        cost = F(0)
    elif record.price is not None:
        cost = units * F(record.price)
    else:
        cost, known = F(0), False
    account.put(record.instrument_id, Batch(record.trade_date, units, cost, known))


def delivered(account: Account, record: Transaction) -> None:
    units, proceeds = -F(record.quantity or 0), net(record)
    told = record.kind is not K.SELL or record.link_id not in account.unknown_premiums
    if record.kind is K.SELL:
        proceeds += account.premiums.pop(record.link_id, F(0))
    found = account.batches(record.instrument_id)
    held = F(0) if found and found[0].short else sum((b.units for b in found), F(0))
    closed = min(units, held)
    if closed:
        share = proceeds * closed / units
        for part in account.take(record.instrument_id, closed, share / closed):
            if record.kind is not K.TRANSFER_OUT:
                bit = share * part.units / closed
                known = part.known and told
                account.gains.append(Gain(part.units, bit, part.cost, known, part.acquired))
        units, proceeds = units - closed, proceeds - share
    if units and record.kind is K.SELL:
        batch = Batch(record.trade_date, units, proceeds, told, short=True)
        account.put(record.instrument_id, batch)


def dividend(account: Account, record: Transaction) -> None:
    if record.quantity and record.price is not None:
        received(account, record)
    elif record.quantity:
        split(account, record)


def split(account: Account, record: Transaction) -> None:
    found = account.batches(record.instrument_id)
    whole = sum((b.units for b in found), F(0))
    if not whole:
        return
    sign = -1 if found[0].short else 1
    if record.ratio is not None:
        factor = F(record.ratio)
        missing = whole * factor - abs(sign * whole + F(record.quantity or 0))
        if record.quantity and 0 < missing < 1:
            account.fractions[record.instrument_id] = missing
    else:
        factor = abs(sign * whole + F(record.quantity or 0)) / whole
    if factor:
        for batch in found:
            batch.units *= factor


def capital_back(account: Account, record: Transaction) -> None:
    found = account.batches(record.instrument_id)
    if not found or found[0].short:
        return
    whole = sum(b.units for b in found)
    for batch in found:
        share = net(record) * batch.units / whole
        if not batch.known:
            continue
        excess = max(share - batch.cost, F(0))
        batch.cost -= share - excess
        if excess:
            account.gains.append(Gain(F(0), excess, F(0), known=True, acquired=batch.acquired))


def spun_off(account: Account, record: Transaction) -> None:
    parents = account.batches(record.source_instrument_id)
    units = F(record.quantity or 0)
    if not parents or parents[0].short or record.basis_fraction is None:
        account.put(record.instrument_id, Batch(record.trade_date, units, F(0), known=False))
        return
    whole = sum(b.units for b in parents)
    for parent in list(parents):
        cost = parent.cost * F(record.basis_fraction)
        parent.cost -= cost
        child = Batch(parent.acquired, units * parent.units / whole, cost, parent.known)
        account.put(record.instrument_id, child)


def merge(account: Account, legs: Sequence[Transaction]) -> None:
    """One instrument for another, with cash or without."""
    out = next(leg for leg in legs if (leg.quantity or 0) < 0)
    into = next(leg for leg in legs if (leg.quantity or 0) > 0)
    gone, came = -F(out.quantity or 0), F(into.quantity or 0)
    cash = sum(net(leg) for leg in legs)
    found = account.batches(out.instrument_id)
    if not found or found[0].short or sum(b.units for b in found) < gone:
        account.put(into.instrument_id, Batch(into.trade_date, came, F(0), known=False))
        return
    value = None if into.price is None else came * F(into.price)
    if SubKind.TAXABLE in {out.sub_kind, into.sub_kind}:
        price = ((value or F(0)) + cash) / gone
        for part in account.take(out.instrument_id, gone, price):
            known = part.known and value is not None
            account.gains.append(
                Gain(part.units, price * part.units, part.cost, known, part.acquired)
            )
        batch = Batch(into.trade_date, came, value or F(0), value is not None)
        account.put(into.instrument_id, batch)
        return
    for part in account.take(out.instrument_id, gone, F(0)):
        cost, known = part.cost, part.known
        if cash:
            paid = cash * part.units / gone
            worth = (value or F(0)) * part.units / gone
            known = known and value is not None
            recognized = min(paid, max(worth + paid - cost, F(0)))
            account.gains.append(Gain(F(0), paid, paid - recognized, known, part.acquired))
            cost = cost - paid + recognized
        if not known:
            cost = F(0)
        moved = Batch(part.acquired, came * part.units / gone, cost, known)
        account.put(into.instrument_id, moved)


def in_lieu(account: Account, record: Transaction) -> None:
    waiting = account.fractions.pop(record.instrument_id, None)
    if record.quantity:
        delivered(account, record)
    elif waiting is not None:
        units = Decimal(waiting.numerator) / Decimal(waiting.denominator)
        delivered(account, replace(record, quantity=-units))


def arrived(account: Account, record: Transaction) -> None:
    left = F(record.quantity or 0)
    if not record.carried_lots:
        received(account, record)
        return
    for lot in record.carried_lots:
        units = min(left, F(lot.quantity))
        if units:
            cost = F(lot.cost or 0) * units / F(lot.quantity)
            batch = Batch(lot.acquired_date, units, cost, lot.cost is not None)
            account.put(record.instrument_id, batch)
        left -= units
    if left:
        account.put(record.instrument_id, Batch(record.trade_date, left, F(0), known=False))


def came_or_went(account: Account, record: Transaction) -> None:
    (received if (record.quantity or 0) > 0 else delivered)(account, record)


def rights(account: Account, record: Transaction) -> None:
    """Received with a part of the parent's cost, or none; lapsed, they give it back."""
    parents = account.batches(record.source_instrument_id)
    if (record.quantity or 0) > 0:
        part = record.basis_fraction or Decimal(0)
        if record.source_instrument_id is None or (not part and not parents):
            received(account, record)
        else:
            spun_off(account, replace(record, basis_fraction=part))
        return
    if record.source_instrument_id is None:
        delivered(account, record)
        return
    found = account.batches(record.instrument_id)
    held = F(0) if found and found[0].short else sum((b.units for b in found), F(0))
    units = min(held, -F(record.quantity or 0))
    for part_taken in account.take(record.instrument_id, units, F(0)) if units else ():
        same = [b for b in parents if b.acquired == part_taken.acquired and not b.short]
        whole = sum(b.units for b in same)
        if not part_taken.known:
            continue
        for batch in same:
            batch.cost += part_taken.cost * batch.units / whole
        if not same:
            account.gains.append(
                Gain(part_taken.units, F(0), part_taken.cost, part_taken.known, part_taken.acquired)
            )


def fold(account: Account, record: Transaction) -> None:
    """Close an option or rights without a gain; what they cost or brought waits for the trade."""
    quantity = F(record.quantity or 0)
    found = account.batches(record.instrument_id)
    held = sum((b.units for b in found if b.short == (quantity > 0)), F(0))
    if not held:
        (rights if record.kind is K.RIGHTS else came_or_went)(account, record)
        return
    premium = account.premiums.get(record.link_id, F(0)) + net(record)
    for part in account.take(record.instrument_id, min(abs(quantity), held), F(0)):
        premium += part.cost if part.short else -part.cost
        if not part.known:
            account.unknown_premiums.add(record.link_id)
    account.premiums[record.link_id] = premium


FOLDING = frozenset({K.RIGHTS, K.OPTION_EXERCISE, K.OPTION_ASSIGNMENT})
ONE_BY_ONE: dict[TransactionKind, Callable[[Account, Transaction], None]] = {
    K.BUY: received, K.REWARD: received, K.TRANSFER_IN: arrived, K.SELL: delivered,
    K.CASH_IN_LIEU: in_lieu, K.RIGHTS: rights, K.OPTION_EXPIRY: came_or_went,
    K.OPTION_EXERCISE: came_or_went, K.OPTION_ASSIGNMENT: came_or_went,
    K.TRANSFER_OUT: delivered, K.WORTHLESS: delivered, K.DIVIDEND: dividend, K.SPLIT: split,
    K.RETURN_OF_CAPITAL: capital_back, K.SPIN_OFF: spun_off,
}  # fmt: skip


def close_to(mine: Decimal, theirs: Fraction) -> bool:
    """Whether two amounts are the same but for divisions ended at 18 places."""
    return abs(F(mine) - theirs) < F(1, 10**13)

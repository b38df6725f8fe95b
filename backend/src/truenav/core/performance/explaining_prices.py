"""What prices and rates did to a portfolio, as figures that prove themselves.

Prices: of each instrument the change of its value, each day's at that day's rate, and the cash its
records moved that no other bar tells. Rates: of each currency what was held, times what its rate
changed by until the next day on which something else changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from truenav.core.explanation import (
    UNITS,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    product,
    total,
    unknown,
)
from truenav.core.ids import InstrumentId
from truenav.core.ledger.explaining_records import name_of, ref_of
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import Transaction, crosses_account
from truenav.core.money import exact
from truenav.core.performance.explaining_change import due_amount
from truenav.core.performance.explaining_records import (
    WORDS,
    Change,
    borne_nodes,
    cash_nodes,
    crossing_nodes,
    part_node,
)
from truenav.core.unfolding import Term, told
from truenav.core.valuation.columns import Steps, Timeline, spans, timeline
from truenav.core.valuation.explaining import price_node
from truenav.core.valuation.local_values import LocalValues
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.segment_values import SegmentValues, segment_values
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.slices import merged, part_of

ZERO, ONE = Decimal(0), Decimal(1)
Local = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Held:
    """What was held on the days of a change, in the currency of each part of it."""

    change: Change
    timeline: Timeline
    values: Mapping[Segment, SegmentValues]
    due: Mapping[str, Sequence[Decimal]]

    @property
    def currencies(self) -> set[str]:
        """Those that something was held in."""
        return {of.currency for of in self.values.values() if of.currency} | set(self.due)

    def day(self, index: int) -> date:
        """The day of a number."""
        return self.change.first_day + timedelta(days=index)

    def units(self, instrument_id: InstrumentId, index: int) -> Decimal:
        """Units of an instrument at the close of a day."""
        return _at(self.timeline.units.get(instrument_id, []), index, self.change.count)

    def rate(self, currency: str, index: int) -> Decimal | None:
        """Of a day, into the currency of the change."""
        return self.change.market.fx.rate(currency, self.change.currency, self.day(index))


def _at(steps: Steps, index: int, count: int) -> Decimal:
    return next((v for start, end, v in spans(steps, count) if start <= index < end), ZERO)


@exact
def held_of(change: Change) -> Held:
    """Units, cash and income due of all accounts on every day."""
    lines = [
        timeline(books.records, change.first_day, change.count, LotMethod.FIFO)
        for books in change.books
    ]
    found = merged(lines) if lines else Timeline()
    mine = found if change.of is None else part_of(found, change.of)
    values = segment_values(
        mine, change.market, {*mine.units, *mine.cash},
        first_day=change.first_day, count=change.count,
    )  # fmt: skip
    due = LocalValues(change.count)
    for books in change.books:
        for one in books.due:
            weight = change.weight(one.instrument_id)
            if weight:
                due.add_due(one if weight == ONE else one.part(weight), change.first_day)
    return Held(change, found, values, due.due)


# --- prices -------------------------------------------------------------------------------------


@exact
def price_terms(held: Held) -> dict[UUID | None, list[Term]]:
    """What prices did to each instrument, in order of day; None: records that name none."""
    found: dict[UUID | None, list[Term]] = {}
    for key, values in held.values.items():
        if not isinstance(key, str):
            found.setdefault(key, []).extend(_value_terms(held, key, values))
    change = held.change
    for books in change.books:
        accrued = {one.transaction_id for one in books.due}
        for record in books.records:
            # the cash of what was due takes its place, in a slice as in the whole
            if change.has(record) and record.id not in accrued:
                node = _untold(change, record)
                if node is not None:
                    term = told(node, record.trade_date)
                    found.setdefault(_whose(change, record), []).append(term)
        for one in books.due:
            for node, day in _due_terms(held, one):
                found.setdefault(one.instrument_id, []).append(told(node, day))
    return {key: sorted(terms, key=lambda term: term.day) for key, terms in found.items()}


def _whose(change: Change, record: Transaction) -> UUID | None:
    """The instrument a record's result belongs to; of a slice one that is in it, if any is."""
    moves = change.moves.get(record.id, ())
    ends = [end for move in moves for end in (move.source, move.target) if not isinstance(end, str)]
    named = [record.instrument_id, *ends]
    return next((key for key in named if key and change.weight(key)), record.instrument_id)


def _due_terms(held: Held, one: Receivable) -> Iterator[tuple[Node, date]]:
    """Returned capital from its ex-date on, which prices tell; and what was declared in vain."""
    change = held.change
    weight = change.weight(one.instrument_id)
    if not weight:
        return
    if not one.is_income and change.first_day < one.since <= change.last_day:
        came = due_amount(change, one, "capital due", one.gross, one.since)
        yield part_node(came, weight), one.since
    if one.transaction_id is None and change.first_day < one.until <= change.last_day:
        vain = due_amount(change, one, "declared, never came", -one.net, one.until)
        yield part_node(vain, weight), one.until


def _value_terms(held: Held, key: InstrumentId, values: SegmentValues) -> Iterator[Term]:
    for start, end in _steps(held, values.currency, values.local):
        yield _value_term(held, key, values, (start, end))


def _steps(held: Held, currency: str, local: Local) -> list[tuple[int, int]]:
    """Days from one of which to the next a value changed; both ends alone in its own currency."""
    last = held.change.count - 1
    if currency == held.change.currency:
        return [(0, last)] if last and local[0] != local[last] else []
    return [(i - 1, i) for i in range(1, last + 1) if local[i] is None or local[i] != local[i - 1]]


def _value_term(
    held: Held, key: InstrumentId, values: SegmentValues, step: tuple[int, int]
) -> Term:
    start, end = step
    before, after = values.local[start], values.local[end]
    rate = held.rate(values.currency, end)
    known = before is not None and after is not None and rate is not None
    value = (after - before) * rate if known else None  # type: ignore[operator]
    return Term(held.day(end), value, lambda: _value_node(held, key, step))


@exact
def _value_node(held: Held, key: InstrumentId, step: tuple[int, int]) -> Node:
    start, end = step
    after, before = (worth_node(held, key, index) for index in (end, start))
    label = f"Change of value until {held.day(end).isoformat()}"
    made = minus(label, after.unit, (after, before), "value after − value before")
    ref = Ref(instrument_id=key, day=held.day(end))
    converted = held.change.rates.converted(made, held.change.currency, held.day(end))
    return converted.told(ref=ref)


@exact
def worth_node(held: Held, key: InstrumentId, index: int) -> Node:
    """Units × the last close of a day, in the currency of the price."""
    day, units = held.day(index), held.units(key, index)
    label, ref = f"Value on {day.isoformat()}", Ref(instrument_id=key, day=day)
    series = held.change.market.prices.get(key)
    if not units:
        unit = series.currency if series is not None else held.change.currency
        return leaf(NodeKind.EVENT, label, unit, ZERO, ref).told(note="none were held")
    price = series.at(day) if series is not None else None
    if series is None or price is None:
        unit = series.currency if series is not None else held.change.currency
        return unknown(label, unit, "price_missing", ref)
    parts = [leaf(NodeKind.EVENT, "Units", UNITS, units, ref)]
    multiplier = held.change.market.multiplier(key)
    if multiplier != ONE:
        parts.append(constant(multiplier, "Units of one contract", UNITS))
    weight = held.change.weight(key)
    if weight != ONE:
        parts.append(constant(weight, "Part that belongs here"))
    parts.append(price_node(price, series.currency, key, day))
    return product(label, series.currency, parts, "units × price").told(ref=ref)


@exact
def _untold(change: Change, record: Transaction) -> Node | None:
    """The cash of a record that no bar but prices tells: what was paid for units, or got."""
    cash, others = cash_nodes(change, record), crossing_nodes(change, record)
    if not crosses_account(record):
        others += borne_nodes(change, record, WORDS)
    if not cash and not others:
        return None
    paid = cash[0] if len(cash) == 1 else total("Cash", change.currency, cash, "leg by leg")
    made = minus("Paid or got for units", change.currency, (paid, *others),
                 "cash − what other lines tell")  # fmt: skip
    if made.value == ZERO and all(part.value is not None for part in others):
        return None
    return made.told(label=f"Cash of {name_of(record).lower()}", ref=ref_of(record))


# --- rates --------------------------------------------------------------------------------------


@exact
def rate_terms(held: Held) -> list[Term]:
    """What the rate of each currency did to what was held in it, in order of day."""
    codes = sorted(held.currencies - {held.change.currency})
    found = [term for code in codes for term in rate_terms_in(held, code)]
    return sorted(found, key=lambda term: term.day)


@exact
def rate_terms_in(held: Held, code: str) -> list[Term]:
    """The same of one currency."""
    last, amounts = held.change.count - 1, currency_amounts(held, code)
    places = [0, *(i for i in range(1, last + 1) if amounts[i] != amounts[i - 1])]
    if places[-1] != last:
        places.append(last)
    return [
        term
        for start, end in pairwise(places)
        for term in _rate_term(held, code, amounts[start], (start, end))
    ]


def _rate_term(
    held: Held, code: str, amount: Decimal | None, step: tuple[int, int]
) -> Iterator[Term]:
    start, end = step
    if amount == ZERO:
        return
    old, new = held.rate(code, start), held.rate(code, end)
    value = None
    if amount is not None and old is not None and new is not None:
        if old == new:
            return
        value = amount * (new - old)
    yield Term(held.day(end), value, lambda: _rate_node(held, code, amount, step))


@exact
def _rate_node(held: Held, code: str, amount: Decimal | None, step: tuple[int, int]) -> Node:
    change, (start, end) = held.change, step
    label, ref = f"{code} held on {held.day(start).isoformat()}", Ref(day=held.day(start))
    rates = [change.rates.node(code, change.currency, held.day(index)) for index in (end, start)]
    moved = minus(f"Change of the rate of {code}", "rate", rates, "rate after − rate before")
    worth = held_in(held, code, start) if amount is not None else unknown(
        label, code, "price_missing", ref
    )  # fmt: skip
    made = product(
        f"{code} until {held.day(end).isoformat()}", change.currency, (worth, moved),
        "held before × change of the rate",
    )  # fmt: skip
    return made.told(ref=Ref(day=held.day(end)), page="waterfall")


@exact
def held_in(held: Held, code: str, index: int) -> Node:
    """All that was held in a currency at the close of a day: instruments, cash, income due."""
    parts = []
    for key, of in held.values.items():
        amount = of.local[index] if of.currency == code else ZERO
        if amount == ZERO:
            continue
        if isinstance(key, str):
            parts.append(leaf(NodeKind.EVENT, f"{code} cash", code, amount or ZERO))
        else:
            parts.append(worth_node(held, key, index).told(label=held.change.name(key)))
    due = held.due.get(code)
    if due is not None and due[index]:
        parts.append(leaf(NodeKind.EVENT, "Income due", code, due[index]))
    label = f"{code} held on {held.day(index).isoformat()}"
    return total(label, code, parts, "units × price, cash and income due")


@exact
def currency_amounts(held: Held, code: str) -> list[Decimal | None]:
    """All that was held in a currency at the close of each day."""
    found: list[Decimal | None] = [*held.due.get(code, (ZERO,) * held.change.count)]
    for of in held.values.values():
        if of.currency == code:
            found = [
                a + b if a is not None and b is not None else None
                for a, b in zip(found, of.local, strict=True)
            ]
    return found

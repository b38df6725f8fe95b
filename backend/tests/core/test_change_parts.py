"""What prices did per instrument and rates per currency: by hand, then for any records."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, an_instrument
from tests.core.slicing import (
    CURRENCIES,
    DAY,
    A,
    B,
    a_dividend_due,
    a_market,
    all_segments,
    histories_or_any,
    later,
    markets,
    slice_of,
)
from tests.core.test_explaining_change import between
from tests.core.test_slice_waterfall import IN_AND_OUT, a_year, near
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact
from truenav.core.performance.change_parts import PricePart, RatePart, price_parts, rate_parts
from truenav.core.performance.effects import Bar
from truenav.core.performance.explaining_prices import held_of
from truenav.core.performance.waterfall import Books, Waterfall
from truenav.core.valuation.nav import Market
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.series import FxTable, PriceSeries
from truenav.core.valuation.slices import Slice

D = Decimal
K = TransactionKind
Parts = tuple[list[PricePart], list[RatePart], Waterfall]


def parts_of(
    records: Sequence[Transaction],
    market: Market,
    last: int = 5,
    of: Slice | None = None,
    due: Sequence[Receivable] = (),
) -> Parts:
    """In dollars, from the day before the first record."""
    books = [Books(records, due=due)]
    change, found = between(books, market, (later(-1), later(last)), "USD", of)
    held = held_of(change)
    return price_parts(held, found.effects), rate_parts(held, found.effects), found


def figures(part: PricePart) -> tuple[Decimal | None, ...]:
    return (
        part.opening, part.moved, part.borne, part.price_result, part.rate_result, part.closing,
        part.realized, part.unrealized,
    )  # fmt: skip


def test_a_position_by_hand() -> None:
    (part,), rates, found = parts_of(*a_year())
    # 1,005 in; 51 and 517 out; 60 less 9 of income, 5 and 3 of fees; 10 units gained 20 each on
    # the way to 120 but for 4 that left at 130: 120 + 6 × 20
    assert figures(part) == (D(0), D(437), D(43), D(240), D(0), D(720), D(120), D(120))
    assert found.bars[Bar.UNREALIZED] == D(120)
    assert rates == []


def test_a_part_of_a_position_has_that_part_of_every_figure() -> None:
    (part,), _, _ = parts_of(*a_year(), of=slice_of(A, weight="0.5"))
    assert figures(part) == (
        D(0), D("218.5"), D("21.5"), D(120), D(0), D(360), D(60), D(60),
    )  # fmt: skip


def test_income_due_is_borne_when_it_counts_and_moves_when_it_comes() -> None:
    records, due, market = a_dividend_due()
    (early,), _, _ = parts_of(records, market, last=2, due=[due])
    # 1,000 in, worth 940 and the 51 that are due; income of 60 less 9
    assert figures(early) == (D(0), D(1000), D(51), D(-60), D(0), D(991), D(0), D(-60))
    (late,), _, _ = parts_of(records, market, due=[due])
    assert figures(late) == (D(0), D(949), D(51), D(-60), D(0), D(940), D(0), D(-60))


def test_what_a_merger_carried_over_is_no_result_of_prices() -> None:
    # ten units worth 12 each become four worth 30
    pair = [
        a_record(K.MERGER, later(2), 2, symbol="AAA", quantity="-10"),
        a_record(K.MERGER, later(2), 3, symbol="BBB", quantity="4"),
    ]
    pair[1] = replace(pair[1], source_instrument_id=A)
    market = a_market({"AAA": {0: "10", 1: "12"}, "BBB": {2: "30", 4: "31"}})
    found, _, change = parts_of([a_purchase(DAY, 1, "10", "10", symbol="AAA"), *pair], market)
    told = {part.instrument_id: (part.moved, part.price_result) for part in found}
    assert told == {A: (D(-20), D(20)), B: (D(120), D(4))}
    assert change.price_result == D(24)


def in_euros() -> tuple[list[Transaction], Market]:
    """Ten units at 100 euros, then 110; a euro at 1.25 dollars, then 1.5; 40 euros of cash."""
    series = PriceSeries("EUR", [DAY, later(2)], [D(100), D(110)])
    rates = FxTable({"USD": ([later(-1), later(4)], [D("1.25"), D("1.5")])})
    market = Market(prices={A: series}, multipliers={}, fx=rates)
    records = [
        a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="1040", currency="EUR",
                 is_external_flow=True),
        a_record(K.BUY, DAY, 2, symbol="AAA", quantity="10", price="100", gross="-1000",
                 currency="EUR"),
    ]  # fmt: skip
    return records, market


def test_rates_by_hand() -> None:
    (part,), (euro,), found = parts_of(*in_euros())
    # 100 euros more at 1.25; 1,100 euros × 0.25 of rates
    assert figures(part) == (
        D(0), D(1250), D(0), D(125), D(275), D(1650), D(0), D(125),
    )  # fmt: skip
    assert euro == RatePart(
        currency="EUR", opening=D(0), opening_rate=D("1.25"), closing=D(1140),
        closing_rate=D("1.5"), rate_result=D(285), converted=D(0), amount=D(285),
    )  # fmt: skip
    assert found.bars[Bar.FX] == D(285)


def test_what_a_conversion_cost_belongs_to_the_currency_given() -> None:
    market = replace(a_market({}), fx=FxTable({"USD": ([later(-1), later(5)], [D(2), D(2)])}))
    records = [
        a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="100", is_external_flow=True),
        a_record(K.FX_CONVERSION, later(1), 2, symbol=None, gross="-100", counter=("49", "EUR")),
    ]
    _, rates, _ = parts_of(records, market)
    assert [(part.currency, part.rate_result, part.converted, part.amount) for part in rates] == [
        ("EUR", D(0), D(0), D(0)), ("USD", D(0), D(-2), D(-2)),
    ]  # fmt: skip


def test_what_has_no_price_or_no_rate_is_unknown_alone() -> None:
    records, market = in_euros()
    other = a_purchase(DAY, 3, "1", "7", symbol="BBB")
    found, _, _ = parts_of([*records, other], market)
    told = {part.instrument_id: part.unrealized for part in found}
    assert told == {A: D(125), an_instrument("BBB"): None}
    (part,), (euro,), _ = parts_of(records, replace(market, fx=FxTable({})))
    assert (part.unrealized, euro.amount, euro.opening_rate, euro.closing) == (
        None, None, None, D(1140),
    )  # fmt: skip


@settings(max_examples=60)
@given(histories_or_any, st.data(), st.sampled_from(CURRENCIES))
def test_parts_are_the_waterfalls_of_their_slices_and_add_up_to_the_bars(
    given_records: tuple[date, list[Transaction]], data: st.DataObject, base: str
) -> None:
    begin, records = given_records
    span = min((max(r.trade_date for r in records) - begin).days, 40)
    market = data.draw(markets(begin, span))
    first = begin + timedelta(days=data.draw(st.integers(-1, 2)))
    ends = first, first + timedelta(days=data.draw(st.integers(1, span + 3)))
    books = [Books([r for r in records if r.trade_date <= ends[1]])]
    change, whole = between(books, market, ends, base)
    held = held_of(change)
    prices, rates = price_parts(held, whole.effects), rate_parts(held, whole.effects)
    for part in prices:
        _, of_slice = between(books, market, ends, base, slice_of(part.instrument_id))
        as_the_slice(part, of_slice)
    named = {part.instrument_id for part in prices}
    others = [
        between(books, market, ends, base, slice_of(segment))[1]
        for segment in all_segments(records)
        if segment not in named
    ]
    # what a record without an instrument did to cash, and the places lots round at
    cash = [found.bars[Bar.UNREALIZED] for found in others]
    comes_to([*(part.unrealized for part in prices), *cash], whole.bars[Bar.UNREALIZED])
    cash = [found.price_result for found in others]
    comes_to([*(part.price_result for part in prices), *cash], whole.price_result)
    comes_to([part.amount for part in rates], whole.bars[Bar.FX])


@exact
def as_the_slice(part: PricePart, found: Waterfall) -> None:
    """Every figure is that of the waterfall of the instrument alone."""
    assert same(part.opening, found.opening)
    assert same(part.closing, found.closing)
    moved = [found.bars[bar] for bar in IN_AND_OUT]
    if None not in moved and part.moved is not None:
        assert near([part.moved], moved)
    # what hides a bar of the waterfall hides the part; nothing else is told in its place
    for mine, bar in (
        (part.realized, found.bars[Bar.REALIZED]),
        (part.unrealized, found.bars[Bar.UNREALIZED]),
        (part.price_result, found.price_result),
        (part.rate_result, found.bars[Bar.FX]),
    ):
        if bar is not None and mine is not None:
            assert near([mine], [bar])
    if found.bars[Bar.UNREALIZED] is not None:
        assert part.unrealized is not None


@exact
def same(mine: Decimal | None, theirs: Decimal | None) -> bool:
    if mine is None or theirs is None:
        return mine is theirs
    return near([mine], [theirs])


@exact
def comes_to(parts: Sequence[Decimal | None], bar: Decimal | None) -> None:
    """The sum is the bar, but for the last place to which lots round what units cost."""
    known = [part for part in parts if part is not None]
    if len(known) == len(parts) and bar is not None:
        size = sum((abs(part) for part in known), D(1))
        assert abs(sum(known, D(0)) - bar) <= D("1E-15") + size * D("1E-40")

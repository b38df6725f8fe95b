"""Slices: what is in them, what moves in and out, and that all of them together are the whole."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.histories import FIRST, SYMBOLS, histories
from tests.core.ledger_builders import a_purchase, a_record, a_sale, an_instrument
from tests.core.slicing import (
    CURRENCIES,
    DAY,
    A,
    B,
    C,
    D,
    K,
    a_market,
    all_segments,
    flows,
    histories_or_any,
    later,
    linked,
    markets,
    near,
    slice_of,
    sliced,
)
from truenav.core.ids import CategoryId, InstrumentId
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.performance.slice_growth import SliceFlow, slice_growth
from truenav.core.taxonomies.weights import shares_of, weight_in
from truenav.core.valuation.columns import timeline
from truenav.core.valuation.consolidation import CurrencyDay
from truenav.core.valuation.nav import Unknown, daily_nav
from truenav.core.valuation.segments import Move, moves_of
from truenav.core.valuation.series import FxTable
from truenav.core.valuation.slices import Slice, merged, slice_days


class TestKinds:
    """Each kind of record, by hand."""

    def test_a_purchase_goes_in_with_its_costs_and_a_sale_comes_out_after_them(self) -> None:
        records = [
            a_purchase(DAY, 1, "10", "10", fee="5", symbol="AAA"),
            a_sale(later(2), 2, "10", "12", fee="2", symbol="AAA"),
        ]
        market = a_market({"AAA": {0: "10", 2: "12"}})
        days = sliced(records, market, A)
        assert [day.nav for day in days] == [100, 100, 0, 0, 0, 0]
        assert flows(days) == ["105", "0", "-118", "0", "0", "0"]
        # 118 of 105: what the position earned after both fees
        assert near(linked(days).total, D("118") / D("105") - 1)
        assert flows(sliced(records, market, "USD")) == ["-105", "0", "118", "0", "0", "0"]

    def test_income_after_tax_comes_out_of_its_instrument(self) -> None:
        records = [
            a_purchase(DAY, 1, "10", "10", symbol="AAA"),
            a_record(K.DIVIDEND, later(1), 2, symbol="AAA", gross="8", tax="2"),
            a_record(K.FEE, later(2), 3, symbol="AAA", gross="-1"),
        ]
        days = sliced(records, a_market({"AAA": {0: "10", 1: "9.5"}}), A)
        assert flows(days)[:3] == ["100", "-6", "1"]
        # (95 + 6) / 100, then 95 / (95 + 1)
        assert near(linked(days).total, D("1.01") * 95 / 96 - 1)

    def test_money_without_an_instrument_is_the_result_of_its_cash(self) -> None:
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="100", is_external_flow=True),
            a_record(K.INTEREST, later(1), 2, symbol=None, gross="1"),
        ]
        days = sliced(records, a_market({}), "USD")
        assert flows(days)[:2] == ["100", "0"]
        assert linked(days).total == D("0.01")

    def test_a_split_moves_nothing(self) -> None:
        records = [
            a_purchase(DAY, 1, "10", "10", symbol="AAA"),
            a_record(K.SPLIT, later(1), 2, symbol="AAA", ratio="2"),
        ]
        days = sliced(records, a_market({"AAA": {0: "10", 1: "5"}}), A)
        assert flows(days)[1:] == ["0"] * 5
        assert days[1].nav == 100

    def test_a_merger_takes_what_came_out_of_one_and_into_the_other(self) -> None:
        legs = [
            a_record(K.MERGER, later(1), 2, symbol="AAA", quantity="-10", gross="15"),
            a_record(K.MERGER, later(1), 3, symbol="BBB", quantity="5"),
        ]
        records = [
            a_purchase(DAY, 1, "10", "10", symbol="AAA"),
            *(replace(leg, link_id=UUID(int=1)) for leg in legs),
        ]
        market = a_market({"AAA": {0: "10"}, "BBB": {1: "20"}})
        # five of B at 20, and 15 in cash, for what was worth 100
        assert flows(sliced(records, market, A))[:2] == ["100", "-115"]
        assert flows(sliced(records, market, B))[:2] == ["0", "100"]
        assert flows(sliced(records, market, A, B))[:2] == ["100", "-15"]
        assert linked(sliced(records, market, A, B)).total == D("0.15")

    def test_cash_beside_a_merger_comes_out_of_what_was_given(self) -> None:
        legs = [
            a_record(K.MERGER, later(1), 2, symbol="AAA", quantity="-10"),
            a_record(K.MERGER, later(1), 3, symbol="BBB", quantity="5", gross="7"),
            a_record(K.MERGER, later(1), 4, symbol=None, gross="8"),
        ]
        for link in (None, UUID(int=1)):
            records = [a_purchase(DAY, 1, "10", "10", symbol="AAA")]
            records += [replace(leg, link_id=link) for leg in legs]
            market = a_market({"AAA": {0: "10"}, "BBB": {1: "20"}})
            assert flows(sliced(records, market, A))[1] == "-115"
            assert flows(sliced(records, market, B))[1] == "100"
            assert flows(sliced(records, market, "USD"))[1] == "15"

    def test_what_crosses_the_edge_in_two_currencies_is_of_both(self) -> None:
        market = replace(a_market({}), fx=FxTable({"USD": ([DAY], [D(2)])}))
        record = a_record(
            K.DEPOSIT, DAY, 1, symbol=None, gross="100", counter=("10", "EUR"),
            is_external_flow=True,
        )  # fmt: skip
        assert flows(sliced([record], market, "USD", count=1)) == ["100"]
        assert flows(sliced([record], market, "EUR", count=1)) == ["20"]

    def test_what_came_without_a_close_counts_at_the_close_of_what_was_given(self) -> None:
        records = [
            a_purchase(DAY, 1, "10", "10", symbol="AAA"),
            a_record(K.NAME_CHANGE, later(1), 2, symbol="AAA", quantity="-10"),
            a_record(K.NAME_CHANGE, later(1), 3, symbol="BBB", quantity="10"),
        ]
        days = sliced(records, a_market({"AAA": {0: "10", 1: "11"}, "BBB": {2: "12"}}), B)
        assert flows(days)[:2] == ["0", "110"]
        assert [day.nav for day in days[:3]] == [0, None, 120]

    def test_a_child_comes_out_of_its_parent_at_its_own_close(self) -> None:
        spun = replace(
            a_record(K.SPIN_OFF, later(1), 2, symbol="BBB", quantity="4"), source_instrument_id=A
        )
        records = [a_purchase(DAY, 1, "10", "10", symbol="AAA"), spun]
        market = a_market({"AAA": {0: "10", 1: "8"}, "BBB": {1: "5"}})
        assert flows(sliced(records, market, A))[1] == "-20"
        assert flows(sliced(records, market, B))[1] == "20"
        assert linked(sliced(records, market, A)).total == 0  # 80 and 20 of 100
        stated = [records[0], replace(spun, price=D("4"))]
        assert flows(sliced(stated, a_market({"AAA": {0: "10"}}), A))[1] == "-16"

    def test_an_option_pays_what_its_trade_was_below_the_market(self) -> None:
        legs = [
            a_record(K.OPTION_EXERCISE, later(1), 2, symbol="BBB", quantity="-1"),
            a_purchase(later(1), 3, "10", "10", symbol="AAA"),
        ]
        records = [
            a_purchase(DAY, 1, "1", "15", symbol="BBB"),
            *(replace(leg, link_id=UUID(int=1)) for leg in legs),
        ]
        market = a_market({"AAA": {0: "11", 1: "12"}, "BBB": {0: "15"}})
        assert flows(sliced(records, market, A))[1] == "120"  # bought at 100, worth 120
        assert flows(sliced(records, market, B))[1] == "-20"
        assert near(linked(sliced(records, market, B)).total, D(20) / D(15) - 1)

    def test_a_put_that_was_assigned_costs_the_writer_and_not_the_stock(self) -> None:
        legs = [
            a_record(K.OPTION_ASSIGNMENT, later(1), 2, symbol="BBB", quantity="1"),
            a_purchase(later(1), 3, "10", "10", symbol="AAA"),
        ]
        records = [replace(leg, link_id=UUID(int=1)) for leg in legs]
        market = a_market({"AAA": {0: "9"}})
        assert flows(sliced(records, market, A))[1] == "90"
        assert flows(sliced(records, market, B))[1] == "10"

    def test_a_conversion_counts_at_what_was_got(self) -> None:
        market = replace(
            a_market({}), fx=FxTable({"USD": ([later(d) for d in (0, 5)], [D(2), D(2)])})
        )
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="100", is_external_flow=True),
            a_record(K.FX_CONVERSION, later(1), 2, symbol=None, gross="-100",
                     counter=("49", "EUR")),
        ]  # fmt: skip
        assert flows(sliced(records, market, "USD"))[1] == "-98"
        assert flows(sliced(records, market, "EUR"))[1] == "98"

    def test_units_that_cross_the_edge_count_at_the_close(self) -> None:
        record = a_record(K.TRANSFER_IN, DAY, 1, symbol="AAA", quantity="3", is_external_flow=True)
        assert flows(sliced([record], a_market({"AAA": {0: "7"}}), A))[0] == "21"


class TestLinking:
    def test_a_switch_of_everything_needs_no_new_money(self) -> None:
        records = [
            a_purchase(DAY, 1, "1", "100", symbol="AAA"),
            a_sale(later(1), 2, "1", "110", symbol="AAA"),
            a_purchase(later(1), 3, "1", "110", symbol="BBB"),
        ]
        market = a_market({"AAA": {0: "100"}, "BBB": {1: "110", 2: "121"}})
        assert linked(sliced(records, market, A, B)).total == D("0.21")

    def test_units_bought_and_sold_from_nothing_need_all_of_theirs(self) -> None:
        assert slice_growth(D(0), D(0), SliceFlow(D(-10), D(1000))) == D("1.01")
        assert slice_growth(D(1), D(1), SliceFlow(D(-10), D(1000))) == D("1.01")
        records = [
            a_purchase(DAY, 1, "10", "100", symbol="AAA"),
            a_sale(DAY, 2, "10", "101", symbol="AAA"),
        ]
        (today, *_) = sliced(records, a_market({"AAA": {0: "100"}}), A)
        assert today.external_flow == -10
        assert today.turned == 1000
        assert linked([today]).total == D("0.01")

    def test_a_dividend_and_what_was_bought_for_it_need_no_new_money(self) -> None:
        assert slice_growth(D(1000), D(1000), SliceFlow(D(0), D(10))) == 1

    def test_days_between_two_holdings_are_flat(self) -> None:
        records = [
            a_purchase(DAY, 1, "1", "100", symbol="AAA"),
            a_sale(later(1), 2, "1", "110", symbol="AAA"),
            a_purchase(later(4), 3, "1", "50", symbol="AAA"),
        ]
        market = a_market({"AAA": {0: "100", 1: "110", 4: "50", 5: "55"}})
        index = linked(sliced(records, market, A))
        assert index.growth[2:5] == (D("1.1"),) * 3
        assert index.total == D("0.21")
        assert index.broken_on is None

    def test_income_after_the_sale_is_no_rate_of_anything(self) -> None:
        records = [
            a_purchase(DAY, 1, "1", "100", symbol="AAA"),
            a_sale(later(1), 2, "1", "110", symbol="AAA"),
            a_record(K.DIVIDEND, later(3), 3, symbol="AAA", gross="2"),
            a_record(K.FEE, later(4), 4, symbol="AAA", gross="-1"),
        ]
        index = linked(sliced(records, a_market({"AAA": {0: "100"}}), A))
        assert index.total == D("0.1")
        assert [(p.until, p.method) for p in index.methods] == [
            (later(3), "without_capital"), (later(4), "without_capital"),
        ]  # fmt: skip

    def test_what_is_missing_elsewhere_hides_nothing(self) -> None:
        records = [
            a_purchase(DAY, 1, "1", "100", symbol="AAA"),
            a_purchase(DAY, 2, "1", "10", symbol="BBB"),
        ]
        market = a_market({"AAA": {0: "100", 3: "120"}})
        assert linked(sliced(records, market, A)).total == D("0.2")
        missing = sliced(records, market, A, B)[0]
        assert (missing.nav, missing.unknowns) == (None, (Unknown("price_missing", str(B)),))


# eighteen stored places, added up; values of 1e15 units leave few of sixty digits
STORED = D("1E-15")


@settings(max_examples=150)
@given(histories_or_any, st.data(), st.sampled_from(CURRENCIES))
def test_a_slice_of_everything_is_the_whole_and_its_parts_add_up(
    given_records: tuple[date, list[Transaction]], data: st.DataObject, base: str
) -> None:
    first, records = given_records
    span = min((max(r.trade_date for r in records) - first).days, 40)
    market = data.draw(markets(first, span))
    count = span + 3
    last = first + timedelta(days=count - 1)
    whole = daily_nav(records, market, base, first_day=first, last_day=last)
    segments = all_segments(records)
    every = sliced(records, market, *segments, first=first, count=count, base=base)
    assert [(d.nav, d.external_flow) for d in every] == [
        (d.nav, d.external_flow) for d in whole
    ]  # fmt: skip
    assert [d.unknowns for d in every] == [d.unknowns for d in whole]
    parts = [
        sliced(records, market, segment, first=first, count=count, base=base)
        for segment in segments
    ]
    step = D("1E-15")  # eighteen stored places, added up
    for number, day in enumerate(whole):
        values = [part[number].nav for part in parts]
        if None not in values:
            assert off(values, day.nav) < step
        moved = [part[number].external_flow for part in parts]
        if None not in moved and day.external_flow is not None:
            assert off(moved, day.external_flow) < step
        if day.nav is None:
            assert None in values


@exact
def off(parts: Sequence[Decimal | None], whole: Decimal | None) -> Decimal:
    """How far the known sum of parts is from a known whole, beyond their stored places."""
    assert whole is not None
    known = [part for part in parts if part is not None]
    assert len(known) == len(parts)
    return abs(sum(known, D(0)) - whole)


def is_apart(record: Transaction) -> bool:
    """Whether a record may stand in another account than the others.

    Units paid without a value are spread over what that account holds: of another they are none.
    """
    is_spread = record.kind is K.DIVIDEND and record.quantity and record.price is None
    kinds = {K.BUY, K.SELL, K.DIVIDEND, K.DEPOSIT, K.FEE}
    return record.link_id is None and record.kind in kinds and not is_spread


@settings(max_examples=60)
@given(histories(), st.data())
def test_an_account_split_in_two_is_the_same_slice(
    found: list[Transaction], data: st.DataObject
) -> None:
    records = [record for record in found if is_apart(record)]
    market = data.draw(markets(FIRST, 45))
    mine = [data.draw(st.booleans()) for _ in records]
    accounts = [
        [r for r, is_mine in zip(records, mine, strict=True) if is_mine is here]
        for here in (True, False)
    ]
    timelines = [timeline(of, FIRST, 45, LotMethod.FIFO) for of in accounts]
    moves = [move for of in accounts for move in moves_of(of)]
    for segments in ([A], [A, B, "USD"]):
        one = sliced(records, market, *segments, first=FIRST, count=45)
        of = slice_of(*segments)
        two = slice_days(
            merged(timelines), moves, of, market, "USD", first_day=FIRST, count=45
        )  # fmt: skip
        assert one == two


@settings(max_examples=50)
@given(histories(), st.data(), st.integers(0, 8))
def test_parts_of_an_instrument_add_up_to_it(
    found: list[Transaction], data: st.DataObject, eighths: int
) -> None:
    market = data.draw(markets(FIRST, 45))
    weight = D(eighths) / 8
    whole = sliced(found, market, A, B, first=FIRST, count=45)
    one = sliced(found, market, A, B, first=FIRST, count=45, weight=str(weight))
    other = sliced(found, market, A, B, first=FIRST, count=45, weight=str(1 - weight))
    for day, left, right in zip(whole, one, other, strict=True):
        if None in {day.nav, left.nav, right.nav}:
            assert day.nav is None
        else:
            assert off([left.nav, right.nav], day.nav) < D("1E-15")
        if day.external_flow is not None:
            assert off([left.external_flow, right.external_flow], day.external_flow) < D("1E-15")


@st.composite
def classified(draw: st.DrawFn) -> dict[UUID, dict[CategoryId | None, Decimal]]:
    """Where each instrument belongs among three categories; C is a fund that holds A, partly."""
    own: dict[UUID, dict[CategoryId, Decimal]] = {}
    for symbol in SYMBOLS:
        cuts = sorted(draw(st.lists(st.integers(0, 10**8), min_size=3, max_size=3)))
        sizes = (cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1])
        own[an_instrument(symbol)] = {
            CategoryId(UUID(int=place)): D(size) / 10**8 for place, size in enumerate(sizes) if size
        }
    parts: dict[UUID, dict[UUID, Decimal]] = {C: {A: D(draw(st.integers(1, 10**8))) / 10**8}}
    return {key: shares_of(key, lambda one: own[one], parts) for key in own}


@settings(max_examples=40)
@given(histories_or_any, classified(), classified(), st.data(), st.sampled_from(CURRENCIES))
def test_categories_and_what_is_in_none_add_up_to_the_whole(
    given_records: tuple[date, list[Transaction]],
    one: dict[UUID, dict[CategoryId | None, Decimal]],
    other: dict[UUID, dict[CategoryId | None, Decimal]],
    data: st.DataObject,
    base: str,
) -> None:
    first, records = given_records
    count = min((max(r.trade_date for r in records) - first).days, 40) + 3
    market = data.draw(markets(first, count - 3))
    held = timeline(records, first, count, LotMethod.FIFO)
    moves = [*moves_of(records)]
    keys = [None, *(CategoryId(UUID(int=place)) for place in range(3))]

    def of(chosen: Collection[CategoryId | None], second: Collection[CategoryId | None]) -> Slice:
        return Slice(
            {
                InstrumentId(key): weight_in([(one[key], chosen), (other[key], second)])
                for key in one
            }
        )

    def days(of_slice: Slice) -> list[CurrencyDay]:
        return slice_days(held, moves, of_slice, market, base, first_day=first, count=count)

    every = of(keys, keys)
    assert set(every.instruments.values()) == {D(1)}  # all of every instrument, to the digit
    whole = days(every)
    # what is in one category of a taxonomy, and in some and others of a second
    cuts = [([key], second) for key in keys for second in (keys[:2], keys[2:])]
    pieces = [days(of(*cut)) for cut in cuts]
    for number, day in enumerate(whole):
        values = [piece[number].nav for piece in pieces]
        assert (None in values) == (day.nav is None)
        if None not in values:
            assert off(values, day.nav) <= STORED
        # what moves among them and has no price hides their flows, and not the whole's
        moved = [piece[number].external_flow for piece in pieces]
        if None not in moved:
            assert off(moved, day.external_flow) <= STORED


@settings(max_examples=200)
@given(
    st.integers(0, 1000), st.integers(0, 1000), st.integers(-1000, 1000), st.integers(0, 1000),
    st.integers(1, 50),
)  # fmt: skip
def test_a_day_does_not_depend_on_how_large_the_slice_is(
    before: int, after: int, net: int, turned: int, scale: int
) -> None:
    size = D(scale)
    flow = SliceFlow(D(net), D(turned))
    larger = SliceFlow(flow.net * size, flow.turned * size)
    one = slice_growth(D(before), D(after), flow)
    assert one == slice_growth(D(before) * size, D(after) * size, larger)


def test_moves_of_an_unpaired_leg_are_its_own_cash() -> None:
    leg = a_record(K.MERGER, DAY, 1, symbol="AAA", quantity="-1", gross="5")
    (move,) = moves_of([leg])
    assert (move.source, move.target) == (A, "USD")
    assert isinstance(move, Move)

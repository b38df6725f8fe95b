"""Days of next to no capital have no rate, and what is unknown is said to be: figures by hand."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger_builders import an_instrument
from truenav.core.explanation import walk
from truenav.core.performance import attribution_2026_1, twrr_2026_2
from truenav.core.performance.attribution import (
    AccountParts,
    GroupDays,
    contributions,
    linked_steps,
    own_return,
)
from truenav.core.performance.drawdown import max_drawdown
from truenav.core.performance.explaining import Chaining, Telling, day_factor, growth_of, links
from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.core.performance.linking import coefficients, steps_of
from truenav.core.performance.twrr import ReturnIndex, return_index
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.segment_values import SegmentValues, ValuedMove
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.slices import Sides

D = Decimal
START = date(2026, 1, 5)
SHARE = an_instrument("AAA")
START_OF_DAY, END_OF_DAY = FlowTiming.START_OF_DAY, FlowTiming.END_OF_DAY
Row = tuple[Decimal | None, Decimal | None]


def on(place: int) -> date:
    return START + timedelta(days=place)


def rows(*told: str) -> list[Row]:
    """A value and the flow of its day, "110" or "110 in 50"; "?" is unknown."""
    found: list[Row] = []
    for one in told:
        value, _, flow = one.partition(" in ")
        found.append((None if value == "?" else D(value), D(flow or 0)))
    return found


def points_of(of: Sequence[Row]) -> list[SeriesPoint]:
    return [SeriesPoint(on(place), nav, flow) for place, (nav, flow) in enumerate(of)]


def linked(
    of: Sequence[Row],
    timing: FlowTiming = START_OF_DAY,
    gaps: Gaps = Gaps.BREAK,
    *,
    is_slice: bool = False,
) -> ReturnIndex:
    turned = [D(0)] * len(of) if is_slice else None
    days, values, flows = [*map(on, range(len(of)))], [v for v, _ in of], [f for _, f in of]
    return return_index(days, values, flows, timing, gaps, turned=turned)


def methods(index: ReturnIndex) -> list[tuple[int, int, str]]:
    return [((m.since - START).days, (m.until - START).days, m.method) for m in index.methods]


def near(found: Decimal | None, expected: Decimal) -> bool:
    return found is not None and abs(found - expected) < D("1E-24")


# 1,000 becomes 1,100; all but 3 cents is taken out, which earn 10 cents; 1,000 comes and earns 5 %
LEFT = rows("1000", "1100", "0.03 in -1099.97", "0.13", "1000.13 in 1000", "1050.1365")


class TestCentsThatAreLeft:
    def test_what_they_earn_is_no_rate(self) -> None:
        index = linked(LEFT)
        assert index.growth[2:4] == (D("1.1"), D("1.1"))
        assert index.total == D("0.155")  # 1.1 × 1.05 - 1
        assert methods(index) == [(1, 2, "flow_at_end"), (2, 3, "tiny_capital")]

    def test_without_anything_before_it_is_the_gain_of_what_came(self) -> None:
        assert linked(LEFT[2:]).total == D("0.05")

    def test_flows_at_the_end_of_the_day_tell_the_same(self) -> None:
        index = linked(LEFT, END_OF_DAY)
        assert index.total == D("0.155")
        assert methods(index) == [(2, 3, "tiny_capital"), (3, 4, "flow_at_start")]

    def test_the_version_before_made_hundreds_of_percent_of_it(self) -> None:
        days, values, flows = [*map(on, range(6))], [v for v, _ in LEFT], [f for _, f in LEFT]
        old = twrr_2026_2.return_index(days, values, flows)
        assert near(old.growth[3], D("1.1") * D(13) / 3)
        assert methods(old) == []

    def test_the_worst_fall_is_of_days_with_capital(self) -> None:
        # 10 % down on 2,000; then 5 cents left lose 4 of them
        of = rows("2000", "1800", "0.05 in -1799.95", "0.01", "900.01 in 900")
        index = linked(of)
        fall = max_drawdown(index.days, index.growth)
        assert fall is not None
        assert (fall.ratio, fall.trough_date) == (D("-0.1"), on(1))

    def test_the_day_that_leaves_them_earns_its_own_result(self) -> None:
        # 1,000 earns 50 cents and 999.97 is taken out: 0.05 % on what was there
        index = linked(rows("1000", "0.53 in -999.97"))
        assert index.total == D("0.0005")
        assert methods(index) == [(0, 1, "flow_at_end")]

    def test_money_that_comes_to_them_earns_its_own_result(self) -> None:
        # 500 come and earn 25 on that day
        index = linked(rows("0.50", "525.50 in 500"), END_OF_DAY)
        assert near(index.total, D("25") / D("500.50"))
        assert methods(index) == [(0, 1, "flow_at_start")]

    def test_days_in_a_row_are_told_as_one_part(self) -> None:
        index = linked(rows("0.03", "0.03", "0.05", "0.04", "10.04 in 10", "0.50", "0.60"))
        assert methods(index) == [(0, 3, "tiny_capital"), (5, 6, "tiny_capital")]
        assert near(index.total, D("0.50") / D("10.04") - 1)


class TestOneUnit:
    @pytest.mark.parametrize(
        ("before", "total", "told"),
        [("1", "-1", [(0, 1, "total_loss")]), ("0.99", "0", [(0, 1, "tiny_capital")])],
    )
    def test_of_one_unit_everything_can_be_lost(
        self, before: str, total: str, told: list[tuple[int, int, str]]
    ) -> None:
        index = linked(rows(before, "0"))
        assert (index.total, methods(index)) == (D(total), told)

    def test_a_day_that_ends_below_one_began_above_it(self) -> None:
        index = linked(rows("1000", "0.50"))
        assert (index.total, methods(index)) == (D("-0.9995"), [])

    def test_more_owed_than_there_was_still_breaks_the_chain(self) -> None:
        assert linked(rows("0.50", "-3")).reason == "negative_value"


class TestBridges:
    def test_an_average_below_one_unit_is_bridged_without_a_rate(self) -> None:
        # 20 cents, 40 more on the first of two days: 60 on average, and a gain of 30
        index = linked(rows("0.20", "? in 0.40", "0.90"), gaps=Gaps.MODIFIED_DIETZ)
        assert (index.total, methods(index)) == (D(0), [(0, 2, "tiny_capital")])

    def test_a_larger_one_has_a_rate(self) -> None:
        # 60 + 60 on average, and a gain of 30
        index = linked(rows("0.60", "? in 0.60", "1.50"), gaps=Gaps.MODIFIED_DIETZ)
        assert (index.total, methods(index)) == (D("0.25"), [(0, 2, "modified_dietz")])


class TestSlices:
    def test_what_came_in_and_was_there_are_its_capital(self) -> None:
        # 20 + 30 cents became 90; 50 more came in, which makes 1.40 of 1.40; then 10 %
        of = rows("0.20", "0.90 in 0.30", "1.40 in 0.50", "1.54")
        index = linked(of, is_slice=True)
        assert (index.total, methods(index)) == (D("0.1"), [(0, 1, "tiny_capital")])

    def test_a_group_is_linked_as_a_slice_is(self) -> None:
        # 2 fell to 50 cents, which doubled; then 9 came in, and 10 became 11
        values: list[Decimal | None] = [D(2), D("0.5"), D(1), D(10), D(11)]
        days = GroupDays(values, {3: D(9)}, {3: Sides()})
        of: list[Row] = list(zip(values, [D(0), D(0), D(0), D(9), D(0)], strict=True))
        assert own_return(days, 0, 4) == (D("0.25") * D("1.1") - 1, None)
        assert linked(of, is_slice=True).total == D("0.25") * D("1.1") - 1
        assert attribution_2026_1.own_return(days, 0, 4) == (D("0.5") * D("1.1") - 1, None)


class TestUnknown:
    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            (["?", "?"], "value_unknown"),
            (["0", "?", "0"], "value_unknown"),
            (["100", "?"], "value_unknown"),
            (["0", "0"], "no_capital"),
            ([], "no_capital"),
        ],
    )
    def test_a_return_that_is_missing_says_what_is_missing(
        self, told: list[str], reason: str
    ) -> None:
        index = linked(rows(*told))
        assert (index.total, index.broken_on, index.why_none) == (None, None, reason)
        points = points_of(rows(*told))
        steps = steps_of(points, START_OF_DAY, is_slice=False)
        assert (steps.total, steps.reason) == (None, reason)
        _, broken = links(points, Chaining())
        assert broken is not None
        assert broken.unknown_reason == reason
        days, values = [*map(on, range(len(points)))], [point.nav for point in points]
        old = twrr_2026_2.return_index(days, values, [D(0)] * len(points))
        assert (old.total, old.why_none) == (None, "no_capital")

    def test_the_explanation_names_the_day_and_what_is_unknown_of_it(self) -> None:
        missing = (Unknown("fx_missing", "CHF"),)
        points = [
            SeriesPoint(on(0), D(0), D(0)),
            SeriesPoint(on(1), None, D(0), missing),
            SeriesPoint(on(2), None, D(0), missing),
        ]
        _, broken = links(points, Chaining())
        assert broken is not None
        assert (broken.ref.day, broken.note) == (on(1), "fx_missing CHF")


def test_a_day_of_cents_is_explained_as_what_it_is() -> None:
    how = Chaining()
    found, broken = links(points_of(LEFT), how)
    assert broken is None
    assert growth_of(found) == D("1.155")

    def never(*_: object) -> None:
        raise AssertionError("no value makes a rate of this day")

    node = day_factor(found[2], how, Telling("USD", never, never, never))  # type: ignore[arg-type]
    assert (node.value, node.ref.day) == (D(1), on(3))
    assert node.note == "less than one USD was at work, which is too little for a rate"
    assert list(walk(node)) == [node]


cents = st.decimals("0.01", "0.99", places=2)
large = st.decimals("1", "5000", places=2)
amounts = st.none() | st.just(D(0)) | cents | large | st.decimals("-5", "-0.01", places=2)
moved = st.just(D(0)) | st.decimals("-2000", "2000", places=2) | st.none()
any_rows = st.lists(st.tuples(amounts, moved), max_size=14)
known_rows = st.lists(
    st.tuples(cents | large, st.just(D(0)) | st.decimals("0", "2000", places=2)),
    min_size=1, max_size=14,
)  # fmt: skip


@pytest.mark.parametrize("is_slice", [False, True])
@given(of=any_rows, timing=st.sampled_from(FlowTiming))
def test_a_chain_its_steps_and_its_explanation_say_one_thing(
    is_slice: bool, of: list[Row], timing: FlowTiming
) -> None:
    index = linked(of, timing, is_slice=is_slice)
    points = points_of(of)
    steps = steps_of(points, timing, is_slice=is_slice)
    found, broken = links(points, Chaining(timing=timing, is_slice=is_slice))
    if index.total is None:
        assert steps.total is None
        assert broken is not None
        assert steps.reason == broken.unknown_reason == index.why_none
        return
    assert (steps.total, steps.reason, broken) == (index.total, None, None)
    assert growth_of(found) == index.growth[-1]


@given(of=any_rows, timing=st.sampled_from(FlowTiming), gaps=st.sampled_from(Gaps))
def test_only_days_of_cents_are_linked_otherwise_than_before(
    of: list[Row], timing: FlowTiming, gaps: Gaps
) -> None:
    new = linked(of, timing, gaps)
    days, values, flows = [*map(on, range(len(of)))], [v for v, _ in of], [f for _, f in of]
    old = twrr_2026_2.return_index(days, values, flows, timing, gaps)
    told = {m.method for m in new.methods} | {m.method for m in old.methods}
    if not told & {"tiny_capital", "flow_at_end", "flow_at_start", "modified_dietz"}:
        assert (new.growth, new.broken_on, new.reason) == (old.growth, old.broken_on, old.reason)


@given(of=known_rows, scale=st.integers(1, 1000), timing=st.sampled_from(FlowTiming))
def test_from_one_unit_on_the_size_does_not_matter(
    of: list[tuple[Decimal, Decimal]], scale: int, timing: FlowTiming
) -> None:
    """A cent at least, times a hundred: every day has one unit to begin with."""
    whole: list[Row] = [(value * 100, flow * 100) for value, flow in of]
    larger: list[Row] = [(value * 100 * scale, flow * 100 * scale) for value, flow in of]
    assert linked(larger, timing).growth == linked(whole, timing).growth


@given(of=known_rows, tenths=st.lists(st.integers(0, 10), min_size=14, max_size=14))
def test_parts_of_a_return_add_up_with_days_of_cents_between_them(
    of: list[tuple[Decimal, Decimal]], tenths: list[int]
) -> None:
    """Cash, into which money comes, and a share whose price moves as it likes."""
    points = points_of(of)
    steps = steps_of(points, START_OF_DAY, is_slice=False)
    factors = coefficients([step.growth for step in steps.items])
    share = [value * part / 10 for (value, _), part in zip(of, tenths, strict=False)]
    cash = [value - mine for (value, _), mine in zip(of, share, strict=True)]
    moves = [ValuedMove(n, None, "USD", flow, None) for n, (_, flow) in enumerate(of) if flow]
    values: dict[Segment, SegmentValues] = {
        "USD": SegmentValues("USD", cash), SHARE: SegmentValues("USD", share),
    }  # fmt: skip
    found = contributions(
        [AccountParts(UUID(int=9), values, moves)],
        {"USD": [D(1)] * len(of)},
        lambda _, segment: [(str(segment), D(1))],
        linked_steps(steps.items, factors),
    )
    assert steps.total is not None
    told = sum((one.total or D(0) for one in found.values()), D(0))
    assert abs(told - steps.total) < D("1E-20") * (1 + abs(steps.total))
    # in money nothing is left out
    first = steps.items[0].start if steps.items else 0
    paid = sum((flow for _, flow in of[first + 1 :]), D(0))
    if steps.items:
        gained = sum((one.gain or D(0) for one in found.values()), D(0))
        assert gained == of[-1][0] - of[first][0] - paid

"""Contributions that add up, effects beside a benchmark, and what each purchase brought."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.histories import FIRST, SYMBOLS, histories
from tests.core.ledger_builders import ACCOUNT, a_purchase, a_record, a_sale, an_instrument
from tests.core.slicing import a_market, all_segments, later, markets
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact
from truenav.core.performance.attribution import (
    AccountParts,
    Contribution,
    GroupDays,
    Grouping,
    average_weight,
    contributions,
    group_days,
    linked_steps,
    own_return,
)
from truenav.core.performance.blend import Part, Rebalancing, blended
from truenav.core.performance.brinson import (
    Compared,
    Effects,
    GroupPeriod,
    Member,
    brinson_fachler,
    group_periods,
    linked_effects,
    member_weights,
)
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.linking import (
    Step,
    Steps,
    coefficients,
    k_of,
    steps_of,
    why_not_linked,
)
from truenav.core.performance.trades import trade_results
from truenav.core.performance.twrr import return_index
from truenav.core.valuation.columns import timeline
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.nav import Market, Unknown, value_days
from truenav.core.valuation.segment_values import rates_by_day, segment_values, valued_moves
from truenav.core.valuation.segments import Segment, moves_of
from truenav.core.valuation.series import FxTable, PriceSeries

D = Decimal
K = TransactionKind
DAY = date(2024, 1, 2)
A, B, C = (an_instrument(symbol) for symbol in SYMBOLS)
ONE = D(1)


class World:
    """One account on some days, and its linked steps."""

    def __init__(
        self,
        records: Sequence[Transaction],
        market: Market,
        *,
        first: date = DAY,
        count: int = 6,
        base: str = "USD",
    ) -> None:
        self.count = count
        held = timeline(records, first, count, LotMethod.FIFO)
        moves = list(moves_of(records))
        days = value_days(held, market, base, first_day=first, count=count)
        self.points = [SeriesPoint(d.as_of, d.nav, d.external_flow) for d in days]
        only = all_segments(records)
        values = segment_values(held, market, only, first_day=first, count=count)
        valued = valued_moves(moves, market, base, first_day=first, count=count)
        self.parts = [AccountParts(ACCOUNT, values, valued)]
        codes = {v.currency for v in values.values() if v.currency}
        self.rates = rates_by_day(market.fx, codes, base, first_day=first, count=count)
        self.steps: Steps = steps_of(self.points, FlowTiming.START_OF_DAY, is_slice=False)

    def by(self, grouping: dict[Segment, str] | None = None) -> dict[str, Contribution]:
        factors = coefficients([step.growth for step in self.steps.items])
        linked = linked_steps(self.steps.items, factors)
        return contributions(self.parts, self.rates, self._grouping(grouping), linked)

    def groups(self, grouping: dict[Segment, str] | None = None) -> dict[str, GroupDays]:
        return group_days(self.parts, self.rates, self._grouping(grouping), self.count)

    @staticmethod
    def _grouping(named: dict[Segment, str] | None) -> Grouping:
        def of(_: UUID, segment: Segment) -> Sequence[tuple[str, Decimal]]:
            return [(named[segment] if named is not None else str(segment), ONE)]

        return of


def near(found: Decimal | None, expected: str | Decimal, step: str = "1E-20") -> bool:
    return found is not None and abs(found - D(expected)) < D(step)


@exact
def added(parts: Sequence[Decimal | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return sum(known, D(0)) if len(known) == len(parts) else None


class TestContribution:
    def test_two_shares_of_one_day(self) -> None:
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="1000", is_external_flow=True),
            a_purchase(DAY, 2, "6", "100", symbol="AAA"),
            a_purchase(DAY, 3, "4", "100", symbol="BBB"),
        ]
        world = World(records, a_market({"AAA": {0: "100", 1: "108"}, "BBB": {0: "100", 1: "102"}}))
        found = world.by()
        # 60 % × 8 % and 40 % × 2 %
        assert near(found[str(A)].total, "0.048")
        assert near(found[str(B)].total, "0.008")
        assert near(found["USD"].total, "0")
        assert near(world.steps.total, "0.056")
        assert found[str(A)].gain == 48

    def test_what_is_held_no_more_can_still_bring_something(self) -> None:
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="1000", is_external_flow=True),
            a_record(K.DIVIDEND, later(1), 2, symbol="AAA", gross="10"),
        ]
        world = World(records, a_market({"AAA": {0: "100"}}))
        found = world.by()
        # 10 on 1,000, of something that was sold before
        assert near(world.steps.total, "0.01")
        assert near(found[str(A)].total, "0.01")
        assert found[str(A)].gain == 10
        assert near(found["USD"].total, "0")

    def test_a_rate_and_a_price_moved_together(self) -> None:
        # +10 % in francs, -5 % of the franc: 4.5 % = 10 - 5 - 0.5 (domain.md, section 8)
        days = [later(d) for d in (0, 1)]
        market = Market(
            prices={A: PriceSeries("CHF", days, [D(100), D(110)])}, multipliers={},
            fx=FxTable({"CHF": (days, [D(1), 1 / D("0.95")])}),
        )  # fmt: skip
        record = a_record(K.TRANSFER_IN, DAY, 1, symbol="AAA", quantity="1", is_external_flow=True)
        world = World([record], market, base="EUR", count=2)
        found = world.by()[str(A)]
        assert near(found.local, "0.1")
        assert near(found.currency, "-0.05")
        assert near(found.cross, "-0.005")
        assert near(found.total, "0.045")

    def test_a_part_without_a_price_hides_itself_alone(self) -> None:
        records = [
            a_purchase(DAY, 1, "1", "100", symbol="AAA"),
            a_record(K.DEPOSIT, DAY, 2, symbol=None, gross="200", is_external_flow=True),
            a_record(K.TRANSFER_IN, later(1), 3, symbol="BBB", quantity="1"),
        ]
        # B is a gift without a price until day 2: the portfolio bridges, B's inflow was no flow
        market = a_market({"AAA": {0: "100", 2: "110"}, "BBB": {2: "10"}})
        world = World(records, market)
        assert world.steps.reason is None
        found = world.by()
        assert near(added([f.total for f in found.values()]), world.steps.total or D(9))
        gone = World(records, a_market({"AAA": {0: "100", 2: "110"}, "BBB": {9: "10"}}))
        assert why_not_linked(gone.steps) == "value_unknown"

    def test_a_group_has_a_return_and_a_weight_of_its_own(self) -> None:
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="1000", is_external_flow=True),
            a_purchase(DAY, 2, "5", "100", symbol="AAA"),
            a_sale(later(2), 3, "5", "121", symbol="AAA"),
            a_purchase(later(2), 4, "5", "121", symbol="BBB"),
        ]
        closes = {"AAA": {0: "100", 1: "110", 2: "121"}, "BBB": {2: "121", 3: "133.1"}}
        world = World(records, a_market(closes))
        named: dict[Segment, str] = {A: "shares", B: "shares", "USD": "cash"}
        groups = world.groups(named)
        # the switch inside the group is no flow of it
        assert {d: v for d, v in groups["shares"].net.items() if v} == {0: D(500)}
        assert near(own_return(groups["shares"], 0, 5)[0], "0.331")
        assert near(own_return(world.groups()[str(A)], 0, 5)[0], "0.21")
        assert near(own_return(world.groups()[str(B)], 0, 5)[0], "0.1")
        linked = linked_steps(world.steps.items[:1], [ONE])
        totals = [point.nav for point in world.points]
        assert average_weight(groups["shares"], totals, linked) == D("0.5")

    def test_a_total_loss_cannot_be_linked(self) -> None:
        steps = Steps((Step(0, 1, D(10), D(0)),))
        assert why_not_linked(steps) == "total_loss"


FUNDS = {
    "a": GroupPeriod(D(".6"), D(".08"), D(".5"), D(".06")),
    "b": GroupPeriod(D(".4"), D(".02"), D(".5"), D(".03")),
}


class TestBrinson:
    """Goldens of domain.md, section 8, computed there by hand."""

    def test_effects_of_two_groups(self) -> None:
        one, other = (brinson_fachler(of, D(".045")) for of in FUNDS.values())
        assert one == Effects(D(".0015"), D(".01"), D(".002"))
        assert other == Effects(D(".0015"), D("-.005"), D(".001"))
        found = linked_effects([FUNDS], [D("1.056")])
        assert added([e.total for e in found.groups.values()]) == D(".011")
        assert near(found.residual, "0")

    def test_weights_of_two_periods(self) -> None:
        factors = coefficients([D("1.05"), D(".98")], [D("1.03"), D("1.01")])
        assert [f.quantize(D("1E-6")) for f in factors] == [D(".994877"), D("1.039918")]
        linked = factors[0] * D(".02") + factors[1] * D("-.03")
        assert near(linked, "-.0113")

    def test_a_group_that_one_side_does_not_hold(self) -> None:
        alone = brinson_fachler(GroupPeriod(D(".2"), D(".1"), D(0), None), D(".04"))
        assert alone == Effects(D(0), D(0), D(".2") * D(".06"))
        left_out = brinson_fachler(GroupPeriod(D(0), None, D(".5"), D(".08")), D(".04"))
        assert left_out == Effects(D("-.5") * D(".04"), D(0), D(0))

    def test_a_blend_drifts_until_the_next_month(self) -> None:
        days = [date(2024, 1, 30) + timedelta(days=n) for n in range(4)]
        members = [
            Member("a", D(".5"), [D(1), D(2), D(2), D(4)]), Member("b", D(".5"), [D(1)] * 4),
        ]  # fmt: skip
        steps = [Step(n, n + 1, ONE, ONE) for n in range(3)]
        drifting = member_weights(members, days, steps, Rebalancing.MONTHLY)
        # the close of 31 January is where February begins
        assert [of[0] for of in drifting] == [D(".5"), D(".5"), D(".5")]
        days = [date(2024, 1, 10) + timedelta(days=n) for n in range(4)]
        drifting = member_weights(members, days, steps, Rebalancing.MONTHLY)
        assert near(drifting[1][0], D(2) / 3)
        daily = member_weights(members, days, steps, Rebalancing.DAILY)
        assert [of[0] for of in daily] == [D(".5")] * 3

    def test_a_group_of_two_members_is_their_weights_and_returns(self) -> None:
        # 40 % that earned 10 %, 20 % that lost 5 %: .6 and (.04 - .01) / .6; 40 % beside at 2 %
        levels = {"a": (D(50), D(55)), "b": (D(20), D(19)), "c": (D(100), D(102))}
        members = [
            Member("x", D(".4"), levels["a"]), Member("x", D(".2"), levels["b"]),
            Member("y", D(".4"), levels["c"]),
        ]  # fmt: skip
        steps = [Step(0, 1, D(1000), D("1.05"))]
        weights = member_weights(members, [DAY, later(1)], steps, Rebalancing.MONTHLY)
        groups = {"x": GroupDays([D(1000), D(1050)])}
        periods = group_periods(groups, members, steps, weights)
        assert periods is not None
        (period,) = periods
        assert (period["x"].own_weight, period["x"].own_return) == (D(1), D(".05"))
        assert (period["x"].other_weight, period["x"].other_return) == (D(".6"), D(".05"))
        assert (period["y"].other_weight, period["y"].other_return) == (D(".4"), D(".02"))
        found = linked_effects(periods, [D("1.05")])
        assert found.benchmark == D(".038")
        # 40 % more of what did better by 1.2 %, 40 % less of what did worse by 1.8 %
        assert found.groups["x"] == Effects(D(".0048"), D(0), D(0))
        assert found.groups["y"] == Effects(D(".0072"), D(0), D(0))
        assert found.residual == 0

    def test_a_member_shared_out_by_weight_returns_in_each_group_what_it_returns(self) -> None:
        levels = [D(100), D(103)]
        members = [Member("x", D(".6"), levels), Member("y", D(".4"), levels)]
        steps = [Step(0, 1, D(10), D(1))]
        weights = member_weights(members, [DAY, later(1)], steps, Rebalancing.NEVER)
        periods = group_periods({}, members, steps, weights)
        assert periods is not None
        told = {key: (g.other_weight, g.other_return) for key, g in periods[0].items()}
        assert told == {"x": (D(".6"), D(".03")), "y": (D(".4"), D(".03"))}

    def test_a_portfolio_that_is_its_benchmark_has_no_effects(self) -> None:
        records = [
            a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="1000", is_external_flow=True),
            a_purchase(DAY, 2, "5", "100", symbol="AAA"),
            a_purchase(DAY, 3, "5", "100", symbol="BBB"),
        ]
        closes = {"AAA": {0: "100", 1: "110", 2: "99"}, "BBB": {0: "100", 1: "104", 3: "90"}}
        world = World(records, a_market(closes))
        named: dict[Segment, str] = {A: "a", B: "b", "USD": "cash"}
        members = [
            Member("a", D(".5"), [D(n) for n in (100, 110, 99, 99, 99, 99)]),
            Member("b", D(".5"), [D(n) for n in (100, 104, 104, 90, 90, 90)]),
        ]
        days = [point.as_of for point in world.points]
        weights = member_weights(members, days, world.steps.items, Rebalancing.MONTHLY)
        periods = group_periods(world.groups(named), members, world.steps.items, weights)
        assert periods is not None
        found: Compared = linked_effects(periods, [s.growth for s in world.steps.items])
        assert near(found.own, found.benchmark)
        for effects in found.groups.values():
            assert near(effects.total, "0")


class TestTrades:
    def test_each_purchase_with_its_sales_its_income_and_its_rest(self) -> None:
        records = [
            a_purchase(DAY, 1, "10", "10", fee="5", symbol="AAA"),
            a_purchase(later(1), 2, "10", "20", symbol="AAA"),
            a_record(K.DIVIDEND, later(2), 3, symbol="AAA", gross="20", tax="4"),
            a_sale(later(3), 4, "15", "30", symbol="AAA"),
            a_record(K.DIVIDEND, later(4), 5, symbol="AAA", gross="3"),
        ]
        market = a_market({"AAA": {0: "10", 5: "40"}})
        found = trade_results(records, LotMethod.FIFO, market, "USD", later(5))
        first, second = found[records[0].id], found[records[1].id]
        # 300 for 105; half of 16
        assert (first.realized, first.unrealized, first.income) == (D(195), D(0), D(8))
        # 150 for 100; 5 units at 40 for 100; half of 16, and all of 3
        assert (second.realized, second.unrealized, second.income) == (D(50), D(100), D(11))
        assert first.total == 203

    def test_income_after_everything_was_sold_belongs_to_who_held_it_last(self) -> None:
        records = [
            a_purchase(DAY, 1, "10", "10", symbol="AAA"),
            a_sale(later(1), 2, "10", "10", symbol="AAA"),
            a_record(K.DIVIDEND, later(2), 3, symbol="AAA", gross="7"),
        ]
        found = trade_results(records, LotMethod.FIFO, a_market({}), "USD", later(5))
        assert found[records[0].id].total == 7

    def test_what_has_no_price_is_not_told(self) -> None:
        record = a_purchase(DAY, 1, "10", "10", symbol="AAA")
        found = trade_results([record], LotMethod.FIFO, a_market({}), "USD", DAY)[record.id]
        assert (found.total, found.unknowns) == (None, {Unknown("price_missing", str(A))})


@settings(max_examples=120)
@given(histories(), st.data(), st.sampled_from(["USD", "EUR"]))
def test_contributions_add_up_whatever_happened(
    found: list[Transaction], data: st.DataObject, base: str
) -> None:
    span = min((max(r.trade_date for r in found) - FIRST).days, 40)
    market = data.draw(markets(FIRST, span))
    world = World(found, market, first=FIRST, count=span + 3, base=base)
    index = return_index(
        [p.as_of for p in world.points],
        [p.nav for p in world.points],
        [p.external_flow for p in world.points],
    )
    if why_not_linked(world.steps) is not None:
        return
    total = world.steps.total
    assert total is not None
    assert index.total is None or near(index.total, total)
    parts = world.by()
    sums = added([part.total for part in parts.values()])
    if sums is None:
        assert any(part.unknowns for part in parts.values())
    else:
        # values are stored at 18 places, and a capital may be a cent
        assert near(sums, total, "1E-9")
    named = {s: ("x" if n % 2 else "y") for n, s in enumerate(all_segments(found))}
    grouped = world.by(named)
    for key in ("x", "y"):
        inside = [parts[str(s)].total for s, k in named.items() if k == key and str(s) in parts]
        if key in grouped and (whole := added(inside)) is not None:
            assert near(grouped[key].total, whole)


four = st.lists(st.integers(60, 160).map(lambda percent: D(percent) / 100), min_size=4, max_size=4)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.integers(1, 9), four),
        min_size=1, max_size=6,
    ),
    st.lists(
        st.tuples(st.sampled_from("wxy"), four),
        min_size=1, max_size=4, unique_by=lambda of: of[0],
    ),
    st.sampled_from(Rebalancing),
)  # fmt: skip
@exact
def test_effects_of_any_members_add_up_to_the_difference(
    told: list[tuple[str, int, list[Decimal]]],
    held: list[tuple[str, list[Decimal]]],
    rebalancing: Rebalancing,
) -> None:
    # nothing moves between groups: what is held is the sum of them, and the effects are all
    rest = 1 - sum((D(weight) / 100 for _, weight, _ in told[1:]), D(0))
    shares = [rest, *(D(weight) / 100 for _, weight, _ in told[1:])]
    members = [
        Member(key, share, run(growth))
        for share, (key, _, growth) in zip(shares, told, strict=True)
    ]
    groups = {key: GroupDays([D(100) * level for level in run(growth)]) for key, growth in held}
    totals = [sum((of.values[n] or D(0) for of in groups.values()), D(0)) for n in range(5)]
    steps = [Step(n, n + 1, totals[n], totals[n + 1] / totals[n]) for n in range(4)]
    days = [date(2024, 1, 30) + timedelta(days=n) for n in range(5)]
    weights = member_weights(members, days, steps, rebalancing)
    periods = group_periods(groups, members, steps, weights)
    assert periods is not None
    found = linked_effects(periods, [step.growth for step in steps])
    parts = [Part(of.weight, of.levels) for of in members]
    level = blended(days, parts, rebalancing)
    # the benchmark of the groups is the one of the page of returns
    assert level[0] is not None
    assert level[4] is not None
    assert near(found.benchmark, level[4] / level[0] - 1)
    effects = [of.total for of in found.groups.values()]
    assert near(sum(effects, D(0)), found.own - found.benchmark)
    assert near(found.residual, "0")


def run(growth: Sequence[Decimal]) -> list[Decimal]:
    """Levels from 1 on."""
    return [math.prod(growth[:n], start=D(1)) for n in range(len(growth) + 1)]


@exact
def test_growth_that_differs_by_rounding_alone_counts_as_equal() -> None:
    # both logarithms are the same sixty digits: ln(a) - ln(b) over a - b is no coefficient any more
    apart = D("1.05") + D("1E-59")
    (factor,) = coefficients([apart], [D("1.05")])
    assert near(factor, "1")
    assert near(k_of(apart, D("1.05")), ONE / D("1.05"))
    # where the two ways meet they agree
    assert near(k_of(D("1.05") + D("1E-29"), D("1.05")), ONE / D("1.05"))


@settings(max_examples=40)
@given(st.lists(st.integers(50, 150), min_size=1, max_size=8), st.integers(2, 9))
def test_linking_adds_up_and_does_not_depend_on_size(percents: list[int], scale: int) -> None:
    growth = [D(p) / 100 for p in percents]
    factors = coefficients(growth)
    total = ONE
    for step in growth:
        total *= step
    assert near(added([(g - 1) * f for g, f in zip(growth, factors, strict=True)]), total - 1)
    steps = [Step(n, n + 1, D(10), g) for n, g in enumerate(growth)]
    larger = [Step(n, n + 1, D(10) * scale, g) for n, g in enumerate(growth)]
    for one, other in zip(linked_steps(steps, factors), linked_steps(larger, factors), strict=True):
        assert near(one.factor, other.factor * scale)

"""Rules that look at a figure: told once for each crossing, never twice for a tremble."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.alerts.crossing import Direction, Line, Side, Sight, Watch, band_of, step
from truenav.core.alerts.figures import nav_change, price_change
from truenav.core.valuation.consolidation import SeriesPoint

D = Decimal
BEGAN = datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(minutes: int) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def above(threshold: str, band: str = "1", cool_down: timedelta = timedelta(0)) -> Line:
    return Line(Direction.ABOVE, D(threshold), D(band), cool_down)


def looks(
    line: Line, values: Sequence[str | None], snoozed_until: datetime | None = None
) -> list[int]:
    """The minutes at which a rule told, seeing one figure each minute."""
    watch, told = Watch(), []
    for minute, value in enumerate(values):
        sight = Sight(D(value) if value is not None else None, at(minute))
        watch, fired = step(line, watch, sight, at(minute), snoozed_until)
        told += [minute] if fired else []
    return told


class TestCrossing:
    def test_a_price_that_rises_to_the_threshold_is_told_once(self) -> None:
        assert looks(above("100"), ["99", "99.99", "100", "101", "150"]) == [2]

    def test_one_that_falls_is_told_the_other_way_round(self) -> None:
        line = Line(Direction.BELOW, D("100"), D("1"))

        assert looks(line, ["101", "100.01", "100", "90"]) == [2]

    def test_what_was_past_from_the_beginning_crossed_nothing(self) -> None:
        assert looks(above("100"), ["120", "130"]) == []
        assert looks(above("100"), ["120", "98", "120"]) == [2]

    def test_it_is_told_again_only_after_it_went_back_by_more_than_the_band(self) -> None:
        # 99 is back by the band and no more
        assert looks(above("100"), ["90", "100", "99", "100", "98.99", "100"]) == [1, 5]

    def test_a_jump_over_the_band_is_a_crossing(self) -> None:
        assert looks(above("100"), ["1", "1000", "1", "1000"]) == [1, 3]

    def test_what_is_unknown_neither_tells_nor_resets(self) -> None:
        assert looks(above("100"), [None, "90", None, "101", None, "101"]) == [3]

    def test_within_the_cool_down_it_waits_and_tells_then_if_it_is_still_past(self) -> None:
        line = above("100", cool_down=timedelta(minutes=5))

        assert looks(line, ["90", "100", "90", "100", "100", "100", "101"]) == [1, 6]

    def test_what_went_back_before_the_cool_down_ended_is_not_told(self) -> None:
        line = above("100", cool_down=timedelta(minutes=5))

        assert looks(line, ["90", "100", "90", "100", "90", "90", "90", "90"]) == [1]

    def test_snoozed_it_tells_nothing_and_what_still_holds_when_it_wakes(self) -> None:
        values = ["90", "100", "100", "100"]

        assert looks(above("100"), values, at(3)) == [3]
        assert looks(above("100"), values, at(4)) == []

    def test_a_figure_from_before_the_last_one_is_not_looked_at(self) -> None:
        line, watch = above("100"), Watch(Side.WAITING, at(5))

        assert step(line, watch, Sight(D("101"), at(4)), at(6)) == (watch, False)
        assert step(line, watch, Sight(D("101"), at(5)), at(6))[1]

    def test_the_band_of_a_fall_is_measured_without_its_sign(self) -> None:
        assert band_of(D("-0.05"), D("0.1")) == D("0.005")


figures = st.one_of(st.none(), st.decimals("80", "120", places=2))
lines = st.builds(
    Line,
    direction=st.sampled_from(Direction),
    threshold=st.just(D("100")),
    band=st.decimals("0", "5", places=2),
    cool_down=st.integers(0, 8).map(lambda minutes: timedelta(minutes=minutes)),
)


class TestProperties:
    @given(lines, st.lists(figures, max_size=60))
    def test_between_two_tellings_it_went_back_and_the_cool_down_passed(
        self, line: Line, values: list[Decimal | None]
    ) -> None:
        watch, told = Watch(), []
        for minute, value in enumerate(values):
            watch, fired = step(line, watch, Sight(value, at(minute)), at(minute))
            told += [minute] if fired else []
        sign = 1 if line.direction is Direction.ABOVE else -1
        for first, second in pairwise(told):
            between = [value for value in values[first + 1 : second] if value is not None]
            assert any(sign * (value - line.threshold) < -line.band for value in between)
            assert at(second) - at(first) >= line.cool_down
        for minute in told:
            value = values[minute]
            assert value is not None
            assert sign * (value - line.threshold) >= 0
            known = [one for one in values[:minute] if one is not None]
            assert known, "what is seen first is no crossing"
            assert any(sign * (one - line.threshold) < 0 for one in known)

    @given(lines, st.lists(figures, max_size=40), st.data())
    def test_within_the_band_nothing_changes(
        self, line: Line, values: list[Decimal | None], data: st.DataObject
    ) -> None:
        sign = 1 if line.direction is Direction.ABOVE else -1
        watch = Watch()
        for minute, value in enumerate(values):
            watch, _ = step(line, watch, Sight(value, at(minute)), at(minute))
        if watch.side is None:
            return
        tremble = data.draw(st.decimals("0", "1", places=4)) * line.band
        inside = line.threshold - sign * tremble
        later = at(len(values) + 1)
        if inside == line.threshold:
            return  # on the threshold is past it
        after, fired = step(line, watch, Sight(inside, later), later)
        assert (after.side, fired) == (watch.side, False)

    @given(lines, st.lists(figures, max_size=40), st.integers(0, 40))
    def test_what_is_unknown_is_as_if_nobody_had_looked(
        self, line: Line, values: list[Decimal | None], place: int
    ) -> None:
        def through(seen: Sequence[tuple[int, Decimal | None]]) -> Watch:
            watch = Watch()
            for minute, value in seen:
                watch, _ = step(line, watch, Sight(value, at(minute)), at(minute))
            return watch

        seen = list(enumerate(values))
        known = [(minute, value) for minute, value in seen if value is not None]
        assert through(seen) == through(known)
        assert through([*seen[:place], (place, None), *seen[place:]]) == through(seen)

    @given(lines, st.lists(figures, max_size=40), st.integers(0, 40))
    def test_snoozed_it_never_tells(
        self, line: Line, values: list[Decimal | None], until: int
    ) -> None:
        watch = Watch()
        for minute, value in enumerate(values):
            watch, fired = step(line, watch, Sight(value, at(minute)), at(minute), at(until))
            assert not (fired and minute < until)


class TestFigures:
    def test_a_price_is_measured_by_an_earlier_one(self) -> None:
        # 105 / 100 - 1
        found = price_change(D("105"), date(2026, 3, 5), D("100"), date(2026, 3, 4), [])

        assert found == D("0.05")

    @pytest.mark.parametrize(
        ("ex_date", "expected"),
        [
            # 27 x 4 = 108 of the units of before
            (date(2026, 3, 5), "0.08"),
            # on the day of the earlier price and after the later one it changed neither
            (date(2026, 3, 4), "-0.73"),
            (date(2026, 3, 6), "-0.73"),
        ],
    )
    def test_a_split_between_them_is_no_fall(self, ex_date: date, expected: str) -> None:
        splits = [(ex_date, D("4"))]

        found = price_change(D("27"), date(2026, 3, 5), D("100"), date(2026, 3, 4), splits)

        assert found == D(expected)

    def test_a_price_of_nothing_measures_nothing(self) -> None:
        assert price_change(D("1"), date(2026, 3, 5), D("0"), date(2026, 3, 4), []) is None

    def test_what_was_paid_in_is_no_change_of_a_portfolio(self) -> None:
        # 1000 → 1260, of which 200 were paid in: 60 of 1000
        points = [point(1, "1000", "1000"), point(2, "1200", "200"), point(3, "1260", "0")]

        assert nav_change(points, 2) == D("0.06")
        # 1200 → 1260
        assert nav_change(points, 1) == D("0.05")

    def test_without_a_value_then_or_a_flow_since_nothing_is_known(self) -> None:
        first, last = point(1, "1000", "0"), point(3, "1250", "0")

        assert nav_change([], 1) is None
        assert nav_change([first, last], 1) is None  # the day before is not there
        assert nav_change([first, point(2, "1100", None), last], 2) is None
        assert nav_change([point(1, "0", "0"), point(2, "10", "0")], 1) is None
        assert nav_change([first, point(2, None, "0")], 1) is None
        assert nav_change([point(1, None, "0"), point(2, "10", "0")], 1) is None


def point(day: int, nav: str | None, flow: str | None) -> SeriesPoint:
    return SeriesPoint(
        as_of=date(2026, 3, day),
        nav=D(nav) if nav is not None else None,
        external_flow=D(flow) if flow is not None else None,
        unknowns=(),
    )

"""How long it was held: which dividends qualify, by the rules of the Internal Revenue Service."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from truenav.core.ids import LotId
from truenav.core.income.qualified import (
    COMMON,
    PREFERRED,
    HeldLot,
    Holding,
    days_held,
    holding_test,
    rule_of,
)

D = Decimal
TODAY = date(2026, 3, 5)


def a_lot(acquired: str, closed: str | None = None, units: str = "100") -> HeldLot:
    return HeldLot(
        id=LotId(uuid4()), acquired=date.fromisoformat(acquired),
        closed=date.fromisoformat(closed) if closed else None, units=D(units),
    )  # fmt: skip


class TestQualified:
    """IRS Publication 550 (2024), "Holding period": an ex-dividend date of July 12, 2024."""

    EX = date(2024, 7, 12)

    def test_example_1_held_34_days(self) -> None:
        lot = a_lot("2024-07-05", "2024-08-08", "5000")
        assert days_held(lot, self.EX, date(2025, 1, 1)) == 34
        (found,) = holding_test([lot], self.EX, date(2025, 1, 1)).lots
        assert found.holding is Holding.TOO_SHORT

    def test_example_2_bought_the_day_before_qualifies(self) -> None:
        # the publication counts to the sale on 13 September; the window ends on the 10th
        lot = a_lot("2024-07-11", "2024-09-13", "5000")
        assert days_held(lot, self.EX, date(2025, 1, 1)) == 61
        found = holding_test([lot], self.EX, date(2025, 1, 1))
        assert found.units(Holding.HELD_LONG_ENOUGH) == D(5000)

    def test_61_days_are_enough_and_60_are_not(self) -> None:
        # window 2024-05-13 to 2024-09-10; a day is counted from the one after the purchase
        enough = a_lot("2024-06-10", "2024-08-10")
        short = a_lot("2024-06-10", "2024-08-09")
        found = holding_test([enough, short], self.EX, date(2025, 1, 1))
        assert [test.days_held for test in found.lots] == [61, 60]
        assert [test.holding for test in found.lots] == [
            Holding.HELD_LONG_ENOUGH, Holding.TOO_SHORT,
        ]  # fmt: skip

    def test_units_still_held_say_from_which_day_they_qualify(self) -> None:
        lot = a_lot("2024-07-05")
        found = holding_test([lot], self.EX, date(2024, 8, 1))
        assert found.units(Holding.NOT_YET) == D(100)
        assert found.enough_on == date(2024, 9, 4)  # the 61st day, counted from July 6
        on_the_day = holding_test([lot], self.EX, date(2024, 9, 4))
        assert on_the_day.units(Holding.HELD_LONG_ENOUGH) == D(100)
        before = holding_test([lot], self.EX, date(2024, 9, 3))
        assert before.units(Holding.NOT_YET) == D(100)

    def test_only_what_was_held_at_the_close_before_takes_part(self) -> None:
        bought_late, sold_before = a_lot("2024-07-12"), a_lot("2024-01-02", "2024-07-11")
        sold_on_ex = a_lot("2024-01-02", "2024-07-12")
        found = holding_test([bought_late, sold_before, sold_on_ex], self.EX, date(2025, 1, 1))
        assert [test.lot for test in found.lots] == [sold_on_ex]
        assert found.units(Holding.HELD_LONG_ENOUGH) == D(100)  # 13 May to 12 July is 61 days

    def test_preferred_stock_has_its_own_rule_where_a_dividend_is_for_more_than_366_days(
        self,
    ) -> None:
        year, day = self.EX - timedelta(days=366), self.EX - timedelta(days=367)
        assert rule_of(None, self.EX) == COMMON
        assert rule_of([year], self.EX) == COMMON
        assert rule_of([day], self.EX) == PREFERRED
        # the newest before it counts, not those that follow
        assert rule_of([day, year, self.EX, self.EX + timedelta(days=1)], self.EX) == COMMON
        assert rule_of([self.EX], self.EX) is None

    def test_preferred_stock_needs_91_of_181(self) -> None:
        lot = a_lot("2024-07-05", "2024-10-04")
        assert days_held(lot, self.EX, date(2025, 1, 1), PREFERRED) == 91  # July 6 to October 4
        (found,) = holding_test([lot], self.EX, date(2025, 1, 1), PREFERRED).lots
        assert found.holding is Holding.HELD_LONG_ENOUGH


days = st.dates(date(2024, 1, 1), date(2025, 6, 1))


@given(days, st.none() | days, days, days)
def test_units_are_in_exactly_one_case_and_more_days_never_hurt(
    acquired: date, closed: date | None, ex_date: date, as_of: date
) -> None:
    if closed is not None and closed < acquired:
        acquired, closed = closed, acquired
    lot = HeldLot(id=LotId(uuid4()), acquired=acquired, closed=closed, units=D(7))
    found = holding_test([lot], ex_date, as_of)
    assert sum(found.units(case) for case in Holding) == (D(7) if found.lots else D(0))
    for test in found.lots:
        later_on = holding_test([lot], ex_date, as_of + timedelta(days=30)).lots[0]
        assert later_on.days_held >= test.days_held
        if test.holding is Holding.HELD_LONG_ENOUGH:
            assert later_on.holding is Holding.HELD_LONG_ENOUGH
        if test.enough_on is not None and closed is None:
            reached = holding_test([lot], ex_date, test.enough_on).lots[0]
            assert reached.holding is Holding.HELD_LONG_ENOUGH

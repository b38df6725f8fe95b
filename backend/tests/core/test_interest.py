"""Interest that goes on; figures by hand."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.interest import Coupon, Earning, interest_to_come
from truenav.core.income.pattern import LATE, Distribution
from truenav.core.income.projection import AHEAD, Basis, IncomeState
from truenav.core.income.received import IncomeKind

D = Decimal
ACCOUNT, BOND = AccountId(UUID(int=1)), InstrumentId(UUID(int=2))
TODAY = date(2026, 3, 5)


def credited(day: str, amount: str) -> Distribution:
    return Distribution(
        ex_date=date.fromisoformat(day), pay_date=None, per_unit=D(amount), currency="USD"
    )


QUARTERS = [
    credited("2025-03-31", "5"), credited("2025-06-30", "6"),
    credited("2025-09-30", "7"), credited("2025-12-31", "8"),
]  # fmt: skip


def cash(history: list[Distribution], units: str = "1", ratio: str | None = "0.1") -> Earning:
    return Earning(
        account_id=ACCOUNT, instrument_id=None, units=D(units), history=history,
        withheld_ratio=None if ratio is None else D(ratio), currency="USD",
    )  # fmt: skip


def test_a_year_of_cash_interest_comes_again_at_its_last_amount() -> None:
    found = interest_to_come(cash(QUARTERS), TODAY, TODAY + AHEAD)
    assert [(one.day.isoformat(), one.gross, one.withheld, one.net) for one in found] == [
        ("2026-03-31", D(8), D("0.8"), D("7.2")), ("2026-06-30", D(8), D("0.8"), D("7.2")),
        ("2026-09-30", D(8), D("0.8"), D("7.2")), ("2026-12-31", D(8), D("0.8"), D("7.2")),
    ]  # fmt: skip
    assert {(one.state, one.kind, one.basis) for one in found} == {
        (IncomeState.ESTIMATED, IncomeKind.INTEREST, Basis.LAST_INTEREST)
    }


def test_where_no_tax_was_seen_it_is_before_tax_and_says_so() -> None:
    (first, *_) = interest_to_come(cash(QUARTERS, ratio=None), TODAY, TODAY + AHEAD)
    assert (first.net, first.is_net_known) == (D(8), False)


def test_a_bond_pays_for_the_units_that_are_held_today() -> None:
    history = [credited("2025-06-15", "2"), credited("2025-12-15", "2.50")]
    bond = Earning(
        account_id=ACCOUNT,
        instrument_id=BOND,
        units=D(5),
        withheld_ratio=D(0),
        history=history,
        currency="USD",
    )
    found = interest_to_come(bond, TODAY, TODAY + AHEAD)
    assert [(one.day.isoformat(), one.gross) for one in found] == [
        ("2026-06-15", D("12.5")), ("2026-12-15", D("12.5")),
    ]  # fmt: skip


@pytest.mark.parametrize("units", ["0", "-3"])
def test_what_is_not_there_or_owed_earns_nothing(units: str) -> None:
    assert interest_to_come(cash(QUARTERS, units), TODAY, TODAY + AHEAD) == []


# 4 % of 1,000 a year in two payments, up to 31 August 2026
BOND_4 = Coupon(ratio=D("0.04"), face=D(1000), per_year=2, matures_on=date(2026, 8, 31))


def test_a_coupon_is_paid_until_the_bond_matures_whatever_was_paid_before() -> None:
    of = Earning(
        account_id=ACCOUNT, instrument_id=BOND, units=D(3), withheld_ratio=None, currency="EUR",
        history=[credited("2025-08-31", "7")], coupon=BOND_4,
    )  # fmt: skip
    found = interest_to_come(of, date(2026, 2, 1), date(2027, 2, 1))
    # 3 x 1,000 x 4 % / 2; half a year before the last of August is the last of February
    assert [(one.day.isoformat(), one.gross, one.currency, one.basis) for one in found] == [
        ("2026-02-28", D(60), "EUR", Basis.COUPON), ("2026-08-31", D(60), "EUR", Basis.COUPON),
    ]  # fmt: skip


def test_a_coupon_of_today_is_not_to_come_and_none_is_after_it_matured() -> None:
    assert BOND_4.days(date(2026, 2, 28), date(2026, 12, 31)) == [date(2026, 8, 31)]
    assert BOND_4.days(date(2026, 8, 31), date(2027, 8, 31)) == []


def test_a_bond_that_pays_nothing_expects_nothing() -> None:
    zero = Coupon(ratio=D(0), face=D(1000), per_year=1, matures_on=date(2030, 1, 1))
    of = Earning(
        account_id=ACCOUNT, instrument_id=BOND, units=D(3), withheld_ratio=None, currency="EUR",
        history=[], coupon=zero,
    )  # fmt: skip
    assert interest_to_come(of, TODAY, TODAY + AHEAD) == []


@given(
    st.dates(date(2026, 3, 6), date(2060, 12, 31)), st.sampled_from([1, 2, 4, 12]), st.dates(
        date(2020, 1, 1), date(2026, 3, 5)),
)  # fmt: skip
def test_coupons_fall_evenly_and_end_with_the_bond(
    matures_on: date, per_year: int, after: date
) -> None:
    of = Coupon(ratio=D("0.05"), face=D(100), per_year=per_year, matures_on=matures_on)
    days = of.days(after, matures_on)
    assert days[-1] == matures_on
    assert all(after < day for day in days)
    apart = {(b - a).days for a, b in pairwise(days)}
    assert all(abs(gap - 365.25 / per_year) < 4 for gap in apart)


def test_it_ends_when_a_payment_is_overdue() -> None:
    # due on 31 March 2026, believed for 45 days more
    last = date(2026, 3, 31) + LATE
    assert interest_to_come(cash(QUARTERS), last, last + AHEAD) != []
    over = last + timedelta(days=1)
    assert interest_to_come(cash(QUARTERS), over, over + AHEAD) == []


days = st.dates(date(2024, 1, 1), TODAY)


@given(
    st.lists(st.tuples(days, st.decimals(D("0.01"), 900, places=2)), unique_by=lambda p: p[0]),
    days,
)
def test_it_lies_ahead_within_a_year_and_never_repeats_a_day(
    paid: list[tuple[date, Decimal]], today: date
) -> None:
    history = [
        Distribution(ex_date=day, pay_date=None, per_unit=amount, currency="USD")
        for day, amount in sorted(paid)
    ]
    found = interest_to_come(cash(history), today, today + AHEAD)
    assert all(today < one.day <= today + AHEAD for one in found)
    assert len({one.day for one in found}) == len(found) <= len(history) + 1
    assert {one.gross for one in found} <= {history[-1].per_unit} if history else not found

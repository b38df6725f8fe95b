"""What cash would have earned: quotes of bills as yields, and the rate of each period."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.risk.risk_free import RiskFree, constant, yield_of_discount

MONDAY = date(2026, 3, 2)


def test_a_bill_s_discount_is_a_yield() -> None:
    # 1 - 0.05 x 91 / 360 = 0.98736111; 0.98736111 ^ (-365 / 91) = 1.0523413
    assert yield_of_discount(0.05) == pytest.approx(0.0523413, abs=1e-6)
    assert yield_of_discount(0.0) == 0.0
    # half a year at 10 %: 0.9494444 ^ (-365 / 182) = 1.1096466
    assert yield_of_discount(0.10, 182) == pytest.approx(0.1096466, abs=1e-6)


def test_a_day_earns_what_was_known_when_it_began() -> None:
    free = RiskFree([MONDAY, MONDAY + timedelta(days=2)], [0.04, 0.05])
    assert free.on(MONDAY) is None
    assert free.on(MONDAY + timedelta(days=1)) == 0.04
    assert free.on(MONDAY + timedelta(days=2)) == 0.04
    assert free.on(MONDAY + timedelta(days=3)) == 0.05
    assert free.on(MONDAY + timedelta(days=16)) == 0.05
    assert free.on(MONDAY + timedelta(days=17)) is None


def test_one_unknown_rate_makes_all_unknown() -> None:
    free = RiskFree([MONDAY], [0.04])
    days = [MONDAY + timedelta(days=1), MONDAY + timedelta(days=15)]
    assert free.of_periods(days, 252) is None
    assert free.mean(days) is None
    assert free.mean([]) is None
    rates = free.of_periods(days[:1], 252)
    assert rates is not None
    assert (1 + rates[0]) ** 252 == pytest.approx(1.04)


@given(st.floats(-0.4, 1.0), st.integers(1, 40))
def test_a_yield_that_never_moves_is_a_given_rate(rate: float, count: int) -> None:
    days = [MONDAY + timedelta(days=place) for place in range(count + 1)]
    moving, still = RiskFree(days, [rate] * (count + 1)), constant(rate)
    left, right = moving.of_periods(days[1:], 12), still.of_periods(days[1:], 12)
    assert left is not None
    assert right is not None
    assert left.tolist() == right.tolist()
    assert moving.mean(days[1:]) == pytest.approx(rate)

"""Returns that risk is measured from, and what leaves as a number."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.features.risking import FIRST
from truenav.core.performance.twrr import return_index
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.features.risk.figures import decimal_of
from truenav.features.risk.portfolio import returns_on

D = Decimal


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_never_leaves(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        decimal_of(number)


def test_days_without_anything_invested_are_no_days_without_risk() -> None:
    # Monday to Wednesday; on Tuesday all of it was paid out, on Wednesday 50 paid in became 55
    days = [FIRST + timedelta(n) for n in range(3)]
    values, flows = [D(100), D(0), D(55)], [D(0), D(-100), D(50)]
    points = [SeriesPoint(*one) for one in zip(days, values, flows, strict=True)]
    found = returns_on(points, return_index(days, values, flows), set())

    assert found.sample.days == (days[2],)
    assert found.sample.returns == pytest.approx([0.1])


def test_a_total_loss_is_the_last_return() -> None:
    days = [FIRST + timedelta(n) for n in range(3)]
    values, flows = [D(100), D(0), D(0)], [D(0), D(0), D(0)]
    points = [SeriesPoint(*one) for one in zip(days, values, flows, strict=True)]
    found = returns_on(points, return_index(days, values, flows), set(days))

    assert found.sample.returns.tolist() == [-1.0]
    assert found.drawdown is not None
    assert found.drawdown.ratio == D(-1)

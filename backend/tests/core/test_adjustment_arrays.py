"""Adjusted in arrays: the same as in exact decimals, for any history."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from truenav.core.marketdata.adjustment import (
    AdjustmentUndefined,
    PriceBasis,
    PriceEvent,
    adjusted_closes,
)
from truenav.core.marketdata.adjustment_arrays import (
    adjusted_array,
    day_number,
    day_of,
    unsplit_array,
)

D = Decimal
FIRST = date(2020, 1, 6)
PRICES = st.decimals("0.01", "99999", places=4)
AMOUNTS = st.none() | st.decimals("0.0001", "500", places=4)
EVENTS = st.builds(
    PriceEvent,
    ex_date=st.integers(-5, 60).map(lambda n: FIRST + timedelta(days=n)),
    ratio=st.none() | st.sampled_from([D(2), D("0.1"), D("1.05"), D(3), D("0.3333333333")]),
    cash_amount=AMOUNTS,
    spin_off_value=AMOUNTS,
    rights=st.none() | st.tuples(st.integers(1, 20).map(D), st.decimals("0.01", "1000", places=2)),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[date], list[Decimal], list[PriceEvent]]:
    numbers = draw(st.sets(st.integers(0, 55), min_size=1, max_size=30))
    days = [FIRST + timedelta(days=n) for n in sorted(numbers)]
    closes = draw(st.lists(PRICES, min_size=len(days), max_size=len(days)))
    return days, closes, draw(st.lists(EVENTS, max_size=8))


def arrays(days: list[date], closes: list[Decimal]) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.array([day_number(day) for day in days], np.int32)
    return numbers, np.array([float(close) for close in closes])


@given(histories(), st.sampled_from(PriceBasis))
def test_it_is_what_exact_decimals_say(
    history: tuple[list[date], list[Decimal], list[PriceEvent]], basis: PriceBasis
) -> None:
    days, closes, events = history
    numbers, floats = arrays(days, closes)
    try:
        wanted = adjusted_closes(days, closes, events, basis)
    except AdjustmentUndefined:
        with pytest.raises(AdjustmentUndefined):
            adjusted_array(numbers, floats, events, basis)
        return

    found = adjusted_array(numbers, floats, events, basis)

    assert np.allclose(found, [float(close) for close in wanted], rtol=1e-12, atol=0)
    assert found[-1] == floats[-1]


@given(histories())
def test_splits_are_taken_back(
    history: tuple[list[date], list[Decimal], list[PriceEvent]],
) -> None:
    days, closes, events = history
    assume(all(event.ratio is not None for event in events))
    numbers, floats = arrays(days, closes)

    split = adjusted_array(numbers, floats, events, PriceBasis.SPLIT)

    assert np.allclose(unsplit_array(numbers, split, events), floats, rtol=1e-12, atol=0)


def test_a_worked_example() -> None:
    """The series every provider ends in: a split 2:1, then a dividend of 0.50."""
    days = [date(2026, 9, 28) + timedelta(days=n) for n in range(5)]
    numbers, raw = arrays(days, [D(200), D(204), D(103), D("102.5"), D(104)])
    events = [
        PriceEvent(date(2026, 9, 30), ratio=D(2)),
        PriceEvent(date(2026, 10, 1), cash_amount=D("0.50")),
    ]

    split = adjusted_array(numbers, raw, events, PriceBasis.SPLIT)
    total = adjusted_array(numbers, raw, events, PriceBasis.TOTAL)

    assert split.tolist() == [100, 102, 103, 102.5, 104]
    # 1 − 0.5 / 103
    assert np.allclose(total, [99.514563, 101.504854, 102.5, 102.5, 104], rtol=0, atol=5e-7)


def test_hardly_anything_left_is_still_exact() -> None:
    numbers, raw = arrays([FIRST, FIRST + timedelta(days=1)], [D("100.0001"), D("0.0001")])
    paid = [PriceEvent(FIRST + timedelta(days=1), cash_amount=D(100))]

    assert adjusted_array(numbers, raw, paid, PriceBasis.TOTAL)[0] == 0.0001


def test_nothing_gives_nothing_and_the_given_array_stays_as_it_is() -> None:
    numbers, raw = arrays([], [])
    assert adjusted_array(numbers, raw, [], PriceBasis.TOTAL).tolist() == []
    assert unsplit_array(numbers, raw, []).tolist() == []
    one, close = arrays([FIRST], [D(5)])
    adjusted_array(one, close, [], PriceBasis.RAW)[0] = 9
    assert close.tolist() == [5]


def test_days_and_their_numbers() -> None:
    assert day_number(date(1970, 1, 2)) == 1
    assert day_of(day_number(FIRST)) == FIRST

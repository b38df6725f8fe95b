"""Back-adjustment: worked examples by hand, and laws that hold for any history."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from truenav.core.marketdata.adjustment import (
    AdjustmentUndefined,
    PriceBasis,
    PriceEvent,
    adjusted_closes,
    adjusted_volumes,
    unadjusted_closes,
)
from truenav.core.money import exact

D = Decimal
E = date(2026, 10, 1)
DAYS = [E - timedelta(days=1), E]
SIX = D("0.000001")


def before(event: PriceEvent, close: str = "100", basis: PriceBasis = PriceBasis.TOTAL) -> D:
    """The adjusted close of the day before an event, to six places."""
    return adjusted_closes(DAYS, [D(close), D(90)], [event], basis)[0].quantize(SIX)


@pytest.mark.parametrize(
    ("event", "total", "split"),
    [
        # 2:1: one old unit is two new ones
        (PriceEvent(E, ratio=D(2)), "50", "50"),
        # reverse split 1:10
        (PriceEvent(E, ratio=D("0.1")), "1000", "1000"),
        # stock dividend of 25 %: 100 / 1.25
        (PriceEvent(E, ratio=D("1.25")), "80", "80"),
        # dividend of 2: 100 × (1 − 2/100)
        (PriceEvent(E, cash_amount=D(2)), "98", "100"),
        # a spin-off worth 12 a unit
        (PriceEvent(E, spin_off_value=D(12)), "88", "100"),
        # rights 1 for 4 at 60: TERP = (4·100 + 60) / 5 = 92
        (PriceEvent(E, rights=(D(4), D(60))), "92", "100"),
        # 2:1 and a dividend of 1 per new unit on one day: 50 − 1
        (PriceEvent(E, ratio=D(2), cash_amount=D(1)), "49", "50"),
    ],
)
def test_what_each_event_does_to_the_close_before_it(
    event: PriceEvent, total: str, split: str
) -> None:
    assert before(event) == D(total)
    assert before(event, basis=PriceBasis.SPLIT) == D(split)


def test_a_dividend_and_a_special_one_of_one_day_count_as_their_sum() -> None:
    both = [PriceEvent(E, cash_amount=D(2)), PriceEvent(E, cash_amount=D(8))]

    (first, _) = adjusted_closes(DAYS, [D(100), D(90)], both, PriceBasis.TOTAL)

    assert first == D(90)


def test_the_golden_series_of_every_provider() -> None:
    days = [date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30), E, date(2026, 10, 2)]
    raw = [D(c) for c in ("200", "204", "103", "102.5", "104")]
    events = [PriceEvent(date(2026, 9, 30), ratio=D(2)), PriceEvent(E, cash_amount=D("0.50"))]

    split = adjusted_closes(days, raw, events, PriceBasis.SPLIT)
    total = adjusted_closes(days, raw, events, PriceBasis.TOTAL)

    assert split == [D(c) for c in ("100", "102", "103", "102.5", "104")]
    assert [c.quantize(SIX) for c in total] == [
        D(c) for c in ("99.514563", "101.504854", "102.500000", "102.500000", "104.000000")
    ]


def test_volume_is_in_units_of_the_last_day() -> None:
    volumes = adjusted_volumes(DAYS, [D(10), D(7)], [PriceEvent(E, ratio=D(2))])

    assert volumes == [D(20), D(7)]
    assert adjusted_volumes(DAYS, [None, D(7)], [PriceEvent(E, ratio=D(2))]) == [None, D(7)]
    assert adjusted_volumes(DAYS, [D(10), D(7)], [PriceEvent(E, cash_amount=D(1))])[0] == D(10)


@pytest.mark.parametrize("amount", ["100", "250"])
def test_paying_out_the_whole_price_is_refused(amount: str) -> None:
    with pytest.raises(AdjustmentUndefined, match="2026-10-01"):
        before(PriceEvent(E, cash_amount=D(amount)))


# --- laws ----------------------------------------------------------------------------------------

prices = st.decimals(min_value=1, max_value=10_000, places=4)
FIRST = date(2020, 1, 1)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[date], list[D], list[PriceEvent]]:
    """Days with gaps, closes, and events whose amounts stay below every close."""
    gaps = draw(st.lists(st.integers(1, 5), min_size=2, max_size=25))
    days = [FIRST + timedelta(days=sum(gaps[: index + 1])) for index in range(len(gaps))]
    closes = draw(st.lists(prices, min_size=len(days), max_size=len(days)))
    small = st.decimals(min_value="0.0001", max_value="0.05", places=4)
    kinds = st.one_of(
        st.fixed_dictionaries({"ratio": st.sampled_from([D(2), D(3), D("0.5"), D("1.05")])}),
        st.fixed_dictionaries({"cash_amount": small}),
        st.fixed_dictionaries({"spin_off_value": small}),
        st.fixed_dictionaries(
            {"rights": st.tuples(st.integers(1, 20).map(D), st.decimals("0.5", 1, places=2))}
        ),
    )
    span = (days[-1] - days[0]).days
    events = [
        PriceEvent(days[0] + timedelta(days=draw(st.integers(0, span))), **draw(kinds))
        for _ in range(draw(st.integers(0, 5)))
    ]
    return days, closes, events


@given(histories(), st.sampled_from(PriceBasis))
def test_adjusting_and_undoing_it_gives_the_raw_closes(
    history: tuple[list[date], list[D], list[PriceEvent]], basis: PriceBasis
) -> None:
    days, closes, events = history
    adjusted = _defined(days, closes, events, basis)

    back = unadjusted_closes(days, adjusted, events, basis)

    assert [close.quantize(D("1E-20")) for close in back] == closes


@given(histories(), st.sampled_from(PriceBasis), st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_does_not_matter(
    history: tuple[list[date], list[D], list[PriceEvent]], basis: PriceBasis, chance: object
) -> None:
    days, closes, events = history
    shuffled = events.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis's random.Random

    told = _defined(days, closes, events, basis)
    other = _defined(days, closes, shuffled, basis)

    assert [c.quantize(D("1E-18")) for c in told] == [c.quantize(D("1E-18")) for c in other]


@given(histories(), st.integers(1, 400), st.sampled_from(PriceBasis))
def test_an_event_after_the_last_day_changes_nothing(
    history: tuple[list[date], list[D], list[PriceEvent]], later: int, basis: PriceBasis
) -> None:
    days, closes, events = history
    future = PriceEvent(days[-1] + timedelta(days=later), ratio=D(7), cash_amount=D(1))

    assert _defined(days, closes, [*events, future], basis) == _defined(days, closes, events, basis)


@given(histories())
@exact
def test_the_adjusted_return_is_that_of_reinvesting_at_the_close_before(
    history: tuple[list[date], list[D], list[PriceEvent]],
) -> None:
    """Shares bought with each dividend at the close before it, less the dividend itself."""
    days, closes, events = history
    paid = [event for event in events if event.rights is None]
    adjusted = _defined(days, closes, paid, PriceBasis.TOTAL)
    units = D(1)
    for index in range(1, len(days)):
        between = [e for e in paid if days[index - 1] < e.ex_date <= days[index]]
        price = closes[index - 1]
        for event in sorted(between, key=lambda e: (e.ex_date, e.ratio is None)):
            if event.ratio is not None:
                units, price = units * event.ratio, price / event.ratio
            amount = (event.cash_amount or 0) + (event.spin_off_value or 0)
            units, price = units * price / (price - amount), price - amount

    assert abs(units * closes[-1] / closes[0] - adjusted[-1] / adjusted[0]) < D("1E-30")


def _defined(
    days: list[date], closes: list[D], events: list[PriceEvent], basis: PriceBasis
) -> list[D]:
    """The adjusted series; histories whose splits leave less than what is paid are skipped."""
    try:
        return adjusted_closes(days, closes, events, basis)
    except AdjustmentUndefined:
        assume(False)
        raise

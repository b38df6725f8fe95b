"""Ticks into minutes, minutes into hours: an example by hand, and laws for any ticks."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from truenav.core.marketdata.bars import (
    Bar,
    Tick,
    fold_bars,
    fold_ticks,
    hour_of,
    minute_of,
)

D = Decimal
OPEN = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)


def tick(seconds: float, price: str, volume: str | None = "1", sequence: int = 0) -> Tick:
    return Tick(
        at=OPEN + timedelta(seconds=seconds),
        sequence=sequence,
        price=D(price),
        volume=D(volume) if volume is not None else None,
    )


def day_of(instant: datetime) -> datetime:
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)


TICKS = st.lists(
    st.builds(
        Tick,
        at=st.integers(0, 3 * 3600).map(lambda s: OPEN + timedelta(seconds=s)),
        sequence=st.integers(0, 10**6),
        price=st.decimals("0.000001", "1000000", places=6),
        volume=st.none() | st.decimals(0, "1000000", places=6),
    ),
    max_size=40,
    # the key of a tick
    unique_by=lambda tick: (tick.at, tick.sequence),
)


def test_first_highest_lowest_last_and_the_sum() -> None:
    told = [
        tick(0, "10.00", "5"), tick(20, "10.50", "1"), tick(59.999, "10.20", "2"),
        tick(60, "9.00", "7"),
    ]  # fmt: skip

    minutes = fold_ticks(reversed(told))

    first = Bar(
        at=OPEN, open=D("10.00"), high=D("10.50"), low=D("10.00"), close=D("10.20"), volume=D(8),
        opened_at=OPEN, closed_at=OPEN + timedelta(seconds=59.999),
    )  # fmt: skip
    assert minutes[0] == first
    assert (minutes[1].at, minutes[1].close) == (OPEN + timedelta(minutes=1), D("9.00"))
    (hour,) = fold_bars(minutes)
    assert (hour.at, hour.open, hour.high, hour.low, hour.close, hour.volume) == (
        datetime(2026, 3, 5, 14, tzinfo=UTC), D("10.00"), D("10.50"), D("9.00"), D("9.00"), D(15),
    )  # fmt: skip


def test_of_one_instant_the_sequence_says_which_was_last() -> None:
    (bar,) = fold_ticks([tick(1, "3", sequence=3), tick(1, "1", sequence=1), tick(1, "2", None, 2)])

    assert (bar.open, bar.close, bar.volume) == (D(1), D(3), None)


def test_nothing_gives_nothing() -> None:
    assert fold_ticks([]) == []
    assert fold_bars([]) == []


def test_an_interval_is_told_in_utc() -> None:
    berlin = datetime.fromisoformat("2026-03-05T15:31:30+01:00")

    assert minute_of(berlin) == OPEN + timedelta(minutes=1)
    assert hour_of(berlin).isoformat() == "2026-03-05T14:00:00+00:00"


@given(TICKS)
def test_by_way_of_minutes_is_the_same_as_at_once(ticks: list[Tick]) -> None:
    assert fold_bars(fold_ticks(ticks)) == fold_ticks(ticks, hour_of)
    assert fold_bars(fold_bars(fold_ticks(ticks)), day_of) == fold_ticks(ticks, day_of)


@given(TICKS, st.randoms())
def test_the_order_they_are_told_in_does_not_matter(ticks: list[Tick], source: object) -> None:
    shuffled = list(ticks)
    source.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's Random

    assert fold_ticks(shuffled) == fold_ticks(ticks)


@given(TICKS)
def test_every_bar_holds_its_ticks_and_no_others(ticks: list[Tick]) -> None:
    bars = fold_ticks(ticks)

    assert {bar.at for bar in bars} == {minute_of(tick.at) for tick in ticks}
    for bar in bars:
        prices = [tick.price for tick in ticks if minute_of(tick.at) == bar.at]
        assert (bar.low, bar.high) == (min(prices), max(prices))
        assert {bar.open, bar.close} <= set(prices)
    if all(tick.volume is not None for tick in ticks):
        total = sum((tick.volume or D(0) for tick in ticks), D(0))
        assert sum((bar.volume or D(0) for bar in bars), D(0)) == total

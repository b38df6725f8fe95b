"""Attempts in a sliding window: exact in one process and over two, and without Redis."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from truenav.platform.clock import FakeClock
from truenav.platform.limits import MAX_KEYS, AttemptLimits, Rule, TooManyAttempts

RULE = Rule("test", limit=3, seconds=60)


@pytest.fixture
def moving_clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 5, 12, tzinfo=UTC))


async def admitted(limits: AttemptLimits, count: int, key: str = "a") -> int:
    """How many of `count` attempts pass."""
    passed = 0
    for _ in range(count):
        try:
            await limits.count(RULE, key)
        except TooManyAttempts:
            continue
        passed += 1
    return passed


async def test_no_more_than_the_limit_in_any_window(moving_clock: FakeClock) -> None:
    limits = AttemptLimits(moving_clock)
    first = await admitted(limits, 1)
    moving_clock.advance(timedelta(seconds=40))
    rest = await admitted(limits, 5)
    moving_clock.advance(timedelta(seconds=21))
    after_the_first_left = await admitted(limits, 5)

    assert (first, rest, after_the_first_left) == (1, 2, 1)


async def test_keys_do_not_share(moving_clock: FakeClock) -> None:
    limits = AttemptLimits(moving_clock)

    assert [await admitted(limits, 5, key) for key in ("a", "b")] == [3, 3]


async def test_two_processes_share_through_redis(moving_clock: FakeClock, redis_url: str) -> None:
    one, two = AttemptLimits(moving_clock, redis_url), AttemptLimits(moving_clock, redis_url)
    try:
        results = await asyncio.gather(
            *(limits.count(RULE, "a") for limits in (one, two) * 8), return_exceptions=True
        )
        passed = sum(not isinstance(result, TooManyAttempts) for result in results)
        moving_clock.advance(timedelta(seconds=61))
        later = await admitted(one, 1)
        await two.forget(RULE, "a")
        forgotten = await admitted(two, 5)
    finally:
        one.close()
        two.close()

    assert (passed, later, forgotten) == (3, 1, 3)
    assert all(isinstance(result, TooManyAttempts | None) for result in results)


async def test_without_redis_it_still_counts(moving_clock: FakeClock) -> None:
    limits = AttemptLimits(moving_clock, "unix:///nonexistent/valkey.sock")

    assert await admitted(limits, 10) == 3
    limits.close()


async def test_memory_is_bounded(moving_clock: FakeClock) -> None:
    limits = AttemptLimits(moving_clock)
    for number in range(MAX_KEYS + 10):
        await limits.count(RULE, str(number))

    assert len(limits._attempts) == MAX_KEYS  # noqa: SLF001  # nothing else tells


async def test_it_says_how_long_to_wait(moving_clock: FakeClock) -> None:
    limits = AttemptLimits(moving_clock)
    await admitted(limits, 3)
    moving_clock.advance(timedelta(seconds=10))

    with pytest.raises(TooManyAttempts) as refused:
        await limits.count(RULE, "a")

    assert refused.value.params == {"seconds": "51"}

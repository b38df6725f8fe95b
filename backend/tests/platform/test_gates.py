"""Breaker and quota: of one process, of several on one Redis, and that both say the same."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from truenav.platform.gates import Allowance, Gate, MemoryGate, Refusal, SharedGate

ONE = "example"
NOW = 1_790_000_000.0
NOBODY = "redis://127.0.0.1:1/0"  # where no Redis is


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """The test's own Redis, empty."""
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(params=["memory", "shared"])
def gate(request: pytest.FixtureRequest) -> Gate:
    """Either kind."""
    if request.param == "memory":
        return MemoryGate()
    return SharedGate(request.getfixturevalue("redis"))


def broken(gate: Gate, now: float = NOW) -> None:
    """Open the breaker."""
    for _failure in range(3):
        gate.leave(ONE, "status 500", now, 0.1, is_failure=True)


def test_a_breaker_opened_by_one_process_is_seen_by_another(redis: Redis) -> None:
    here, there = SharedGate(redis), SharedGate(redis)
    broken(here)

    assert there.enter(ONE, (), NOW + 59) == Refusal("circuit_open", NOW + 60)
    assert there.enter(ONE, (), NOW + 60) is None  # the probe
    assert here.enter(ONE, (), NOW + 61) == Refusal("circuit_open", NOW + 90)
    there.leave(ONE, "ok", NOW + 62, 0.1, is_failure=False)
    assert here.enter(ONE, (), NOW + 62) is None


def test_a_quota_is_spent_by_all_together(redis: Redis) -> None:
    here, there = SharedGate(redis), SharedGate(redis)
    three = [Allowance(3, 60)]
    ends = (NOW // 60 + 1) * 60

    assert [gate.enter(ONE, three, NOW) for gate in (here, there, here)] == [None] * 3
    assert there.enter(ONE, three, NOW) == Refusal("quota_exhausted", ends)
    assert here.state(ONE, three, NOW).used == [(three[0], 3)]
    assert here.enter(ONE, three, ends) is None


def test_a_spent_quota_does_not_use_up_the_probe(gate: Gate) -> None:
    minute = [Allowance(1, 60)]
    at = (NOW // 60 + 2) * 60
    broken(gate, at - 60)
    assert gate.enter("other", minute, at) is None
    assert gate.enter(ONE, [Allowance(0, 60)], at) == Refusal("quota_exhausted", at + 60)
    assert gate.enter(ONE, minute, at) is None


def test_a_refusal_neither_closes_the_breaker_nor_keeps_the_probe(gate: Gate) -> None:
    broken(gate)
    # of a call that was under way when the breaker opened
    gate.leave(ONE, "not_known", NOW + 1, 0.1, is_failure=False)
    assert gate.enter(ONE, (), NOW + 2) == Refusal("circuit_open", NOW + 60)

    assert gate.enter(ONE, (), NOW + 61) is None
    gate.leave(ONE, "rate_limited", NOW + 62, 0.1, is_failure=False)
    assert gate.state(ONE, (), NOW + 62).failures == 3
    assert gate.enter(ONE, (), NOW + 62) is None  # the next one is the probe


def test_a_pause_is_never_made_shorter(gate: Gate) -> None:
    gate.pause(ONE, NOW + 100)
    gate.pause(ONE, NOW + 50)
    assert gate.enter(ONE, (), NOW + 99) == Refusal("rate_limited", NOW + 100)
    gate.reset(ONE)
    assert gate.enter(ONE, (), NOW + 99) is None


def test_without_a_redis_a_process_keeps_its_own() -> None:
    with Redis.from_url(NOBODY) as nobody:
        gate = SharedGate(nobody)
        broken(gate)
        gate.pause(ONE, NOW + 10)
        assert gate.enter(ONE, (), NOW) == Refusal("rate_limited", NOW + 10)
        assert gate.state(ONE, (), NOW).failures == 3
        gate.reset(ONE)
        assert gate.enter(ONE, (), NOW) is None


BOTH = (Allowance(3, 60), Allowance(8, 300))
STEPS = st.lists(
    st.tuples(
        st.integers(0, 45),  # seconds since the step before
        st.one_of(
            st.just(("enter",)),
            st.tuples(st.just("leave"), st.sampled_from(["ok", "not_known", "status 500"])),
            st.tuples(st.just("pause"), st.integers(0, 60)),
            st.just(("reset",)),
        ),
    ),
    max_size=40,
)


def taken(gate: Gate, step: tuple[Any, ...], now: float) -> Refusal | None:
    """One step; what a call of it is answered."""
    actions: dict[str, Callable[..., Refusal | None]] = {
        "enter": lambda: gate.enter(ONE, BOTH, now),
        "leave": lambda outcome: gate.leave(
            ONE, outcome, now, 0.25, is_failure=outcome.startswith("status")
        ),
        "pause": lambda seconds: gate.pause(ONE, now + seconds),
        "reset": lambda: gate.reset(ONE),
    }
    return actions[step[0]](*step[1:])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_both_gates_say_the_same_of_any_sequence(
    redis: Redis, steps: list[tuple[int, tuple[Any, ...]]]
) -> None:
    redis.flushdb()
    gates: list[Gate] = [MemoryGate(), SharedGate(redis)]
    now = NOW
    for seconds, step in steps:
        now += seconds
        answers = [taken(gate, step, now) for gate in gates]
        assert answers[0] == answers[1]
        states = [gate.state(ONE, BOTH, now) for gate in gates]
        assert states[0].failures == states[1].failures
        assert states[0].open_until == states[1].open_until
        assert states[0].paused_until == states[1].paused_until
        assert states[0].used == states[1].used
        assert states[0].outcomes == states[1].outcomes
        assert states[0].last_error == states[1].last_error
        assert states[0].last_success_at == states[1].last_success_at


# --- processes of the operating system, on a clock of their own -----------------------------------


def spend(redis_url: str, attempts: int, found: Any) -> None:
    """In a process of its own: ask so often at one instant, and say how often one might."""
    with Redis.from_url(redis_url) as client:
        gate = SharedGate(client)
        allowed = [gate.enter(ONE, [Allowance(50, 60)], NOW) is None for _ in range(attempts)]
        found.put(sum(allowed))


def test_two_processes_at_once_spend_one_allowance_to_the_call(
    redis: Redis, redis_url: str
) -> None:
    counts = run_processes(spend, [(redis_url, 40), (redis_url, 40)])
    assert sum(counts) == 50
    assert SharedGate(redis).enter(ONE, [Allowance(50, 60)], NOW + 60) is None


def probe(redis_url: str, found: Any) -> None:
    """In a process of its own: a minute after the breaker opened, may this one ask?"""
    with Redis.from_url(redis_url) as client:
        found.put(int(SharedGate(client).enter(ONE, (), NOW + 60) is None))


def test_of_processes_that_come_at_once_after_a_failure_one_probes(
    redis: Redis, redis_url: str
) -> None:
    broken(SharedGate(redis))
    assert sum(run_processes(probe, [(redis_url,)] * 3)) == 1


def run_processes(act: Callable[..., None], given: Sequence[tuple[Any, ...]]) -> list[int]:
    """What each of some processes found."""
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    processes = [context.Process(target=act, args=(*one, found)) for one in given]
    for process in processes:
        process.start()
    counts = [found.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    return counts

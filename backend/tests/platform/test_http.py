"""Outbound requests: what is tried again, what is given up, and when nobody is asked any more."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.loopback import Answer, Loopback, loopback
from truenav.platform.http import (
    BadPayload,
    CircuitOpen,
    Fetcher,
    NotKnown,
    PlanForbids,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
)


@contextmanager
def a_fetcher(
    server: Loopback, *, deadline: float = 60.0, now: list[float] | None = None
) -> Iterator[tuple[Fetcher, list[float]]]:
    """A fetcher on a clock of its own, which notes how long it would have waited."""
    waits: list[float] = []
    clock = now if now is not None else [1000.0]
    fetcher = Fetcher(
        "example",
        server.url,
        deadline_seconds=deadline,
        sleep=waits.append,
        now=lambda: clock[0],
    )
    try:
        yield fetcher, waits
    finally:
        fetcher.close()


def fail(fetcher: Fetcher, *, match: str) -> None:
    """Ask in vain."""
    with pytest.raises(ProviderUnavailable, match=match):
        fetcher.get("/thing")


def test_a_passing_error_is_tried_again_after_a_growing_wait() -> None:
    with (
        loopback(Answer(503), Answer(429), Answer(200, b"here")) as server,
        a_fetcher(server) as (fetcher, waits),
    ):
        assert fetcher.get("/thing", {"day": "1"}) == b"here"

    assert [(asked.path, asked.query) for asked in server.asked] == [("/thing", {"day": "1"})] * 3
    assert 0.5 <= waits[0] <= 1.5  # one second, and half of it either way
    assert 1.0 <= waits[1] <= 3.0


def test_what_trying_again_will_not_change_is_not_tried_again() -> None:
    with (
        loopback(Answer(404, b"{}")) as server,
        a_fetcher(server) as (fetcher, waits),
        pytest.raises(ProviderRefused, match="knows no such thing"),
    ):
        fetcher.get("/thing")

    assert len(server.asked) == 1
    assert waits == []


def test_a_redirect_is_not_followed() -> None:
    with (
        loopback(Answer(302)) as server,
        a_fetcher(server) as (fetcher, _),
        pytest.raises(ProviderRefused, match="302"),
    ):
        fetcher.get("/thing")

    assert len(server.asked) == 1


def test_half_an_answer_is_no_answer() -> None:
    with (
        loopback(Answer(200, b"0123456789", cut_after=4), Answer(200, b"whole")) as server,
        a_fetcher(server) as (fetcher, _),
    ):
        assert fetcher.get("/thing") == b"whole"


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with loopback(Answer()) as server:
        pass  # it is gone when it is asked
    with a_fetcher(server) as (fetcher, _), pytest.raises(ProviderUnavailable):
        fetcher.get("/thing")


def test_three_failed_requests_open_the_breaker_and_one_success_closes_it() -> None:
    now = [1000.0]
    with (
        loopback(*[Answer(500)] * 15, Answer(200, b"better")) as server,
        a_fetcher(server, now=now) as (fetcher, _),
    ):
        for _request in range(3):
            fail(fetcher, match="status 500")
        assert len(server.asked) == 15  # five attempts each: a request is one failure

        now[0] += 59
        with pytest.raises(CircuitOpen, match="paused for a minute"):
            fetcher.get("/thing")
        assert len(server.asked) == 15  # nobody was asked

        now[0] += 2
        assert fetcher.get("/thing") == b"better"
        assert fetcher.get("/thing") == b"better"


def test_one_failure_after_the_minute_opens_it_again_and_tells_why() -> None:
    now = [1000.0]
    with loopback(Answer(500)) as server, a_fetcher(server, now=now) as (fetcher, _):
        for _request in range(3):
            fail(fetcher, match="status 500")
        now[0] += 61
        fail(fetcher, match="status 500")  # not that the breaker is open
        assert len(server.asked) == 16  # a probe is not repeated
        now[0] += 59
        fail(fetcher, match="paused")

    assert len(server.asked) == 16


def test_only_a_success_forgets_failures() -> None:
    refusals = [Answer(404), Answer(403), Answer(429, headers={"Retry-After": "300"})]
    with (
        loopback(*[Answer(500)] * 10, *refusals, Answer(500)) as server,
        a_fetcher(server) as (fetcher, _),
    ):
        fail(fetcher, match="status 500")
        fail(fetcher, match="status 500")
        for kind in (NotKnown, PlanForbids, RateLimited):
            with pytest.raises(kind):
                fetcher.get("/thing")
        known = fetcher.gate.state("example", (), 1000.0)

    assert known.failures == 2
    assert known.paused_until == 1300.0


def test_the_wait_between_attempts_is_no_latency_of_the_provider() -> None:
    now = [1000.0]
    with loopback(Answer(503), Answer(200, b"here")) as server:

        def sleep(seconds: float) -> None:
            now[0] += seconds

        with closing(Fetcher("example", server.url, sleep=sleep, now=lambda: now[0])) as fetcher:
            assert fetcher.get("/thing") == b"here"
            known = fetcher.gate.state("example", (), now[0])

    assert now[0] > 1000.0
    assert known.latencies == [0.0, 0.0]
    assert known.outcomes == {"status 503": 1, "ok": 1}


def test_a_refusal_lets_the_next_request_be_the_probe() -> None:
    now = [1000.0]
    with (
        loopback(*[Answer(500)] * 15, Answer(404), Answer(200, b"better")) as server,
        a_fetcher(server, now=now) as (fetcher, _),
    ):
        for _request in range(3):
            fail(fetcher, match="status 500")
        now[0] += 61
        with pytest.raises(NotKnown):
            fetcher.get("/thing")
        assert fetcher.gate.state("example", (), now[0]).failures == 3
        assert fetcher.get("/thing") == b"better"
        assert fetcher.gate.state("example", (), now[0]).failures == 0


def test_no_answer_larger_than_the_limit_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("truenav.platform.http.MAX_BYTES", 100)
    with (
        loopback(Answer(200, bytes(101))) as server,
        a_fetcher(server) as (fetcher, _),
    ):
        with pytest.raises(BadPayload, match="sent too much"):
            fetcher.get("/thing")
        known = fetcher.gate.state("example", (), 1000.0)

    assert (known.failures, known.last_error) == (1, "bad_payload")


def test_the_deadline_covers_all_attempts() -> None:
    with (
        loopback(Answer(503)) as server,
        a_fetcher(server, deadline=0.3) as (fetcher, waits),
        pytest.raises(ProviderUnavailable, match="status 503"),
    ):
        fetcher.get("/thing")

    assert len(server.asked) == 1  # the shortest wait would end after the deadline
    assert waits == []

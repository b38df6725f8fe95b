"""What is newest stays, whoever writes it; without a Redis within one process."""

import threading
import time

from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from truenav.platform.newest import NewestCache
from truenav.platform.queue import connect
from truenav.platform.turns import Turns

NOWHERE = "redis://127.0.0.1:9"


def two(redis_url: str) -> tuple[NewestCache, NewestCache]:
    """As two processes have it."""
    return (
        NewestCache(connect(redis_url), "newest:", 60),
        NewestCache(connect(redis_url), "newest:", 60),
    )


def test_an_older_entry_never_replaces_a_newer_one(redis_url: str) -> None:
    one, other = two(redis_url)
    assert one.put("a", 20, {"price": "2"})
    assert not other.put("a", 10, {"price": "1"})
    assert other.get(["a", "b"]) == {"a": {"price": "2"}}
    assert other.put("a", 20, {"price": "2.0"})  # the same instant, checked again
    assert one.get(["a"]) == {"a": {"price": "2.0"}}
    assert other.put("a", 30, {"other": "3"})
    assert one.get(["a"]) == {"a": {"other": "3"}}  # nothing of the one before is left


def test_stamps_are_compared_to_the_microsecond(redis_url: str) -> None:
    one, other = two(redis_url)
    now = 1_772_721_000_000_001
    assert one.put("a", now, {"price": "2"})
    assert not other.put("a", now - 1, {"price": "1"})


def test_many_writers_leave_the_newest(redis_url: str) -> None:
    caches = [two(redis_url)[0] for _ in range(4)]

    def write(cache: NewestCache, offset: int) -> None:
        for n in range(50):
            stamp = (n * 37 + offset * 13) % 200
            cache.put("a", stamp, {"stamped": str(stamp)})
        cache.put("a", 500 + offset, {"stamped": str(500 + offset)})

    threads = [threading.Thread(target=write, args=(c, n)) for n, c in enumerate(caches)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert two(redis_url)[0].get(["a"]) == {"a": {"stamped": "503"}}


def test_entries_end(redis_url: str) -> None:
    one, _ = two(redis_url)
    one.put("a", 1, {"price": "2"})
    with Redis.from_url(redis_url) as client:
        assert 0 < client.ttl("newest:a") <= 60
        client.hset("newest:b", mapping={"stamp": "none", "price": "1"})
    assert one.get(["b"]) == {}


def test_without_redis_it_goes_on_in_this_process() -> None:
    for redis in (None, connect(NOWHERE, timeout=0.2)):
        cache = NewestCache(redis, "newest:", 60)
        assert cache.put("a", 20, {"price": "2"})
        assert not cache.put("a", 10, {"price": "1"})
        assert cache.get(["a"]) == {"a": {"price": "2"}}
        began = time.monotonic()
        for _ in range(200):
            cache.get(["a"])
        assert time.monotonic() - began < 1  # a server that is away is not waited for each time


@given(st.lists(st.integers(0, 9), min_size=1))
def test_the_newest_of_any_order_is_kept(stamps: list[int]) -> None:
    cache = NewestCache(None, "newest:", 60)
    for stamp in stamps:
        cache.put("a", stamp, {"stamped": str(stamp)})
    assert cache.get(["a"]) == {"a": {"stamped": str(max(stamps))}}


def test_one_has_the_turn_until_it_is_given_back_or_ends(redis_url: str) -> None:
    one, other = (Turns(connect(redis_url), "turns:", 0.2) for _ in range(2))
    token = one.take("a")
    assert token is not None
    assert one.take("a") is None
    assert other.take("a") is None
    assert other.take("b") is not None
    one.give_back("a", token)
    late = other.take("a")
    assert late is not None
    time.sleep(0.25)  # its process died
    again = one.take("a")
    assert again is not None
    other.give_back("a", late)  # too late: it is somebody else's by now
    assert other.take("a") is None


def test_a_word_is_known_to_all_for_a_while(redis_url: str) -> None:
    one, other = (Turns(connect(redis_url), "turns:", 1) for _ in range(2))
    assert other.word("a") is None
    one.leave_word("a", "nobody_answered", 0.15)
    assert (one.word("a"), other.word("a")) == ("nobody_answered", "nobody_answered")
    time.sleep(0.2)
    assert (one.word("a"), other.word("a")) == (None, None)


def test_turns_without_redis_are_of_this_process() -> None:
    for redis in (None, connect(NOWHERE, timeout=0.2)):
        turns = Turns(redis, "turns:", 5)
        token = turns.take("a")
        assert token is not None
        assert turns.take("a") is None
        turns.give_back("a", token)
        assert turns.take("a") is not None
        turns.leave_word("a", "no_provider", 5)
        assert turns.word("a") == "no_provider"

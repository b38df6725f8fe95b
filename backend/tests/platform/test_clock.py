"""Ids: of the form the standard asks for, and in the order they were made in."""

import threading
import time
from uuid import UUID

from truenav.platform.clock import _Order, new_id


def test_ids_are_of_version_7_and_say_when_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_ids_of_one_millisecond_come_in_order() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_so_do_those_of_threads_each_by_itself() -> None:
    found: list[list[UUID]] = [[] for _ in range(4)]

    def make(into: list[UUID]) -> None:
        into.extend(new_id() for _ in range(2_000))

    threads = [threading.Thread(target=make, args=(into,)) for into in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(ids == sorted(ids) for ids in found)
    assert len({one for ids in found for one in ids}) == 8_000


def test_a_clock_that_goes_back_does_not_take_the_order_along() -> None:
    order = _Order()
    ticks = [order.next(at) for at in (5_000_000, 5_000_000, 4_000_000, 6_000_000)]
    assert ticks == sorted(set(ticks))
    assert ticks[-1] >> 12 == 6

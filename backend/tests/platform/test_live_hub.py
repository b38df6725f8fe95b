"""The hub: whatever readers do, a message that is missing can be seen to be missing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from truenav.platform.live.hub import (
    COHORTS,
    MOST_BACKLOG,
    MOST_QUEUED,
    SLOW_CODE,
    SLOW_SECONDS,
    Hub,
    Reader,
    Topic,
)


@dataclass
class FakeSink:
    """A reader of its own pace: what is written waits until it reads."""

    waiting: list[bytes] = field(default_factory=list)
    extra: int = 0
    closed: tuple[int, str] | None = None
    write_count: int = 0

    def write(self, messages: list[bytes]) -> None:
        assert self.closed is None
        self.write_count += 1
        self.waiting += messages

    def backlog(self) -> int:
        return self.extra

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def read(self) -> list[dict[str, Any]]:
        taken, self.waiting = self.waiting, []
        return [json.loads(message) for message in taken]


def message(topic: str, sequence: int, epoch: str = "e", **data: Any) -> bytes:
    """As it is kept."""
    body = {"sequence": sequence, "epoch": epoch, "kind": "quote", "topic": topic, "data": data}
    return json.dumps(body, separators=(",", ":")).encode()


def listen(hub: Hub, sink: FakeSink, *topics: Topic) -> Reader:
    reader = hub.add(sink)
    for topic in topics:
        hub.begin_joining(reader, topic)
        hub.finish_joining(reader, topic, [])
    return reader


def flush_all(hub: Hub, now: float = 0.0) -> None:
    for number in range(COHORTS):
        hub.flush(number, now)


def test_a_quote_that_was_overtaken_is_left_out_and_its_hole_can_be_told_from_a_loss() -> None:
    hub, sink = Hub(), FakeSink()
    topic = hub.topic("instrument:a", is_conflated=True)
    listen(hub, sink, topic)
    for sequence in (1, 2, 3):
        assert hub.accept(topic, "e", sequence, message("instrument:a", sequence))
    flush_all(hub)
    (told,) = sink.read()
    assert (told["after"], told["sequence"]) == (0, 3)
    assert hub.accept(topic, "e", 4, message("instrument:a", 4))
    flush_all(hub)
    (told,) = sink.read()
    assert (told["after"], told["sequence"]) == (3, 4)


def test_of_what_happened_every_message_arrives() -> None:
    hub, sink = Hub(), FakeSink()
    topic = hub.topic("alerts", is_conflated=False)
    listen(hub, sink, topic)
    for sequence in range(1, 6):
        hub.accept(topic, "e", sequence, message("alerts", sequence))
    flush_all(hub)
    assert [(m["after"], m["sequence"]) for m in sink.read()] == [(n - 1, n) for n in range(1, 6)]
    assert sink.write_count == 1


def test_a_message_out_of_turn_is_not_taken_and_one_told_twice_is_passed_over() -> None:
    hub, sink = Hub(), FakeSink()
    topic = hub.topic("instrument:a", is_conflated=True)
    listen(hub, sink, topic)
    assert hub.accept(topic, "e", 7, message("instrument:a", 7))
    assert not hub.accept(topic, "e", 9, message("instrument:a", 9))
    assert not hub.accept(topic, "f", 8, message("instrument:a", 8, "f"))
    assert hub.accept(topic, "e", 6, message("instrument:a", 6))
    assert (topic.epoch, topic.sequence) == ("e", 7)


def test_one_that_does_not_read_gets_the_newest_when_it_reads_again() -> None:
    hub, slow, quick = Hub(), FakeSink(), FakeSink()
    topic = hub.topic("instrument:a", is_conflated=True)
    listen(hub, slow, topic)
    listen(hub, quick, topic)
    slow.extra = MOST_BACKLOG + 1
    for sequence in (1, 2, 3, 4):
        hub.accept(topic, "e", sequence, message("instrument:a", sequence))
        flush_all(hub, now=float(sequence))
    assert [m["sequence"] for m in quick.read()] == [1, 2, 3, 4]
    assert slow.write_count == 0
    slow.extra = 0
    flush_all(hub, now=5.0)
    told = slow.read()
    assert told[-1]["sequence"] == 4
    assert _holes(told, 0) == []


def test_one_that_reads_nothing_for_too_long_is_closed_and_the_others_hear_on() -> None:
    hub, slow, quick = Hub(), FakeSink(extra=MOST_BACKLOG + 1), FakeSink()
    topic = hub.topic("instrument:a", is_conflated=True)
    listen(hub, slow, topic)
    listen(hub, quick, topic)
    hub.accept(topic, "e", 1, message("instrument:a", 1))
    flush_all(hub, now=0.0)
    flush_all(hub, now=SLOW_SECONDS)
    ends = [slow.closed]
    flush_all(hub, now=SLOW_SECONDS + 0.1)
    ends.append(slow.closed)
    assert ends == [None, (SLOW_CODE, "too slow: messages were not read")]
    hub.accept(topic, "e", 2, message("instrument:a", 2))
    flush_all(hub, now=SLOW_SECONDS + 0.2)
    assert [m["sequence"] for m in quick.read()] == [1, 2]


def test_one_that_would_miss_too_much_of_what_must_arrive_is_closed() -> None:
    hub, slow = Hub(), FakeSink(extra=MOST_BACKLOG + 1)
    topic = hub.topic("alerts", is_conflated=False)
    listen(hub, slow, topic)
    size = len(message("alerts", 1, text="x" * 1000))
    for sequence in range(1, MOST_QUEUED // size + 3):
        hub.accept(topic, "e", sequence, message("alerts", sequence, text="x" * 1000))
        flush_all(hub)
    assert slow.closed is not None
    assert slow.closed[0] == SLOW_CODE


def test_nobody_is_written_to_after_it_was_closed_or_gone() -> None:
    hub, sink = Hub(), FakeSink()
    topic = hub.topic("instrument:a", is_conflated=True)
    reader = listen(hub, sink, topic)
    hub.accept(topic, "e", 1, message("instrument:a", 1))
    assert hub.remove(reader) == [topic]
    flush_all(hub)
    assert sink.read() == []
    assert hub.topics == {}
    assert hub.is_idle


def test_a_new_epoch_tells_everybody_to_begin_anew_with_how_it_stands() -> None:
    hub, sink = Hub(), FakeSink()
    topic = hub.topic("instrument:a", is_conflated=True)
    listen(hub, sink, topic)
    hub.accept(topic, "e", 5, message("instrument:a", 5))
    hub.restart(topic, "f", 1, message("instrument:a", 1, "f"))
    flush_all(hub)
    reload, stands = sink.read()
    assert (reload["kind"], reload["epoch"], reload["reason"]) == ("reload", "f", "history_lost")
    assert (stands["epoch"], stands["sequence"]) == ("f", 1)


def _holes(told: Sequence[dict[str, Any]], position: int) -> list[tuple[int, int]]:
    """Where a client that holds `position` would see that something is missing."""
    holes = []
    for one in told:
        if one["sequence"] <= position:
            continue
        if one["after"] > position:
            holes.append((position, one["after"]))
        position = one["sequence"]
    return holes


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(0, 2)),
        st.tuples(st.just("flush"), st.integers(0, COHORTS - 1)),
        st.tuples(st.just("stall"), st.integers(0, 3)),
        st.tuples(st.just("read"), st.integers(0, 3)),
        st.tuples(st.just("join"), st.integers(0, 3)),
        st.tuples(st.just("leave"), st.integers(0, 3)),
    ),
    max_size=80,
)


class Play:
    """Four readers of three topics, of which the last tells what happened."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.topics = [self.hub.topic(f"instrument:{n}", is_conflated=n != 2) for n in range(3)]
        listen(self.hub, FakeSink(), *self.topics)  # so that no topic is ever forgotten
        self.sinks = [FakeSink() for _ in range(4)]
        self.readers: list[Reader | None] = [
            listen(self.hub, sink, *self.topics) for sink in self.sinks
        ]
        self.heard: list[list[dict[str, Any]]] = [[] for _ in self.sinks]
        self.begun = [dict.fromkeys((t.name for t in self.topics), 0) for _ in self.sinks]

    def tell(self, number: int) -> None:
        topic = self.topics[number]
        following = topic.sequence + 1
        assert self.hub.accept(topic, "e", following, message(topic.name, following))

    def flush(self, number: int) -> None:
        self.hub.flush(number, 0.0)

    def stall(self, number: int) -> None:
        self.sinks[number].extra = MOST_BACKLOG + 1

    def read(self, number: int) -> None:
        self.sinks[number].extra = 0
        self.heard[number] += self.sinks[number].read()

    def leave(self, number: int) -> None:
        reader = self.readers[number]
        if reader is not None:
            self.hub.remove(reader)
            self.readers[number] = None

    def join(self, number: int) -> None:
        if self.readers[number] is None:
            self.sinks[number], self.heard[number] = FakeSink(), []
            self.begun[number] = {t.name: t.sequence for t in self.topics}
            self.readers[number] = listen(self.hub, self.sinks[number], *self.topics)


@given(steps=STEPS)
def test_whatever_readers_do_none_has_a_hole_and_all_end_with_the_newest(
    steps: list[tuple[str, int]],
) -> None:
    play = Play()
    for step, number in steps:
        getattr(play, step)(number)
    for number in range(4):
        play.sinks[number].extra = 0
    flush_all(play.hub)
    for number, reader in enumerate(play.readers):
        if reader is None:
            continue
        play.read(number)
        for topic in play.topics:
            mine = [one for one in play.heard[number] if one["topic"] == topic.name]
            position = play.begun[number][topic.name]
            assert _holes(mine, position) == []
            numbers = [one["sequence"] for one in mine if one["sequence"] > position]
            assert numbers == sorted(set(numbers))
            assert [position, *numbers][-1] == topic.sequence
            if not topic.is_conflated:
                assert numbers == list(range(position + 1, topic.sequence + 1))

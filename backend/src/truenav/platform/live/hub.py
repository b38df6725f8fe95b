"""Who listens to what in this process, and what each is sent: encoded once, written to many.

A topic's messages come in numbered. Of a topic that tells how something stands (a quote) only the
newest of a round goes out: `after` says which number the reader must hold, so that one who lost a
message sees the hole by himself. Of a topic that tells what happened (an alert) every message goes
out. Readers are flushed in cohorts, one after the other, so that no reader waits for all others.

A reader that does not read costs the others nothing: past a bound its quotes are only noted, and
sent when it reads again; whoever reads nothing for too long, or misses too many messages that may
not be left out, is closed with a code that says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

COHORTS = 20
# Above this many bytes on their way to a reader, it is not written to.
MOST_BACKLOG = 64 * 1024
# What a reader that does not read may miss of messages that must all arrive, before it is closed.
MOST_QUEUED = 1024 * 1024
SLOW_SECONDS = 20.0
SLOW_CODE = 4409
NO_NUMBER = 2**53


class Sink(Protocol):
    """Where one reader's messages go; writing never waits."""

    def write(self, messages: list[bytes]) -> None:
        """Send messages, each a JSON object, in one go."""

    def backlog(self) -> int:
        """How many bytes were written and not yet taken."""

    def close(self, code: int, reason: str) -> None:
        """End the connection and say why."""


@dataclass(slots=True, eq=False)
class Reader:
    """One connection: what it listens to, and what it could not yet be sent."""

    sink: Sink
    cohort: int
    topics: set["Topic"] = field(default_factory=set)
    out: list[bytes] = field(default_factory=list)
    # of topics that tell how something stands: the number it holds, while it reads too slowly
    behind: dict["Topic", int] = field(default_factory=dict)
    queued_bytes: int = 0
    slow_since: float | None = None
    is_closed: bool = False


@dataclass(slots=True, eq=False)
class Topic:
    """What is told of one thing: its newest message, and who listens, by cohort."""

    name: str
    is_conflated: bool
    # whether it was asked for how it stands; until then nobody was told anything of it
    is_known: bool = False
    epoch: str | None = None
    sequence: int = 0
    last: bytes | None = None
    readers: list[set[Reader]] = field(default_factory=lambda: [set() for _ in range(COHORTS)])
    # readers who are still given what they missed; messages that come meanwhile wait here
    joining: dict[Reader, list[tuple[int, bytes]]] = field(default_factory=dict)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody listens."""
        return bool(self.joining) or any(self.readers)


@dataclass(slots=True)
class _Cohort:
    # what changed since the last flush: the number before, or every message since
    stands: dict[Topic, int] = field(default_factory=dict)
    happened: dict[Topic, list[bytes]] = field(default_factory=dict)
    slow: set[Reader] = field(default_factory=set)


class Hub:
    """The readers and topics of one process. Not thread-safe: it lives in one event loop."""

    def __init__(self) -> None:
        self.topics: dict[str, Topic] = {}
        self.readers: set[Reader] = set()
        self._cohorts = [_Cohort() for _ in range(COHORTS)]
        self._next_cohort = 0

    # --- who is here --------------------------------------------------------------------------

    def add(self, sink: Sink) -> Reader:
        """A new reader, that listens to nothing yet."""
        reader = Reader(sink, self._next_cohort)
        self._next_cohort = (self._next_cohort + 1) % COHORTS
        self.readers.add(reader)
        return reader

    def remove(self, reader: Reader) -> list[Topic]:
        """Forget a reader; the topics nobody listens to any more."""
        reader.is_closed = True
        self.readers.discard(reader)
        self._cohorts[reader.cohort].slow.discard(reader)
        return [topic for topic in list(reader.topics) if self.leave(reader, topic)]

    def topic(self, name: str, *, is_conflated: bool) -> Topic:
        """The topic of this name, made when it is new."""
        found = self.topics.get(name)
        if found is None:
            found = self.topics[name] = Topic(name, is_conflated)
        return found

    def begin_joining(self, reader: Reader, topic: Topic) -> None:
        """From now on keep what is told for a reader, until `finish_joining`."""
        reader.topics.add(topic)
        topic.joining[reader] = []

    def finish_joining(
        self, reader: Reader, topic: Topic, missed: Iterable[bytes], position: int = 0
    ) -> None:
        """Send what was missed and what came meanwhile; from now on the reader is told.

        Args:
            reader: Who has begun to join.
            topic: What it listens to.
            missed: What it is told first.
            position: The number `missed` leads up to.
        """
        meanwhile = topic.joining.pop(reader, None)
        if meanwhile is None or reader.is_closed:
            return
        topic.readers[reader.cohort].add(reader)
        self.send(reader, [*missed, *(told for number, told in meanwhile if number > position)])

    def leave(self, reader: Reader, topic: Topic) -> bool:
        """Stop telling a reader of a topic; whether nobody listens to it now."""
        reader.topics.discard(topic)
        reader.behind.pop(topic, None)
        topic.joining.pop(reader, None)
        topic.readers[reader.cohort].discard(reader)
        if topic.is_wanted:
            return False
        for cohort in self._cohorts:
            cohort.stands.pop(topic, None)
            cohort.happened.pop(topic, None)
        return self.topics.pop(topic.name, None) is not None

    # --- what is told -------------------------------------------------------------------------

    def accept(self, topic: Topic, epoch: str, sequence: int, message: bytes) -> bool:
        """Take the next message of a topic; False when some before it are missing.

        What is not newer than what is held is passed over. A message of another epoch is taken by
        `restart` only.
        """
        if topic.epoch is not None and (epoch != topic.epoch or sequence > topic.sequence + 1):
            return False
        if topic.epoch == epoch and sequence <= topic.sequence:
            return True
        before = topic.sequence if topic.epoch == epoch else sequence - 1
        topic.epoch, topic.sequence, topic.last = epoch, sequence, message
        if topic.joining:
            told = after(before, message)
            for waiting in topic.joining.values():
                waiting.append((sequence, told))
        for cohort, readers in zip(self._cohorts, topic.readers, strict=True):
            if not readers:
                continue
            if topic.is_conflated:
                cohort.stands.setdefault(topic, before)
            else:
                cohort.happened.setdefault(topic, []).append(after(before, message))
        return True

    def restart(self, topic: Topic, epoch: str, sequence: int, last: bytes | None) -> None:
        """What is held of a topic means nothing any more: tell everybody to begin anew."""
        topic.epoch, topic.sequence, topic.last = epoch, sequence, last
        told = [reload_of(topic, "history_lost")]
        if last is not None and topic.is_conflated:
            told.append(after(0, last))
        for cohort, readers in zip(self._cohorts, topic.readers, strict=True):
            cohort.stands.pop(topic, None)
            cohort.happened.pop(topic, None)
            for reader in readers:
                reader.behind.pop(topic, None)
                self.send(reader, told)
        for waiting in topic.joining.values():
            # of the new epoch: no number of the old one leads up to it
            waiting[:] = [(NO_NUMBER, message) for message in told]

    def send(self, reader: Reader, messages: list[bytes]) -> None:
        """Send messages that must all arrive, now or when the reader reads again."""
        if not messages or reader.is_closed:
            return
        if not reader.out and reader.sink.backlog() <= MOST_BACKLOG:
            reader.sink.write(messages)
            return
        reader.out.extend(messages)
        reader.queued_bytes += sum(map(len, messages))
        self._cohorts[reader.cohort].slow.add(reader)

    # --- flushing -----------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to flush."""
        return not any(c.stands or c.happened or c.slow for c in self._cohorts)

    def flush(self, number: int, now: float) -> int:
        """Send one cohort what changed since its last turn; how many readers were written to.

        Args:
            number: Which cohort, from 0.
            now: Seconds of a clock that only goes forward.
        """
        cohort = self._cohorts[number]
        touched: set[Reader] = set()
        for topic, before in cohort.stands.items():
            if topic.last is None:
                continue
            told = after(before, topic.last)
            for reader in topic.readers[number]:
                if reader in cohort.slow:
                    reader.behind.setdefault(topic, before)
                else:
                    reader.out.append(told)
                    touched.add(reader)
        for topic, messages in cohort.happened.items():
            size = sum(map(len, messages))
            for reader in topic.readers[number]:
                reader.out.extend(messages)
                reader.queued_bytes += size
                touched.add(reader)
        cohort.stands, cohort.happened = {}, {}
        touched |= cohort.slow
        for reader in touched:
            self._write(cohort, reader, now)
        return len(touched)

    def _write(self, cohort: _Cohort, reader: Reader, now: float) -> None:
        if reader.is_closed:
            return
        if reader.sink.backlog() <= MOST_BACKLOG:
            behind, reader.behind = reader.behind, {}
            told = [after(before, t.last) for t, before in behind.items() if t.last is not None]
            out, reader.out = [*reader.out, *told], []
            reader.queued_bytes, reader.slow_since = 0, None
            cohort.slow.discard(reader)
            if out:
                reader.sink.write(out)
            return
        cohort.slow.add(reader)
        if reader.slow_since is None:
            reader.slow_since = now
        if now - reader.slow_since > SLOW_SECONDS or reader.queued_bytes > MOST_QUEUED:
            reader.is_closed = True
            reader.out, reader.behind = [], {}
            cohort.slow.discard(reader)
            reader.sink.close(SLOW_CODE, "too slow: messages were not read")


def after(before: int, message: bytes) -> bytes:
    """A message, and the number of the one it follows for who is told it."""
    return b'{"after":%d,%b' % (before, message[1:])


def reload_of(topic: Topic, reason: str) -> bytes:
    """Tells a reader that what it holds of a topic may have a hole: it is to read it anew."""
    return (
        f'{{"kind":"reload","topic":"{topic.name}","epoch":"{topic.epoch or ""}",'
        f'"sequence":{topic.sequence},"reason":"{reason}"}}'
    ).encode()

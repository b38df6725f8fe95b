"""The live gateway of one process: its readers, what they listen to, and what keeps it going.

WebSocket and SSE connections are the same to it: a reader with a sink. What a reader missed comes
from the kept messages; where they do not reach back, it is told to read anew (`reload`).
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from truenav.entrypoints.stream import topics
from truenav.entrypoints.stream.requests import MOST_TOPICS, Position
from truenav.features.identity.repository import standing_sessions
from truenav.platform.clock import new_id
from truenav.platform.live.hub import COHORTS, Hub, Reader, Sink, Topic, after, reload_of
from truenav.platform.live.places import PLACES, Places
from truenav.platform.live.reading import LiveReading, LiveUnavailable
from truenav.platform.live.wanted import want
from truenav.platform.state import AppState
from truenav.platform.tokens import Identity

log = logging.getLogger("truenav.stream")
# Why a connection is closed; the client's next step depends on it.
GOING_AWAY, TOO_BIG = 1001, 1009
BAD_MESSAGE, UNAUTHENTICATED, SILENT, TOO_MANY, CAPACITY = 4400, 4401, 4408, 4429, 4503
HEARTBEAT_SECONDS = 30.0
SILENT_SECONDS = 75.0
# A session that ended is noticed within this time.
RECHECK_SECONDS = 3.0
# Who comes within this time is told of together.
GATHER_SECONDS = 0.05
# One process serves this many; who comes later is told to poll.
MOST_READERS = 12_000
TOO_MANY_PLACES = "you listen from as many places as anybody may"
CONNECTIONS = 16
# After something nobody expected.
AGAIN_SECONDS = 1.0
# A round of all cohorts takes this long: short while there is little to do, longer under load.
QUICKEST, SLOWEST = 0.02, 0.2


@dataclass(slots=True, eq=False)
class Connection:
    """A reader, who it is, and when it was last heard of."""

    reader: Reader
    identity: Identity
    id: str = field(default_factory=lambda: new_id().hex)
    heard_at: float = field(default_factory=time.monotonic)


class Turned(Exception):
    """Why somebody may not connect: the code that tells him."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Gateway:
    """One per process; at work within `running`."""

    def __init__(
        self,
        state: AppState,
        redis: Redis,
        *,
        places: int = PLACES,
        most_readers: int = MOST_READERS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        self.state = state
        self.redis = redis
        self.hub = Hub()
        self.reading = LiveReading(redis, self.hub)
        self.heartbeat_seconds = heartbeat_seconds
        self._silent_seconds = silent_seconds
        self._most_readers = most_readers
        self._places = Places(redis, places)
        self._connections: set[Connection] = set()
        self._is_closing = False
        # topics somebody has just begun to listen to
        self._new: set[str] = set()
        self._has_new = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Gateway"]:
        """Hear, flush and look after the connections; closes them all at the end."""
        # a task nobody holds is collected while it runs
        tasks = [
            asyncio.create_task(_kept_up(work), name=f"live {work.__name__}")
            for work in (
                self.reading.run,
                self._flush_for_ever,
                self._watch_for_ever,
                self._beat_for_ever,
                self._want_for_ever,
            )
        ]
        try:
            yield self
        finally:
            self._is_closing = True
            for connection in list(self._connections):
                connection.reader.sink.close(GOING_AWAY, "the server restarts")
            await _ended(tasks)
            await self.redis.aclose()

    # --- coming and going ---------------------------------------------------------------------

    async def connect(self, identity: Identity, sink: Sink) -> Connection:
        """A new connection.

        Raises:
            Turned: the person has as many as anybody may have, or this process is full.
        """
        if self._is_closing or len(self._connections) >= self._most_readers:
            raise Turned(CAPACITY, "as many people listen as can be served; poll instead")
        connection = Connection(self.hub.add(sink), identity)
        # counted from here on, or many who come at once would all find a place
        self._connections.add(connection)
        if not await self._places.take(identity.user_id, connection.id):
            await self._forget(connection)
            raise Turned(TOO_MANY, TOO_MANY_PLACES)
        return connection

    async def disconnect(self, connection: Connection) -> None:
        """It is gone; its place is somebody else's."""
        await self._forget(connection)
        await self._places.give_back(connection.identity.user_id, connection.id)

    async def _forget(self, connection: Connection) -> None:
        self._connections.discard(connection)
        await self.reading.forget(self.hub.remove(connection.reader))

    # --- what it listens to -------------------------------------------------------------------

    async def subscribe(self, connection: Connection, asked: Sequence[Position]) -> None:
        """Tell a connection of topics from where it stopped; what it may not hear is refused.

        Of what it listens to already it may ask again, when it saw a hole.
        """
        reader, hub = connection.reader, self.hub
        wanted = {position.topic: position for position in asked}
        held = [topic for topic in reader.topics if topic.name in wanted]
        try:
            fresh = await self._join(connection, wanted.keys() - {topic.name for topic in held})
            await self.reading.listen([*fresh, *held])
            self._new.update(topic.name for topic in fresh)
            self._has_new.set()
            for topic in held:
                hub.send(reader, (await self._catch_up(topic, wanted[topic.name]))[0])
            for topic in fresh:
                missed, position = await self._catch_up(topic, wanted[topic.name])
                hub.finish_joining(reader, topic, missed, position)
        except (LiveUnavailable, SQLAlchemyError) as error:
            log.warning("nothing is told: %s", error)
            reader.sink.close(CAPACITY, "live messages are not to be had; poll instead")

    async def _join(self, connection: Connection, names: Iterable[str]) -> list[Topic]:
        """The topics a connection may listen to, from now on kept for it."""
        reader, ordered = connection.reader, sorted(names)
        room = max(MOST_TOPICS - len(reader.topics), 0)
        granted = await topics.allowed(self.state, connection.identity, ordered[:room])
        refused = [_refused(name, "not_found") for name in ordered[:room] if name not in granted]
        refused += [_refused(name, "too_many_topics") for name in ordered[room:]]
        self.hub.send(reader, refused)
        joined = []
        for name in sorted(granted):
            topic = self.hub.topic(name, is_conflated=topics.is_conflated(name))
            self.hub.begin_joining(reader, topic)
            joined.append(topic)
        return joined

    async def _catch_up(self, topic: Topic, asked: Position) -> tuple[list[bytes], int]:
        """What a reader is told first, and the number it then holds.

        That is what it missed since its position; or how the topic stands, and that the rest is
        lost if it had a position.
        """
        now, is_new = topic.sequence, asked.epoch is None
        missed = None if is_new else await self.reading.missed(topic, asked.epoch, asked.sequence)
        if missed is not None:
            return [_subscribed(topic, asked.sequence), *missed], now
        told = [_subscribed(topic, topic.sequence)]
        if not is_new:
            is_same = asked.epoch == topic.epoch
            told = [reload_of(topic, "gap_too_large" if is_same else "history_lost")]
        if topic.is_conflated and topic.last is not None:
            told.append(after(topic.sequence - 1, topic.last))
        return told, topic.sequence

    async def unsubscribe(self, connection: Connection, names: Iterable[str]) -> None:
        """Tell a connection of these no more."""
        wanted = set(names)
        left = [topic for topic in connection.reader.topics if topic.name in wanted]
        await self.reading.forget([t for t in left if self.hub.leave(connection.reader, t)])

    # --- what keeps it going ------------------------------------------------------------------

    async def _flush_for_ever(self) -> None:
        """Flush the cohorts in turn, so that a round takes as long as the load allows."""
        loop = asyncio.get_running_loop()
        round_seconds = QUICKEST
        number, due, busy = 0, loop.time(), 0.0
        while True:
            if self.hub.is_idle:
                self.reading.woken.clear()
                if self.hub.is_idle:
                    # not `wait_for`: woken as it is cancelled, it would go on for ever
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(1.0):
                            await self.reading.woken.wait()
                due, busy, round_seconds = loop.time(), 0.0, QUICKEST
            started = loop.time()
            self.hub.flush(number, started)
            busy += loop.time() - started
            number = (number + 1) % COHORTS
            if number == 0:
                share = busy / round_seconds
                if share > 0.5:
                    round_seconds = min(round_seconds * 1.5, SLOWEST)
                elif share < 0.25:
                    round_seconds = max(round_seconds / 1.2, QUICKEST)
                busy = 0.0
            due = max(due + round_seconds / COHORTS, loop.time() - round_seconds)
            await asyncio.sleep(max(due - loop.time(), 0))

    async def _watch_for_ever(self) -> None:
        """Who fell silent, whose session ended, and what is listened to still."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            now = time.monotonic()
            for connection in list(self._connections):
                if now - connection.heard_at > self._silent_seconds:
                    connection.reader.sink.close(SILENT, "nothing was heard for too long")
            try:
                await self._close_ended()
            except (SQLAlchemyError, OSError) as error:
                log.warning("sessions are not checked: %s", error)
            await self._want(self.hub.topics)

    async def _beat_for_ever(self) -> None:
        """Heartbeats and leases, apart from the watch: of many connections they take a while."""
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            moment = self.state.clock.now().isoformat()
            message = f'{{"kind":"heartbeat","at":"{moment}"}}'.encode()
            for connection in list(self._connections):
                self.hub.send(connection.reader, [message])
                if not await self._places.take(connection.identity.user_id, connection.id):
                    connection.reader.sink.close(TOO_MANY, TOO_MANY_PLACES)

    async def _want_for_ever(self) -> None:
        """Say soon what is new to be listened to: of many who come at once, in one go."""
        while True:
            await self._has_new.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._has_new.clear()
            names, self._new = self._new, set()
            await self._want(names)

    async def _want(self, names: Iterable[str]) -> None:
        """Tell whoever brings quotes what somebody listens to here."""
        try:
            await want(self.redis, names)
        except RedisError as error:
            log.info("nobody knows what is listened to: %s", error)

    async def _close_ended(self) -> None:
        """Close who logged out, was shut out, or has another role by now."""
        by_session = {c.identity.session_id for c in self._connections if c.identity.session_id}
        if not by_session:
            return
        async with self.state.sessions.begin() as session:
            now = self.state.clock.now()
            found = await standing_sessions(session, list(by_session), now)
        standing = {(row.session_id, row.user_id, row.tenant_id, row.role) for row in found}
        for connection in list(self._connections):
            one = connection.identity
            known = (one.session_id, one.user_id, one.tenant_id, one.role)
            if one.session_id is not None and known not in standing:
                connection.reader.sink.close(UNAUTHENTICATED, "the session has ended")


async def _ended(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel until they are over: a connection that is just being made swallows being cancelled."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=1.0)


async def _kept_up(work: Callable[[], Awaitable[None]]) -> None:
    """Work that must not end: a bug in it is told, and it begins again."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("live messages were interrupted")
            await asyncio.sleep(AGAIN_SECONDS)


@asynccontextmanager
async def running_gateway(state: AppState) -> AsyncIterator[Gateway | None]:
    """The gateway of this process while it serves; None without a Redis to hear from."""
    url = state.settings.redis_url
    if url is None:
        yield None
        return
    async with Gateway(state, listener(url)).running() as gateway:
        yield gateway


def listener(url: str) -> Redis:
    """A connection for hearing: it fails at once, for whoever hears fills the hole himself."""
    # who comes while all are busy waits for one: a crowd opens no crowd of connections
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        socket_connect_timeout=2.0,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=15,
    )
    return Redis.from_pool(pool)


def _subscribed(topic: Topic, sequence: int) -> bytes:
    return (
        f'{{"kind":"subscribed","topic":"{topic.name}","epoch":"{topic.epoch or ""}",'
        f'"sequence":{sequence}}}'
    ).encode()


def _refused(name: str, reason: str) -> bytes:
    return f'{{"kind":"refused","topic":"{name}","reason":"{reason}"}}'.encode()

"""Bring what is told into this process's hub, and fill every hole from what is kept.

Redis tells each message once and keeps nobody's place: a message may be lost when the connection
breaks or the server cuts a reader that is too slow. So the channel is only how we hear of it soon;
the numbered messages are what counts. A hole between numbers is filled from the kept messages, and
where they do not reach back far enough the readers are told to begin anew. Every few seconds each
topic's number is compared with the server's, so that silence is no proof of quiet.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from truenav.platform.live.hub import Hub, Topic, after
from truenav.platform.live.topics import KEPT_MESSAGES, keys_of, topic_of

log = logging.getLogger("truenav.live")
LOOK_SECONDS = 5.0
AGAIN_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0)
# Of a crowd that comes back at once the last waits for all before it.
CONFIRM_SECONDS = 10.0


class LiveUnavailable(Exception):
    """The server that keeps the messages does not answer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a topic stands: its epoch and number, and its newest message; nothing told yet is 0."""

    epoch: str | None
    sequence: int
    last: bytes | None


class LiveReading:
    """What this process hears; `run` keeps it going until it is cancelled."""

    def __init__(self, redis: Redis, hub: Hub) -> None:
        self._redis = redis
        self._hub = hub
        self._pubsub: PubSub | None = None
        self._confirmed: dict[str, asyncio.Future[None]] = {}
        # one command at a time, or a late farewell would end what somebody just began
        self._commands = asyncio.Lock()
        self._is_up = asyncio.Event()
        self.woken = asyncio.Event()

    # --- for who subscribes -------------------------------------------------------------------

    async def listen(self, topics: Sequence[Topic]) -> None:
        """Hear of these topics from now on, and know how each stands.

        Raises:
            LiveUnavailable: the server does not answer.
        """
        try:
            await self._subscribe(topics)
            async with asyncio.timeout(CONFIRM_SECONDS):
                await asyncio.gather(*(self._confirmation(topic) for topic in topics))
            unknown = [topic for topic in topics if not topic.is_known]
            for topic, standing in zip(unknown, await self.standings(unknown), strict=True):
                # a message may have come in first: then it says how the topic stands
                if topic.epoch is None and not topic.is_known:
                    topic.epoch, topic.sequence = standing.epoch, standing.sequence
                    topic.last = standing.last
                topic.is_known = True
        except (RedisError, OSError, TimeoutError) as error:
            raise LiveUnavailable(str(error)) from error

    def _confirmation(self, topic: Topic) -> asyncio.Future[None]:
        # somebody else's waiting may be cancelled; the confirmation is everybody's
        return asyncio.shield(self._confirmed[keys_of(topic.name).channel])

    async def _subscribe(self, topics: Sequence[Topic]) -> None:
        loop = asyncio.get_running_loop()
        async with self._commands:
            channels = [keys_of(topic.name).channel for topic in topics]
            new = [channel for channel in channels if channel not in self._confirmed]
            self._confirmed |= {channel: loop.create_future() for channel in new}
            if new and self._pubsub is not None and self._is_up.is_set():
                await self._pubsub.subscribe(*new)
                return
        # `run` subscribes to everything as soon as it is connected
        async with asyncio.timeout(CONFIRM_SECONDS):
            await self._is_up.wait()

    async def forget(self, topics: Sequence[Topic]) -> None:
        """Hear of these no more, unless somebody began to listen again."""
        if not topics:
            return
        async with self._commands:
            names = [topic.name for topic in topics if topic.name not in self._hub.topics]
            channels = [keys_of(name).channel for name in names]
            for channel in channels:
                self._confirmed.pop(channel, None)
            if self._pubsub is None or not self._is_up.is_set() or not channels:
                return
            try:
                await self._pubsub.unsubscribe(*channels)
            except (RedisError, OSError) as error:
                log.info("still hearing of %d topics: %s", len(channels), error)

    async def missed(self, topic: Topic, epoch: str | None, sequence: int) -> list[bytes] | None:
        """The messages after a number up to the newest that is held; None when some are gone.

        Raises:
            LiveUnavailable: the server does not answer.
        """
        if epoch != topic.epoch or sequence > topic.sequence:
            return None
        if sequence == topic.sequence:
            return []
        try:
            kept = await self._kept(topic, sequence, f"{topic.sequence}-0")
        except (RedisError, OSError) as error:
            raise LiveUnavailable(str(error)) from error
        if not kept or kept[0][0] != sequence + 1 or epoch != epoch_of(kept[0][1]):
            return None
        return [after(number - 1, message) for number, message in kept]

    async def standings(self, topics: Sequence[Topic]) -> list[Standing]:
        """How these topics stand at the server."""
        if not topics:
            return []
        asked = self._redis.pipeline(transaction=False)
        for topic in topics:
            asked.hmget(keys_of(topic.name).state, ["epoch", "sequence", "last"])
        return [
            Standing(epoch.decode() if epoch else None, int(sequence or 0), last)
            for epoch, sequence, last in await asked.execute()
        ]

    async def _kept(self, topic: Topic, sequence: int, last: str = "+") -> list[tuple[int, bytes]]:
        found: Any = await self._redis.xrange(
            keys_of(topic.name).stream, f"{sequence + 1}-0", last, KEPT_MESSAGES
        )
        return [(int(key.split(b"-")[0]), fields[b"message"]) for key, fields in found]

    # --- the reading itself -------------------------------------------------------------------

    async def run(self) -> None:
        """Hear until cancelled; connects again after every failure, and fills what was missed."""
        failures = 0
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=False) as pubsub:
                    self._pubsub = pubsub
                    await self._begin(pubsub)
                    failures = 0
                    await self._hear(pubsub)
            except (RedisError, OSError) as error:
                log.warning("live messages are not heard: %s", error)
            finally:
                self._is_up.clear()
                self._pubsub = None
            await asyncio.sleep(AGAIN_SECONDS[min(failures, len(AGAIN_SECONDS) - 1)])
            failures += 1

    async def _begin(self, pubsub: PubSub) -> None:
        # a connection to read from, even before anybody listens to anything
        async with self._commands:
            await pubsub.subscribe("live:awake", *self._confirmed)
            self._is_up.set()
        await self._look(list(self._hub.topics.values()))

    async def _hear(self, pubsub: PubSub) -> None:
        loop = asyncio.get_running_loop()
        look_at = loop.time() + LOOK_SECONDS
        while True:
            told = await pubsub.get_message(timeout=max(look_at - loop.time(), 0.01))
            if told is not None:
                await self._take(told)
            if loop.time() >= look_at:
                await self._look(list(self._hub.topics.values()))
                look_at = loop.time() + LOOK_SECONDS

    async def _take(self, told: dict[str, Any]) -> None:
        channel = told["channel"].decode()
        if told["type"] == "subscribe":
            future = self._confirmed.get(channel)
            topic = self._hub.topics.get(topic_of(channel))
            if future is not None and not future.done():
                future.set_result(None)
            elif topic is not None:
                await self._look([topic])  # the connection was made anew on the way
            return
        topic = self._hub.topics.get(topic_of(channel))
        if told["type"] != "message" or topic is None:
            return
        message: bytes = told["data"]
        if not self._hub.accept(topic, epoch_of(message), sequence_of(message), message):
            await self._fill(topic)
        self.woken.set()

    async def _look(self, topics: Sequence[Topic]) -> None:
        """Compare every topic's number with the server's, and fill what was not heard."""
        known = [topic for topic in topics if topic.is_known]
        for topic, standing in zip(known, await self.standings(known), strict=True):
            is_behind = (standing.epoch, standing.sequence) != (topic.epoch, topic.sequence)
            if is_behind and standing.epoch is not None:
                await self._fill(topic)
        self.woken.set()

    async def _fill(self, topic: Topic) -> None:
        """Take the kept messages after the one that is held, or begin the topic anew."""
        standing = (await self.standings([topic]))[0]
        # nothing was told of it before: what is kept is all there was, if it begins at 1
        is_first = topic.epoch is None
        if standing.epoch is None or not (is_first or standing.epoch == topic.epoch):
            self._anew(topic, standing)
            return
        for number, message in await self._kept(topic, topic.sequence):
            is_next = not is_first or number == topic.sequence + 1
            if not (is_next and self._hub.accept(topic, epoch_of(message), number, message)):
                self._anew(topic, standing)
                return

    def _anew(self, topic: Topic, standing: Standing) -> None:
        if topic.epoch is None and standing.epoch is None:
            return
        log.info("topic %s begins anew at %d", topic.name, standing.sequence)
        self._hub.restart(topic, standing.epoch or "", standing.sequence, standing.last)


def sequence_of(message: bytes) -> int:
    """The number of a message as it is kept: its first field."""
    return int(message[len(b'{"sequence":') : message.index(b",")])


def epoch_of(message: bytes) -> str:
    """The epoch of a message as it is kept: its second field."""
    start = message.index(b'"epoch":"') + len(b'"epoch":"')
    return message[start : message.index(b'"', start)].decode()

"""What was newest of something, kept in Redis for every process; in this process when it is away.

An entry has a stamp, and one with a smaller stamp never replaces it: the comparison and the write
are one script, so it holds between processes. This process remembers what it wrote and read too,
and answers with the newer of both.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from truenav.platform.live.publishing import NUMBERED, LiveMessage

log = logging.getLogger("truenav.newest")
STAMP = "stamp"
MOST_REMEMBERED = 5000
# A server that does not answer is not waited for by every caller.
AWAY_SECONDS = 5.0
PUT = """
local held = redis.call('HGET', KEYS[1], 'stamp')
if held and tonumber(held) > tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'stamp', ARGV[1], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
# ... and who listens is told in the same step. ARGV begins with what the message is made of.
PUT_AND_TELL = (
    NUMBERED
    + """
local told = {unpack(ARGV, 1, 4)}
local stamp, keep = ARGV[5], ARGV[6]
local held = redis.call('HGET', KEYS[1], 'stamp')
if held and tonumber(held) > tonumber(stamp) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'stamp', stamp, unpack(ARGV, 7))
redis.call('EXPIRE', KEYS[1], keep)
tell(KEYS[2], KEYS[3], KEYS[4], told[1], told[2], told[3], told[4])
return 1
"""
)

Fields = Mapping[str, str]


class NewestCache:
    """Entries of text fields by key, each as new as any that was ever put there."""

    def __init__(self, redis: Redis | None, prefix: str, keep_seconds: int) -> None:
        self._redis = redis
        self._prefix = prefix
        self._keep = keep_seconds
        self._own: OrderedDict[str, tuple[int, Fields]] = OrderedDict()
        self._lock = threading.Lock()
        self._put = redis.register_script(PUT) if redis is not None else None
        self._tell = redis.register_script(PUT_AND_TELL) if redis is not None else None
        self._away_until = 0.0

    def put(self, key: str, stamp: int, fields: Fields, message: LiveMessage | None = None) -> bool:
        """Keep an entry unless a newer one is held; whether it is kept.

        Args:
            key: What it is of. With a message it holds the topic's hash tag, "{topic}".
            stamp: Its place in time; below 2**53, so that Redis compares it exactly.
            fields: Its parts, at least one, none named "stamp".
            message: What to tell, in the same step, when it is kept.
        """
        is_newest_here = self._remember(key, stamp, fields)
        if self._put is None or self._tell is None or time.monotonic() < self._away_until:
            return is_newest_here
        parts = [text for field in fields.items() for text in field]
        try:
            kept: list[str | int] = [stamp, self._keep, *parts]
            if message is None:
                return bool(self._put(keys=[self._prefix + key], args=kept))
            keys = [self._prefix + key, *message.keys]
            return bool(self._tell(keys=keys, args=[*message.arguments, *kept]))
        except RedisError as error:
            self._turn_away(error)
            return is_newest_here

    def get(self, keys: Sequence[str]) -> dict[str, Fields]:
        """The entries there are, by key."""
        for key, (stamp, fields) in self._shared(keys).items():
            self._remember(key, stamp, fields)
        with self._lock:
            return {key: self._own[key][1] for key in keys if key in self._own}

    def _shared(self, keys: Sequence[str]) -> dict[str, tuple[int, Fields]]:
        if self._redis is None or not keys or time.monotonic() < self._away_until:
            return {}
        try:
            asked = self._redis.pipeline(transaction=False)
            for key in keys:
                asked.hgetall(self._prefix + key)
            answers = asked.execute()
        except RedisError as error:
            self._turn_away(error)
            return {}
        found: dict[str, tuple[int, Fields]] = {}
        for key, answer in zip(keys, answers, strict=True):
            fields = {_text(name): _text(value) for name, value in answer.items()}
            stamp = fields.pop(STAMP, "")
            if stamp.isascii() and stamp.isdigit():
                found[key] = (int(stamp), fields)
        return found

    def _turn_away(self, error: RedisError) -> None:
        log.warning("kept in this process only: %s", error)
        self._away_until = time.monotonic() + AWAY_SECONDS

    def _remember(self, key: str, stamp: int, fields: Fields) -> bool:
        with self._lock:
            held = self._own.get(key)
            if held is not None and held[0] > stamp:
                return False
            self._own[key] = (stamp, dict(fields))
            self._own.move_to_end(key)
            while len(self._own) > MOST_REMEMBERED:
                self._own.popitem(last=False)
            return True


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

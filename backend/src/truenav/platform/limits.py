"""How often something may be tried: counted in this process, and across processes in Redis."""

import asyncio
import hashlib
import logging
from collections import OrderedDict, deque
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

from truenav.core.errors import ErrorKind, TruenavError
from truenav.platform.clock import Clock, new_id
from truenav.platform.queue import connect

log = logging.getLogger("truenav.limits")
MAX_KEYS = 10_000
# After a failure Redis is left alone for so long; the count of this process goes on.
PAUSE_SECONDS = 30.0
# One step, so that two processes cannot both take the last place.
TAKE = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return tostring(oldest[2] + ARGV[2] - ARGV[1])
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return ''
"""


class TooManyAttempts(TruenavError):
    """Try again later; `seconds` says when."""

    kind = ErrorKind.TOO_MANY
    code = "too_many_attempts"


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` attempts per key within any `seconds`."""

    name: str
    limit: int
    seconds: int


class AttemptLimits:
    """Sliding windows per rule and key. Without Redis each process counts for itself."""

    def __init__(self, clock: Clock, redis_url: str | None = None) -> None:
        self._clock = clock
        self._redis: Redis | None = connect(redis_url) if redis_url is not None else None
        self._attempts: OrderedDict[str, deque[float]] = OrderedDict()
        self._paused_until = 0.0

    async def count(self, rule: Rule, key: str) -> None:
        """Count one attempt.

        Raises:
            TooManyAttempts: the key has used its attempts up.
        """
        now = self._clock.now().timestamp()
        name = _name(rule, key)
        wait = self._count_here(rule, name, now)
        if wait is None and self._redis is not None and now >= self._paused_until:
            wait = await asyncio.to_thread(self._count_there, self._redis, rule, name, now)
        if wait is not None:
            raise TooManyAttempts("too many attempts; wait a little", seconds=str(int(wait) + 1))

    async def forget(self, rule: Rule, key: str) -> None:
        """A success clears the count."""
        name = _name(rule, key)
        self._attempts.pop(name, None)
        if self._redis is not None and self._clock.now().timestamp() >= self._paused_until:
            await asyncio.to_thread(self._forget_there, self._redis, name)

    def forget_all(self) -> None:
        """Start over in this process."""
        self._attempts.clear()
        self._paused_until = 0.0

    def close(self) -> None:
        """Let go of the connections."""
        if self._redis is not None:
            self._redis.close()

    def _count_here(self, rule: Rule, name: str, now: float) -> float | None:
        moments = self._attempts.setdefault(name, deque())
        self._attempts.move_to_end(name)
        while moments and now - moments[0] > rule.seconds:
            moments.popleft()
        if len(moments) >= rule.limit:
            return rule.seconds - (now - moments[0])
        moments.append(now)
        while len(self._attempts) > MAX_KEYS:
            self._attempts.popitem(last=False)
        return None

    def _count_there(self, redis: Redis, rule: Rule, name: str, now: float) -> float | None:
        try:
            found = redis.eval(TAKE, 1, name, now, rule.seconds, rule.limit, new_id().hex)
        except RedisError as error:
            self._pause(error, now)
            return None
        text = found.decode() if isinstance(found, bytes) else str(found)
        return float(text) if text else None

    def _forget_there(self, redis: Redis, name: str) -> None:
        try:
            redis.delete(name)
        except RedisError as error:
            self._pause(error, self._clock.now().timestamp())

    def _pause(self, error: RedisError, now: float) -> None:
        log.warning("attempts are counted per process: %s", error)
        self._paused_until = now + PAUSE_SECONDS


def _name(rule: Rule, key: str) -> str:
    """Hashed: keys hold addresses of people."""
    return f"limit:{rule.name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"

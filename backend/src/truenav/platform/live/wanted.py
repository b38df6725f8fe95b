"""Which topics somebody listens to, in any process: whoever can tell of them asks here.

A want is a lease: a gateway renews it while it has readers, and one that died wants nothing soon.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from redis import Redis as BlockingRedis
from redis.asyncio import Redis

KEY = "live:wanted"
WANT_SECONDS = 30
# The server's clock counts: processes on several machines need not agree on the time.
WANT = """
local now = redis.call('TIME')
local ends = tonumber(now[1]) + tonumber(ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], ends, ARGV[i]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now[1])
return 1
"""
# Of a script's arguments; Lua unpacks no more than some thousands.
AT_ONCE = 1000


async def want(redis: Redis, topics: Iterable[str]) -> None:
    """Say that somebody listens to these, for the next while."""
    script = redis.register_script(WANT)
    for arguments in _arguments(topics):
        await script(keys=[KEY], args=arguments)


def want_blocking(redis: BlockingRedis, topics: Iterable[str]) -> None:
    """The same of who runs no loop."""
    script = redis.register_script(WANT)
    for arguments in _arguments(topics):
        script(keys=[KEY], args=arguments)


def _arguments(topics: Iterable[str]) -> Iterator[list[str | int]]:
    names = list(topics)
    for start in range(0, len(names), AT_ONCE):
        yield [WANT_SECONDS, *names[start : start + AT_ONCE]]


def wanted(redis: BlockingRedis) -> set[str]:
    """What somebody listens to now."""
    # redis types the answers of both kinds of client as one
    seconds: Any = redis.time()
    found: Any = redis.zrangebyscore(KEY, seconds[0], "+inf")
    return {name.decode() for name in found}

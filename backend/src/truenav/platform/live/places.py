"""How many connections a person may hold at once, over all processes.

A place is a lease: whoever holds it renews it, and a process that died gives its places back by
saying nothing. Counting and taking are one script, so racing tabs cannot take a sixth place.
"""

import logging
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger("truenav.live")
PLACES = 5
LEASE_SECONDS = 75
# The server's clock counts: processes on several machines need not agree on the time.
TAKE = """
local now = redis.call('TIME')
now = tonumber(now[1]) + tonumber(now[2]) / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1])
   and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""


class Places:
    """Places by person. Where the server does not answer nobody is turned away for it."""

    def __init__(self, redis: Redis, places: int = PLACES, lease: int = LEASE_SECONDS) -> None:
        self._redis = redis
        self._take = redis.register_script(TAKE)
        self._places = places
        self._lease = lease

    async def take(self, user_id: UUID, connection_id: str) -> bool:
        """Take a place, or hold on to the one that was taken; False when all are taken."""
        try:
            taken = await self._take(
                keys=[_key(user_id)], args=[connection_id, self._places, self._lease]
            )
        except RedisError as error:
            log.warning("places are not counted: %s", error)
            return True
        return bool(taken)

    async def give_back(self, user_id: UUID, connection_id: str) -> None:
        """Let somebody else have it."""
        try:
            await self._redis.zrem(_key(user_id), connection_id)
        except RedisError as error:
            log.info("a place ends with its lease: %s", error)


def _key(user_id: UUID) -> str:
    return f"live:places:{user_id}"

"""Who may do something now while others wait for it: one at a time, over all processes.

A turn ends by itself after its lease, so that a process that died holds nobody up. Who could not do
it leaves word why, for a while, so that those who waited need not try too. Without a Redis all this
holds within this process.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger("truenav.turns")
GIVE_BACK = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Turns:
    """Turns by name, and the word that was left."""

    def __init__(
        self,
        redis: Redis | None,
        prefix: str,
        lease_seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._prefix = prefix
        self._lease = lease_seconds
        self._now = now
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[str, float]] = {}
        self._words: dict[str, tuple[str, float]] = {}
        self._give_back = redis.register_script(GIVE_BACK) if redis is not None else None

    def take(self, name: str) -> str | None:
        """A token when the turn is ours, None while it is somebody else's."""
        token = secrets.token_hex(8)
        if not self._take_here(name, token):
            return None
        if self._redis is None:
            return token
        try:
            is_ours = self._redis.set(
                f"{self._prefix}turn:{name}", token, nx=True, px=int(self._lease * 1000)
            )
        except RedisError as error:
            log.warning("turns are of this process only: %s", error)
            return token
        if not is_ours:
            self._return_here(name, token)
            return None
        return token

    def give_back(self, name: str, token: str) -> None:
        """End a turn; one whose lease ended and that somebody else has by now stays theirs."""
        self._return_here(name, token)
        if self._give_back is None:
            return
        try:
            self._give_back(keys=[f"{self._prefix}turn:{name}"], args=[token])
        except RedisError as error:
            log.warning("a turn ends with its lease: %s", error)

    def leave_word(self, name: str, word: str, seconds: float) -> None:
        """Say why it could not be done; nobody need try again for so long."""
        with self._lock:
            self._words = {k: v for k, v in self._words.items() if v[1] > self._now()}
            self._words[name] = (word, self._now() + seconds)
        if self._redis is None:
            return
        try:
            self._redis.set(f"{self._prefix}word:{name}", word, px=int(seconds * 1000))
        except RedisError as error:
            log.warning("a word is of this process only: %s", error)

    def word(self, name: str) -> str | None:
        """Why it could not be done lately; None when nobody tried in vain."""
        with self._lock:
            held = self._words.get(name)
        if held is not None and held[1] > self._now():
            return held[0]
        if self._redis is None:
            return None
        try:
            found = self._redis.get(f"{self._prefix}word:{name}")
        except RedisError:
            return None
        return found.decode() if isinstance(found, bytes) else None

    def _take_here(self, name: str, token: str) -> bool:
        with self._lock:
            held = self._taken.get(name)
            if held is not None and held[1] > self._now():
                return False
            self._taken[name] = (token, self._now() + self._lease)
            return True

    def _return_here(self, name: str, token: str) -> None:
        with self._lock:
            if name in self._taken and self._taken[name][0] == token:
                del self._taken[name]

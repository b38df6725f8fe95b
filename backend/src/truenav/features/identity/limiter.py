"""Slows guessing down: attempts per key in a sliding window, in this process."""

import time
from collections import OrderedDict, deque

from truenav.core.errors import ErrorKind, TruenavError

MAX_KEYS = 10_000


class TooManyAttempts(TruenavError):
    """Try again later."""

    kind = ErrorKind.TOO_MANY
    code = "too_many_attempts"


class AttemptLimiter:
    """At most `limit` attempts per key within `seconds`; the oldest keys are forgotten first."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._attempts: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, key: str) -> None:
        """Count one attempt.

        Raises:
            TooManyAttempts: the key has used its attempts up.
        """
        now = time.monotonic()
        moments = self._attempts.setdefault(key, deque())
        self._attempts.move_to_end(key)
        while moments and now - moments[0] > self._seconds:
            moments.popleft()
        if len(moments) >= self._limit:
            wait = int(self._seconds - (now - moments[0])) + 1
            raise TooManyAttempts("too many attempts; wait a little", seconds=str(wait))
        moments.append(now)
        while len(self._attempts) > MAX_KEYS:
            self._attempts.popitem(last=False)

    def forget(self, key: str) -> None:
        """A success clears the count."""
        self._attempts.pop(key, None)

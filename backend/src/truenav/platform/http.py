"""Outbound HTTP: one deadline per request, retries with jitter inside it, a breaker around it."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from truenav.core.errors import ErrorKind, TruenavError

log = logging.getLogger("truenav.http")
RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0)
FAILURES_TO_OPEN = 3
OPEN_SECONDS = 60.0
RETRIED = frozenset({408, 429, 500, 502, 503, 504})
MAX_BYTES = 32 * 1024 * 1024


class ProviderUnavailable(TruenavError):
    """The provider does not answer, or answers with an error that may pass."""

    kind = ErrorKind.UNAVAILABLE
    code = "provider_unavailable"


class ProviderRefused(TruenavError):
    """The provider knows no such thing, or will not tell us."""

    kind = ErrorKind.NOT_FOUND
    code = "provider_refused"


@dataclass
class Breaker:
    """Three failures open it for a minute; then one attempt decides."""

    name: str
    failures: int = 0
    open_until: float = field(default=0.0)

    def check(self) -> None:
        """Let an attempt pass.

        Raises:
            ProviderUnavailable: it is open.
        """
        if time.monotonic() < self.open_until:
            raise ProviderUnavailable(f"{self.name} failed repeatedly; paused for a minute")

    def record(self, *, succeeded: bool) -> None:
        """Count an attempt."""
        if succeeded:
            self.failures = 0
            return
        self.failures += 1
        if self.failures >= FAILURES_TO_OPEN:
            self.open_until = time.monotonic() + OPEN_SECONDS


class Fetcher:
    """GETs from one provider."""

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        deadline_seconds: float = 20.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.breaker = Breaker(name)
        self._deadline = deadline_seconds
        self._sleep = sleep
        self._client = httpx.Client(
            base_url=base_url,
            follow_redirects=False,
            headers={"User-Agent": "truenav (personal portfolio tracker)"},
            transport=transport,
        )

    def get(self, path: str, params: dict[str, str] | None = None) -> bytes:
        """The body of a successful answer.

        Raises:
            ProviderUnavailable: no success within the deadline, or the breaker is open.
            ProviderRefused: an answer that trying again will not change.
        """
        self.breaker.check()
        ends = time.monotonic() + self._deadline
        for attempt in range(len(RETRY_SECONDS) + 1):
            try:
                answer = self._client.get(
                    path, params=params, timeout=max(ends - time.monotonic(), 0.1)
                )
            except httpx.HTTPError as error:
                problem = f"{type(error).__name__}"
            else:
                if answer.status_code not in RETRIED:
                    return self._accepted(answer)
                problem = f"status {answer.status_code}"
            self.breaker.record(succeeded=False)
            wait = RETRY_SECONDS[min(attempt, 3)] * (0.5 + random.random())  # noqa: S311  # jitter
            if attempt == len(RETRY_SECONDS) or time.monotonic() + wait >= ends:
                break
            self.breaker.check()
            self._sleep(wait)
        raise ProviderUnavailable(f"{self.breaker.name} does not answer ({problem})")

    def _accepted(self, answer: httpx.Response) -> bytes:
        self.breaker.record(succeeded=True)
        if answer.status_code != httpx.codes.OK:
            raise ProviderRefused(f"{self.breaker.name} answered {answer.status_code}")
        if len(answer.content) > MAX_BYTES:
            raise ProviderRefused(f"{self.breaker.name} sent too much")
        return answer.content

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

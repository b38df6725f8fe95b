"""Outbound HTTP: one deadline per request, retries with jitter inside it, a gate before it.

Answers are typed by what can be done about them: not found, limited until, forbidden by the plan,
not what was documented, or not there. No address is logged: keys stand in query strings.
"""

import hashlib
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from truenav.core.errors import ErrorKind, TruenavError
from truenav.platform.gates import Allowance, Gate, MemoryGate

log = logging.getLogger("truenav.http")
RETRY_SECONDS = (1.0, 2.0, 4.0, 8.0)
RETRIED = frozenset({408, 500, 502, 503, 504})
MAX_BYTES = 32 * 1024 * 1024
DEADLINE_SECONDS = 20.0
T = TypeVar("T")
# Without a word from the provider, one of its limits is taken to end after this long.
USUAL_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 86_400.0
# httpx tells every address at INFO, with whatever key stands in it
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class ProviderUnavailable(TruenavError):
    """The provider does not answer, or answers with an error that may pass."""

    kind = ErrorKind.UNAVAILABLE
    code = "provider_unavailable"


class NotNow(ProviderUnavailable):
    """It must not be asked; `until` (seconds since the epoch) says when to ask again."""

    code = "not_now"

    def __init__(self, message: str, until: float) -> None:
        super().__init__(message)
        self.until = until


class RateLimited(NotNow):
    """Asked too often or too much."""

    code = "rate_limited"


class QuotaExhausted(RateLimited):
    """The allowance of a day, an hour or a minute is spent."""

    code = "quota_exhausted"


class CircuitOpen(NotNow):
    """It failed repeatedly and is left alone for a minute."""

    code = "circuit_open"


class ProviderRefused(TruenavError):
    """An answer that asking again will not change."""

    kind = ErrorKind.NOT_FOUND
    code = "provider_refused"


class NotKnown(ProviderRefused):
    """The provider knows no such thing."""

    code = "not_known"


class PlanForbids(ProviderRefused):
    """The key's plan does not include it, or the key is not accepted."""

    code = "plan_forbids"


class BadPayload(ProviderRefused):
    """An answer that is not what the provider documents; nothing of it is kept."""

    code = "bad_payload"


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer, whatever its status."""

    status: int
    content: bytes
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class _Question:
    """One request, before it is sent."""

    method: str
    path: str
    params: Mapping[str, str]
    json: Any


class Fetcher:
    """Asks one provider. Callers that ask the same at once share one answer."""

    def __init__(  # noqa: PLR0913  # all but two are named and may be left out
        self,
        name: str,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        allowances: Sequence[Allowance] = (),
        gate: Gate | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self.allowances = tuple(allowances)
        self.gate: Gate = gate if gate is not None else MemoryGate()
        self._deadline = deadline_seconds
        self._sleep, self._now = sleep, now
        self._shared = _Shared()
        self._client = httpx.Client(
            base_url=base_url,
            follow_redirects=False,
            headers={"User-Agent": "truenav (personal portfolio tracker)", **(headers or {})},
            transport=transport,
        )

    def get(self, path: str, params: Mapping[str, str] | None = None) -> bytes:
        """The body of a successful answer.

        Raises:
            ProviderUnavailable: no success within the deadline, or it must not be asked now.
            ProviderRefused: an answer that trying again will not change.
        """
        return self.read("GET", path, params, self.accepted)

    def read(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        reader: Callable[[Answered], T],
        *,
        json: Any = None,
    ) -> T:
        """What a reader makes of the answer; what it raises is how the call went.

        Raises:
            ProviderUnavailable: no answer within the deadline, or it must not be asked now.
            ProviderRefused: what the reader says.
        """
        asked = (method, path, sorted((params or {}).items()), json, reader.__qualname__)
        key = hashlib.sha256(repr(asked).encode()).hexdigest()
        found: T = self._shared.once(
            key,
            lambda: self._within_deadline(_Question(method, path, params or {}, json), reader),
        )
        return found

    def _within_deadline(self, question: _Question, reader: Callable[[Answered], T]) -> T:
        ends = self._now() + self._deadline
        failed: tuple[str, float] | None = None  # the attempt before: what, and how long it took
        for attempt in range(len(RETRY_SECONDS) + 1):
            self._enter_again(failed)
            failed = None
            began = self._now()
            wait = RETRY_SECONDS[min(attempt, 3)] * (0.5 + random.random())  # noqa: S311  # jitter
            is_last = attempt == len(RETRY_SECONDS)
            try:
                found = self._once(question, max(ends - began, 0.1))
            except httpx.HTTPError as error:
                failed = (type(error).__name__, self._now() - began)
            except BadPayload as error:
                self._leave(error.code, began, is_failure=True)
                raise
            else:
                if found.status == httpx.codes.TOO_MANY_REQUESTS:
                    wait = found.retry_after if found.retry_after is not None else wait
                    if is_last or began + wait >= ends:
                        raise self.limited(found.retry_after, since=began)
                    self._leave("rate_limited", began)
                    self._sleep(wait)
                    continue
                if found.status not in RETRIED:
                    return self._read(found, reader, began)
                failed = (f"status {found.status}", self._now() - began)
            if is_last or self._now() + wait >= ends:
                raise self._given_up(failed)
            self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _enter_again(self, failed: tuple[str, float] | None) -> None:
        """Take another call; attempts of one request count as one failure, when it is given up.

        A probe is not repeated: the gate lets nobody in until it has reported back.
        """
        try:
            self._enter()
        except ProviderUnavailable as refusal:
            if failed is None:
                raise
            raise self._given_up(failed) from refusal
        if failed is not None:
            self._tell(*failed)

    def _given_up(self, failed: tuple[str, float]) -> ProviderUnavailable:
        problem, seconds = failed
        self._tell(problem, seconds, is_failure=True)
        return ProviderUnavailable(f"{self.name} does not answer ({problem})")

    def _read(self, found: Answered, reader: Callable[[Answered], T], began: float) -> T:
        try:
            made = reader(found)
        except RateLimited:
            raise  # said so already, by whoever made it
        except TruenavError as error:
            self._leave(error.code, began, is_failure=isinstance(error, BadPayload))
            raise
        self._leave("ok", began)
        return made

    def _enter(self) -> None:
        refusal = self.gate.enter(self.name, self.allowances, self._now())
        if refusal is None:
            return
        if refusal.reason == "circuit_open":
            raise CircuitOpen(f"{self.name} failed repeatedly; paused for a minute", refusal.until)
        kind = QuotaExhausted if refusal.reason == "quota_exhausted" else RateLimited
        raise kind(f"{self.name} may not be asked now ({refusal.reason})", refusal.until)

    def _leave(self, outcome: str, began: float, *, is_failure: bool = False) -> None:
        self._tell(outcome, self._now() - began, is_failure=is_failure)

    def _tell(self, outcome: str, seconds: float, *, is_failure: bool = False) -> None:
        self.gate.leave(self.name, outcome, self._now(), max(seconds, 0.0), is_failure=is_failure)

    def _once(self, question: _Question, seconds: float) -> Answered:
        ends = self._now() + seconds
        with self._client.stream(
            question.method,
            question.path,
            params=dict(question.params),
            json=question.json,
            timeout=seconds,
        ) as answer:
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > MAX_BYTES:
                    raise BadPayload(f"{self.name} sent too much")
                if self._now() > ends:
                    # each byte came in time, the whole does not
                    raise httpx.ReadTimeout("the answer drips")
            return Answered(answer.status_code, bytes(body), self._retry_after(answer.headers))

    def _retry_after(self, headers: Mapping[str, str]) -> float | None:
        """Seconds until the provider wants to be asked again: a number, or a date."""
        text = headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            return max(parsedate_to_datetime(text).timestamp() - self._now(), 0.0)
        except (ValueError, TypeError):
            return None

    def limited(
        self, retry_after: float | None, *, since: float | None = None, is_quota: bool = False
    ) -> RateLimited:
        """The provider says it was asked too often: it is left alone, and this is to be raised."""
        wait = min(retry_after or USUAL_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        until = self._now() + wait
        self._leave("rate_limited", since if since is not None else self._now())
        self.gate.pause(self.name, until)
        kind = QuotaExhausted if is_quota else RateLimited
        return kind(f"{self.name} wants to be asked less often", until)

    def accepted(self, found: Answered) -> bytes:
        """The body of a success.

        Raises:
            ProviderRefused: of any other answer: not known, forbidden, or something else.
        """
        if found.status == httpx.codes.OK:
            return found.content
        if found.status == httpx.codes.NOT_FOUND:
            raise NotKnown(f"{self.name} knows no such thing")
        if found.status in {401, 402, 403}:
            raise PlanForbids(f"{self.name} does not allow it ({found.status})")
        raise ProviderRefused(f"{self.name} answered {found.status}")

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class _Shared:
    """One call for all who ask the same while it is under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, Future[Any]] = {}

    def once(self, key: str, ask: Callable[[], Any]) -> Any:
        with self._lock:
            waiting = self._under_way.get(key)
            if waiting is None:
                mine: Future[Any] = Future()
                self._under_way[key] = mine
        if waiting is not None:
            return waiting.result()
        try:
            found = ask()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(found)
            return found
        finally:
            with self._lock:
                self._under_way.pop(key, None)

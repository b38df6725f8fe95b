"""Whether a provider may be asked now: a breaker and a quota, shared by every process.

State lives in Redis and changes in one script, so two processes never both probe a provider that
has failed, nor spend one call of its allowance twice. Without a Redis each process keeps its own:
it may then ask a little more than allowed, and the product goes on.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger("truenav.gates")
FAILURES_TO_OPEN = 3
OPEN_SECONDS = 60.0
PROBE_SECONDS = 30.0  # a probe that never reports back does not close the door for ever
RECENT = 200  # latencies and outcomes kept for the scorecard


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many calls in each window of so many seconds, counted from the epoch (UTC)."""

    calls: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a provider must not be asked, and when to ask again (seconds since the epoch)."""

    reason: str  # circuit_open, quota_exhausted, rate_limited
    until: float


@dataclass(frozen=True, slots=True)
class GateState:
    """What is known of a provider: for people to look at."""

    failures: int
    open_until: float | None
    paused_until: float | None
    used: Sequence[tuple[Allowance, int]]
    outcomes: Mapping[str, int]
    latencies: Sequence[float]
    last_error: str | None
    last_success_at: float | None


class Gate(Protocol):
    """Asked before a call, told after it. Times are seconds since the epoch."""

    def enter(self, name: str, allowances: Sequence[Allowance], now: float) -> Refusal | None:
        """Take one call out of the allowance, or say why not."""
        ...

    def leave(
        self, name: str, outcome: str, now: float, seconds: float, *, is_failure: bool
    ) -> None:
        """Say how it went: three failures with no "ok" between open the breaker for a minute.

        What is neither (a refusal) says nothing of its health: a probe may be sent again.
        """
        ...

    def pause(self, name: str, until: float) -> None:
        """The provider itself said when to come back."""
        ...

    def reset(self, name: str) -> None:
        """Forget failures and pauses: somebody says that it is well again."""
        ...

    def state(self, name: str, allowances: Sequence[Allowance], now: float) -> GateState:
        """What is known of it."""
        ...


@dataclass
class _Known:
    failures: int = 0
    open_until: float = 0.0
    is_probing: bool = False
    paused_until: float = 0.0
    used: dict[tuple[int, int], int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    last_error: str | None = None
    last_success_at: float | None = None


class MemoryGate:
    """Of this process alone."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def _of(self, name: str) -> _Known:
        return self._known.setdefault(name, _Known())

    def enter(self, name: str, allowances: Sequence[Allowance], now: float) -> Refusal | None:
        """Take one call out of the allowance, or say why not."""
        with self._lock:
            known = self._of(name)
            if known.paused_until > now:
                return Refusal("rate_limited", known.paused_until)
            is_broken = known.failures >= FAILURES_TO_OPEN
            if is_broken and known.open_until > now:
                return Refusal("circuit_open", known.open_until)
            spent = [(one, (one.seconds, int(now // one.seconds))) for one in allowances]
            for one, window in spent:
                if known.used.get(window, 0) >= one.calls:
                    return Refusal("quota_exhausted", float((window[1] + 1) * one.seconds))
            current = {window for _, window in spent}
            known.used = {key: n for key, n in known.used.items() if key in current}
            for _, window in spent:
                known.used[window] = known.used.get(window, 0) + 1
            if is_broken:  # this call decides; others wait for it
                known.is_probing, known.open_until = True, now + PROBE_SECONDS
            return None

    def leave(
        self, name: str, outcome: str, now: float, seconds: float, *, is_failure: bool
    ) -> None:
        """Say how it went."""
        with self._lock:
            known = self._of(name)
            known.outcomes[outcome] = known.outcomes.get(outcome, 0) + 1
            known.latencies = [*known.latencies[-RECENT + 1 :], seconds]
            was_probing, known.is_probing = known.is_probing, False
            if outcome == "ok":
                known.failures, known.open_until, known.last_success_at = 0, 0.0, now
                return
            known.last_error = outcome
            if not is_failure:
                known.open_until = 0.0 if was_probing else known.open_until
                return
            known.failures += 1
            if known.failures >= FAILURES_TO_OPEN:
                known.open_until = now + OPEN_SECONDS

    def pause(self, name: str, until: float) -> None:
        """The provider itself said when to come back."""
        with self._lock:
            known = self._of(name)
            known.paused_until = max(known.paused_until, until)

    def reset(self, name: str) -> None:
        """Forget failures and pauses."""
        with self._lock:
            known = self._of(name)
            known.failures, known.open_until, known.paused_until = 0, 0.0, 0.0
            known.is_probing = False

    def state(self, name: str, allowances: Sequence[Allowance], now: float) -> GateState:
        """What is known of it."""
        with self._lock:
            known = self._of(name)
            return GateState(
                failures=known.failures,
                open_until=known.open_until if known.open_until > now else None,
                paused_until=known.paused_until if known.paused_until > now else None,
                used=[
                    (one, known.used.get((one.seconds, int(now // one.seconds)), 0))
                    for one in allowances
                ],
                outcomes=dict(known.outcomes),
                latencies=list(known.latencies),
                last_error=known.last_error,
                last_success_at=known.last_success_at,
            )


ENTER = """
local now = tonumber(ARGV[1])
local paused = tonumber(redis.call('HGET', KEYS[1], 'paused_until') or '0')
if paused > now then return {'rate_limited', string.format('%.6f', paused)} end
local failures = tonumber(redis.call('HGET', KEYS[1], 'failures') or '0')
local broken = failures >= tonumber(ARGV[2])
local open = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
if broken and open > now then return {'circuit_open', string.format('%.6f', open)} end
for place = 2, #KEYS do
  local calls = tonumber(ARGV[2 + 2 * (place - 1)])
  if tonumber(redis.call('GET', KEYS[place]) or '0') >= calls then
    local seconds = tonumber(ARGV[3 + 2 * (place - 1)])
    return {'quota_exhausted', string.format('%.6f', (math.floor(now / seconds) + 1) * seconds)}
  end
end
for place = 2, #KEYS do
  redis.call('INCR', KEYS[place])
  redis.call('EXPIRE', KEYS[place], tonumber(ARGV[3 + 2 * (place - 1)]) + 60)
end
if broken then
  local probe = string.format('%.6f', now + tonumber(ARGV[3]))
  redis.call('HSET', KEYS[1], 'open_until', probe, 'probing', '1')
end
return {'', ''}
"""
LEAVE = """
redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
redis.call('EXPIRE', KEYS[2], 86400)
redis.call('LPUSH', KEYS[3], ARGV[3])
redis.call('LTRIM', KEYS[3], 0, tonumber(ARGV[7]) - 1)
redis.call('EXPIRE', KEYS[3], 86400)
local was_probing = redis.call('HDEL', KEYS[1], 'probing') == 1
if ARGV[1] == 'ok' then
  redis.call('HDEL', KEYS[1], 'failures', 'open_until')
  redis.call('HSET', KEYS[1], 'last_success_at', ARGV[2])
  return 0
end
redis.call('HSET', KEYS[1], 'last_error', ARGV[1])
if ARGV[4] == '0' then
  if was_probing then redis.call('HDEL', KEYS[1], 'open_until') end
  return 0
end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
if failures >= tonumber(ARGV[5]) then
  local open = string.format('%.6f', tonumber(ARGV[2]) + tonumber(ARGV[6]))
  redis.call('HSET', KEYS[1], 'open_until', open)
end
return failures
"""
PAUSE = """
local paused = tonumber(redis.call('HGET', KEYS[1], 'paused_until') or '0')
if tonumber(ARGV[1]) > paused then redis.call('HSET', KEYS[1], 'paused_until', ARGV[1]) end
return 0
"""


class SharedGate:
    """Of every process on one Redis; of this process alone while it is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._own = MemoryGate()
        self._enter = redis.register_script(ENTER)
        self._leave = redis.register_script(LEAVE)
        self._pause = redis.register_script(PAUSE)

    def enter(self, name: str, allowances: Sequence[Allowance], now: float) -> Refusal | None:
        """Take one call out of the allowance, or say why not."""
        keys = [_key(name), *(_window(name, one, now) for one in allowances)]
        given: list[str | int | float] = [now, FAILURES_TO_OPEN, PROBE_SECONDS]
        for one in allowances:
            given += [one.calls, one.seconds]
        try:
            reason, until = (_text(part) for part in self._enter(keys=keys, args=given))
        except RedisError as error:
            log.warning("gate of %s kept in this process: %s", name, error)
            return self._own.enter(name, allowances, now)
        return Refusal(reason, float(until)) if reason else None

    def leave(
        self, name: str, outcome: str, now: float, seconds: float, *, is_failure: bool
    ) -> None:
        """Say how it went."""
        given: list[str | int | float] = [
            outcome, now, f"{seconds:.6f}", int(is_failure), FAILURES_TO_OPEN, OPEN_SECONDS, RECENT,
        ]  # fmt: skip
        try:
            self._leave(keys=[_key(name), f"{_key(name)}:outcomes", f"{_key(name)}:seconds"],
                        args=given)  # fmt: skip
        except RedisError as error:
            log.warning("gate of %s kept in this process: %s", name, error)
            self._own.leave(name, outcome, now, seconds, is_failure=is_failure)

    def pause(self, name: str, until: float) -> None:
        """The provider itself said when to come back."""
        try:
            self._pause(keys=[_key(name)], args=[until])
        except RedisError as error:
            log.warning("gate of %s kept in this process: %s", name, error)
            self._own.pause(name, until)

    def reset(self, name: str) -> None:
        """Forget failures and pauses."""
        self._own.reset(name)
        try:
            self._redis.hdel(_key(name), "failures", "open_until", "probing", "paused_until")
        except RedisError as error:
            log.warning("gate of %s reset in this process only: %s", name, error)

    def state(self, name: str, allowances: Sequence[Allowance], now: float) -> GateState:
        """What is known of it; of this process alone while Redis is away."""
        try:
            known = {_text(k): _text(v) for k, v in self._redis.hgetall(_key(name)).items()}
            used = [
                (one, int(_text(self._redis.get(_window(name, one, now)) or b"0")))
                for one in allowances
            ]
            outcomes = self._redis.hgetall(f"{_key(name)}:outcomes")
            seconds = self._redis.lrange(f"{_key(name)}:seconds", 0, RECENT - 1)
        except RedisError:
            return self._own.state(name, allowances, now)
        return GateState(
            failures=int(known.get("failures", "0")),
            open_until=_later(known.get("open_until"), now),
            paused_until=_later(known.get("paused_until"), now),
            used=used,
            outcomes={_text(k): int(_text(v)) for k, v in outcomes.items()},
            latencies=[float(_text(one)) for one in seconds],
            last_error=known.get("last_error"),
            last_success_at=float(known["last_success_at"]) if "last_success_at" in known else None,
        )


def _key(name: str) -> str:
    return f"provider:{name}"


def _window(name: str, allowance: Allowance, now: float) -> str:
    return f"provider:{name}:calls:{allowance.seconds}:{int(now // allowance.seconds)}"


def _later(text: str | None, now: float) -> float | None:
    return float(text) if text is not None and float(text) > now else None


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

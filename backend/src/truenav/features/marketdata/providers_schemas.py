"""Bodies of the providers' health."""

from datetime import date
from typing import Literal

from truenav.platform.wire import Body, Instant

NotAsked = Literal["offline", "terms", "not_named", "no_key", "no_folder"]


class ProviderLimitOut(Body):
    """At most so many calls in each window of so many seconds, and how many are spent."""

    calls: int
    seconds: int
    used: int
    resets_at: Instant


class ProviderOut(Body):
    """A provider: why it is not asked, how it answered lately, and when it may be asked again.

    `state` is of its breaker: closed when all is well, open after three failures, paused when it
    asked to be left alone until `until`. `newest_day` is of the newest close or rate it told within
    60 days, `newest_quote_at` of its newest quote; null when there is none. `correction_count` is
    how often it restated closes or events in 30 days, `held_count` how many of its closes wait for
    somebody to decide.
    """

    source: str
    name: str
    # None when it is asked
    not_asked: NotAsked | None
    needs_key: bool
    has_key: bool
    terms: str
    attribution: str | None
    state: Literal["closed", "open", "paused"]
    until: Instant | None
    failure_count: int
    call_count: int
    success_count: int
    latency_p95_ms: int | None
    last_error: str | None
    last_success_at: Instant | None
    newest_day: date | None
    newest_quote_at: Instant | None
    correction_count: int
    held_count: int
    limits: list[ProviderLimitOut]


class ProvidersOut(Body):
    """In the order they are asked; `is_shared` is false while there is no Redis to see them in."""

    items: list[ProviderOut]
    is_shared: bool

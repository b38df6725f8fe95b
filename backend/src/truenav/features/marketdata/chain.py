"""Providers asked one after another, in a declared order, until one of them answers.

Why each before it did not is told with the answer, so nobody has to guess where a price is from.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Generic, TypeVar, cast

from truenav.core.errors import TruenavError
from truenav.features.marketdata.providers.quotes import (
    Capability,
    Found,
    History,
    HistoryProvider,
    Provider,
    Quote,
    QuoteProvider,
    SearchProvider,
    Wanted,
)
from truenav.platform.http import BadPayload, NotNow, ProviderUnavailable

T = TypeVar("T")
# What is done with an answer: (source, what it told).
Take = Callable[[str, History], object]
R = TypeVar("R")
ANSWERED, NOT_COVERED, EMPTY, TIME_IS_UP = "ok", "not_covered", "empty", "deadline"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One provider that was asked, or was not worth asking, and how it went."""

    source: str
    outcome: str
    detail: str
    seconds: float
    # when it may be asked again (seconds since the epoch), where it must not be asked now
    until: float | None = None
    # asking it the same again would change nothing
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What the first provider that answered said, and what was tried on the way."""

    value: T
    source: str
    attempts: Sequence[Attempt]


class NobodyAnswered(ProviderUnavailable):
    """Every provider of the chain was tried; `attempts` says why none of them could tell."""

    code = "nobody_answered"

    def __init__(self, message: str, attempts: Sequence[Attempt]) -> None:
        super().__init__(message)
        self.attempts = attempts

    @property
    def until(self) -> float | None:
        """When to ask again, where that is all that is missing; None where somebody failed."""
        waiting = [attempt for attempt in self.attempts if not attempt.is_final]
        instants = [attempt.until for attempt in waiting if attempt.until is not None]
        return min(instants) if waiting and len(instants) == len(waiting) else None

    @property
    def may_answer_later(self) -> bool:
        """Whether somebody could not be asked, or could not answer: not that he knows nothing."""
        return not all(attempt.is_final for attempt in self.attempts)


class DataProviderChain:
    """The order in which providers are asked."""

    def __init__(
        self,
        providers: Sequence[HistoryProvider],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = providers
        self._now = now

    @property
    def sources(self) -> list[str]:
        """Who would be asked, in order."""
        return [provider.descriptor.source for provider in self._providers]

    def asked(self, before: Sequence[str] = ()) -> list[HistoryProvider]:
        """Who is asked, in order: those put before the others, then as declared."""
        places = {source: place for place, source in enumerate(before)}
        return sorted(
            self._providers, key=lambda one: places.get(one.descriptor.source, len(places))
        )

    def history(
        self,
        wanted: Wanted,
        first: date,
        last: date,
        take: Take | None = None,
        before: Sequence[str] = (),
    ) -> Told[History]:
        """Bars and events between two days, of the first provider that has any.

        Args:
            wanted: The instrument, as providers know it.
            first: The earliest day.
            last: The latest.
            take: Given each answer with its source; what it raises is why the next is asked.
            before: Sources that are asked before the others.

        Raises:
            NobodyAnswered: none has.
        """
        attempts: list[Attempt] = []
        for provider in self.asked(before):
            is_able = Capability.HISTORY in provider.descriptor.capabilities
            found = self._attempt(
                attempts,
                provider,
                partial(_history, provider, (wanted, first, last), take),
                _has_bars,
                is_able=is_able and provider.covers(wanted),
            )
            if found is not None:
                return Told(found, provider.descriptor.source, attempts)
        raise _nobody("history", wanted, attempts)

    def quote(
        self,
        wanted: Wanted,
        check: Callable[[Quote], None],
        ends: float = math.inf,
        before: Sequence[str] = (),
    ) -> Told[Quote]:
        """The last trade, of the first provider that tells one that may be believed.

        Args:
            wanted: The instrument.
            check: Raises what is wrong with a quote; the next provider is asked then.
            ends: When nobody more is to be asked, by the clock of the chain.
            before: Sources that are asked before the others.

        Raises:
            NobodyAnswered: none has one, or the time is up.
        """
        attempts: list[Attempt] = []
        for provider in self.asked(before):
            source = provider.descriptor.source
            if self._now() >= ends:
                attempts.append(Attempt(source, TIME_IS_UP, "", 0.0))
                continue
            is_able = Capability.QUOTE in provider.descriptor.capabilities
            found = self._attempt(
                attempts,
                provider,
                partial(_quote, provider, wanted, check),
                lambda _: True,
                is_able=is_able and provider.covers(wanted),
            )
            if found is not None:
                return Told(found, source, attempts)
        raise _nobody("quote", wanted, attempts)

    def search(
        self, text: str, others: Sequence[Provider] = ()
    ) -> tuple[list[Found], Sequence[Attempt]]:
        """What every provider that can search knows by these words, and how each was.

        All are asked, in order, and then those who tell no prices: one that answers does not know
        what the others list.
        """
        found: list[Found] = []
        attempts: list[Attempt] = []
        for provider in (*self._providers, *others):
            if Capability.SEARCH in provider.descriptor.capabilities:
                ask = partial(cast(SearchProvider, provider).search, text)
                told = self._attempt(attempts, provider, ask, bool, is_able=True)
                found += told or ()
        return found, attempts

    def _attempt(
        self,
        attempts: list[Attempt],
        provider: Provider,
        ask: Callable[[], R],
        is_any: Callable[[R], bool],
        *,
        is_able: bool,
    ) -> R | None:
        """Ask one provider and note how it went; what it told, if that was anything."""
        source, began = provider.descriptor.source, self._now()
        if not is_able:
            attempts.append(Attempt(source, NOT_COVERED, "", 0.0))
            return None
        try:
            told = ask()
        except TruenavError as error:
            attempts.append(_failed(source, error, self._now() - began))
            return None
        outcome = ANSWERED if is_any(told) else EMPTY
        attempts.append(Attempt(source, outcome, "", self._now() - began))
        return told if outcome == ANSWERED else None


def _history(
    provider: HistoryProvider, asked: tuple[Wanted, date, date], take: Take | None
) -> History:
    found = provider.history(*asked)
    if take is not None and found.bars:
        take(provider.descriptor.source, found)
    return found


def _quote(provider: Provider, wanted: Wanted, check: Callable[[Quote], None]) -> Quote:
    found = cast(QuoteProvider, provider).quote(wanted)
    check(found)
    return found


def _has_bars(told: History) -> bool:
    return bool(told.bars)


def _failed(source: str, error: TruenavError, seconds: float) -> Attempt:
    return Attempt(
        source,
        error.params.get("reason", error.code),
        str(error),
        seconds,
        until=error.until if isinstance(error, NotNow) else None,
        # a page of an outage is no answer either: another time there will be one
        is_final=not isinstance(error, (ProviderUnavailable, BadPayload)),
    )


def _nobody(what: str, wanted: Wanted, attempts: Sequence[Attempt]) -> NobodyAnswered:
    tried = ", ".join(f"{attempt.source} {attempt.outcome}" for attempt in attempts)
    return NobodyAnswered(f"no {what} of {wanted.symbol}: {tried or 'nobody to ask'}", attempts)

"""Providers asked one after another, in a declared order, until one of them answers.

Why each before it did not is told with the answer, so nobody has to guess where a price is from.
"""

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
    SearchProvider,
    Wanted,
)
from truenav.platform.http import ProviderUnavailable

T = TypeVar("T")
R = TypeVar("R")
ANSWERED, NOT_COVERED, EMPTY = "ok", "not_covered", "empty"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One provider that was asked, or was not worth asking, and how it went."""

    source: str
    outcome: str
    detail: str
    seconds: float


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
        self, wanted: Wanted, first: date, last: date, before: Sequence[str] = ()
    ) -> Told[History]:
        """Bars and events between two days, of the first provider that has any.

        Args:
            wanted: The instrument, as providers know it.
            first: The earliest day.
            last: The latest.
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
                partial(provider.history, wanted, first, last),
                _has_bars,
                is_able=is_able and provider.covers(wanted),
            )
            if found is not None:
                return Told(found, provider.descriptor.source, attempts)
        tried = ", ".join(f"{attempt.source} {attempt.outcome}" for attempt in attempts)
        raise NobodyAnswered(f"no history of {wanted.symbol}: {tried or 'nobody to ask'}", attempts)

    def search(self, text: str) -> tuple[list[Found], Sequence[Attempt]]:
        """What every provider that can search knows by these words, and how each was.

        All are asked, in order: one that answers does not know what the others list.
        """
        found: list[Found] = []
        attempts: list[Attempt] = []
        for provider in self._providers:
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
        began, outcome, detail = self._now(), NOT_COVERED, ""
        told: R | None = None
        if is_able:
            try:
                told = ask()
            except TruenavError as error:
                outcome, detail = error.code, str(error)
            else:
                outcome = ANSWERED if is_any(told) else EMPTY
        source = provider.descriptor.source
        attempts.append(Attempt(source, outcome, detail, self._now() - began))
        return told if outcome == ANSWERED else None


def _has_bars(told: History) -> bool:
    return bool(told.bars)

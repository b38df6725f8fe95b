"""Providers asked one after another, in a declared order, until one of them answers.

Why each before it did not is told with the answer, so nobody has to guess where a price is from.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from truenav.core.errors import TruenavError
from truenav.features.marketdata.providers.quotes import (
    Capability,
    History,
    HistoryProvider,
    Wanted,
)
from truenav.platform.http import ProviderUnavailable

T = TypeVar("T")
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
            source, began = provider.descriptor.source, self._now()
            outcome, detail = NOT_COVERED, ""
            is_able = Capability.HISTORY in provider.descriptor.capabilities
            if is_able and provider.covers(wanted):
                try:
                    found = provider.history(wanted, first, last)
                except TruenavError as error:
                    outcome, detail = error.code, str(error)
                else:
                    outcome = ANSWERED if found.bars else EMPTY
            attempts.append(Attempt(source, outcome, detail, self._now() - began))
            if outcome == ANSWERED:
                return Told(found, source, attempts)
        tried = ", ".join(f"{attempt.source} {attempt.outcome}" for attempt in attempts)
        raise NobodyAnswered(f"no history of {wanted.symbol}: {tried or 'nobody to ask'}", attempts)

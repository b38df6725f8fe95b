"""The time, as an argument: edges take a clock, the floors below take what it says."""

import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Says what time it is, in UTC."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass
class FakeClock:
    """A clock that tests move."""

    instant: datetime

    def now(self) -> datetime:
        """Whatever instant it was set to."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self.instant += by


def today(clock: Clock) -> date:
    """The calendar day in UTC; trade dates come from files, never from here."""
    return clock.now().date()


def end_of(day: date) -> datetime:
    """The instant a UTC day ends at: the first that is not of it."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ordered by when it was made, random after that.

    Ids of one process come in the order they were made in, also within a millisecond: the twelve
    bits after the milliseconds are a part of them (method 3), and go on counting where the clock
    has not moved. So records posted together keep the order they were sent in.
    """
    ticks = _order.next(time.time_ns())
    random = int.from_bytes(os.urandom(8))
    value = (ticks >> 12) << 80
    value |= 0x7 << 76
    value |= (ticks & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)


class _Order:
    """Milliseconds and 4096ths of one, each larger than the one before, whatever the clock does."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self, nanoseconds: int) -> int:
        """48 bits of milliseconds and 12 of their fraction."""
        milliseconds, rest = divmod(nanoseconds, 1_000_000)
        ticks = (milliseconds & ((1 << 48) - 1)) << 12 | rest * 4096 // 1_000_000
        with self._lock:
            self._last = ticks if ticks > self._last else self._last + 1
            return self._last


_order = _Order()

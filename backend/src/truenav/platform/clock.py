"""The time, as an argument: edges take a clock, the floors below take what it says."""

import os
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
    """A UUIDv7 (RFC 9562): ordered by the millisecond it was made in, random after that."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)

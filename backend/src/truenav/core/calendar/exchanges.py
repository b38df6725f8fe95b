"""Which days an exchange holds a session, and from when to when: a table, made beforehand.

The table is written by tools/freeze_calendars.py out of the package exchange_calendars; what is
outside of its bounds is unknown, which is not the same as closed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from truenav.core.errors import ErrorKind, TruenavError

Hours = tuple[time, time, time | None, time | None]
NEW_YORK = "XNYS"
# Names exchanges go by in brokers' files and providers' replies → the MIC whose sessions they keep.
NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        ("NYSE", "NASDAQ", "XNAS", "XNGS", "XNMS", "XNCM", "ARCA", "ARCX", "NYSEARCA", "AMEX",
         "XASE", "NYSEAMERICAN", "BATS", "BATO", "CBOE", "XCBO", "IEX", "IEXG", "NMS", "NYQ",
         "PCX", "NGM", "NCM", "ASE", "BTS"),
        NEW_YORK,
    ),
    **dict.fromkeys(("TSX", "TOR", "TSE", "TSXV", "XTSX"), "XTSE"),
    **dict.fromkeys(("LSE", "LON", "LSEETF"), "XLON"),
    **dict.fromkeys(("XETRA", "IBIS", "IBIS2", "GER"), "XETR"),
    **dict.fromkeys(("FWB", "FRA", "XSTU", "XMUN", "XBER", "XDUS", "XHAM", "XGAT", "TRADEGATE"),
                    "XFRA"),
    **dict.fromkeys(("SBF", "PAR", "EPA"), "XPAR"),
    **dict.fromkeys(("AEB", "AMS"), "XAMS"),
    "EBR": "XBRU", "BVL": "XLIS", "BVME": "XMIL", "MIL": "XMIL", "BM": "XMAD", "MCE": "XMAD",
    "EBS": "XSWX", "SWX": "XSWX", "VSE": "XWBO", "SFB": "XSTO", "STO": "XSTO", "HEX": "XHEL",
    "CPH": "XCSE", "OSE": "XOSL", "WSE": "XWAR", "BUD": "XBUD", "ASX": "XASX", "NZE": "XNZE",
    "TSEJ": "XTKS", "JPX": "XTKS", "SEHK": "XHKG", "HKG": "XHKG", "SHG": "XSHG", "XSHE": "XSHG",
    "SES": "XSES", "SGX": "XSES", "KSC": "XKRX", "TWSE": "XTAI", "NSE": "XBOM", "XNSE": "XBOM",
    "BSE": "XBOM", "JSE": "XJSE", "MEX": "XMEX", "B3": "BVMF", "XSAO": "BVMF", "SAU": "XSAU",
}  # fmt: skip
# The home of a currency's shares, for an instrument that says no exchange.
HOMES: Mapping[str, str] = {"USD": NEW_YORK, "GBP": "XLON", "CAD": "XTSE", "CHF": "XSWX"}


class CalendarUnknown(TruenavError):
    """A day or an exchange no table covers; unknown, not closed."""

    kind = ErrorKind.UNPROCESSABLE
    code = "calendar_unknown"


@dataclass(frozen=True, slots=True)
class ExchangeDays:
    """One exchange's table: closed days, extra days, and hours that depart from the usual ones."""

    mic: str
    zone: ZoneInfo
    first: date
    last: date
    week: str
    hours: Sequence[tuple[date, Hours]]
    closed: frozenset[date]
    extra: frozenset[date]
    departures: Mapping[date, tuple[time, time]]

    def knows(self, day: date) -> bool:
        """Whether the day is within the table."""
        return self.first <= day <= self.last

    def is_session(self, day: date) -> bool | None:
        """Whether the exchange trades on a day; None beyond the table."""
        if not self.knows(day):
            return None
        is_usual = self.week[day.weekday()] == "1" and day not in self.closed
        return is_usual or day in self.extra

    def hours_on(self, day: date) -> Hours:
        """(open, close, break from, break to) by the exchange's clock; the usual ones of the time.

        Raises:
            CalendarUnknown: no table covers the day.
        """
        if not self.knows(day):
            raise CalendarUnknown(f"{self.mic} is known from {self.first} to {self.last}")
        usual = next(hours for since, hours in reversed(self.hours) if since <= day)
        if day not in self.departures:
            return usual
        opens, closes = self.departures[day]
        pause = usual[2:] if usual[3] is not None and usual[3] < closes else (None, None)
        return (opens, closes, *pause)

    def closes_early(self, day: date) -> bool:
        """Whether a session ends before the usual time."""
        usual = next(hours for since, hours in reversed(self.hours) if since <= day)
        return day in self.departures and self.departures[day][1] < usual[1]


def mic_of(exchange: str | None, currency: str | None = None) -> str | None:
    """The exchange whose sessions an instrument keeps; None when that is not known."""
    name = (exchange or "").upper().replace(" ", "")
    if name in _tables():
        return name
    if name:
        return NAMES.get(name)
    return HOMES.get(currency or "")


@cache
def exchange_days(mic: str) -> ExchangeDays:
    """The table of one exchange.

    Raises:
        CalendarUnknown: there is none.
    """
    found = _tables().get(mic)
    if found is None:
        raise CalendarUnknown(f"no calendar of the exchange {mic}")
    closed = (
        date(int(year), int(day[:2]), int(day[2:]))
        for year, days in found["closed"].items()
        for day in days.split()
    )
    return ExchangeDays(
        mic=mic,
        zone=ZoneInfo(found["zone"]),
        first=date.fromisoformat(found["first"]),
        last=date.fromisoformat(found["last"]),
        week=found["week"],
        hours=[
            (date.fromisoformat(since), (_at(opens), _at(closes), _maybe(begins), _maybe(ends)))
            for since, opens, closes, begins, ends in found["hours"]
        ],
        closed=frozenset(closed),
        extra=frozenset(map(date.fromisoformat, found["extra"])),
        departures={
            date.fromisoformat(day): (_at(opens), _at(closes))
            for day, (opens, closes) in found["other"].items()
        },
    )


def known_exchanges() -> Sequence[str]:
    """The MICs a table exists for."""
    return sorted(_tables())


def _at(text: str) -> time:
    return time.fromisoformat(text)


def _maybe(text: str | None) -> time | None:
    return None if text is None else _at(text)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = files("truenav.core.calendar").joinpath("data/exchanges.json").read_text("utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found

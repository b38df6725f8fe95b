"""Write core/calendar/data/exchanges.json: every exchange's sessions, as one table of dates.

The sessions come from the package exchange_calendars (Apache-2.0), a development dependency; the
product reads the table and needs neither the package nor pandas. Run it when the package knows a
new closure:

    .venv/bin/python tools/freeze_calendars.py

A test compares the table with the installed package.
"""

import json
import sys
from collections import defaultdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import exchange_calendars

TARGET = Path(__file__).parent.parent / "backend/src/truenav/core/calendar/data/exchanges.json"
EXCHANGES = (
    "XNYS XTSE XMEX BVMF XBUE XLON XDUB XPAR XAMS XBRU XLIS XMIL XMAD XETR XFRA XSWX XWBO XSTO"
    " XHEL XCSE XOSL XICE XWAR XPRA XBUD XIST XSAU XJSE XASX XNZE XTKS XHKG XSHG XSES XKRX"
    " XTAI XBOM XBKK XKLS XIDX XPHS"
).split()
FIRST = {"XNYS": date(1970, 1, 1)}
USUAL_FIRST = date(1990, 1, 1)
LAST = date(2028, 12, 31)
# Holidays by the moon, tabulated year by year: later ones are not known yet.
TABULATED = date(2026, 12, 31)
TABULATED_ONLY = {"XIST", "XTAI", "XBKK", "XKLS", "XIDX", "XPHS"}
# NYSE before the package's one set of hours (NYSE, "A history of trading hours").
OLDER_HOURS = {
    "XNYS": [
        (date(1970, 1, 1), time(10, 0), time(15, 30)),
        (date(1974, 10, 1), time(10, 0), time(16, 0)),
        (date(1985, 9, 30), time(9, 30), time(16, 0)),
    ]
}


def main() -> int:
    """Write the table."""
    TARGET.parent.mkdir(exist_ok=True)
    lines = [f'"{mic}":{json.dumps(freeze(mic), separators=(",", ":"))}' for mic in EXCHANGES]
    TARGET.write_text("{" + ",\n".join(lines) + "}\n")
    print(f"wrote {len(lines)} exchanges, {TARGET.stat().st_size // 1024} KB")
    return 0


def bounds(mic: str) -> tuple[date, date]:
    """Between which days we keep a calendar: ours, or the package's where they are narrower."""
    kind = factory(mic)
    earliest, latest = bound(kind.bound_min), bound(kind.bound_max)
    last = TABULATED if mic in TABULATED_ONLY else LAST
    return max(FIRST.get(mic, USUAL_FIRST), earliest or date.min), min(last, latest or date.max)


def factory(mic: str) -> Any:
    """The package's class of a calendar."""
    # the public door opens a calendar; its bounds are asked of the class
    return exchange_calendars.calendar_utils._default_calendar_factories[mic]  # noqa: SLF001


def bound(ask: Any) -> date | None:
    """A calendar's own bound; some say they have none by refusing to answer."""
    try:
        found = ask()
    except NotImplementedError:
        return None
    return None if found is None else found.date()


def freeze(mic: str) -> dict[str, Any]:
    """One exchange: zone, bounds, usual week, usual hours by date, and what departs from them."""
    first, last = bounds(mic)
    calendar = factory(mic)(start=first.isoformat(), end=last.isoformat())
    zone = ZoneInfo(str(calendar.tz))
    hours = usual_hours(mic, calendar)
    days = {found.date() for found in calendar.sessions}
    closed: dict[str, list[str]] = defaultdict(list)
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        if calendar.weekmask[day.weekday()] == "1" and day not in days:
            closed[str(day.year)].append(f"{day:%m%d}")
    extra = [day.isoformat() for day in sorted(days) if calendar.weekmask[day.weekday()] == "0"]
    return {
        "zone": zone.key,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "week": calendar.weekmask,
        "hours": [[since.isoformat(), *map(minute, times)] for since, *times in hours],
        "closed": {year: " ".join(found) for year, found in closed.items()},
        "extra": extra,
        "other": dict(departures(mic, calendar, zone, hours)),
    }


def usual_hours(mic: str, calendar: Any) -> list[tuple[date, time, time, time | None, time | None]]:
    """(since, open, close, break from, break to), oldest first."""
    if mic in OLDER_HOURS:
        return [(since, opens, closes, None, None) for since, opens, closes in OLDER_HOURS[mic]]
    parts = [
        calendar.open_times,
        calendar.close_times,
        calendar.break_start_times or ((None, None),),
        calendar.break_end_times or ((None, None),),
    ]
    since = {when.date() if when else date(1900, 1, 1) for part in parts for when, _ in part}
    found = []
    for day in sorted(since):
        row = [
            [at for when, at in part if (when.date() if when else date(1900, 1, 1)) <= day][-1]
            for part in parts
        ]
        found.append((day, *row))
    return found


def departures(mic: str, calendar: Any, zone: ZoneInfo, hours: list[Any]) -> Any:
    """(day, [open, close]) of sessions that open or close at another time than usual."""
    for day, row in calendar.schedule.iterrows():
        opens, closes = (local(row[name], zone) for name in ("open", "close"))
        usual = [entry for entry in hours if entry[0] <= day.date()][-1]
        if mic in OLDER_HOURS:
            # the package has today's hours for all time: only what departs from those counts
            if (opens, closes) == (time(9, 30), time(16, 0)):
                continue
            opens = usual[1] if opens == time(9, 30) else opens
        if (opens, closes) != usual[1:3]:
            yield day.date().isoformat(), [minute(opens), minute(closes)]


def local(moment: Any, zone: ZoneInfo) -> time:
    """The exchange's own clock."""
    found: datetime = moment.to_pydatetime().astimezone(zone)
    return found.time()


def minute(at: time | None) -> str | None:
    """HH:MM."""
    return None if at is None else f"{at:%H:%M}"


if __name__ == "__main__":
    sys.exit(main())

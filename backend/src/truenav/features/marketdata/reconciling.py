"""Looking one instrument through: its own flaws, and what its sources tell differently.

Runs as the ingest role and may run twice: a finding is found again, not added again. Nothing is
corrected here; an operator accepts a finding or takes the other source's word over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from truenav.core.calendar.exchanges import ExchangeDays, exchange_days, mic_of
from truenav.core.marketdata.adjustment import PriceEvent
from truenav.core.marketdata.gaps import Flaw, find_flaws, no_bars_since
from truenav.core.marketdata.reconciliation import (
    Difference,
    Told,
    compare,
    worst_adjusted_difference,
)
from truenav.core.marketdata.selection import OPERATOR, preference
from truenav.platform.clock import new_id

Connection = psycopg.Connection[Any]
# Looked at each time; what is older was looked at before, and does not change by itself.
WINDOW = timedelta(days=800)
SILENT_SESSIONS = 10
MOST_FINDINGS = 200
STORE_FINDING = """
INSERT INTO data_findings AS f
  (id, instrument_id, kind, day, last_day, day_count, source, ours, theirs, note, words,
   first_seen, last_seen)
VALUES (%(id)s, %(instrument_id)s, %(kind)s, %(day)s, %(last_day)s, %(day_count)s, %(source)s,
        %(ours)s, %(theirs)s, %(note)s, %(words)s, %(today)s, %(today)s)
ON CONFLICT (instrument_id, kind, day, source) DO UPDATE SET
  last_day = excluded.last_day, day_count = excluded.day_count, ours = excluded.ours,
  theirs = excluded.theirs, note = excluded.note, words = excluded.words,
  last_seen = excluded.last_seen,
  -- decided of other figures than these, or seen again after it was gone: open once more
  status = CASE WHEN f.status = 'gone' OR (f.ours, f.theirs) IS DISTINCT FROM
                     (excluded.ours, excluded.theirs) THEN 'open' ELSE f.status END
"""
STORE_REPORT = """
INSERT INTO reconciliation_reports
  (instrument_id, ran_on, first_day, last_day, bar_count, session_count, compared_count,
   finding_count, data_version, sources)
VALUES (%(instrument_id)s, %(ran_on)s, %(first_day)s, %(last_day)s, %(bar_count)s,
        %(session_count)s, %(compared_count)s, %(finding_count)s,
        coalesce((SELECT max(version) FROM price_versions
                  WHERE instrument_id = %(instrument_id)s), 0), %(sources)s)
ON CONFLICT (instrument_id, ran_on) DO UPDATE SET
  first_day = excluded.first_day, last_day = excluded.last_day, bar_count = excluded.bar_count,
  session_count = excluded.session_count, compared_count = excluded.compared_count,
  finding_count = excluded.finding_count, data_version = excluded.data_version,
  sources = excluded.sources, ran_at = now()
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be stored: a flaw, or a difference from `source`."""

    kind: str
    day: date
    last_day: date
    day_count: int
    source: str
    ours: str | None
    theirs: str | None
    note: str
    words: Sequence[dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: the series that counts, each source's, and the calendar.

    `decided` holds the ex-dates an operator has given a word on.
    """

    currency: str
    ours: Told
    sources: Mapping[str, Told]
    decided: frozenset[date]
    calendar: ExchangeDays | None

    def is_session(self, day: date) -> bool | None:
        """Whether the exchange traded; None where nobody knows."""
        return self.calendar.is_session(day) if self.calendar is not None else None


def reconcile(connection: Connection, instrument_id: UUID, today: date) -> int:
    """Look an instrument through as of a day; how many findings there are. The caller commits."""
    # one look at a time: two would take each other's findings for gone
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('reconcile:' || %s, 0))",
        (str(instrument_id),),
    )
    looked = _look(connection, instrument_id, today - WINDOW, today)
    if looked is None:
        return 0
    findings = [*_flaws(connection, instrument_id, looked, today), *_differences(looked)]
    findings = findings[:MOST_FINDINGS]
    for finding in findings:
        connection.execute(STORE_FINDING, _row(instrument_id, finding, today))
    connection.execute(
        "UPDATE data_findings SET status = 'gone' WHERE instrument_id = %s AND status = 'open'"
        " AND last_seen < %s AND day >= %s",
        (instrument_id, today, today - WINDOW),
    )
    _report(connection, instrument_id, looked, today, len(findings))
    return len(findings)


def _look(connection: Connection, instrument_id: UUID, first: date, last: date) -> Looked | None:
    instrument = connection.execute(
        "SELECT currency, exchange, asset_class FROM instruments WHERE id = %s", (instrument_id,)
    ).fetchone()
    rows = connection.execute(
        "SELECT source, price_date, close, currency, basis FROM prices"
        " WHERE instrument_id = %s AND price_date BETWEEN %s AND %s ORDER BY price_date",
        (instrument_id, first, last),
    ).fetchall()
    if instrument is None or not rows:
        return None
    currency = rows[-1][3]
    closes: dict[str, dict[date, Decimal]] = {}
    counting: dict[date, tuple[tuple[int, int, str], Decimal]] = {}
    for source, day, close, of, basis in rows:
        if of != currency:
            continue
        closes.setdefault(source, {})[day] = close
        place = preference(basis, source)
        if day not in counting or place < counting[day][0]:
            counting[day] = (place, close)
    events = _events(connection, instrument_id, first, last)
    ours = Told("ours", {day: close for day, (_, close) in counting.items()}, _counting(events))
    told = {s: Told(s, c, list(events.get(s, {}).values())) for s, c in closes.items()}
    mic = None if instrument[2] == "crypto" else mic_of(instrument[1], instrument[0])
    decided = frozenset(ex_date for ex_date, _ in events.get(OPERATOR, ()))
    return Looked(currency, ours, told, decided, exchange_days(mic) if mic is not None else None)


Events = dict[str, dict[tuple[date, str], PriceEvent]]


def _events(connection: Connection, instrument_id: UUID, first: date, last: date) -> Events:
    found: Events = {}
    rows = connection.execute(
        "SELECT source, ex_date, type, ratio, cash_amount FROM corporate_actions"
        " WHERE instrument_id = %s AND ex_date BETWEEN %s AND %s ORDER BY ex_date",
        (instrument_id, first, last),
    )
    for source, ex_date, kind, ratio, cash in rows:
        found.setdefault(source, {})[ex_date, kind] = PriceEvent(ex_date, ratio, cash)
    return found


def _counting(events: Events) -> list[PriceEvent]:
    """The events that count: each by the source that does, without what was struck out."""
    chosen: dict[tuple[date, str], tuple[tuple[int, int, str], PriceEvent]] = {}
    for source, told in events.items():
        place = preference("raw", source)
        for key, event in told.items():
            if key not in chosen or place < chosen[key][0]:
                chosen[key] = (place, event)
    kept = (event for _, event in chosen.values())
    return [e for e in kept if e.ratio is not None or e.cash_amount is not None]


def _flaws(
    connection: Connection, instrument_id: UUID, looked: Looked, today: date
) -> Iterable[Finding]:
    days = sorted(looked.ours.closes)
    closes = [looked.ours.closes[day] for day in days]
    ex_dates = [e.ex_date for e in looked.ours.events if e.ratio is not None]
    for flaw in find_flaws(days, closes, looked.is_session, ex_dates):
        yield _own(flaw)
    ended = no_bars_since(days[-1], today, looked.is_session, sessions=SILENT_SESSIONS)
    if ended is not None and not _all_are_silent(connection, instrument_id, days[-1], looked):
        row = connection.execute(
            "SELECT delisted_on FROM instruments WHERE id = %s", (instrument_id,)
        ).fetchone()
        if row is None or row[0] is None:
            yield _own(ended, _ending(connection, instrument_id, looked, ended))


def _own(flaw: Flaw, words: Sequence[dict[str, str | None]] = ()) -> Finding:
    return Finding(
        flaw.kind.value, flaw.day, flaw.last_day, flaw.day_count, "", None, None, flaw.note, words
    )


def _all_are_silent(
    connection: Connection, instrument_id: UUID, last_bar: date, looked: Looked
) -> bool:
    """Whether its sources tell of nothing else since either: then they are away, not it."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM prices WHERE source = ANY (%s) AND price_date > %s"
        " AND instrument_id <> %s)",
        (list(looked.sources), last_bar, instrument_id),
    ).fetchone()
    return row is None or not row[0]


def _ending(
    connection: Connection, instrument_id: UUID, looked: Looked, ended: Flaw
) -> Sequence[dict[str, str | None]]:
    """What a delisting would store: its day, and the cash a merger paid as the last price."""
    row = connection.execute(
        "SELECT ex_date, cash_amount FROM corporate_actions WHERE instrument_id = %s"
        " AND type = 'cash_merger' AND cash_amount > 0 AND currency = %s AND ex_date >= %s"
        " ORDER BY ex_date LIMIT 1",
        (instrument_id, looked.currency, ended.day),
    ).fetchone()
    if row is None:
        return [{"delisted_on": ended.day.isoformat()}]
    day = row[0].isoformat()
    return [{"delisted_on": day}, _close_word(row[0], row[1], looked.currency)]


def _differences(looked: Looked) -> Iterable[Finding]:
    for source in sorted(looked.sources):
        if source == OPERATOR or len(looked.sources) == 1:
            continue
        told = looked.sources[source]
        for found in compare(_open(_fit(looked.ours, told), looked), _open(told, looked)):
            yield Finding(
                found.cause.value, found.day, found.last_day, found.day_count, source,
                found.ours, found.theirs, found.note, _words(found, looked.currency),
            )  # fmt: skip


def _fit(ours: Told, theirs: Told) -> Told:
    """A source that tells no event at all has none to tell: its silence says nothing."""
    return ours if theirs.events else replace(ours, events=())


def _open(told: Told, looked: Looked) -> Told:
    """Without what an operator decided: that is no difference any more."""
    decided = looked.sources.get(OPERATOR, Told(OPERATOR, {})).closes
    return Told(
        told.source,
        {day: close for day, close in told.closes.items() if day not in decided},
        [event for event in told.events if event.ex_date not in looked.decided],
    )


def _words(found: Difference, currency: str) -> list[dict[str, str | None]]:
    """What taking the other's word over would store."""
    struck = [{**_event_word(event, currency), **SILENCE} for event in found.struck_out]
    events = [_event_word(event, currency) for event in found.events]
    return [*struck, *events, *(_close_word(d, c, currency) for d, c in found.closes.items())]


SILENCE: dict[str, str | None] = {"ratio": None, "cash_amount": None, "currency": None}


def _close_word(day: date, close: Decimal, currency: str) -> dict[str, str | None]:
    return {"day": day.isoformat(), "close": f"{close:f}", "currency": currency}


def _event_word(event: PriceEvent, currency: str) -> dict[str, str | None]:
    is_split = event.ratio is not None
    return {
        "type": "split" if is_split else "cash_dividend",
        "day": event.ex_date.isoformat(),
        "ratio": f"{event.ratio:f}" if event.ratio is not None else None,
        "cash_amount": f"{event.cash_amount:f}" if event.cash_amount is not None else None,
        "currency": None if is_split else currency,
    }


def _row(instrument_id: UUID, finding: Finding, today: date) -> dict[str, Any]:
    return {
        "id": new_id(), "instrument_id": instrument_id, "kind": finding.kind, "day": finding.day,
        "last_day": finding.last_day, "day_count": finding.day_count, "source": finding.source,
        "ours": finding.ours, "theirs": finding.theirs, "note": finding.note,
        "words": Jsonb(list(finding.words)), "today": today,
    }  # fmt: skip


def _report(
    connection: Connection, instrument_id: UUID, looked: Looked, today: date, count: int
) -> None:
    days = sorted(looked.ours.closes)
    others = [told for source, told in looked.sources.items() if source != OPERATOR]
    compared: set[date] = set()
    if len(others) > 1:
        common = [day for told in others for day in told.closes]
        compared = {day for day in common if sum(day in told.closes for told in others) > 1}
    connection.execute(
        STORE_REPORT,
        {
            "instrument_id": instrument_id, "ran_on": today, "first_day": days[0],
            "last_day": days[-1], "bar_count": len(days), "compared_count": len(compared),
            "session_count": _sessions(looked, days[0], days[-1]), "finding_count": count,
            "sources": Jsonb({told.source: _coverage(looked, told) for told in others}),
        },
    )  # fmt: skip


def _sessions(looked: Looked, first: date, last: date) -> int | None:
    known = [
        looked.is_session(date.fromordinal(n))
        for n in range(first.toordinal(), last.toordinal() + 1)
    ]
    return None if None in known else sum(1 for is_one in known if is_one)


def _coverage(looked: Looked, told: Told) -> dict[str, Any]:
    worst = worst_adjusted_difference(_fit(looked.ours, told), told)
    return {
        "bar_count": len(told.closes),
        "event_count": len(told.events),
        "first_day": min(told.closes).isoformat(),
        "last_day": max(told.closes).isoformat(),
        "worst_adjusted_difference": f"{worst:.6f}" if worst is not None else None,
    }

"""What stands between a provider's answer and `prices`: bars are judged, and the rest is filed.

Runs as the ingest role. What is filed is found again, not added again; a person's decision about a
bar holds whenever the same bar comes again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from truenav.core.calendar.exchanges import exchange_days, mic_of
from truenav.core.errors import ErrorKind, TruenavError, printable
from truenav.core.marketdata.selection import MANUAL, OPERATOR
from truenav.core.marketdata.validation import (
    Finding,
    IsSession,
    Judged,
    Known,
    Reason,
    Verdict,
    currency_factor,
    judge_history,
)
from truenav.core.money import exact
from truenav.features.marketdata.providers.quotes import Bar, EventOut, History
from truenav.platform.clock import new_id

Connection = psycopg.Connection[Any]
# How far back stored closes say what an instrument costs.
NEIGHBORS = timedelta(days=370)
# Kept by hand, perhaps by the week: what is told is what is meant.
BY_HAND = frozenset({"csv", "custom", MANUAL, OPERATOR, "bundled"})
# Told by the quality page already, or of no consequence.
NOT_FILED = frozenset({Reason.NO_SESSION, Reason.REPEATED_DAY})
STATES = {Verdict.ACCEPT: "accepted", Verdict.QUARANTINE: "open", Verdict.REFUSE: "rejected"}
NOTES = {Verdict.ACCEPT: "a second source agrees", Verdict.REFUSE: "refused by rule"}
FILE = """
INSERT INTO price_quarantine AS q
  (id, instrument_id, source, day, reason, close_told, bar_count, bar, currency, detail, state,
   first_seen, last_seen, decided_at, decision_note)
VALUES (%(id)s, %(instrument_id)s, %(source)s, %(day)s, %(reason)s, %(close_told)s, %(bar_count)s,
        %(bar)s, %(currency)s, %(detail)s, %(state)s, %(today)s, %(today)s,
        CASE WHEN %(is_decided)s THEN now() END, %(note)s)
ON CONFLICT (instrument_id, source, day, reason, close_told) DO UPDATE SET
  last_seen = excluded.last_seen, bar_count = excluded.bar_count, bar = excluded.bar,
  detail = excluded.detail,
  -- what is decided stays so; what waits is settled by a second source, or by a rule
  state = CASE WHEN q.state = 'open' THEN excluded.state ELSE q.state END,
  decided_at = CASE WHEN q.state = 'open' THEN excluded.decided_at ELSE q.decided_at END,
  decision_note = CASE WHEN q.state = 'open' THEN excluded.decision_note ELSE q.decision_note END
"""
SETTLE = """
UPDATE price_quarantine q SET state = 'accepted', decided_at = now(),
  decision_note = 'believed since: what came later is on its level'
FROM prices p
WHERE q.instrument_id = %s AND q.source = %s AND q.state = 'open'
  AND p.instrument_id = q.instrument_id AND p.price_date = q.day AND p.source = q.source
  AND p.close = (q.bar->>'close')::numeric
"""


class SeriesRefused(TruenavError):
    """Nothing of a history may be stored; `params["reason"]` says why."""

    kind = ErrorKind.UNPROCESSABLE
    code = "series_refused"


@exact
def in_major_units(history: History, currency: str) -> History:
    """The same history in the currency an instrument trades in, where only the unit differs.

    A currency with no fixed factor to it is left as told, for the judge to refuse.
    """
    factor = currency_factor(history.currency, currency)
    if factor is None or history.currency == currency:
        return history

    def times(value: Decimal | None) -> Decimal | None:
        return value * factor if value is not None else None

    bars = [
        replace(bar, open=times(bar.open), high=times(bar.high), low=times(bar.low),
                close=bar.close * factor)
        for bar in history.bars
    ]  # fmt: skip
    events = [replace(event, cash_amount=times(event.cash_amount)) for event in history.events]
    return replace(history, currency=currency, bars=bars, events=events)


def known_of(
    connection: Connection, instrument_id: UUID, source: str, history: History, today: date
) -> Known:
    """What is known of an instrument that a history told by a source can be measured by."""
    row = connection.execute(
        "SELECT currency, exchange, asset_class, coalesce(provider_symbol, symbol)"
        " FROM instruments WHERE id = %s",
        (instrument_id,),
    ).fetchone()
    currency, exchange, asset_class, symbol = row if row is not None else ("", None, "", "")
    days = {bar.price_date for bar in history.bars} or {today}
    rows = connection.execute(
        "SELECT price_date, source, close FROM prices WHERE instrument_id = %s AND currency = %s"
        " AND price_date BETWEEN %s AND %s",
        (instrument_id, currency, min(days) - NEIGHBORS, max(days)),
    ).fetchall()
    second: dict[date, list[tuple[str, Decimal]]] = {}
    for day, other, close in rows:
        if other != source and day in days:
            second.setdefault(day, []).append((other, close))
    return Known(
        today=today,
        currency=currency,
        told_currency=history.currency,
        symbol=symbol,
        told_symbol=history.symbol,
        closes=[(d, close) for d, other, close in rows if other == source or d not in days],
        second=second,
        splits=_splits(connection, instrument_id, history.events),
        vouched=_decided(connection, instrument_id, source, "accepted"),
        is_session=_sessions(exchange, currency, asset_class),
        is_daily_source=source not in BY_HAND,
    )


def _sessions(exchange: str | None, currency: str, asset_class: str) -> IsSession:
    mic = None if asset_class == "crypto" else mic_of(exchange, currency)
    return exchange_days(mic).is_session if mic is not None else lambda _day: None


def _splits(
    connection: Connection, instrument_id: UUID, told: Sequence[EventOut]
) -> list[tuple[date, Decimal]]:
    rows = connection.execute(
        "SELECT DISTINCT ON (ex_date) ex_date, ratio FROM corporate_actions"
        " WHERE instrument_id = %s AND ratio > 0 ORDER BY ex_date, source",
        (instrument_id,),
    )
    found = dict(rows.fetchall())
    found |= {event.ex_date: event.ratio for event in told if event.ratio is not None}
    return sorted(found.items())


def _decided(
    connection: Connection, instrument_id: UUID, source: str, state: str
) -> frozenset[tuple[date, Decimal]]:
    """(day, close) of what a person decided so."""
    rows = connection.execute(
        "SELECT day, (bar->>'close')::numeric FROM price_quarantine WHERE instrument_id = %s"
        " AND source = %s AND state = %s AND decided_by IS NOT NULL",
        (instrument_id, source, state),
    )
    return frozenset((day, close) for day, close in rows)


def screened(
    connection: Connection, instrument_id: UUID, source: str, bars: Sequence[Bar], known: Known
) -> Sequence[Bar]:
    """The bars that may be stored; whatever else was found is filed in the same transaction.

    Raises:
        SeriesRefused: bars came, and none may be stored. What was filed is to be committed.
    """
    judged = judge_history(bars, known)
    file_findings(connection, instrument_id, source, judged.findings, known)
    struck = _decided(connection, instrument_id, source, "rejected")
    kept = [bar for bar in judged.accepted if (bar.price_date, bar.close) not in struck]
    if bars and not kept:
        raise _refused(judged, source)
    return kept


def _refused(judged: Judged[Bar], source: str) -> SeriesRefused:
    filed = [finding for finding in judged.findings if finding.verdict is not Verdict.ACCEPT]
    if not filed:
        return SeriesRefused(f"{source}: an operator rejected what it tells", reason="rejected")
    first = filed[0]
    return SeriesRefused(f"{source}: {first.detail}", reason=first.reason.value)


def file_findings(
    connection: Connection,
    instrument_id: UUID,
    source: str,
    findings: Sequence[Finding[Bar]],
    known: Known,
) -> None:
    """Write down what was held back, refused, or taken on a second source's word."""
    for finding in findings:
        if finding.reason in NOT_FILED:
            continue
        values = {
            "id": new_id(), "instrument_id": instrument_id, "source": source, "day": finding.day,
            "reason": finding.reason.value, "bar_count": finding.bar_count,
            "close_told": _told(finding.bar.close) if finding.bar is not None else "",
            "bar": Jsonb(_figures(finding.bar)) if finding.bar is not None else None,
            "currency": known.currency, "detail": printable(finding.detail),
            "state": STATES[finding.verdict], "note": NOTES.get(finding.verdict),
            "is_decided": finding.verdict is not Verdict.QUARANTINE,
            "today": known.today,
        }  # fmt: skip
        connection.execute(FILE, values)


def settle(connection: Connection, instrument_id: UUID, source: str) -> None:
    """Close what waits although the same close was stored since."""
    connection.execute(SETTLE, (instrument_id, source))


def _figures(bar: Bar) -> dict[str, str | None]:
    names = ("open", "high", "low", "close", "volume")
    return {name: _told(getattr(bar, name)) or None for name in names}


def _told(value: Decimal | None) -> str:
    """A figure as plain text, whatever it is; "" for none."""
    if value is None:
        return ""
    # an exponent nobody bounded would be written out as a million zeros
    is_plain = value.is_finite() and -40 < value.adjusted() < 40
    return (f"{value.normalize():f}" if is_plain else str(value))[:60]

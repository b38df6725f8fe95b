"""What each entry of the schedule asks for, as events with ids made from what they are about.

Asking twice asks once, so two schedulers at once, or one that died half-way, do no harm.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid5

import psycopg

from truenav.core.calendar.exchanges import mic_of
from truenav.features.instruments.catalogue import ASKABLE
from truenav.features.operations.schedule import (
    EOD,
    AfterClose,
    Entry,
    entries_for,
    is_due,
)
from truenav.features.valuation.service import CALCULATION_VERSION
from truenav.platform.canary import CANARY
from truenav.platform.outbox import announce
from truenav.platform.settings import Settings
from truenav.platform.tables import INSTALLATION

log = logging.getLogger("truenav.scheduler")
Connection = psycopg.Connection[Any]
PROOFS_A_NIGHT = 20  # of each tenant, those that were not proved for longest
WEEK = 7
REMEMBERED = timedelta(days=90)
HELD: LiteralString = f"""
SELECT id, exchange, currency, asset_class,
       (SELECT max(p.price_date) FROM prices p WHERE p.instrument_id = i.id) AS newest
FROM instruments i
WHERE wanted_at IS NOT NULL AND delisted_on IS NULL AND {ASKABLE}
ORDER BY id
"""  # noqa: S608  # our text
WAITS = """
SELECT topic, payload ->> 'instrument_id' FROM outbox
WHERE tenant_id = %s AND done_at IS NULL AND cancelled_at IS NULL AND parked_at IS NULL
"""
# What was given up stays until somebody looks.
FORGET = """
WITH old AS (
  SELECT tenant_id, id FROM outbox WHERE occurred_at < %(before)s
    AND (done_at < %(before)s OR cancelled_at < %(before)s)
  LIMIT %(most)s FOR UPDATE SKIP LOCKED
), keys AS (
  DELETE FROM job_keys k USING old WHERE k.tenant_id = old.tenant_id AND k.key = 'event:' || old.id
)
DELETE FROM outbox o USING old WHERE o.tenant_id = old.tenant_id AND o.id = old.id
"""
WAITING_RULES = """
SELECT 1 FROM alert_rules WHERE is_enabled AND removed_at IS NULL AND threshold IS NULL LIMIT 1
"""
CANARY_DUE = "operations.canary_due"
FORGET_LOOKS = """
WITH old AS (
  DELETE FROM outbox WHERE tenant_id = %(tenant)s AND topic = %(topic)s
    AND done_at < %(before)s RETURNING id
)
DELETE FROM job_keys k USING old WHERE k.tenant_id = %(tenant)s AND k.key = 'event:' || old.id
"""
NOTE = """
INSERT INTO schedule_entries (name, occurred_at) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET occurred_at = excluded.occurred_at, announced_at = now()
  WHERE schedule_entries.occurred_at <> excluded.occurred_at
"""


@dataclass(frozen=True, slots=True)
class Held:
    """An instrument somebody holds, and the newest day a close is stored of."""

    id: UUID
    asset_class: str
    mic: str | None
    newest: date | None

    @property
    def group(self) -> str:
        """The entry that looks after its closes."""
        if self.asset_class == "crypto":
            return f"{EOD}-crypto"
        return f"{EOD}-{self.mic or 'other'}"


@dataclass(frozen=True, slots=True)
class Due:
    """An occurrence to announce, the one before it, what is held, and what waits already."""

    at: datetime
    last: datetime | None
    instruments: Sequence[Held]
    waiting: set[tuple[str, str | None]]

    @property
    def days(self) -> list[date]:
        """The days since the last occurrence, at most a week: what was missed is made up for."""
        first = self.at.date() - timedelta(days=WEEK - 1)
        if self.last is None:
            first = self.at.date()
        elif self.last < self.at:
            first = max(first, self.last.date() + timedelta(days=1))
        return [first + timedelta(days=n) for n in range((self.at.date() - first).days + 1)]


Announcer = Callable[[Connection, Due], object]


def held(connection: Connection) -> list[Held]:
    """What somebody holds and a provider can be asked for."""
    return [
        Held(id_, asset_class, mic_of(exchange, currency), newest)
        for id_, exchange, currency, asset_class, newest in connection.execute(HELD)
    ]


def announce_due(connection: Connection, settings: Settings, now: datetime) -> list[str]:
    """Announce every entry whose time has come; their names. Each is one transaction.

    One that fails is told in the log and tried again; it keeps no other from its time.
    """
    instruments = held(connection)
    mics = sorted({one.mic for one in instruments if one.mic and one.asset_class != "crypto"})
    rows = connection.execute("SELECT name, occurred_at FROM schedule_entries")
    announced: dict[str, datetime] = dict(rows.fetchall())
    waiting = set(connection.execute(WAITS, (INSTALLATION,)).fetchall())
    done = []
    for entry in entries_for(mics):
        if entry.asks_providers and settings.providers.is_offline:
            continue
        occurrence = is_due(entry, announced.get(entry.name), now)
        if occurrence is None:
            continue
        due = Due(occurrence, announced.get(entry.name), instruments, waiting)
        try:
            with connection.transaction():
                _announce(connection, entry, due)
                connection.execute(NOTE, (entry.name, occurrence))
        except psycopg.OperationalError:
            raise
        except Exception:
            log.exception("%s could not be asked for", entry.name)
        else:
            done.append(entry.name)
    return done


def _announce(connection: Connection, entry: Entry, due: Due) -> None:
    if entry.name.startswith(f"{EOD}-"):
        _announce_closes(connection, entry, due)
    else:
        ANNOUNCERS[entry.name](connection, due)


def _announce_closes(connection: Connection, entry: Entry, due: Due) -> None:
    """Of each instrument whose close of the day is not stored; the last asking asks the same."""
    day = due.at.date()
    if isinstance(entry.when, AfterClose):
        day = entry.when.session_of(due.at)
    mine = [one for one in due.instruments if one.group == entry.name]
    for one in mine:
        if one.newest is None or one.newest < day:
            payload = {"instrument_id": str(one.id), "day": day.isoformat()}
            about = f"{one.id} {due.at.isoformat()}"
            _ask(connection, due, "marketdata.prices_due", about, payload)


def _ask(
    connection: Connection, due: Due, topic: str, about: str, payload: Mapping[str, str]
) -> None:
    """Ask for work, unless the same is still to be done: after an outage it is done once."""
    if (topic, payload.get("instrument_id")) not in due.waiting:
        announce(connection, INSTALLATION, uuid5(INSTALLATION, f"{topic} {about}"), topic, payload)


def _ask_once(topic: str) -> Announcer:
    def act(connection: Connection, due: Due) -> None:
        payload = {"day": due.at.date().isoformat()}
        _ask(connection, due, topic, due.at.isoformat(), payload)

    return act


def _announce_events(connection: Connection, due: Due) -> None:
    """A seventh of all each day: what a provider restated of the past years is found in a week."""
    weekdays = {day.weekday() for day in due.days}
    for one in due.instruments:
        if one.id.int % WEEK in weekdays:
            _ask_about(connection, due, "marketdata.events_due", one)


def _announce_reconciliation(connection: Connection, due: Due) -> None:
    for one in due.instruments:
        if one.newest is not None:
            _ask_about(connection, due, "marketdata.reconciliation_due", one)


def _ask_about(connection: Connection, due: Due, topic: str, one: Held) -> None:
    day = due.at.date().isoformat()
    _ask(connection, due, topic, f"{one.id} {day}", {"instrument_id": str(one.id), "day": day})


def announce_new_day(connection: Connection, day: date) -> None:
    """Ask for a snapshot of a day for every account whose snapshots end before; not the demo's."""
    for tenant_id in _tenants(connection, "SELECT id FROM tenants WHERE NOT is_demo"):
        if tenant_id == CANARY:
            continue  # its days are over
        with _as_tenant(connection, tenant_id):
            behind = connection.execute(
                "SELECT account_id, max(as_of) FROM snapshots GROUP BY account_id"
                " HAVING max(as_of) < %s",
                (day,),
            ).fetchall()
            for account_id, newest in behind:
                payload = {"account_id": str(account_id), "earliest": newest.isoformat()}
                event_id = uuid5(account_id, day.isoformat())
                announce(connection, tenant_id, event_id, "valuation.day_passed", payload)


def announce_outdated(connection: Connection) -> int:
    """Ask for the snapshots another version of the calculation made; how many accounts have some.

    Asked when a scheduler begins, so after every change of release; the demo's too.
    """
    told = 0
    for tenant_id in _tenants(connection, "SELECT id FROM tenants"):
        if tenant_id == CANARY:
            continue  # it is worked out from nothing at every look
        with _as_tenant(connection, tenant_id):
            outdated = connection.execute(
                "SELECT account_id, min(as_of) FROM snapshots WHERE calculation_version <> %s"
                " GROUP BY account_id",
                (CALCULATION_VERSION,),
            ).fetchall()
            for account_id, earliest in outdated:
                payload = {"account_id": str(account_id), "earliest": earliest.isoformat()}
                event_id = uuid5(account_id, f"version {CALCULATION_VERSION} {earliest}")
                announce(connection, tenant_id, event_id, "valuation.market_changed", payload)
            told += len(outdated)
    return told


def announce_proofs(connection: Connection, day: date) -> None:
    """Ask for the proof of some accounts of every tenant, once a day."""
    for tenant_id in _tenants(connection, "SELECT id FROM tenants"):
        if tenant_id == CANARY:
            continue  # it is worked out from nothing at every look
        with _as_tenant(connection, tenant_id):
            due = connection.execute(
                "SELECT a.id FROM accounts a LEFT JOIN ledger_proofs p"
                " ON p.tenant_id = a.tenant_id AND p.account_id = a.id"
                " WHERE a.tenant_id = %s AND (p.proved_on IS NULL OR p.proved_on < %s)"
                " ORDER BY p.proved_on NULLS FIRST, a.id LIMIT %s",
                (tenant_id, day, PROOFS_A_NIGHT),
            ).fetchall()
            for (account_id,) in due:
                event_id = uuid5(account_id, f"proof {day.isoformat()}")
                payload = {"account_id": str(account_id)}
                announce(connection, tenant_id, event_id, "ledger.proof_due", payload)


def announce_own_sources(connection: Connection, occurrence: datetime) -> None:
    """Ask for the prices of every tenant that set up a source of its own."""
    for tenant_id in _tenants(connection, "SELECT id FROM tenants WHERE NOT is_demo"):
        with _as_tenant(connection, tenant_id):
            if connection.execute("SELECT 1 FROM custom_sources LIMIT 1").fetchone() is not None:
                event_id = uuid5(tenant_id, f"own sources {occurrence.isoformat()}")
                announce(connection, tenant_id, event_id, "marketdata.own_sources_due", {})


def announce_alerts(connection: Connection, day: date) -> None:
    """Have the rules of every tenant that wait for an event look, once a day; the demo's too."""
    for tenant_id in _tenants(connection, "SELECT id FROM tenants"):
        with _as_tenant(connection, tenant_id):
            if connection.execute(WAITING_RULES).fetchone() is not None:
                event_id = uuid5(tenant_id, f"alerts {day.isoformat()}")
                announce(connection, tenant_id, event_id, "alerts.figures_moved", {})


def announce_canary(connection: Connection, occurrence: datetime) -> None:
    """Ask for a look at the canary, and forget the looks of the day before: there are many."""
    with _as_tenant(connection, CANARY):
        values = {"tenant": CANARY, "topic": CANARY_DUE, "before": occurrence - timedelta(days=1)}
        connection.execute(FORGET_LOOKS, values)
        event_id = uuid5(CANARY, occurrence.isoformat())
        announce(connection, CANARY, event_id, CANARY_DUE, {})


def forget_ended(connection: Connection, now: datetime) -> int:
    """Delete work that ended long ago, and its key: a row that is gone is never begun again."""
    forgotten = 0
    while True:
        count = connection.execute(FORGET, {"before": now - REMEMBERED, "most": 5000}).rowcount
        forgotten += count
        if not count:
            return forgotten


def _tenants(connection: Connection, query: Any) -> Iterable[UUID]:
    return [tenant_id for (tenant_id,) in connection.execute(query).fetchall()]


@contextmanager
def _as_tenant(connection: Connection, tenant_id: UUID) -> Iterator[None]:
    with connection.transaction():
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant_id),))
        yield


ANNOUNCERS: Mapping[str, Announcer] = {
    "rates": _ask_once("marketdata.rates_due"),
    "series": _ask_once("marketdata.series_due"),
    "benchmarks": _ask_once("marketdata.benchmarks_due"),
    "retention": _ask_once("marketdata.retention_due"),
    "events": _announce_events,
    "reconciliation": _announce_reconciliation,
    "own-sources": lambda connection, due: announce_own_sources(connection, due.at),
    "snapshots": lambda connection, due: announce_new_day(connection, due.at.date()),
    "forgetting": lambda connection, due: forget_ended(connection, due.at),
    "alerts": lambda connection, due: announce_alerts(connection, due.at.date()),
    "canary": lambda connection, due: announce_canary(connection, due.at),
    "proofs": lambda connection, due: announce_proofs(connection, due.at.date()),
}

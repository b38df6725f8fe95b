"""A backfill: closes and events of a span of days, asked for again, in parts that stand alone.

Each part is an event with an id of its own, made from the request, the instrument and its first
day: whoever dies, what is done stays done, what is left is done by itself, and nothing twice.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import LiteralString
from uuid import UUID, uuid5

from truenav.features.instruments.catalogue import ASKABLE
from truenav.platform.attempts import Connection
from truenav.platform.outbox import announce
from truenav.platform.tables import INSTALLATION

TOPIC = "marketdata.backfill_requested"
PART = "marketdata.span_due"
PART_YEARS = 5
CANDIDATES: LiteralString = f"""
SELECT id FROM instruments
WHERE CASE WHEN %(symbols)s::text[] IS NULL THEN wanted_at IS NOT NULL AND {ASKABLE}
           ELSE symbol = ANY (%(symbols)s)
                AND asset_class IN ('equity', 'fund', 'crypto') END
ORDER BY id
"""  # noqa: S608  # our text


def request(
    connection: Connection, request_id: UUID, first: date, last: date, symbols: Sequence[str]
) -> None:
    """Ask for a backfill of these symbols, or of all that is held; asking twice asks once."""
    announce(connection, INSTALLATION, request_id, TOPIC, payload_of(first, last, symbols))


def payload_of(first: date, last: date, symbols: Sequence[str]) -> dict[str, str]:
    """A request for a backfill, as its event tells it."""
    return {"first": first.isoformat(), "last": last.isoformat(), "symbols": " ".join(symbols)}


def split(
    connection: Connection,
    request_id: UUID,
    first: date,
    last: date,
    symbols: Sequence[str] | None,
    tell: Callable[[int, int | None, str | None], None],
) -> int:
    """Announce the parts of a backfill; how many. The caller commits."""
    wanted = list(symbols) if symbols is not None else None
    found = connection.execute(CANDIDATES, {"symbols": wanted}).fetchall()
    count = 0
    for index, (instrument_id,) in enumerate(found):
        tell(index, len(found), "splitting the backfill")
        for begin, end in spans(first, last):
            payload = {
                "instrument_id": str(instrument_id),
                "first": begin.isoformat(),
                "last": end.isoformat(),
            }
            part_id = uuid5(request_id, f"{instrument_id} {begin}")
            announce(connection, INSTALLATION, part_id, PART, payload, batch_id=request_id)
            count += 1
    return count


def spans(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last` in parts of at most five years, without gap or overlap."""
    begin = first
    while begin <= last:
        year = begin.year + PART_YEARS
        after = date(year, 1, 1) if year <= date.max.year else None
        end = min(last, after - timedelta(days=1)) if after is not None else last
        yield begin, end
        if end == last:
            return
        begin = end + timedelta(days=1)

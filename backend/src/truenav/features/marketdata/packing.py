"""Past years of closes, packed: derived from the prices, which stay the truth (ADR 36).

A packed year says of which data version it is. Whoever changes prices notes a version in the same
transaction, so a year that a later version touched is known to be old, whatever happens at once,
and is read from the prices until it is packed anew.
"""

import threading
from datetime import date
from typing import Any, Final, LiteralString

import psycopg

# Closes are packed as whole numbers of 10^-8; what has more places, or is larger, is not packed.
STEP_PLACES: Final = 8
STEPS: LiteralString = "100000000"
FITS: LiteralString = "(min_scale(p.close) <= 8 AND p.close < 90000000000)"
# Instruments with a year that ended and is not packed, or is old.
WANTED: LiteralString = f"""
SELECT told.instrument_id, told.year
FROM (
  SELECT p.instrument_id, extract(year FROM p.price_date)::int AS year
  FROM prices p WHERE p.price_date < %(before)s
  GROUP BY 1, 2 HAVING bool_and({FITS})
) told
WHERE NOT EXISTS (
  SELECT 1 FROM price_years y
  WHERE y.instrument_id = told.instrument_id AND y.year = told.year AND NOT EXISTS (
    SELECT 1 FROM price_versions v
    WHERE v.instrument_id = y.instrument_id AND v.version > y.version
      AND v.reason NOT LIKE 'event%%' AND v.earliest <= make_date(y.year, 12, 31)))
ORDER BY 1, 2
"""  # noqa: S608  # our text
DROP: LiteralString = (
    "DELETE FROM price_years WHERE instrument_id = %(id)s AND year = ANY (%(years)s)"
)
# One statement, so that the version and the prices are of one moment. A year is packed with all
# its sources or not at all.
PACK: LiteralString = f"""
WITH told AS (
  SELECT p.*, extract(year FROM p.price_date)::int AS year FROM prices p
  WHERE p.instrument_id = %(id)s AND p.price_date BETWEEN %(first)s AND %(last)s
), whole AS (
  SELECT p.year FROM told p WHERE p.year = ANY (%(years)s)
  GROUP BY p.year HAVING bool_and({FITS})
)
INSERT INTO price_years (instrument_id, year, source, basis, currency, version, places, days,
                         closes)
SELECT p.instrument_id, p.year, p.source, p.basis, p.currency,
       coalesce((SELECT max(version) FROM price_versions WHERE instrument_id = %(id)s), 0),
       {STEP_PLACES},
       array_agg(p.price_date - DATE '1970-01-01' ORDER BY p.price_date),
       array_agg((p.close * {STEPS})::bigint ORDER BY p.price_date)
FROM told p JOIN whole USING (year)
GROUP BY p.instrument_id, p.year, p.source, p.basis, p.currency
"""  # noqa: S608  # our text


def pack_years(connection: psycopg.Connection[Any], today: date, stop: threading.Event) -> int:
    """Pack every year before this one that is not, or is old; how many instruments changed.

    An instrument is a transaction: one that is stopped keeps what it did.
    """
    wanted: dict[Any, list[int]] = {}
    for instrument_id, year in connection.execute(WANTED, {"before": date(today.year, 1, 1)}):
        wanted.setdefault(instrument_id, []).append(year)
    connection.commit()
    count = 0
    for instrument_id, years in wanted.items():
        if stop.is_set():
            break
        values = {
            "id": instrument_id, "years": years,
            "first": date(min(years), 1, 1), "last": date(max(years), 12, 31),
        }  # fmt: skip
        with connection.transaction():
            # two at once would pack the same year
            connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('price_years:' || %s, 0))",
                (str(instrument_id),),
            )
            connection.execute(DROP, values)
            connection.execute(PACK, values)
        count += 1
    return count

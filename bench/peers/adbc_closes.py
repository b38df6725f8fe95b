"""Closes into Arrow the way analytics usually do: ADBC, one query, numeric cast to float8.

Runs in an environment of its own (see `measuring/peers.py`). Says what it cost, connecting
counted, imports not, how many closes there were and what they add up to.
"""

import json
import sys
from time import perf_counter, process_time

import adbc_driver_postgresql.dbapi as adbc
import pyarrow.compute as pc

QUERY = "SELECT instrument_id, price_date, close::float8 AS close FROM prices"


def main() -> None:
    cpu, wall = process_time(), perf_counter()
    with adbc.connect(sys.argv[1]) as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        told = cursor.fetch_arrow_table()
    cpu, wall = process_time() - cpu, perf_counter() - wall
    total = pc.sum(told["close"]).as_py()
    print(json.dumps({"cpu": cpu, "wall": wall, "count": told.num_rows, "total": total}))


if __name__ == "__main__":
    main()

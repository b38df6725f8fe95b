"""XIRR of every portfolio by pyxirr, one call each, on arrays that are ready.

Runs in an environment of its own (see `measuring/peers.py`). Reads the arrays `returns.py` wrote.
"""

import json
import sys
from time import perf_counter, process_time

import numpy as np
import pyxirr


def main() -> None:
    data = np.load(sys.argv[1])
    start = np.datetime64("2014-01-01")
    dates = [start + row.astype("timedelta64[D]") for row in data["days"]]
    amounts = list(data["amounts"])
    cpu, wall = process_time(), perf_counter()
    rates = [pyxirr.xirr(when, paid) for when, paid in zip(dates, amounts, strict=True)]
    cpu, wall = process_time() - cpu, perf_counter() - wall
    print(json.dumps({"cpu": cpu, "wall": wall, "rates": rates}))


main()

"""The six figures, rolling quantiles and correlations as empyrical, quantstats and pandas do them.

Runs in an environment of its own (see `measuring/peers.py`), once a round. Reads the arrays that
`risk.py` wrote, does the one job named, and says what it cost (imports and making of frames not
counted) and what came out.
"""

import importlib
import json
import sys
import warnings
from collections.abc import Callable, Mapping
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
Data = Mapping[str, Any]
Answer = tuple[tuple[float, float], Any]


def spent(begun: tuple[float, float]) -> tuple[float, float]:
    return process_time() - begun[0], perf_counter() - begun[1]


def many(data: Data, job: str) -> Answer:
    e = importlib.import_module("empyrical")
    series, benchmark = data["series"], data["series"][0]
    dates = pd.bdate_range("2000-01-03", periods=series.shape[1])
    frames = [pd.Series(one, index=dates) for one in series]
    base = pd.Series(benchmark, index=dates)
    wanted = frames if job == "many" else frames[1:2]
    # the first calls make what later ones find: they are not counted
    six(e, frames[0], base)
    begun = process_time(), perf_counter()
    found = [six(e, one, base) for one in wanted]
    return spent(begun), found


def six(e: Any, one: Any, base: Any) -> list[float]:
    return [
        e.annual_volatility(one), e.sharpe_ratio(one), e.sortino_ratio(one), e.max_drawdown(one),
        e.beta(one, base), e.value_at_risk(one, 0.05),
    ]  # fmt: skip


def quant(data: Data, _job: str) -> Answer:
    q = importlib.import_module("quantstats.stats")
    series = data["series"]
    dates = pd.bdate_range("2000-01-03", periods=series.shape[1])
    one, base = (pd.Series(series[row], index=dates) for row in (1, 0))

    def made() -> list[Any]:
        return [
            q.volatility(one), q.sharpe(one), q.sortino(one), q.max_drawdown(one),
            q.greeks(one, base)["beta"], float(one.quantile(0.05)),
        ]  # fmt: skip

    made()
    begun = process_time(), perf_counter()
    found = made()
    cost = spent(begun)
    return cost, [[float(value) for value in found]]


def rolling(data: Data, _job: str) -> Answer:
    frame = pd.DataFrame(data["series"][:20].T)
    frame[[0]].rolling(252).quantile(0.05)
    begun = process_time(), perf_counter()
    found = [frame.rolling(252).quantile(share) for share in (0.05, 0.01)]
    cost = spent(begun)
    return cost, [one.to_numpy()[251:].T.tolist() for one in found]


def correlations(data: Data, _job: str) -> Answer:
    frame = pd.DataFrame(data["series"].T)
    begun = process_time(), perf_counter()
    found = frame.corr()
    return spent(begun), float(found.to_numpy().sum())


JOBS: Mapping[str, Callable[[Data, str], Answer]] = {
    "many": many, "one": many, "quantstats": quant, "rolling": rolling,
    "correlations": correlations,
}  # fmt: skip


def main() -> None:
    data, job = np.load(sys.argv[1]), sys.argv[2]
    (cpu, wall), found = JOBS[job](data, job)
    print(json.dumps({"cpu": cpu, "wall": wall, "found": found}))


main()

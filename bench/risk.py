"""Six risk figures, rolling value at risk and correlations, of made-up returns of twenty years.

    python bench/risk.py [series [days]]        default: 500 5040

- Many: volatility, Sharpe, Sortino, maximum drawdown, beta and value at risk of every series
  (`measures_of`), against empyrical-reloaded, series by series; the limit reads the returns once.
- One: the same of one series as the route asks for them, one figure at a time with its inputs,
  against quantstats and empyrical.
- Rolling: value at risk at 95 and 99 % over 252 returns of twenty series, against pandas'
  `rolling.quantile`, and against NumPy's quantile of every window of one series, twenty times.
- Correlations of all series, against `DataFrame.corr` and `numpy.corrcoef`.

Peers are pinned, in throw-away environments, processes of their own. Answers must agree: the
six to 1e-9 (quantstats defines some otherwise: only volatility, drawdown and value at risk),
rolling quantiles to the last digit with NumPy, correlations to 1e-12.

Goals C1 to C4 of docs/performance.md.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

# a product of matrices on two cores costs more processor time than on one; peers inherit it
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from measuring.peers import EMPYRICAL, PANDAS, QUANTSTATS, Peer, PeerMissing
from measuring.rounds import Cost, Measured, goal, in_turn, table
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from truenav.core.risk.batch import measures_of
from truenav.core.risk.correlation import correlation_matrix
from truenav.core.risk.figures import Convention
from truenav.core.risk.pairs import beta
from truenav.core.risk.ratios import deepest_fall, sharpe, sortino, volatility
from truenav.core.risk.rolling_tails import rolling_value_at_risk
from truenav.core.risk.tails import Tail, value_at_risk

Floats = NDArray[np.float64]
HOW = Convention()
WINDOW, ROLLED, ROUNDS, REPEATS = 252, 20, 5, 50


def made_up(count: int, days: int) -> Floats:
    """Series with a market in common."""
    source = np.random.default_rng(7)
    market = source.normal(0.0004, 0.011, days)
    own = source.normal(0.0, 0.013, (count, days))
    loads = source.uniform(0.4, 1.6, (count, 1))
    found: Floats = loads * market + own
    found[0] = market
    return found


def one_of(series: Floats, benchmark: Floats) -> list[float | None]:
    """What a page asks of one portfolio."""
    return [
        volatility(series, HOW).value,
        sharpe(series, HOW).value,
        sortino(series, HOW).value,
        deepest_fall(series),
        beta(series, benchmark, HOW).value,
        value_at_risk(series, Tail()).value,
    ]


class Peers:
    """Each job of a peer, a process a round; the newest answer is kept to be compared."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: dict[str, object] = {}

    def job(self, peer: Peer, name: str) -> Cost:
        answer = peer.run("risk_peers.py", str(self.file), name)
        self.found[name] = answer["found"]
        return Cost(answer["cpu"], answer["wall"])


def repeated(run: Callable[[], object], times: int) -> Cost:
    """The cost of one call out of many, in seconds."""
    measured = in_turn({"": lambda: [run() for _ in range(times)]}, 1)[""]
    return Cost(measured.cpu / times, measured.wall / times)


def agree(label: str, left: object, right: object, within: float) -> None:
    """Stop where two answers differ."""
    a, b = np.asarray(left, float), np.asarray(right, float)
    worst = float(np.max(np.abs(a - b)))
    if not worst <= within:
        raise SystemExit(f"{label}: answers differ by {worst}")


def many_series(series: Floats, peers: Peers) -> None:
    measured = in_turn(
        {
            "product": lambda: measures_of(series, series[0], HOW),
            "empyrical": lambda: peers.job(EMPYRICAL, "many"),
            "read once (limit)": series.sum,
        },
        ROUNDS,
    )
    table(measured, len(series), "series")
    found = measures_of(series, series[0], HOW)
    ours = np.array(
        [found.volatility, found.sharpe, found.sortino, found.max_drawdown, found.beta,
         found.value_at_risk]
    ).T  # fmt: skip
    agree("many", ours, peers.found["many"], 1e-9)
    ratio = measured["empyrical"].times(measured["product"])
    goal(
        "C1", f"six figures of {len(series)}: {ratio:.1f} times empyrical (>= 5)", is_met=ratio >= 5
    )


def one_series(series: Floats, peers: Peers) -> None:
    measured = in_turn(
        {
            "product": lambda: repeated(lambda: one_of(series[1], series[0]), REPEATS),
            "empyrical": lambda: peers.job(EMPYRICAL, "one"),
            "quantstats": lambda: peers.job(QUANTSTATS, "quantstats"),
        },
        ROUNDS,
    )
    table(measured, 1, "calls")
    ours = one_of(series[1], series[0])
    agree("one", [ours], peers.found["one"], 1e-9)
    theirs = np.asarray(peers.found["quantstats"], float)[0]
    agree("quantstats", [ours[row] for row in (0, 3, 5)], theirs[[0, 3, 5]], 1e-9)
    mine: Measured = measured["product"]
    by_q, by_e = measured["quantstats"].times(mine), measured["empyrical"].times(mine)
    goal(
        "C2",
        f"one call {mine.cpu * 1000:.2f} ms (<= 1), {by_q:.0f} times quantstats (>= 20),"
        f" {by_e:.1f} times empyrical (>= 3)",
        is_met=mine.cpu <= 0.001 and by_q >= 20 and by_e >= 3,
    )


def rolling(series: Floats, peers: Peers) -> None:
    chosen = series[:ROLLED]
    windows = sliding_window_view(chosen[0], WINDOW)
    measured = in_turn(
        {
            "product": lambda: rolling_value_at_risk(chosen, WINDOW, (0.95, 0.99)),
            "pandas": lambda: peers.job(PANDAS, "rolling"),
            "numpy, one series": lambda: np.quantile(windows, [0.05, 0.01], axis=1),
        },
        ROUNDS,
    )
    table(measured, ROLLED, "series")
    ours = rolling_value_at_risk(chosen, WINDOW, (0.95, 0.99))
    agree("rolling, numpy", ours[:, 0], np.quantile(windows, [0.05, 0.01], axis=1), 0.0)
    agree("rolling, pandas", ours, peers.found["rolling"], 1e-15)
    ratio = measured["pandas"].times(measured["product"])
    goal("C3", f"rolling 252, 95 and 99 %: {ratio:.1f} times pandas (>= 2.5)", is_met=ratio >= 2.5)


def correlations(series: Floats, peers: Peers) -> None:
    measured = in_turn(
        {
            "product": lambda: correlation_matrix(series),
            "numpy.corrcoef": lambda: np.corrcoef(series),
            "pandas": lambda: peers.job(PANDAS, "correlations"),
        },
        ROUNDS,
    )
    table(measured, len(series), "series")
    agree("correlations", correlation_matrix(series), np.corrcoef(series), 1e-12)
    agree(
        "correlations, pandas", correlation_matrix(series).sum(), peers.found["correlations"], 1e-6
    )
    by_p = measured["pandas"].times(measured["product"])
    by_n = measured["product"].times(measured["numpy.corrcoef"])
    goal(
        "C4",
        f"{len(series)} x {len(series)}: {by_p:.0f} times DataFrame.corr (>= 40),"
        f" {by_n:.2f} of corrcoef's cost (<= 1.2)",
        is_met=by_p >= 40 and by_n <= 1.2,
    )


def main() -> None:
    given = [int(word) for word in sys.argv[1:3]]
    count, days = (*given, *(500, 5040)[len(given) :])
    series = made_up(count, days)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "returns.npz"
        np.savez(file, series=series)
        peers = Peers(file)
        for part in (many_series, one_series, rolling, correlations):
            print(f"\n{part.__name__.replace('_', ' ')}", flush=True)
            try:
                part(series, peers)
            except PeerMissing as missing:
                print(f"  not measured: {missing}")


if __name__ == "__main__":
    main()

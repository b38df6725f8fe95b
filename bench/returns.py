"""Money-weighted returns of many portfolios at once, and of one.

    python bench/returns.py [portfolios [flows]]        default: 10000 120

Portfolios pay in most months of ten years, take something out now and then, and end with what a
return of their own made of it. A tenth of them lost money.

- `abreast` is the product's: a Newton search of all portfolios in float64 arrays, each rate proved
  by its present value and by the sign of what is invested; what is not proved goes to the search
  in decimals, whose cost is in the figure.
- `with decimals` is the same from lists of dates and decimals to decimals: what a caller pays.
- pyxirr (pinned, Rust, in a throw-away environment, a process of its own) is the peer, one call a
  portfolio on arrays that are ready. What converting costs is not counted for it.
- `numpy limit` is six rounds of the exponentials and sums such a search cannot do without.

All must agree to 1e-7. Goals B1 and B2 of docs/performance.md.
"""

import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
from measuring.peers import PYXIRR, PeerMissing
from measuring.rounds import Cost, goal, in_turn, table

from truenav.core.performance.mwrr import xirr
from truenav.core.performance.mwrr_batch import solve, xirr_many

FIRST = date(2014, 1, 1)
DAYS = 3650
ROUNDS = 5
Floats = npt.NDArray[np.float64]


def portfolios(count: int, flows: int) -> tuple[Floats, Floats]:
    """Whole days and amounts in cents, from the investor's side; the last is what came out."""
    rng = np.random.default_rng(20261130)
    inner = np.sort(rng.integers(1, DAYS, size=(count, flows - 2)), axis=1)
    days = np.hstack([np.zeros((count, 1)), inner, np.full((count, 1), DAYS)]).astype(np.float64)
    amounts = -np.round(rng.uniform(50, 1500, size=days.shape), 2)
    taken = rng.random(days.shape) < 0.1
    amounts = np.where(taken, np.round(-amounts * 0.8, 2), amounts)
    amounts[:, 0] = -10_000.0
    rates = rng.normal(0.06, 0.05, size=count)
    growth = np.exp(np.log1p(rates)[:, None] * (DAYS - days) / 365)
    amounts[:, -1] = np.maximum(np.round(-(amounts * growth)[:, :-1].sum(axis=1), 2), 1.0)
    return days, amounts


def found_by(days: Floats, amounts: Floats) -> Floats:
    """Every rate: abreast where proved, alone where not."""
    rates, proved = solve(days, amounts)
    for row in np.flatnonzero(~proved):
        rate = xirr(dated(days[row], amounts[row])).rate
        rates[row] = np.nan if rate is None else float(rate)
    return rates


def dated(days: Floats, amounts: Floats) -> list[tuple[date, Decimal]]:
    """Flows as the ledger has them."""
    return [
        (FIRST + timedelta(days=int(day)), Decimal(str(round(float(amount), 2))))
        for day, amount in zip(days, amounts, strict=True)
    ]


def limit(days: Floats, amounts: Floats) -> float:
    """Six rounds of exponentials and sums, in blocks that stay in the cache."""
    total = 0.0
    for start in range(0, len(days), 256):
        years, part = days[start : start + 256] / 365, amounts[start : start + 256]
        for turn in range(6):
            total += float((part * np.exp(-0.01 * turn * years)).sum())
    return total


def main() -> int:
    """Measure, compare, and say which goals are met."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    flows = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    days, amounts = portfolios(count, flows)
    lists = [dated(days[row], amounts[row]) for row in range(count)]
    peers: list[Floats] = []

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flows.npz"
        np.savez(path, days=days, amounts=amounts)

        def pyxirr() -> Cost:
            answer = PYXIRR.run("pyxirr_rates.py", str(path))
            peers.append(np.array(answer["rates"], dtype=np.float64))
            return Cost(answer["cpu"], answer["wall"])

        candidates = {
            "abreast": lambda: found_by(days, amounts),
            "with decimals": lambda: xirr_many(lists),
            "numpy limit": lambda: limit(days, amounts),
        }
        try:
            PYXIRR.prepare()
            candidates["pyxirr"] = pyxirr
        except PeerMissing as missing:
            print(f"  without pyxirr: {missing}")
        measured = in_turn(candidates, ROUNDS)
    table(measured, count, "portfolios")

    _, proved = solve(days, amounts)
    all_rates = found_by(days, amounts)
    worth = np.abs((amounts * np.exp(-np.log1p(all_rates)[:, None] * days / 365)).sum(axis=1))
    off = float((worth / np.abs(amounts).sum(axis=1)).max())
    unsolved = int(np.isnan(all_rates).sum())
    print(f"  {int((~proved).sum())} of {count} were searched alone")
    goal(
        "B2", f"{unsolved} unsolved, largest present value {off:.0e} of all flows",
        is_met=unsolved == 0 and off <= 1e-6,
    )  # fmt: skip
    if not peers:
        return 0
    apart = float(np.abs(peers[-1] - all_rates).max())
    if apart > 1e-7:
        print(f"  pyxirr differs by {apart}")
        return 1
    times = measured["pyxirr"].times(measured["abreast"])
    goal("B1", f"{times:.2f} times as fast as pyxirr (wanted 1.3)", is_met=times >= 1.3)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Daily NAV and time-weighted return the way most trackers write it: a pandas frame per instrument.

Runs in an environment of its own (see `measuring/peers.py`). Reads the arrays that `nav.py` wrote,
says what the calculation cost (imports and frames of prices not counted) and what came out.
"""

import json
import sys
from time import perf_counter, process_time

import numpy as np
import pandas as pd


def main() -> None:
    data = np.load(sys.argv[1])
    dates = pd.DatetimeIndex(data["dates"])
    currency_of = data["currency"]
    names = [f"S{index:03d}" for index in range(len(currency_of))]
    prices = pd.DataFrame(data["prices"], index=dates, columns=names)
    rates = pd.DataFrame(data["rates"], index=dates)
    trades = pd.DataFrame(
        {
            "date": dates[data["trade_day"]],
            "name": np.array(names)[data["trade_instrument"]],
            "units": data["trade_units"],
            "flow": data["trade_flow"],
        }
    )
    cpu, wall = process_time(), perf_counter()
    total = pd.Series(0.0, index=dates)
    for name, of_name in trades.groupby("name"):
        held = of_name.groupby("date")["units"].sum().cumsum().reindex(dates).ffill().fillna(0)
        total = total + held * prices[name] * rates[currency_of[int(name[1:])]]
    flows = trades.groupby("date")["flow"].sum().reindex(dates).fillna(0)
    invested = total.shift(1).fillna(0) + flows
    growth = (total / invested).where(invested > 1e-9, 1).cumprod()
    cpu, wall = process_time() - cpu, perf_counter() - wall
    answer = {"cpu": cpu, "wall": wall, "nav": total.tolist(), "growth": float(growth.iloc[-1])}
    print(json.dumps(answer))


main()

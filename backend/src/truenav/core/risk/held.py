"""What today's holdings would have returned on past days: not what the portfolio returned."""

import numpy as np

from truenav.core.risk.figures import VERSION, Floats
from truenav.core.versions import versioned


def returns_between(levels: Floats) -> Floats:
    """Returns of K series from T levels each; NaN where either level is missing.

    A level is a price or a growth index, > 0; NaN where there is none.
    """
    if levels.shape[1] < 2:
        return np.empty((levels.shape[0], 0))
    before = np.where(levels[:, :-1] > 0, levels[:, :-1], np.nan)
    found: Floats = levels[:, 1:] / before - 1.0
    return found


@versioned(VERSION)
def weighted_history(levels: Floats, weights: Floats) -> Floats:
    """Returns of a portfolio that had today's weights on each past day.

    Args:
        levels: K series of T prices in the portfolio's currency, NaN where one has none.
        weights: Share of each in the net asset value, < 0 when short; what they lack to 1 is
            cash, which returns nothing.

    Returns:
        One return per pair of neighboring days, of the days on which all have a price: the inner
        join of their days. Weights are restored every day.
    """
    is_complete = ~np.isnan(levels).any(axis=0)
    found: Floats = weights @ returns_between(levels[:, is_complete])
    return found


def complete_days(levels: Floats) -> list[int]:
    """Columns of the days on which all series have a level."""
    return [int(column) for column in np.flatnonzero(~np.isnan(levels).any(axis=0))]

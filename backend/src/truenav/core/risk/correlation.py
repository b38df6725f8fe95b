"""How many series move together, and an order in which those that do stand beside each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from truenav.core.risk.figures import LEAST_RETURNS, NOTHING, VERSION, Floats
from truenav.core.versions import versioned


@versioned(VERSION)
def correlation_matrix(returns: Floats, least: int = LEAST_RETURNS) -> Floats:
    """Pearson's correlations of K series of T returns; NaN stands for "no return that day".

    Each pair is measured on the days both have a return. The result is symmetric with a unit
    diagonal, NaN for a pair with fewer than `least` common days and for a series that did not
    vary (its own diagonal too).
    """
    count = returns.shape[0]
    if not count or returns.shape[1] < 2:
        return np.full((count, count), np.nan)
    # a sum is not a number when one part is not; looking at each takes longer
    if np.isnan(returns.sum()):
        found = _pairwise(returns, least)
    elif returns.shape[1] < least:
        return np.full((count, count), np.nan)
    else:
        found = _complete(returns)
    is_known = ~np.isnan(np.diagonal(found))
    np.fill_diagonal(found, np.where(is_known, 1.0, np.nan))
    return np.clip(found, -1.0, 1.0, out=found)


def _complete(returns: Floats) -> Floats:
    centered = returns - returns.mean(axis=1, keepdims=True)
    lengths = np.sqrt(np.einsum("ij,ij->i", centered, centered))
    is_flat = lengths <= NOTHING * np.sqrt(returns.shape[1])
    lengths[is_flat] = 1.0
    centered /= lengths[:, None]
    found: Floats = centered @ centered.T
    found[is_flat, :] = np.nan
    found[:, is_flat] = np.nan
    return found


def _pairwise(returns: Floats, least: int) -> Floats:
    count = returns.shape[0]
    found = np.full((count, count), np.nan)
    has = ~np.isnan(returns)
    for left in range(count):
        for right in range(left, count):
            both = has[left] & has[right]
            if np.count_nonzero(both) < max(least, 2):
                continue
            found[left, right] = found[right, left] = _complete(returns[[left, right]][:, both])[
                0, 1
            ]
    return found


@versioned(VERSION)
def clustered_order(correlations: Floats) -> list[int]:
    """Rows in an order that puts alike ones beside each other: average linkage, 1 - correlation.

    Deterministic: of equally near clusters the ones with the lowest rows merge first, and the
    cluster with the lower first row stands first. An unknown correlation counts as none.
    """
    count = correlations.shape[0]
    distance = 1.0 - np.where(np.isnan(correlations), 0.0, correlations)
    np.fill_diagonal(distance, np.inf)
    members: list[list[int]] = [[row] for row in range(count)]
    alive = np.ones(count, bool)
    for _ in range(count - 1):
        left, right = _nearest(distance, alive)
        sizes = len(members[left]), len(members[right])
        mean = (sizes[0] * distance[left] + sizes[1] * distance[right]) / sum(sizes)
        distance[left], distance[:, left] = mean, mean
        distance[left, left] = np.inf
        alive[right] = False
        members[left] = members[left] + members[right]
    return members[0] if count else []


def _nearest(distance: Floats, alive: NDArray[np.bool_]) -> tuple[int, int]:
    # rounded: what differs in the last digits only is equally near on every machine
    rows = np.flatnonzero(alive)
    near = np.round(distance[np.ix_(rows, rows)], 12)
    left, right = np.unravel_index(int(np.argmin(near)), near.shape)
    return int(rows[min(left, right)]), int(rows[max(left, right)])


def in_order(correlations: Floats, order: Sequence[int]) -> list[list[float | None]]:
    """Rows and columns in an order, None where a correlation is unknown."""
    rows = correlations[np.ix_(order, order)]
    return [[None if np.isnan(value) else float(value) for value in row] for row in rows]

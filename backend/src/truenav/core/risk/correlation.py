"""How many series move together, and an order in which those that do stand beside each other."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from truenav.core.risk.figures import LEAST_RETURNS, NOTHING, VERSION, Floats
from truenav.core.versions import versioned

# Of a sum of squares so much must be left without the mean; else digits were lost: mean first.
CANCELLED: Final = 0.5


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
    totals = returns.sum(axis=1)
    # a sum is not a number when one part is not; looking at each takes longer
    if np.isnan(totals.sum()):
        found = _pairwise(returns, least)
    elif returns.shape[1] < least:
        return np.full((count, count), np.nan)
    else:
        found = _complete(returns, totals)
    is_known = ~np.isnan(np.diagonal(found))
    np.fill_diagonal(found, np.where(is_known, 1.0, np.nan))
    return np.clip(found, -1.0, 1.0, out=found)


def _complete(returns: Floats, totals: Floats) -> Floats:
    """One product of matrices; the means come off the sums afterwards where that loses nothing."""
    days = returns.shape[1]
    products = returns @ returns.T
    squares = np.diagonal(products).copy()
    shares = totals / np.sqrt(days)
    products -= np.outer(shares, shares)
    spread = np.diagonal(products)
    if not np.all(spread >= CANCELLED * squares):
        centered = returns - (totals / days)[:, None]
        products = centered @ centered.T
        spread = np.diagonal(products)
    lengths = np.sqrt(spread)
    is_flat = lengths <= NOTHING * np.sqrt(days)
    lengths[is_flat] = 1.0
    products /= np.outer(lengths, lengths)
    products[is_flat, :] = np.nan
    products[:, is_flat] = np.nan
    return products


def _pairwise(returns: Floats, least: int) -> Floats:
    """Three products of matrices over the days both have; what they cannot tell, pair by pair."""
    has = ~np.isnan(returns)
    days = has.astype(np.float64)
    own = np.maximum(days.sum(axis=1, keepdims=True), 1.0)
    near = np.where(has, returns, 0.0)
    near = np.where(has, returns - near.sum(axis=1, keepdims=True) / own, 0.0)
    common = days @ days.T
    shared = np.maximum(common, 1.0)
    sums = near @ days.T
    squares = (near * near) @ days.T
    spread = squares - sums * sums / shared
    found = near @ near.T - sums * sums.T / shared
    is_told = (spread >= CANCELLED * squares) & (spread > NOTHING**2 * shared)
    with np.errstate(divide="ignore", invalid="ignore"):
        found /= np.sqrt(spread) * np.sqrt(spread.T)
    found[common < max(least, 2)] = np.nan
    for left, right in np.argwhere(~(is_told & is_told.T) & (common >= max(least, 2))):
        if left <= right:
            both = returns[[left, right]][:, has[left] & has[right]]
            found[left, right] = found[right, left] = _complete(both, both.sum(axis=1))[0, 1]
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

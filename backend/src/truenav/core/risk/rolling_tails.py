"""Value at risk over each window, without sorting each window.

A window of length w ends in one block of w returns and began in the one before: its smallest m
returns are among the m smallest of the rest of that block and of the beginning of this one. Both
are kept sorted while a block is walked through once, for all blocks and series together, and the
k-th smallest of two sorted lists needs no merging:

    kth(a, b) = min over i of max(a_i, b_(k - i)),  a_0 = b_0 = -infinity

Source of the blocks: van Herk (1992), Gil and Werman (1993), for minima.
"""

from collections.abc import Sequence

import numpy as np

from truenav.core.risk.figures import Floats


def rolling_value_at_risk(series: Floats, window: int, confidences: Sequence[float]) -> Floats:
    """Quantiles (`linear`) of the returns in each window.

    Args:
        series: Returns, K series of T each; none NaN.
        window: Returns in a window.
        confidences: Such as 0.95 and 0.99.

    Returns:
        len(confidences) x K x (T - window + 1) returns, a loss negative; equal to NumPy's
        `quantile` of each window. Empty in the last axis where there is not one whole window.
    """
    count, length = series.shape
    starts = max(0, length - window + 1)
    ranks = [(window - 1) * round(1.0 - confidence, 12) for confidence in confidences]
    found = np.empty((len(ranks), count, starts))
    if not starts or not count:
        return found
    most = min(window, int(max(ranks)) + 2)
    heads, tails = _sorted_ends(series, window, most)
    heads, tails = heads[:, :, window - 1 : window - 1 + starts], tails[:, :, :starts]
    # a window that is a whole block is its own tail: its head would count everything twice
    heads[:, :, ::window] = np.inf
    for which, rank in enumerate(ranks):
        low = int(rank)
        part = rank - low
        value = _kth(tails, heads, low)
        if part:
            above = _kth(tails, heads, min(low + 1, window - 1))
            # as NumPy interpolates: from the nearer end
            step = above - value
            value = value + step * part if part < 0.5 else above - step * (1.0 - part)
        found[which] = value
    return found


def _sorted_ends(series: Floats, window: int, most: int) -> tuple[Floats, Floats]:
    """The `most` smallest returns from each block's beginning, and to its end, at each place.

    Both are most x K x (blocks * window); what a short end lacks is infinite.
    """
    count, length = series.shape
    blocks = -(-length // window)
    padded = np.full((count, blocks * window), np.inf)
    padded[:, :length] = series
    # place in the block first: one step of the walk is one piece of memory
    walked = np.ascontiguousarray(padded.reshape(count * blocks, window).T)
    heads = _smallest_so_far(walked, most)
    tails = _smallest_so_far(walked[::-1], most)[::-1]
    return _by_place(heads, count, blocks), _by_place(tails, count, blocks)


def _smallest_so_far(walked: Floats, most: int) -> Floats:
    """Place x most x lane: the smallest values up to each place, sorted."""
    places, lanes = walked.shape
    kept = np.full((places, most, lanes), np.inf)
    kept[0, 0] = walked[0]
    for place in range(1, places):
        before, now = kept[place - 1], kept[place]
        np.maximum(before[:-1], walked[place], out=now[1:])
        np.minimum(now[1:], before[1:], out=now[1:])
        np.minimum(before[0], walked[place], out=now[0])
    return kept


def _by_place(kept: Floats, count: int, blocks: int) -> Floats:
    """Most x K x place in the series."""
    places, most, _ = kept.shape
    shaped = kept.reshape(places, most, count, blocks)
    return np.ascontiguousarray(shaped.transpose(1, 2, 3, 0)).reshape(most, count, blocks * places)


def _kth(tails: Floats, heads: Floats, rank: int) -> Floats:
    """The return of a rank (from 0) in each window, of its two ends."""
    found: Floats = np.minimum(tails[rank], heads[rank])
    larger = np.empty_like(found)
    for taken in range(1, rank + 1):
        np.maximum(tails[taken - 1], heads[rank - taken], out=larger)
        np.minimum(found, larger, out=found)
    return found

"""Value at risk over each window, without sorting each window.

A window of length w ends in one block of w returns and began in the one before: its smallest m
returns are among the m smallest of the rest of that block and of the beginning of this one. Both
are kept sorted while a block is walked through once, for all blocks and series together, and the
k-th smallest of two sorted lists needs no merging:

    kth(a, b) = min over i of max(a_i, b_(k - i)),  a_0 = b_0 = -infinity

Source of the blocks: van Herk (1992), Gil and Werman (1993), for minima.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
    ends = _Ends.of(series, window, min(window, int(max(ranks)) + 2))
    for which, rank in enumerate(ranks):
        low = int(rank)
        part = rank - low
        found[which] = _by_day(ends.kth(low), count)[:, :starts]
        if part:
            above = _by_day(ends.kth(min(low + 1, window - 1)), count)[:, :starts]
            step = above - found[which]
            # as NumPy interpolates: from the nearer end
            found[which] = found[which] + step * part if part < 0.5 else above - step * (1 - part)
    return found


def _by_day(values: Floats, count: int) -> Floats:
    """Place in the block x lane, as series x day."""
    lanes = values.reshape(values.shape[0], count, -1)
    return lanes.transpose(1, 2, 0).reshape(count, -1)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Smallest returns from each block's beginning (`heads`) and to its end (`tails`), sorted.

    Both are place in the block x rank x lane; a lane is a block of a series, those of one series
    side by side. What a short end lacks is infinite.
    """

    heads: Floats
    tails: Floats

    @classmethod
    def of(cls, series: Floats, window: int, most: int) -> "_Ends":
        """Walk through all blocks together, forwards and backwards."""
        count, length = series.shape
        blocks = -(-length // window)
        padded = np.full((count, blocks * window), np.inf)
        padded[:, :length] = series
        # place in the block first: one step of the walk is one piece of memory
        walked = np.ascontiguousarray(padded.reshape(count * blocks, window).T)
        return cls(_smallest_so_far(walked, most), _smallest_so_far(walked[::-1], most)[::-1])

    def kth(self, rank: int) -> Floats:
        """The return of a rank (from 0) in the window that begins at each place of each lane.

        The first place's window is its block. Every other one ends a place earlier in the next
        lane; what has none there is infinite, and no whole window.
        """
        found = np.full((self.tails.shape[0], self.tails.shape[2]), np.inf)
        found[0] = self.tails[0, rank]
        tails, heads = self.tails[1:, :, :-1], self.heads[:-1, :, 1:]
        inner = found[1:, :-1]
        np.minimum(tails[:, rank], heads[:, rank], out=inner)
        larger = np.empty_like(inner)
        for taken in range(1, rank + 1):
            np.maximum(tails[:, taken - 1], heads[:, rank - taken], out=larger)
            np.minimum(inner, larger, out=inner)
        return found


def _smallest_so_far(walked: Floats, most: int) -> Floats:
    """Place x most x lane: the smallest values up to each place, sorted."""
    places, lanes = walked.shape
    kept = np.empty((places, most, lanes))
    kept[0] = np.inf
    kept[0, 0] = walked[0]
    for place in range(1, places):
        before, now = kept[place - 1], kept[place]
        np.maximum(before[:-1], walked[place], out=now[1:])
        np.minimum(now[1:], before[1:], out=now[1:])
        np.minimum(before[0], walked[place], out=now[0])
    return kept

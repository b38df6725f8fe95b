"""On which days a portfolio has a level, as version 2026.1 of risk meant it.

Kept beside the present meaning (`counted.py`) for reports that were made with it; statistics are
worked out alike.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from truenav.core.performance.twrr import ReturnIndex
from truenav.core.risk.counted import levels_but
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.versions import Version, versioned

VERSION: Final = Version("risk", "2026.1", date(2026, 11, 30), "The first.")


@versioned(VERSION)
def counted_levels(
    points: Sequence[SeriesPoint], index: ReturnIndex, priced: Collection[date]
) -> dict[date, float]:
    """Growth on priced days, those that began with next to nothing among them."""
    return levels_but(points, index, priced, ())

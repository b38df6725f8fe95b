"""Which source counts where several tell of the same day: declared here, nowhere else (ADR 23).

A tenant's own price comes first, then what an operator decided, then what somebody set up for one
instrument by hand, then providers from the most to the least exact, and last what came with the
installation. A price as traded comes before one that somebody adjusted, whoever tells it.
"""

from typing import Final

from truenav.core.marketdata.adjustment import PriceBasis

MANUAL: Final = "manual"
OPERATOR: Final = "operator"
CUSTOM: Final = "custom"
# Primary order; a name that is in neither list stands between the two, by name.
FIRST_SOURCES: Final = (
    MANUAL, OPERATOR, CUSTOM, "csv", "tiingo", "massive", "alpaca", "alpha_vantage", "coingecko",
    "ecb", "fred", "yahoo",
)  # fmt: skip
LAST_SOURCES: Final = ("cache", "bundled")
UNLISTED: Final = len(FIRST_SOURCES)
SOURCE_RANKS: Final = {
    **{name: rank for rank, name in enumerate(FIRST_SOURCES)},
    **{name: UNLISTED + 1 + rank for rank, name in enumerate(LAST_SOURCES)},
}
BASIS_RANKS: Final = {basis.value: rank for rank, basis in enumerate(PriceBasis)}


def source_rank(source: str) -> int:
    """The place of a source, 0 first; sources nobody listed share one."""
    return SOURCE_RANKS.get(source, UNLISTED)


def preference(basis: str, source: str) -> tuple[int, int, str]:
    """A key to order what several sources tell of one day: the least counts.

    Args:
        basis: What the price was adjusted for, as text; "raw" for an event or a rate.
        source: Who told it.
    """
    return BASIS_RANKS[basis], source_rank(source), source

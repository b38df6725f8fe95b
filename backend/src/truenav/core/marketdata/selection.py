"""Which source counts where several tell of the same day: declared here, nowhere else (ADR 23).

A tenant's own price comes first, then what an operator decided, then what somebody set up for one
instrument by hand, then providers from the most to the least exact, and last what came with the
installation. A price as traded comes before one that somebody adjusted, whoever tells it. Among
providers a tenant, and for an instrument an operator, may put some before the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
# Whose closes somebody may put before the others', in the declared order.
ORDERED_SOURCES: Final = (
    "csv", "tiingo", "massive", "alpaca", "alpha_vantage", "coingecko", "yahoo", "bundled",
)  # fmt: skip
# Somebody's word about one day; no order of providers goes before it.
DECIDED: Final = frozenset({MANUAL, OPERATOR})


@dataclass(frozen=True, slots=True)
class SourceOrder:
    """Sources put before the others: the tenant's, then the instrument's; the first counts."""

    tenant: Sequence[str] = ()
    instrument: Sequence[str] = ()


DECLARED: Final = SourceOrder()
Preference = tuple[int, int, int, int, int, str]


def source_rank(source: str) -> int:
    """The place of a source, 0 first; sources nobody listed share one."""
    return SOURCE_RANKS.get(source, UNLISTED)


def preference(basis: str, source: str, order: SourceOrder = DECLARED) -> Preference:
    """A key to order what several sources tell of one day: the least counts.

    Args:
        basis: What the price was adjusted for, as text; "raw" for an event or a rate.
        source: Who told it.
        order: Who was put before the others.
    """
    return (
        BASIS_RANKS[basis],
        0 if source in DECIDED else 1,
        _place(source, order.tenant),
        _place(source, order.instrument),
        source_rank(source),
        source,
    )


def _place(source: str, sources: Sequence[str]) -> int:
    return sources.index(source) if source in sources else len(sources)


def whole_order(order: SourceOrder) -> list[str]:
    """The sources that may be ordered, as they count under an order: the first counts."""
    return sorted(ORDERED_SOURCES, key=lambda source: preference("raw", source, order))

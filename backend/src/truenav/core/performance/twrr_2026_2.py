"""Time-weighted return as version 2026.2 meant it: of any capital, however little, a rate is made.

Kept beside the present meaning (`twrr.py`) for reports that were made with it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from truenav.core.money import exact
from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.core.performance.rules import UNTIL_2026_2
from truenav.core.performance.twrr import Chain, ReturnIndex, linked
from truenav.core.versions import Version, versioned

VERSION: Final = Version(
    "twrr", "2026.2", date(2026, 11, 30),
    "A day on which everything is taken out counts its flow at the end, and money that comes to an"
    " empty portfolio counts from the start: emptying an account breaks no chain. Returns before"
    " costs, and a bridge over unknown values by Modified Dietz, where they are asked for.",
)  # fmt: skip


@versioned(VERSION)
@exact
def return_index(  # the columns of one series, and two settings
    days: Sequence[date],
    values: Sequence[Decimal | None],
    flows: Sequence[Decimal | None],
    timing: FlowTiming = FlowTiming.START_OF_DAY,
    gaps: Gaps = Gaps.BREAK,
    costs: Sequence[Decimal | None] | None = None,
    turned: Sequence[Decimal] | None = None,
) -> ReturnIndex:
    """Daily growth of 1, linked; arguments and answer as in `twrr.return_index`.

    A day that began with cents has a return like any other, and a chain that never began because
    its values are unknown does not say that they are.
    """
    chain = Chain(timing, gaps, UNTIL_2026_2, is_slice=turned is not None)
    return linked(chain, days, values, flows, costs, turned)

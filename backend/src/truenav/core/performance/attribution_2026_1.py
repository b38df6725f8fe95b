"""Attribution as version 2026.1 meant it: a group has a rate on days of any capital.

Kept beside the present meaning (`attribution.py`) for reports that were made with it. Contributions
and effects are worked out alike; their days are linked by the version of the return.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from truenav.core.money import exact
from truenav.core.performance import attribution
from truenav.core.performance.attribution import GroupDays
from truenav.core.performance.rules import UNTIL_2026_2
from truenav.core.versions import Version, versioned

VERSION: Final = Version("attribution", "2026.1", date(2026, 11, 30), "The first.")


@versioned(VERSION)
@exact
def own_return(of: GroupDays, first: int, last: int) -> tuple[Decimal | None, str | None]:
    """A group's own time-weighted return over a span, or why there is none."""
    return attribution.own_return(of, first, last, UNTIL_2026_2)

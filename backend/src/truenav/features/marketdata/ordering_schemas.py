"""Bodies of the orders of sources."""

from typing import Annotated

from pydantic import Field

from truenav.platform.wire import Body, Instant, Version

Source = Annotated[str, Field(pattern=r"^[a-z_]{2,30}$")]


class SourceOrderIn(Body):
    """Sources to put before the others, the first counts; none is as declared.

    `version` is that of the order to replace; null chooses for the first time.
    """

    sources: Annotated[list[Source], Field(max_length=20)]
    version: Version | None = None


class SourceOrderOut(Body):
    """What was chosen (`sources`), the order that follows from it, and the declared one.

    `version` is null when nobody ever chose.
    """

    sources: list[str]
    effective: list[str]
    declared: list[str]
    version: int | None
    set_at: Instant | None

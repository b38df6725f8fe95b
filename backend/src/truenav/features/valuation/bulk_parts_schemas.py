"""Bodies of the allocation of many parts of the portfolio at once."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from truenav.features.valuation.many import ManyScopesIn, RefPartIn, ScopeProblemOut
from truenav.features.valuation.parts_schemas import BY_PATTERN, PartsOut
from truenav.platform.wire import AskedDay, Body

MOST_SCOPES = 100


class AllocationScopeIn(RefPartIn):
    """A part of the portfolio; `ref` comes back with its answer."""


class BulkAllocationIn(ManyScopesIn):
    """At most 100 scopes, 50 of them of a part of what is in accounts; one cut, one day."""

    scopes: list[AllocationScopeIn] = Field(min_length=1, max_length=MOST_SCOPES)
    by: Annotated[str, StringConstraints(pattern=BY_PATTERN)] = "asset_class"
    look_through: bool = True
    as_of: AskedDay | None = None


class AllocationScopeOut(Body):
    """What `GET /allocation` says of the scope in that place, or what is wrong with it."""

    index: int
    ref: str | None
    allocation: PartsOut | None
    problem: ScopeProblemOut | None


class BulkAllocationOut(Body):
    as_of: date
    items: list[AllocationScopeOut]
    problem_count: int

"""The allocation of many parts at once, each as its own request tells it, one after the other."""

from datetime import date

from truenav.features.valuation.bulk_parts_schemas import (
    AllocationScopeIn,
    AllocationScopeOut,
    BulkAllocationIn,
    BulkAllocationOut,
)
from truenav.features.valuation.many import each, known_of
from truenav.features.valuation.parts_page import parts_page
from truenav.features.valuation.parts_schemas import PartsOut
from truenav.platform.unit_of_work import UnitOfWork


async def parts_of_many(uow: UnitOfWork, body: BulkAllocationIn, today: date) -> BulkAllocationOut:
    """The allocation of every scope, or what is wrong with it, in the order they were asked in."""
    known = await known_of(uow, today)

    async def told(part: AllocationScopeIn) -> PartsOut:
        scope = await known.scope(uow, part)
        return await parts_page(uow, scope, body.as_of, body.by, look_through=body.look_through)

    found = await each(body.scopes, told)
    return BulkAllocationOut(
        as_of=known.household.as_of,
        items=[
            AllocationScopeOut(
                index=place,
                ref=part.ref,
                allocation=found.made.get(place),
                problem=found.problems.get(place),
            )
            for place, part in enumerate(body.scopes)
        ],
        problem_count=len(found.problems),
    )

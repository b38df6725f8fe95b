"""The allocation of many parts at once, each as its own request tells it, one after the other."""

from datetime import date

from truenav.features.valuation.bulk_parts_schemas import (
    AllocationScopeIn,
    AllocationScopeOut,
    BulkAllocationIn,
    BulkAllocationOut,
)
from truenav.features.valuation.many import of_each
from truenav.features.valuation.parts_page import parts_page
from truenav.features.valuation.parts_schemas import PartsOut
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork


async def parts_of_many(uow: UnitOfWork, body: BulkAllocationIn, today: date) -> BulkAllocationOut:
    """The allocation of every scope, or what is wrong with it, in the order they were asked in."""

    async def told(scope: Scope, _: AllocationScopeIn) -> PartsOut:
        return await parts_page(uow, scope, body.as_of, body.by, look_through=body.look_through)

    as_of, found = await of_each(uow, body.scopes, today, told)
    return BulkAllocationOut(
        as_of=as_of,
        items=[
            AllocationScopeOut(**place, allocation=made)
            for place, made in found.in_order(body.scopes)
        ],
        problem_count=len(found.problems),
    )

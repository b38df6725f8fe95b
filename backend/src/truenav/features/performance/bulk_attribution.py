"""The attribution of many parts at once, each as its own request tells it, one after the other."""

from datetime import date

from truenav.features.performance.attribution import attribution_of
from truenav.features.performance.attribution_given import Grouped
from truenav.features.performance.attribution_schemas import AttributionOut
from truenav.features.performance.blends import asked_blend
from truenav.features.performance.bulk_attribution_schemas import (
    AttributionScopeIn,
    AttributionScopeOut,
    BulkAttributionIn,
    BulkAttributionOut,
)
from truenav.features.valuation.many import each, known_of
from truenav.platform.unit_of_work import UnitOfWork


async def attribution_of_many(
    uow: UnitOfWork, body: BulkAttributionIn, today: date
) -> BulkAttributionOut:
    """The attribution of every scope, or what is wrong with it, in the order they were asked in."""
    known = await known_of(uow, today)

    async def told(part: AttributionScopeIn) -> AttributionOut:
        scope = await known.scope(uow, part)
        blend = asked_blend(part.blend, part.rebalancing)
        grouped = Grouped(body.by, body.taxonomy_id)
        return await attribution_of(uow, scope, body.wanted(part), grouped, blend)

    found = await each(body.scopes, told)
    return BulkAttributionOut(
        as_of=known.household.as_of,
        items=[
            AttributionScopeOut(
                index=place,
                ref=part.ref,
                attribution=found.made.get(place),
                problem=found.problems.get(place),
            )
            for place, part in enumerate(body.scopes)
        ],
        problem_count=len(found.problems),
    )

"""The attribution of many parts at once, each as its own request tells it, one after the other."""

from datetime import date

from truenav.features.performance.attribution import attribution_of
from truenav.features.performance.attribution_groups import Grouped
from truenav.features.performance.attribution_schemas import AttributionOut
from truenav.features.performance.blends import asked_blend, asked_other
from truenav.features.performance.bulk_attribution_schemas import (
    AttributionScopeIn,
    AttributionScopeOut,
    BulkAttributionIn,
    BulkAttributionOut,
)
from truenav.features.valuation.many import of_each
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork


async def attribution_of_many(
    uow: UnitOfWork, body: BulkAttributionIn, today: date
) -> BulkAttributionOut:
    """The attribution of every scope, or what is wrong with it, in the order they were asked in."""

    async def told(scope: Scope, part: AttributionScopeIn) -> AttributionOut:
        blend = asked_blend(part.blend, part.rebalancing)
        other = asked_other(blend, part.benchmark, part.benchmark_basis)
        grouped = Grouped(body.by, body.taxonomy_id)
        return await attribution_of(uow, scope, body.wanted(part), grouped, other)

    as_of, found = await of_each(uow, body.scopes, today, told)
    return BulkAttributionOut(
        as_of=as_of,
        items=[
            AttributionScopeOut(**place, attribution=made)
            for place, made in found.in_order(body.scopes)
        ],
        problem_count=len(found.problems),
    )

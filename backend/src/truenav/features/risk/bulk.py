"""Risk of many parts at once, each as its own request tells it.

Nothing is shared between them but the reading of what they name: every figure is of a scope's own
days with a price. So they are worked out one after the other, and no more than one is held.
"""

import asyncio
from datetime import date

from truenav.features.risk.answer import risk_of
from truenav.features.risk.bulk_schemas import BulkRiskIn, BulkRiskOut, RiskScopeIn, RiskScopeOut
from truenav.features.risk.given import given_risk
from truenav.features.risk.schemas import RiskOut
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.many import counted, of_each
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork


async def risk_of_many(uow: UnitOfWork, body: BulkRiskIn, today: date) -> BulkRiskOut:
    """Risk of every scope, or what is wrong with it, in the order they were asked in.

    Raises:
        TooManyDays: ask for fewer scopes, or for less of each.
    """
    is_busy = await valuation.is_recomputing(uow.session)
    how, day_count = body.how, 0

    async def told(scope: Scope, part: RiskScopeIn) -> RiskOut:
        nonlocal day_count
        span = part.wanted.days(scope.as_of)
        given = await given_risk(uow, scope, how, span, part.benchmark_id, body.max_points)
        day_count = counted(day_count, given.points)
        # a long history takes a while, and others wait for the loop
        made = await asyncio.to_thread(risk_of, given)
        return made.model_copy(update={"is_recomputing": is_busy})

    as_of, found = await of_each(uow, body.scopes, today, told)
    return BulkRiskOut(
        as_of=as_of,
        items=[RiskScopeOut(**place, risk=made) for place, made in found.in_order(body.scopes)],
        problem_count=len(found.problems),
        is_recomputing=is_busy,
    )

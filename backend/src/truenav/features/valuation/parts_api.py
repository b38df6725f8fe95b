"""Routes of the allocation: what is held by any cut, level by level, also by many parts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from truenav.core.errors import ErrorKind
from truenav.features.valuation.asked import AskedPart, AskedWays
from truenav.features.valuation.bulk_parts import parts_of_many
from truenav.features.valuation.bulk_parts_schemas import BulkAllocationIn, BulkAllocationOut
from truenav.features.valuation.explain_parts import explain_node
from truenav.features.valuation.explain_values import told_of
from truenav.features.valuation.parts import broken_down
from truenav.features.valuation.parts_page import parts_page
from truenav.features.valuation.parts_schemas import BY_PATTERN, UUID_TEXT, PartsOut
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, ONLY_READS, CurrentClock, CurrentLimits, Uow
from truenav.platform.explanations import ExplanationOut
from truenav.platform.limits import Rule
from truenav.platform.problems import problems
from truenav.platform.wire import AskedDay

router = APIRouter(prefix="/api/v1", tags=["valuation"], responses=GUARDED)
BULKS = Rule("bulk_allocation", 12, 60)
By = Annotated[
    str,
    Query(
        pattern=BY_PATTERN,
        description="A built-in cut, or the id of a taxonomy",
    ),
]
NodeKey = Annotated[
    str, Query(pattern=rf"^([A-Z]{{3}}|cash:[A-Z]{{3}}|[a-z_]{{2,30}}|{UUID_TEXT})$")
]
LookThrough = Annotated[
    bool, Query(description="Share funds out over their parts, where these are stated")
]
PartFigure = Literal["value", "weight_ratio"]


@router.get("/allocation", operation_id="getAllocation")
async def get_allocation(
    uow: Uow,
    scope: AskedPart,
    by: By = "asset_class",
    look_through: LookThrough = True,
    as_of: AskedDay | None = None,
) -> PartsOut:
    """What is held by class, currency, account, instrument or taxonomy, with every position."""
    return await parts_page(uow, scope, as_of, by, look_through=look_through)


@router.post(
    "/allocation/bulk",
    operation_id="getBulkAllocation",
    responses=problems(ErrorKind.TOO_MANY),
    openapi_extra=ONLY_READS,
)
async def get_bulk_allocation(
    body: BulkAllocationIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkAllocationOut:
    """What up to 100 parts of the portfolio hold, each as its own request would tell it.

    It reads only. What is wrong with a scope stands in its place; 12 requests a minute.
    """
    await limits.count(BULKS)
    return await parts_of_many(uow, body, today(clock))


@router.get("/explain/allocation/node", operation_id="explainAllocationNode")
async def explain_allocation_node(
    uow: Uow,
    scope: AskedPart,
    ways: AskedWays,
    key: NodeKey,
    by: By = "asset_class",
    figure: PartFigure = "value",
    look_through: LookThrough = True,
    as_of: AskedDay | None = None,
) -> ExplanationOut:
    """A node of the allocation: the nodes below it, then units × price × rate × share."""
    told = await told_of(uow, scope, as_of)
    found = await broken_down(uow, told.holdings, by, look_through=look_through)
    return ways.carried(explain_node(told, found, key, figure))

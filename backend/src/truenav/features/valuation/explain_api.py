"""Routes that explain values: NAV, holdings, and the overview's figures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.features.valuation import repository
from truenav.features.valuation.asked import AskedHistory, AskedScope, AskedSlice, KnownOn
from truenav.features.valuation.explain_allocation import Cut, PartFigure, explain_part
from truenav.features.valuation.explain_moves import explain_moves
from truenav.features.valuation.explain_overview import (
    OverviewAsked,
    OverviewFigure,
    explain_flows,
    explain_nav,
    explain_overview,
)
from truenav.features.valuation.explain_values import (
    HoldingFigure,
    TotalFigure,
    explain_holding,
    explain_total,
    told_of,
)
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried
from truenav.platform.wire import LocalDate

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)
PartKey = Annotated[str, Query(pattern=r"^[A-Za-z_]{1,30}$")]
Day = Annotated[LocalDate, Query(description="The day explained")]


@router.get("/holdings", operation_id="explainTotal")
async def total(
    uow: Uow,
    scope: AskedScope,
    figure: TotalFigure = "nav",
    account_id: UUID | None = None,
    as_of: LocalDate | None = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A total of all holdings: accounts, then units × price × rate, and cash × rate."""
    return carried(
        explain_total(await told_of(uow, scope, as_of, account_id), figure), as_known_on=as_known_on
    )


@router.get("/holdings/{instrument_id}", operation_id="explainHolding")
async def holding(
    instrument_id: UUID,
    uow: Uow,
    scope: AskedScope,
    figure: HoldingFigure = "market_value",
    account_id: UUID | None = None,
    as_of: LocalDate | None = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A figure of one holding: its lots, its price and source, its rate."""
    told = await told_of(uow, scope, as_of, account_id)
    return carried(explain_holding(told, instrument_id, figure), as_known_on=as_known_on)


@router.get("/allocation", operation_id="explainAllocation")
async def allocation(
    uow: Uow,
    scope: AskedScope,
    cut: Cut,
    key: PartKey,
    figure: PartFigure = "value",
    account_id: UUID | None = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A part of the whole: an asset class, a currency, or the cash of one currency."""
    told = await told_of(uow, scope, None, account_id)
    found = await repository.instruments(uow.session, list(told.lots))
    return carried(explain_part(told, found, cut, key, figure), as_known_on=as_known_on)


@router.get("/overview", operation_id="explainOverview")
async def overview(
    uow: Uow,
    scope: AskedHistory,
    figure: OverviewFigure,
    account_id: UUID | None = None,
    before: LocalDate | None = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """A figure of the overview; `before` goes on with what a long list left out."""
    asked = OverviewAsked(scope=scope, account_id=account_id, figure=figure, before=before)
    return carried(await explain_overview(uow, asked), as_known_on=as_known_on)


@router.get("/nav", operation_id="explainNav")
async def nav(uow: Uow, scope: AskedSlice, on: Day, as_known_on: KnownOn = None) -> ExplanationOut:
    """The NAV of a past day, from the records up to it and that day's prices and rates."""
    return carried(await explain_nav(uow, scope, on), as_known_on=as_known_on)


@router.get("/flows", operation_id="explainFlows")
async def flows(
    uow: Uow, scope: AskedSlice, on: Day, as_known_on: KnownOn = None
) -> ExplanationOut:
    """What was paid in or out on a day, record by record; of a slice, move by move."""
    explain = explain_flows if scope.of is None else explain_moves
    return carried(await explain(uow, scope, on), as_known_on=as_known_on)

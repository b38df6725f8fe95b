"""Routes of income: received (also by many parts), calendar, projection, yields, preferences."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from truenav.core.errors import ErrorKind
from truenav.core.income.pattern import later
from truenav.features.accounts.service import get_account
from truenav.features.income.bulk import income_of_many
from truenav.features.income.bulk_schemas import BulkIncomeIn, BulkIncomeOut
from truenav.features.income.calendar import calendar_of, projection_of
from truenav.features.income.gathering import Known, known_of
from truenav.features.income.given import received_page
from truenav.features.income.measures import yields_page
from truenav.features.income.schemas import (
    CalendarOut,
    IncomeOut,
    PreferenceIn,
    PreferenceOut,
    PreferencesOut,
    ProjectionOut,
    YieldsOut,
)
from truenav.features.income.tested import tester_of
from truenav.features.income.totals import Preset, span_of
from truenav.features.instruments.repository import find_visible
from truenav.features.ledger.preferences import preference_rows, set_preference
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.asked import AskedPart
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, ONLY_READS, CurrentClock, CurrentLimits, Uow
from truenav.platform.limits import Rule
from truenav.platform.problems import InvalidFields, NotFound, problems
from truenav.platform.wire import AskedDay

router = APIRouter(prefix="/api/v1/income", tags=["income"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
BULKS = Rule("bulk_income", 12, 60)
From = Annotated[AskedDay | None, Query(alias="from")]
To = Annotated[AskedDay | None, Query(alias="to")]
DAY = timedelta(days=1)


async def income_span(
    scope: AskedPart, from_date: From = None, to_date: To = None, period: Preset = "1Y"
) -> tuple[date | None, date | None]:
    """The days named, or those of a period that ends with the last day; None for all."""
    return span_of(scope.as_of, from_date, to_date, period)


Span = Annotated[tuple[date | None, date | None], Depends(income_span)]


async def asked_known(uow: Uow, scope: AskedPart) -> Known:
    """Everything the figures of what is held follow from."""
    return await known_of(uow, scope)


AskedKnown = Annotated[Known, Depends(asked_known)]


@router.get("", operation_id="getIncome")
async def get_income(uow: Uow, scope: AskedPart, span: Span) -> IncomeOut:
    """What was received in a span: totals, groups, and the newest payments."""
    return await received_page(uow, scope, span)


@router.post(
    "/bulk",
    operation_id="getBulkIncome",
    responses=problems(ErrorKind.TOO_MANY),
    openapi_extra=ONLY_READS,
)
async def get_bulk_income(
    body: BulkIncomeIn, uow: Uow, limits: CurrentLimits, clock: CurrentClock
) -> BulkIncomeOut:
    """Income received by up to 100 parts of the portfolio, each as its own request would tell it.

    It reads only. What is wrong with a scope stands in its place; 12 requests a minute.
    """
    await limits.count(BULKS)
    return await income_of_many(uow, body, today(clock))


@router.get("/calendar", operation_id="getIncomeCalendar")
async def get_income_calendar(
    uow: Uow, scope: AskedPart, from_date: From = None, to_date: To = None
) -> CalendarOut:
    """Payments by day and state: paid, declared, estimated; a year to either side of today."""
    known = await known_of(uow, scope)
    first = from_date or later(scope.as_of, -1) + DAY
    last = min(to_date or known.through, known.through)
    if (last - first).days > 366 * 20:
        raise InvalidFields([("/query/from", "ask for twenty years at most")])
    ids = {*known.received.instruments}
    return calendar_of(known, first, last, await tester_of(uow, known.received, ids))


@router.get("/projection", operation_id="getIncomeProjection")
async def get_income_projection(known: AskedKnown) -> ProjectionOut:
    """The next twelve months: declared, and estimated from the year before."""
    return projection_of(known)


@router.get("/yields", operation_id="getIncomeYields")
async def get_income_yields(known: AskedKnown) -> YieldsOut:
    """Trailing and forward yield and yield on cost, of each long position and of all."""
    return yields_page(known)


@router.get("/preferences", operation_id="listIncomePreferences")
async def list_income_preferences(uow: Uow, account_id: UUID | None = None) -> PreferencesOut:
    """What is done with income, per account and per instrument in it."""
    return await _preferences(uow, account_id)


@router.put("/preferences", operation_id="setIncomePreference", responses=CONFLICT)
async def set_income_preference(body: PreferenceIn, uow: Uow) -> PreferencesOut:
    """Say what is done with income of an account or an instrument in it; null takes it back."""
    await get_account(uow, body.account_id)
    named = body.instrument_id
    if named is not None and await find_visible(uow.session, named) is None:
        raise NotFound("no such instrument")
    await set_preference(uow, body.account_id, body.instrument_id, body.handling, body.version)
    return await _preferences(uow, None)


async def _preferences(uow: Uow, account_id: UUID | None) -> PreferencesOut:
    if account_id is not None:
        await get_account(uow, account_id)
    accounts = await valuation.accounts_in_scope(uow.session, account_id)
    rows = await preference_rows(uow.session, [account.id for account in accounts])
    ids = [row.instrument_id for row in rows if row.instrument_id is not None]
    found = await valuation.instruments(uow.session, ids)
    return PreferencesOut(
        items=[
            PreferenceOut(
                account_id=row.account_id, instrument_id=row.instrument_id,
                symbol=found[row.instrument_id].symbol if row.instrument_id else None,
                handling="reinvest" if row.handling == "reinvest" else "cash",
                version=row.version, changed_at=row.changed_at,
            )
            for row in rows
        ]
    )  # fmt: skip

"""Routes of alerts and of the rules that tell them."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.features.alerts import repository, service
from truenav.features.alerts.schemas import (
    AlertOut,
    AlertPageOut,
    AlertRuleIn,
    AlertRuleOut,
    AlertRulePatchIn,
    AlertRulesOut,
    ReadAlertsIn,
    SnoozeIn,
    UnreadAlertsOut,
)
from truenav.features.alerts.sights import Held
from truenav.features.marketdata.quotes_api import Desk
from truenav.features.marketdata.quoting import QuoteDesk
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, Limit, cut_page, page_request, text_instant
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
SeenVersion = Annotated[int, Query(ge=1, le=2**31 - 1, description="The one the editor saw")]


async def _held(desk: QuoteDesk, ids: Iterable[UUID | None]) -> Held:
    """The last quotes of some instruments."""
    return await desk.held([key for key in ids if key is not None])


@router.get("", operation_id="listAlerts")
async def list_alerts(
    uow: Uow,
    only_open: Annotated[bool, Query(description="Without those that were dismissed")] = False,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> AlertPageOut:
    """What the rules of the portfolio told, the newest first."""
    page = page_request(cursor, limit, f"alerts {only_open}", (text_instant, UUID))
    rows = await repository.alerts(uow.session, page, only_open=only_open)
    kept, cut = cut_page(rows, page, lambda row: (row[0].fired_at.isoformat(), str(row[0].id)))
    return AlertPageOut(
        items=[service.alert_out(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=None,
        unread_count=await repository.count_unread(uow.session),
    )


@router.get("/unread", operation_id="countUnreadAlerts")
async def count_unread(uow: Uow) -> UnreadAlertsOut:
    """How many alerts nobody has read."""
    return UnreadAlertsOut(unread_count=await repository.count_unread(uow.session))


@router.post("/read", operation_id="readAlerts")
async def read_alerts(body: ReadAlertsIn, uow: Uow, clock: CurrentClock) -> UnreadAlertsOut:
    """Note that somebody looked at these; how many are left that nobody has."""
    unread = await service.read(uow, body.alert_ids, clock.now())
    return UnreadAlertsOut(unread_count=unread)


@router.get("/rules", operation_id="listAlertRules")
async def list_rules(uow: Uow) -> AlertRulesOut:
    """What the portfolio is told of, the newest rule first."""
    return AlertRulesOut(items=await service.every(uow))


@router.post(
    "/rules", operation_id="createAlertRule", status_code=status.HTTP_201_CREATED,
    responses=CONFLICT,
)  # fmt: skip
async def create_rule(
    body: AlertRuleIn,
    request: Request,
    uow: Uow,
    desk: Desk,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> AlertRuleOut:
    """Make a rule. What is past its threshold already has crossed nothing: it tells the next."""

    async def act() -> AlertRuleOut:
        held = await _held(desk, [body.instrument_id])
        return await service.create(uow, body, held, clock.now())

    return await once(uow, request, idempotency_key, body, AlertRuleOut, act)


@router.patch("/rules/{rule_id}", operation_id="changeAlertRule", responses=CONFLICT)
async def change_rule(
    rule_id: UUID, body: AlertRulePatchIn, uow: Uow, desk: Desk, clock: CurrentClock
) -> AlertRuleOut:
    """Change when a rule tells, or switch it on or off."""
    held = await _held(desk, await repository.watched_instruments(uow.session))
    return await service.change(uow, rule_id, body, held, clock.now())


@router.post("/rules/{rule_id}/snooze", operation_id="snoozeAlertRule")
async def snooze_rule(rule_id: UUID, body: SnoozeIn, uow: Uow, clock: CurrentClock) -> AlertRuleOut:
    """Have a rule tell nothing for an hour, a day or a week, or wake it."""
    return await service.snooze(uow, rule_id, body.snooze, clock.now())


@router.delete(
    "/rules/{rule_id}", operation_id="removeAlertRule", status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)  # fmt: skip
async def remove_rule(rule_id: UUID, version: SeenVersion, uow: Uow, clock: CurrentClock) -> None:
    """Remove a rule; what it told stays."""
    await service.remove(uow, rule_id, version, clock.now())


@router.post("/{alert_id}/dismiss", operation_id="dismissAlert")
async def dismiss_alert(alert_id: UUID, uow: Uow, clock: CurrentClock) -> AlertOut:
    """Put an alert away; it stays in the history."""
    return await service.dismiss(uow, alert_id, clock.now())

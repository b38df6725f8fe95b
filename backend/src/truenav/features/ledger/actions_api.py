"""Routes of corporate actions: inbox, own events, preview, apply, reverse, dismiss."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.features.accounts.repository import find as find_account
from truenav.features.instruments.repository import find_visible
from truenav.features.ledger import actions_service as service
from truenav.features.ledger.actions_bodies import action_out, preview_out
from truenav.features.ledger.actions_catalogue import ActionState, Entry
from truenav.features.ledger.actions_preview import preview_records
from truenav.features.ledger.actions_schemas import (
    ActionAccountsIn,
    ActionChangeIn,
    ActionOut,
    ActionPageOut,
    ActionPreviewOut,
    ActionTermsIn,
)
from truenav.features.ledger.actions_service import Chosen
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import CursorText, IncludeTotal, Limit, cut_page, page_request
from truenav.platform.problems import NotFound, problems
from truenav.platform.wire import LocalDate

router = APIRouter(
    prefix="/api/v1/corporate-actions", tags=["corporate actions"], responses=GUARDED
)
CONFLICT = problems(ErrorKind.CONFLICT)
States = Annotated[Sequence[ActionState], Query(max_length=len(ActionState))]
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]


@router.get("", operation_id="listActions")
async def list_actions(
    uow: Uow,
    clock: CurrentClock,
    account_id: UUID | None = None,
    instrument_id: UUID | None = None,
    state: States = (),
    from_date: From = None,
    to_date: To = None,
    cursor: CursorText = None,
    limit: Limit = 50,
    include_total: IncludeTotal = False,
) -> ActionPageOut:
    """Events of what the accounts hold or held, newest first, each with what became of it.

    With states, events that are in one of them in some account; an own event that concerns no
    account is listed without states only.
    """
    entries = await _entries(uow, today(clock), account_id, instrument_id)
    wanted = [
        entry
        for entry in entries
        if (from_date is None or entry.event.action.ex_date >= from_date)
        and (to_date is None or entry.event.action.ex_date <= to_date)
        and (not state or any(concern.state in state for concern in entry.concerns))
    ]
    scope = f"actions {account_id} {instrument_id} {sorted(state)} {from_date} {to_date}"
    page = page_request(cursor, limit, scope, (date.fromisoformat, UUID))
    rows = [e for e in wanted if page.after is None or _place(e) < page.after]
    kept, cut = cut_page(
        rows[: limit + 1], page, lambda e: (e.event.action.ex_date.isoformat(), str(e.event.id))
    )
    return ActionPageOut(
        items=[action_out(entry) for entry in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=len(wanted) if include_total else None,
    )


def _place(entry: Entry) -> tuple[date, UUID]:
    return entry.event.action.ex_date, entry.event.id


async def _entries(
    uow: Uow, day: date, account_id: UUID | None, instrument_id: UUID | None
) -> list[Entry]:
    accounts = None
    if account_id is not None:
        account = await find_account(uow.session, account_id)
        if account is None:
            raise NotFound("no such account")
        accounts = [account]
    if instrument_id is not None and await find_visible(uow.session, instrument_id) is None:
        raise NotFound("no such instrument")
    return await service.find_entries(uow, day, accounts=accounts, instrument_id=instrument_id)


@router.get("/{action_id}", operation_id="getAction")
async def get_action(action_id: UUID, uow: Uow, clock: CurrentClock) -> ActionOut:
    """One event, with every account it concerns."""
    return action_out(await service.find_entry(uow, action_id, today(clock)))


@router.post("", operation_id="createAction", status_code=status.HTTP_201_CREATED)
async def create_action(
    body: ActionTermsIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ActionOut:
    """Add an event that no provider tells of; only this tenant sees it."""

    async def act() -> ActionOut:
        made = await service.create_own(uow, body.model_dump())
        return action_out(await service.find_entry(uow, made, today(clock)))

    return await once(uow, request, idempotency_key, body, ActionOut, act)


@router.put("/{action_id}", operation_id="changeAction", responses=CONFLICT)
async def change_action(
    action_id: UUID,
    body: ActionChangeIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ActionOut:
    """Change an event's terms, for this tenant only. What is applied is reversed first."""

    async def act() -> ActionOut:
        entry = await service.find_entry(uow, action_id, today(clock))
        values: dict[str, Any] = body.model_dump(exclude={"version"})
        await service.change_terms(uow, entry, body.version, values)
        return action_out(await service.find_entry(uow, action_id, today(clock)))

    return await once(uow, request, idempotency_key, body, ActionOut, act)


@router.delete(
    "/{action_id}",
    operation_id="removeAction",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)
async def remove_action(action_id: UUID, uow: Uow, clock: CurrentClock) -> None:
    """Remove an own event, or go back to the terms a shared one is published with."""
    await service.remove_terms(uow, await service.find_entry(uow, action_id, today(clock)))


@router.post("/{action_id}/preview", operation_id="previewAction")
async def preview_action(
    action_id: UUID, body: ActionAccountsIn, uow: Uow, clock: CurrentClock
) -> ActionPreviewOut:
    """What applying would post and change, account by account; nothing is written."""
    entry = await service.find_entry(uow, action_id, today(clock))
    waiting = {ActionState.PENDING, ActionState.UPCOMING}
    concerns = service.chosen_concerns(entry, _chosen(body), waiting)
    event = entry.event
    return ActionPreviewOut(
        id=event.id,
        accounts=[
            preview_out(
                event,
                concern,
                await preview_records(
                    uow, concern.account, concern.effects.drafts, event.instruments
                ),
            )
            for concern in concerns
            if concern.state in waiting or concern.state is ActionState.DISMISSED
        ],
    )


@router.post("/{action_id}/apply", operation_id="applyAction", responses=CONFLICT)
async def apply_action(
    action_id: UUID,
    body: ActionAccountsIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ActionOut:
    """Post the event's records to the accounts named, or to all it waits in: all or none."""
    day = today(clock)
    return await _decided(
        uow, request, idempotency_key, (action_id, body, day),
        lambda: service.apply_action(uow, action_id, _chosen(body), day),
    )  # fmt: skip


@router.post("/{action_id}/reverse", operation_id="reverseAction", responses=CONFLICT)
async def reverse_action(
    action_id: UUID,
    body: ActionAccountsIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ActionOut:
    """Take back what applying posted, in the accounts named or in all: all or none."""
    day = today(clock)
    return await _decided(
        uow, request, idempotency_key, (action_id, body, day),
        lambda: service.reverse_action(uow, action_id, _chosen(body), day),
    )  # fmt: skip


@router.post("/{action_id}/dismiss", operation_id="dismissAction", responses=CONFLICT)
async def dismiss_action(
    action_id: UUID,
    body: ActionAccountsIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ActionOut:
    """Say that the event needs nothing in the accounts named, or in all it waits in."""
    day = today(clock)
    return await _decided(
        uow, request, idempotency_key, (action_id, body, day),
        lambda: service.dismiss_action(uow, action_id, _chosen(body), day, is_back=False),
    )  # fmt: skip


@router.post("/{action_id}/undismiss", operation_id="undismissAction", responses=CONFLICT)
async def undismiss_action(
    action_id: UUID,
    body: ActionAccountsIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> ActionOut:
    """Let a dismissed event wait again."""
    day = today(clock)
    return await _decided(
        uow, request, idempotency_key, (action_id, body, day),
        lambda: service.dismiss_action(uow, action_id, _chosen(body), day, is_back=True),
    )  # fmt: skip


def _chosen(body: ActionAccountsIn) -> list[Chosen]:
    return [Chosen(one.account_id, one.units, one.reinvest_price) for one in body.accounts]


async def _decided(
    uow: Uow,
    request: Request,
    key: str | None,
    what: tuple[UUID, ActionAccountsIn, date],
    decide: Callable[[], Awaitable[None]],
) -> ActionOut:
    action_id, body, day = what

    async def act() -> ActionOut:
        await decide()
        return action_out(await service.find_entry(uow, action_id, day))

    return await once(uow, request, key, body, ActionOut, act)

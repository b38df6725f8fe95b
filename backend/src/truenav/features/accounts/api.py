"""Routes of accounts."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, status

from truenav.core.errors import ErrorKind
from truenav.features.accounts import repository, service
from truenav.features.accounts.schemas import (
    AccountIn,
    AccountOut,
    AccountPageOut,
    AccountPatchIn,
)
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.pages import (
    CursorText,
    IncludeTotal,
    Limit,
    cut_page,
    page_request,
)
from truenav.platform.problems import problems

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)


@router.get("", operation_id="listAccounts")
async def list_accounts(
    uow: Uow,
    cursor: CursorText = None,
    limit: Limit = 50,
    include_total: IncludeTotal = False,
) -> AccountPageOut:
    """Accounts of the portfolio, oldest first."""
    page = page_request(cursor, limit, "accounts", (datetime.fromisoformat, UUID))
    rows = await repository.page(uow.session, page)
    kept, cut = cut_page(rows, page, lambda row: (row.created_at.isoformat(), str(row.id)))
    return AccountPageOut(
        items=[AccountOut.model_validate(row) for row in kept],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=await repository.count(uow.session) if include_total else None,
    )


@router.post(
    "",
    operation_id="createAccount",
    status_code=status.HTTP_201_CREATED,
    responses=CONFLICT,
)
async def create_account(
    body: AccountIn, request: Request, uow: Uow, idempotency_key: IdempotencyKey = None
) -> AccountOut:
    """Open an account. The same key again answers the same account."""

    async def act() -> AccountOut:
        return AccountOut.model_validate(await service.create_account(uow, body))

    return await once(uow, request, idempotency_key, body, AccountOut, act)


@router.get("/{account_id}", operation_id="getAccount")
async def get_account(account_id: UUID, uow: Uow) -> AccountOut:
    """One account."""
    return AccountOut.model_validate(await service.get_account(uow, account_id))


@router.patch("/{account_id}", operation_id="updateAccount", responses=CONFLICT)
async def update_account(account_id: UUID, body: AccountPatchIn, uow: Uow) -> AccountOut:
    """Change an account; `version` is the one the editor saw."""
    return AccountOut.model_validate(await service.change_account(uow, account_id, body))


@router.delete(
    "/{account_id}",
    operation_id="deleteAccount",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)
async def delete_account(account_id: UUID, uow: Uow) -> None:
    """Remove an account that has no records."""
    await service.remove_account(uow, account_id)

"""Accounts: made, changed by version, removed while empty."""

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.money import check_currency
from truenav.features.accounts import repository
from truenav.features.accounts.schemas import AccountIn, AccountOut, AccountPatchIn
from truenav.features.accounts.tables import AccountRow
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork


class AccountNameTaken(TruenavError):
    """Two accounts of one tenant cannot share a name."""

    kind = ErrorKind.CONFLICT
    code = "account_name_taken"


class AccountNotEmpty(TruenavError):
    """Records are never deleted, so an account that has any stays."""

    kind = ErrorKind.CONFLICT
    code = "account_not_empty"


async def get_account(uow: UnitOfWork, account_id: UUID) -> AccountRow:
    """One account.

    Raises:
        NotFound: none of that id that the tenant may see.
    """
    found = await repository.find(uow.session, account_id)
    if found is None:
        raise NotFound("no such account")
    return found


async def create_account(uow: UnitOfWork, wanted: AccountIn) -> AccountRow:
    """Open an account.

    Raises:
        AccountNameTaken: there is one of that name.
        UnknownCurrency: the base currency is none.
    """
    check_currency(wanted.base_currency)
    if wanted.tax_currency is not None:
        check_currency(wanted.tax_currency)
    account = AccountRow(
        tenant_id=uow.tenant_id,
        id=new_id(),
        version=1,
        closed_at=None,
        **wanted.model_dump(),
    )
    uow.session.add(account)
    try:
        # now, so that a taken name is a conflict here and not a failing commit later
        await uow.session.flush()
    except IntegrityError as error:
        raise AccountNameTaken("there is an account of that name", name=wanted.name) from error
    await uow.session.refresh(account)
    await record(
        uow,
        "account.created",
        "account",
        account.id,
        new_value=wanted.model_dump(mode="json"),
    )
    return account


async def change_account(uow: UnitOfWork, account_id: UUID, wanted: AccountPatchIn) -> AccountRow:
    """Change what the body names.

    Raises:
        NotFound: no such account.
        StaleVersion: somebody changed it since; carries the current state.
        AccountNameTaken: there is another one of that name.
    """
    before = await get_account(uow, account_id)
    old = AccountOut.model_validate(before).model_dump(mode="json")
    values: dict[str, Any] = wanted.model_dump(exclude={"version"}, exclude_none=True)
    try:
        changed = await repository.change(uow.session, account_id, wanted.version, values)
    except IntegrityError as error:
        raise AccountNameTaken("there is an account of that name") from error
    if changed is None:
        raise StaleVersion("somebody else changed this account", old)
    await record(uow, "account.changed", "account", account_id, old_value=old, new_value=values)
    return changed


async def change_ledger_settings(
    uow: UnitOfWork, account_id: UUID, version: int, values: dict[str, str | None]
) -> AccountRow:
    """Change what decides lots and gains; the ledger works out what follows.

    Raises:
        NotFound: no such account.
        StaleVersion: somebody changed it since; carries the current state.
    """
    before = await get_account(uow, account_id)
    old = AccountOut.model_validate(before).model_dump(mode="json")
    changed = await repository.change(uow.session, account_id, version, values)
    if changed is None:
        raise StaleVersion("somebody else changed this account", old)
    await record(uow, "account.changed", "account", account_id, old_value=old, new_value=values)
    return changed


async def remove_account(uow: UnitOfWork, account_id: UUID) -> None:
    """Remove an account without records.

    Raises:
        NotFound: no such account.
        AccountNotEmpty: it has records.
    """
    account = await get_account(uow, account_id)
    old = AccountOut.model_validate(account).model_dump(mode="json")
    try:
        await repository.remove(uow.session, account_id)
    except IntegrityError as error:
        raise AccountNotEmpty("records are never deleted; undo the imports and keep it") from error
    await record(uow, "account.removed", "account", account_id, old_value=old)

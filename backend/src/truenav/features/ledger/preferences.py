"""What is done with income: kept per account and per instrument in it, changed by version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.ledger.preference_tables import IncomePreferenceRow
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

Handling = Literal["cash", "reinvest"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """(account, instrument or None) → what is done with what it pays; cash if nothing is said."""

    rows: Mapping[tuple[UUID, UUID | None], str]

    def reinvests(self, account_id: UUID, instrument_id: UUID | None) -> bool:
        """The word for the instrument in the account, else the account's."""
        said = self.rows.get((account_id, instrument_id)) or self.rows.get((account_id, None))
        return said == "reinvest"


async def preference_rows(
    session: AsyncSession, account_ids: Collection[UUID]
) -> Sequence[IncomePreferenceRow]:
    """What was said for the accounts: each account's own word first."""
    table = IncomePreferenceRow
    query = (
        select(table)
        .where(table.account_id.in_(list(account_ids)))
        .order_by(table.account_id, table.instrument_id.nulls_first())
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def preferences_of(session: AsyncSession, account_ids: Collection[UUID]) -> Preferences:
    """The same, to be asked."""
    rows = await preference_rows(session, account_ids)
    return Preferences({(row.account_id, row.instrument_id): row.handling for row in rows})


async def set_preference(
    uow: UnitOfWork,
    account_id: UUID,
    instrument_id: UUID | None,
    handling: Handling | None,
    version: int | None,
) -> None:
    """Say what is done with income; None takes the word back.

    Raises:
        StaleVersion: somebody said something else since `version` was seen.
    """
    session = uow.session
    values: dict[str, Any] = {"handling": handling, "changed_by": uow.user_id}
    if version is None:
        done = handling is None or await _add(uow, account_id, instrument_id, values)
    else:
        done = await _change(session, (account_id, instrument_id, version), values)
    if not done:
        found = await session.scalar(
            select(IncomePreferenceRow.version).where(*_of(account_id, instrument_id))
        )
        raise StaleVersion("somebody else changed this preference", {"version": found})
    await record(
        uow, "income_preference.set", "account", account_id,
        new_value={
            "instrument_id": str(instrument_id) if instrument_id else None, "handling": handling,
        },
    )  # fmt: skip


def _of(account_id: UUID, instrument_id: UUID | None) -> tuple[Any, Any]:
    table = IncomePreferenceRow
    return (
        table.account_id == account_id,
        table.instrument_id.is_not_distinct_from(instrument_id),
    )


async def _add(
    uow: UnitOfWork, account_id: UUID, instrument_id: UUID | None, values: dict[str, Any]
) -> bool:
    row = {
        **values, "tenant_id": uow.tenant_id, "id": new_id(), "account_id": account_id,
        "instrument_id": instrument_id,
    }  # fmt: skip
    statement = insert(IncomePreferenceRow).values(row).on_conflict_do_nothing()
    return await uow.session.scalar(statement.returning(IncomePreferenceRow.id)) is not None


async def _change(
    session: AsyncSession, seen: tuple[UUID, UUID | None, int], values: dict[str, Any]
) -> bool:
    account_id, instrument_id, version = seen
    table = IncomePreferenceRow
    matched = (*_of(account_id, instrument_id), table.version == version)
    if values["handling"] is None:
        gone = delete(table).where(*matched).returning(table.id)
        return await session.scalar(gone) is not None
    changed = update(table).where(*matched).values(
        **values, version=version + 1, changed_at=func.now()
    )  # fmt: skip
    return await session.scalar(changed.returning(table.id)) is not None

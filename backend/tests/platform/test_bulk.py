"""Many rows at once: what is read back is what was given, and every rule still holds."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.builders import Member
from truenav.core.ids import TenantId
from truenav.features.accounts.schemas import AccountIn
from truenav.features.accounts.service import create_account
from truenav.features.imports.tables import ImportBatchRow, ImportRowRow
from truenav.features.ledger.tables import CashBalanceRow
from truenav.platform.bulk import COPIED_FROM, insert_rows
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import Sessions, UnitOfWork, open_unit_of_work

BOTH_WAYS = pytest.mark.parametrize("count", [3, COPIED_FROM + 3])
# What COPY's text format, JSON and SQL each treat as special.
AWKWARD = "tab\there, \\N and \\., line\nbreak, 'quotes\", ,, ⚖ \u2028"


async def account_of(uow: UnitOfWork) -> UUID:
    made = await create_account(
        uow, AccountIn(name=f"A{new_id().hex[-8:]}", broker="schwab", base_currency="USD")
    )
    return UUID(str(made.id))


def a_batch(uow: UnitOfWork, account_id: UUID) -> ImportBatchRow:
    return ImportBatchRow(
        tenant_id=uow.tenant_id,
        id=new_id(),
        account_id=account_id,
        file_name="f.csv",
        file_hash="0",
        file_size=1,
        status="preview",
    )


def rows_of(tenant: UUID, batch: UUID, count: int) -> list[dict[str, Any]]:
    """Rows of which every third has a message, every second a draft, none a column name."""
    return [
        {
            "tenant_id": tenant,
            "batch_id": batch,
            "row_number": number,
            "status": "imported",
            "message": AWKWARD if number % 3 == 0 else None,
            "column_name": None,
            "draft": {"quantity": "0.1", "note": AWKWARD} if number % 2 == 0 else None,
            "original": {"Note": AWKWARD, "": str(number)},
        }
        for number in range(count)
    ]


def currencies(count: int) -> list[str]:
    return [f"{index:03d}" for index in range(count)]


@BOTH_WAYS
async def test_text_json_and_nulls_come_back_as_they_went(
    sessions: Sessions, member: Member, count: int
) -> None:
    async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
        batch = a_batch(uow, await account_of(uow))
        uow.session.add(batch)  # pending: the rows refer to it all the same
        rows = rows_of(uow.tenant_id, batch.id, count)

        await insert_rows(uow.session, ImportRowRow, rows)

        query = select(ImportRowRow).order_by(ImportRowRow.row_number)
        found = (await uow.session.scalars(query)).all()
        no_draft = await uow.session.scalar(
            select(func.count()).where(ImportRowRow.draft.is_(None))
        )
    assert [{name: getattr(row, name) for name in rows[0]} for row in found] == rows
    # a column nobody filled takes its default; "no draft" is SQL's null, not JSON's
    assert {row.ordinal for row in found} == {0}
    assert no_draft == count // 2


@BOTH_WAYS
async def test_every_digit_of_a_number_is_kept(
    sessions: Sessions, member: Member, count: int
) -> None:
    amount = Decimal("-12345678901234567890.123456789012345678")
    async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
        account = await account_of(uow)
        rows = [
            {
                "tenant_id": uow.tenant_id,
                "account_id": account,
                "currency": currency,
                "amount": amount,
            }
            for currency in currencies(count)
        ]

        await insert_rows(uow.session, CashBalanceRow, rows)
        await insert_rows(uow.session, CashBalanceRow, [])

        found = (await uow.session.scalars(select(CashBalanceRow.amount))).all()
    assert list(found) == [amount] * count


@BOTH_WAYS
async def test_rows_for_another_tenant_are_refused(
    sessions: Sessions, member: Member, other_member: Member, count: int
) -> None:
    async with open_unit_of_work(sessions, other_member.tenant_id, other_member.user_id) as uow:
        batch = a_batch(uow, await account_of(uow))
        uow.session.add(batch)
    rows = rows_of(TenantId(other_member.tenant_id), batch.id, count)

    with pytest.raises(ProgrammingError, match="row-level security"):
        async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
            await insert_rows(uow.session, ImportRowRow, rows)


@BOTH_WAYS
async def test_one_bad_row_refuses_all_of_them(
    sessions: Sessions, member: Member, count: int
) -> None:
    async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
        batch = a_batch(uow, await account_of(uow))
        uow.session.add(batch)
    rows = rows_of(member.tenant_id, batch.id, count)
    rows[-1]["row_number"] = 0  # the first one's

    with pytest.raises(IntegrityError):
        async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
            await insert_rows(uow.session, ImportRowRow, rows)

    async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
        assert await uow.session.scalar(select(func.count()).select_from(ImportRowRow)) == 0


async def test_one_unit_of_work_may_fill_several_tables(sessions: Sessions, member: Member) -> None:
    count = COPIED_FROM
    async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
        account = await account_of(uow)
        batch = a_batch(uow, account)
        uow.session.add(batch)
        rows = rows_of(uow.tenant_id, batch.id, 2 * count)
        balances = [
            {"tenant_id": uow.tenant_id, "account_id": account, "currency": c, "amount": Decimal(1)}
            for c in currencies(count)
        ]

        await insert_rows(uow.session, ImportRowRow, rows[:count])
        await insert_rows(uow.session, CashBalanceRow, balances)
        await insert_rows(uow.session, ImportRowRow, rows[count:])

        stored = await uow.session.scalar(select(func.count()).select_from(ImportRowRow))
    assert stored == 2 * count

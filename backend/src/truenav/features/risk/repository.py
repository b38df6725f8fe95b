"""Queries of risk: on which days a portfolio is priced."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

PRICED = text(
    "WITH held AS (SELECT DISTINCT instrument_id FROM transactions"
    " WHERE account_id = ANY (:accounts) AND instrument_id IS NOT NULL"
    " AND (CAST(:only AS uuid[]) IS NULL OR instrument_id = ANY (:only)))"
    " SELECT price_date FROM prices WHERE instrument_id IN (SELECT instrument_id FROM held)"
    " AND price_date BETWEEN :first AND :last"
    " UNION SELECT price_date FROM manual_prices"
    " WHERE instrument_id IN (SELECT instrument_id FROM held)"
    " AND price_date BETWEEN :first AND :last"
)


async def priced_days(
    session: AsyncSession,
    account_ids: Sequence[UUID],
    first: date,
    last: date,
    only: Sequence[UUID] | None = None,
) -> set[date]:
    """Days on which anything the accounts ever held, or only some of it, has a close of its own."""
    values = {
        "accounts": list(account_ids), "first": first, "last": last,
        "only": None if only is None else list(only),
    }  # fmt: skip
    return set((await session.scalars(PRICED, values)).all())

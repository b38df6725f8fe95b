"""The records as they were known at an instant and what followed, where every query finds them.

The tables are laid over, for this unit of work, by temporary ones of the same names: PostgreSQL
looks for a name among the temporary tables first. So any query of records, gains, lots, positions
or cash answers as it would have answered then, and there is one of each.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from sqlalchemy import column, insert, select, text
from sqlalchemy import table as sql_table
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.ledger import derived, rebuilding, repository
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.bulk import insert_rows
from truenav.platform.db import Row
from truenav.platform.unit_of_work import UnitOfWork

HIDDEN = "known_records"


async def show_as_known(
    uow: UnitOfWork,
    account_ids: Sequence[UUID],
    known_before: datetime,
    *,
    through: date | None = None,
) -> None:
    """Until the unit of work ends, show these accounts, and no others, as they were known.

    Up to the end of the day `through`, if one is given.

    Lots that travelled between accounts are taken as they are known today. Nothing may be posted
    in the same unit of work: it would be written over the real tables' names.
    """
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    for account in await repository.accounts_by_id(uow.session, account_ids):
        given = await rebuilding.inputs(
            uow.session, account, through=through, known_before=known_before
        )
        state = await given.replay()
        made = await asyncio.to_thread(derived.derived_rows, uow.tenant_id, account.id, state)
        for table, found in made.items():
            rows[table] += found
    await _lay_records(uow.session, account_ids, known_before, through)
    for table in derived.DERIVED:
        await lay_over(uow.session, table, rows[table])


async def lay_over(session: AsyncSession, table: type[Row], rows: list[dict[str, Any]]) -> None:
    """Until the unit of work ends, a table's name means these rows and no others."""
    name = sql.Identifier(table.__tablename__).as_string()
    await session.execute(
        text(f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING DEFAULTS) ON COMMIT DROP")
    )
    await insert_rows(session, table, rows)
    # nothing looks after temporary tables: without this the planner takes it for a small one
    await session.execute(text(f"ANALYZE pg_temp.{name}"))


async def _lay_records(
    session: AsyncSession,
    account_ids: Sequence[UUID],
    known_before: datetime,
    through: date | None,
) -> None:
    """The records that counted then: neither what came later nor what was taken back by then."""
    wanted = [TransactionRow.account_id.in_(account_ids), repository.was_live(known_before)]
    if through is not None:
        wanted.append(TransactionRow.trade_date <= through)
    columns = TransactionRow.__table__.columns
    # under another name first: the query that fills it reads the table it will hide
    await session.execute(
        text(f"CREATE TEMP TABLE {HIDDEN} (LIKE public.transactions) ON COMMIT DROP")
    )
    hidden = sql_table(HIDDEN, *(column(one.name) for one in columns))
    await session.execute(
        insert(hidden).from_select([one.name for one in columns], select(*columns).where(*wanted))
    )
    await session.execute(text(f"ALTER TABLE {HIDDEN} RENAME TO transactions"))
    await session.execute(text("ANALYZE pg_temp.transactions"))

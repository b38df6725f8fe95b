"""What followed from the records as they were known at an instant, where every query finds it.

The tables of what is derived are laid over, for this unit of work, by temporary ones of the same
names: PostgreSQL looks for a name among the temporary tables first. So any query of gains, lots,
positions or cash answers as it would have answered then, and there is one of each.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from sqlalchemy import text

from truenav.features.ledger import derived, rebuilding, repository
from truenav.platform.bulk import insert_rows
from truenav.platform.unit_of_work import UnitOfWork


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
        for table, found in derived.derived_rows(uow.tenant_id, account.id, state).items():
            rows[table] += found
    for table in derived.DERIVED:
        name = sql.Identifier(table.__tablename__).as_string()
        await uow.session.execute(
            text(f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING DEFAULTS) ON COMMIT DROP")
        )
        await insert_rows(uow.session, table, rows[table])

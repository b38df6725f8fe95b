"""Many rows into one table, as fast as row security allows."""

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection, sql
from psycopg.types.json import Jsonb
from sqlalchemy import Select, Table, column, insert, select, table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.platform.db import Row

# From this many rows on a temporary table pays for itself.
COPIED_FROM = 50
STAGED = "staged_rows"


async def insert_rows(
    session: AsyncSession, target: type[Row], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert rows that name the same columns, in their order; all of them or an error.

    PostgreSQL refuses COPY into a table with row security, so many rows are copied into a
    temporary table and inserted from there in one statement, whose policy is checked for each.

    Raises:
        IntegrityError: a constraint says no.
    """
    if not rows:
        return
    await session.flush()  # what the rows refer to may still be pending
    if len(rows) < COPIED_FROM:
        await session.execute(insert(target), list(rows))
        return
    into = target.__table__
    assert isinstance(into, Table)  # noqa: S101  # for the checker: a row may also be a join
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    await _stage(session, into, names, rows)
    staged: Select[*tuple[Any, ...]] = select(*map(column, names)).select_from(table(STAGED))
    await session.execute(insert(into).from_select(names, staged, include_defaults=False))
    await (await driver_of(session)).execute(
        sql.SQL("DROP TABLE {}").format(sql.Identifier(STAGED))
    )


async def _stage(
    session: AsyncSession, into: Table, names: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    """A temporary table of the named columns and their types, with the rows in it."""
    named: dict[str, sql.Composable] = {
        "staged": sql.Identifier(STAGED),
        "target": sql.Identifier(into.name),
        "columns": sql.SQL(", ").join(map(sql.Identifier, names)),
    }
    create = sql.SQL(
        "CREATE TEMP TABLE {staged} ON COMMIT DROP AS SELECT {columns} FROM {target} WITH NO DATA"
    )
    is_json = [isinstance(into.c[name].type, JSONB) for name in names]
    connection = await driver_of(session)
    async with connection.cursor() as cursor:
        await cursor.execute(create.format(**named))
        async with cursor.copy(sql.SQL("COPY {staged} FROM STDIN").format(**named)) as copy:
            for row in rows:
                values = [row[name] for name in names]
                await copy.write_row(
                    [
                        Jsonb(value) if wrapped and value is not None else value
                        for value, wrapped in zip(values, is_json, strict=True)
                    ]
                )


async def driver_of(session: AsyncSession) -> AsyncConnection[Any]:
    """The driver's connection, inside the session's transaction."""
    raw = await (await session.connection()).get_raw_connection()
    assert isinstance(raw.driver_connection, AsyncConnection)  # noqa: S101  # psycopg's, always
    return raw.driver_connection

"""A broker's file → committed: our import on embedded PostgreSQL against the usual ways in.

    python bench/import_db.py [rows …]        default: 10000 100000

The file is the Schwab export of `import_parse.py`. All candidates write into the same server,
durable, in the same run:

- `import`: the product's own way, job by job: upload, read (every cell checked, every row kept
  with its reason, preview of cash and NAV), commit (read again, records posted, lots, closures,
  positions and cash replaced), as the worker's role under row security. `again` is the same file
  into the same account.
- `add_all`, `executemany`, `staging`: what an importer usually does with the same file: a bare
  `csv` loop to date, Decimal and hash, then nine columns into one table with a unique key, by
  SQLAlchemy objects, by executemany ON CONFLICT, by COPY and INSERT ON CONFLICT. No preview, no
  original rows, no lots, no foreign keys, no row security.
- `COPY`: the limit: the file's bytes as text into eight columns, unchecked.

The second table writes one and the same set of records into the product's own `transactions`
(seven indexes, four foreign keys, row security): what the way of writing alone is worth.

Goals H1 and H2 of docs/performance.md, on the clock.
"""

import csv
import hashlib
import io
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from import_parse import made_up_file
from measuring.rounds import goal, in_turn, table
from measuring.stage import Household, Stage, add_account, stage
from sqlalchemy import Date, LargeBinary, Numeric, create_engine, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from truenav.features.accounts.tables import AccountRow
from truenav.features.imports import service as imports
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.bulk import insert_rows
from truenav.platform.clock import new_id
from truenav.platform.db import as_psycopg
from truenav.platform.unit_of_work import UnitOfWork

TABLE = """
CREATE TABLE IF NOT EXISTS {name} (
  id bigserial PRIMARY KEY, trade_date date, action text, symbol text, quantity numeric(20, 8),
  price numeric(20, 8), fee numeric(20, 8), amount numeric(20, 8), note text, key bytea UNIQUE)
"""
COLUMNS = "trade_date, action, symbol, quantity, price, fee, amount, note, key"
Values = tuple[Any, ...]


# --- our way ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Counts:
    """What one import says of itself."""

    posted: int = 0
    duplicates: int = 0


def one_import(on: Stage, who: Household, content: bytes) -> Counts:
    """Upload, read, accept, commit: four units of work, as the API and the worker have them."""
    counts = Counts()
    found: list[UUID] = []

    async def upload(uow: UnitOfWork) -> None:
        account = (await uow.session.scalars(select(AccountRow.id))).one()
        found.append((await imports.upload(uow, account, "history.csv", content)).id)

    async def read(uow: UnitOfWork) -> None:
        await imports.read_batch(uow, found[0], datetime.now(UTC).date(), silent)

    async def accept(uow: UnitOfWork) -> None:
        await imports.request_commit(uow, found[0], accept_failed=False)

    async def commit(uow: UnitOfWork) -> None:
        await imports.commit_batch(uow, found[0], datetime.now(UTC), silent)

    async def look(uow: UnitOfWork) -> None:
        batch = await imports.get_batch(uow, found[0])
        if batch.status != "committed":
            raise SystemExit(f"the import is {batch.status}: {batch.problem_detail}")
        counts.posted, counts.duplicates = batch.imported_count, batch.duplicate_count

    on.act(who, upload, read, accept, commit, look)
    return counts


def silent(_done: int, _total: int | None) -> None:
    """Nobody watches."""


# --- the usual ways -----------------------------------------------------------------------------


def typed_rows(content: bytes) -> Iterator[Values]:
    """The least an importer must do: date, Decimal, a hash to know a row again."""
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    next(reader)
    for index, (day, action, symbol, note, *figures) in enumerate(reader):
        month, of_month, year = day.split("/")
        numbers = [
            Decimal(cell.replace("$", "").replace(",", "")) if cell else None for cell in figures
        ]
        key = hashlib.sha256(f"{index}{day}{action}{symbol}{figures}".encode()).digest()
        yield (
            date(int(year), int(month), int(of_month)),
            action,
            symbol,
            *numbers,
            note,
            key,
        )


class Base(DeclarativeBase):
    """Of the peer's one table."""


class PeerRow(Base):
    """A row as a tracker with SQLAlchemy keeps it."""

    __tablename__ = "peer_add_all"
    id: Mapped[int] = mapped_column(primary_key=True)
    trade_date: Mapped[date] = mapped_column(Date)
    action: Mapped[str]
    symbol: Mapped[str]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(20, 8))
    price: Mapped[Decimal | None] = mapped_column(Numeric(20, 8))
    fee: Mapped[Decimal | None] = mapped_column(Numeric(20, 8))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(20, 8))
    note: Mapped[str]
    key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


def add_all(dsn: str, content: bytes) -> None:
    """Objects, one per row."""
    names = [name.strip() for name in COLUMNS.split(",")]
    engine = create_engine(as_psycopg(dsn))
    with Session(engine) as session:
        session.execute(text("TRUNCATE peer_add_all"))
        session.add_all(
            [PeerRow(**dict(zip(names, row, strict=True))) for row in typed_rows(content)]
        )
        session.commit()
    engine.dispose()


def executemany(dsn: str, content: bytes) -> None:
    """One statement per row, in the driver's pipeline."""
    marks = ", ".join(["%s"] * 9)
    with psycopg.connect(dsn) as connection:
        connection.execute("TRUNCATE peer_executemany")
        connection.cursor().executemany(
            f"INSERT INTO peer_executemany ({COLUMNS}) VALUES ({marks}) ON CONFLICT DO NOTHING",
            list(typed_rows(content)),
        )


def staging(dsn: str, content: bytes) -> None:
    """COPY beside, INSERT once."""
    with psycopg.connect(dsn) as connection:
        connection.execute("TRUNCATE peer_staging")
        connection.execute(
            f"CREATE TEMP TABLE s ON COMMIT DROP AS SELECT {COLUMNS} FROM peer_staging"
        )
        with connection.cursor().copy(f"COPY s ({COLUMNS}) FROM STDIN") as copy:
            for row in typed_rows(content):
                copy.write_row(row)
        connection.execute(
            f"INSERT INTO peer_staging ({COLUMNS}) SELECT {COLUMNS} FROM s ON CONFLICT DO NOTHING"
        )


def raw_copy(dsn: str, content: bytes) -> None:
    """The limit: bytes in, text columns out."""
    with psycopg.connect(dsn) as connection:
        connection.execute("TRUNCATE peer_copy")
        with connection.cursor().copy("COPY peer_copy FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(content)


# --- the way of writing alone -------------------------------------------------------------------


async def stored_records(uow: UnitOfWork, limit: int) -> list[dict[str, Any]]:
    """What an import wrote, as values to write again."""
    query = select(TransactionRow.__table__).limit(limit)
    records = [dict(row) for row in (await uow.session.execute(query)).mappings()]
    for record in records:
        record.update(tenant_id=None, account_id=None, import_batch_id=None)
        del record["recorded_at"]
    return records


async def owned(uow: UnitOfWork, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records for the asking tenant's account, under ids of their own."""
    account = (await uow.session.scalars(select(AccountRow.id))).one()
    given = {"tenant_id": uow.tenant_id, "account_id": account}
    return [{**record, **given, "id": new_id()} for record in records]


async def by_objects(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """`session.add_all`."""
    uow.session.add_all([TransactionRow(**row) for row in rows])


async def by_executemany(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """The driver's executemany, through SQLAlchemy Core."""
    await uow.session.execute(insert(TransactionRow.__table__), rows)


async def by_staging(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """The product's: COPY beside, one INSERT."""
    await insert_rows(uow.session, TransactionRow, rows)


def same_table(on: Stage, who: Household, rows: int) -> None:
    """The records of an import into `transactions`, in three ways."""
    kept: list[dict[str, Any]] = []

    async def take(uow: UnitOfWork) -> None:
        kept.extend(await stored_records(uow, rows))

    on.act(who, take)

    def write(
        way: Callable[[UnitOfWork, list[dict[str, Any]]], Awaitable[None]],
    ) -> None:
        fresh = on.add_household()

        async def act(uow: UnitOfWork) -> None:
            await way(uow, await owned(uow, kept))

        on.act(fresh, add_account, act)

    measured = in_turn(
        {
            "add_all": lambda: write(by_objects),
            "executemany": lambda: write(by_executemany),
            "insert_rows": lambda: write(by_staging),
        },
        3,
        on.server_cpu,
    )
    print(f"{len(kept):,} records into `transactions` itself")
    table(measured, len(kept))
    mine = measured["insert_rows"]
    print(
        f"  add_all takes {1 / mine.times(measured['add_all'], 'wall'):.1f} times insert_rows,"
        f" executemany {1 / mine.times(measured['executemany'], 'wall'):.1f}"
    )


# --- what is printed ----------------------------------------------------------------------------


def compare(on: Stage, rows: int) -> None:
    """One size: every way in, in turn."""
    content = made_up_file(rows)
    rounds = 3 if rows < 100_000 else 1
    households = [on.add_household() for _ in range(rounds)]
    for who in households:
        on.act(who, add_account)
    counts: dict[str, Counts] = {}

    def first() -> None:
        households.insert(0, households.pop())
        counts["first"] = one_import(on, households[0], content)

    def again() -> None:
        counts["again"] = one_import(on, households[0], content)

    candidates: dict[str, Callable[[], object]] = {
        "import": first,
        "import again": again,
        "add_all": lambda: add_all(on.admin_dsn, content),
        "executemany": lambda: executemany(on.admin_dsn, content),
        "staging": lambda: staging(on.admin_dsn, content),
        "COPY": lambda: raw_copy(on.admin_dsn, content),
    }
    measured = in_turn(candidates, rounds, on.server_cpu)
    print(f"{rows:,} rows, {len(content) / 1e6:.1f} MB, file → committed")
    table(measured, rows)
    ours, twice = measured["import"], measured["import again"]
    for name, wanted in (("add_all", 10), ("executemany", 1.8)):
        ratio = 1 / ours.times(measured[name], "wall")
        text = f"{name} takes {ratio:.2f} times our import, ≥ {wanted} wanted"
        goal("H1", text, is_met=ratio >= wanted)
    ratio = ours.times(measured["COPY"], "wall")
    goal(
        "H1",
        f"our import takes {ratio:.0f} times COPY, ≤ 12 wanted",
        is_met=ratio <= 12,
    )
    ratio, held = twice.times(ours, "wall"), counts["again"]
    text = (
        f"again: {held.posted} new, {held.duplicates:,} known, {ratio:.2f} times the first import,"
        " ≤ 1.1 wanted"
    )
    goal("H2", text, is_met=not held.posted and held.duplicates == rows and ratio <= 1.1)
    if rows <= 10_000:
        same_table(on, households[0], rows)


def main() -> None:
    """A server of our own, then every size."""
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000]
    with stage() as on:
        with psycopg.connect(on.admin_dsn) as connection:
            for name in ("peer_add_all", "peer_executemany", "peer_staging"):
                connection.execute(TABLE.format(name=name))
            connection.execute(
                "CREATE TABLE peer_copy (a text, b text, c text, d text, e text, f text, g text,"
                " h text)"
            )
        for size in sizes:
            compare(on, size)


if __name__ == "__main__":
    main()

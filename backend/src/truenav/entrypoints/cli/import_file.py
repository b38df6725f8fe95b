"""Import a file without the browser: the same reading, preview and posting as an upload."""

import asyncio
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from truenav.core.errors import TruenavError
from truenav.core.ids import AccountId, TenantId, UserId
from truenav.core.imports.decoding import MAX_BYTES
from truenav.entrypoints.cli.upkeep import role_dsn
from truenav.entrypoints.supervisor.up import say
from truenav.features.accounts.tables import AccountRow
from truenav.features.identity import repository as identity
from truenav.features.imports import repository
from truenav.features.imports import service as imports
from truenav.features.imports.tables import ImportBatchRow
from truenav.features.valuation.service import rebuild_nav
from truenav.platform.db import as_psycopg, make_sessions
from truenav.platform.jobs import claim_event
from truenav.platform.pages import PageRequest
from truenav.platform.settings import Settings
from truenav.platform.unit_of_work import Sessions, UnitOfWork, identify, open_unit_of_work

FAILURES_SHOWN = 20


class ImportRefused(TruenavError):
    """The file was not imported; nothing of it was kept in the ledger."""

    code = "import_refused"


def run(settings: Settings, arguments: Namespace, _environ: Mapping[str, str]) -> int:
    """Import one file into one account."""
    file = Path(arguments.file)
    if not file.is_file():
        raise ImportRefused(f"there is no file {file}")
    if file.stat().st_size > MAX_BYTES:
        raise ImportRefused(f"{file.name} is larger than {MAX_BYTES // 1024**2} MB")
    with role_dsn(settings, "truenav_app") as dsn:
        asyncio.run(_import(dsn, arguments, file))
    return 0


async def _import(dsn: str, arguments: Namespace, file: Path) -> None:
    engine = create_async_engine(
        as_psycopg(dsn), poolclass=NullPool, connect_args={"prepare_threshold": None}
    )
    sessions = make_sessions(engine)
    try:
        tenant_id, user_id = await _who(sessions, arguments.email)
        async with open_unit_of_work(sessions, tenant_id, user_id) as uow:
            batch = await _run(uow, arguments, file)
            for stored in uow.stored_events:
                await claim_event(uow, stored.id)  # what would follow was done here
            say(
                f"{file.name}: {batch.row_count} rows read, {batch.imported_count} imported,"
                f" {batch.duplicate_count} already there, {batch.skipped_count} skipped,"
                f" {batch.failed_count} failed"
            )
    finally:
        await engine.dispose()


async def _who(sessions: Sessions, email: str) -> tuple[TenantId, UserId]:
    async with sessions.begin() as session:
        found = await identity.find_login(session, email)
        if found is None:
            raise ImportRefused(f"nobody signed up as {email}")
        user_id = UserId(found.user_id)
        await identify(session, None, user_id)
        memberships = await identity.memberships_of(session, user_id)
        if not memberships:
            raise ImportRefused(f"{email} belongs to no portfolio")
        return TenantId(memberships[0].tenant_id), user_id


async def _run(uow: UnitOfWork, arguments: Namespace, file: Path) -> ImportBatchRow:
    query = select(AccountRow.id).where(AccountRow.name == arguments.account)
    account_id = await uow.session.scalar(query)
    if account_id is None:
        raise ImportRefused(f"there is no account named {arguments.account!r}")
    now = datetime.now(UTC)
    content = await asyncio.to_thread(file.read_bytes)
    batch_id = (await imports.upload(uow, account_id, file.name, content)).id
    await imports.read_batch(uow, batch_id, now.date(), _silent)
    # each step reads what the one before stored, as the separate jobs of an upload would
    await uow.session.flush()
    read = await imports.get_batch(uow, batch_id)
    if read.status != "preview":
        raise ImportRefused(read.problem_detail or "name the columns of this file in the browser")
    if read.failed_count and not arguments.accept_failed:
        raise ImportRefused(await _failures(uow, read))
    await imports.request_commit(uow, batch_id, accept_failed=arguments.accept_failed)
    uow.session.expire_all()
    await imports.commit_batch(uow, batch_id, now, _silent)
    await uow.session.flush()
    uow.session.expire_all()
    earliest = datetime(1900, 1, 1, tzinfo=UTC).date()
    await rebuild_nav(uow, AccountId(account_id), earliest, now.date())
    return await imports.get_batch(uow, batch_id)


async def _failures(uow: UnitOfWork, batch: ImportBatchRow) -> str:
    """The first rows that could not be read, by row and column."""
    page = PageRequest(after=None, limit=FAILURES_SHOWN, scope="failures")
    rows = await repository.page_rows(uow.session, batch.id, "failed", page)
    lines = [
        f"  row {row.row_number}"
        f"{f', {row.column_name}' if row.column_name else ''}: {row.message or row.reason_code}"
        for row in rows[:FAILURES_SHOWN]
    ]
    if batch.failed_count > len(lines):
        lines.append(f"  and {batch.failed_count - len(lines)} more")
    told = "\n".join(lines)
    return (
        f"{batch.failed_count} of {batch.row_count} rows could not be read:\n{told}\n"
        "Nothing was imported. Mend the file, or say --accept-failed to import the other rows."
    )


def _silent(_done: int, _total: int | None) -> None:
    """The sum is said at the end."""

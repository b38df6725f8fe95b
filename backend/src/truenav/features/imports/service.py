"""Upload, read, preview, commit all or nothing, undo as a whole."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError, UnreadableFile
from truenav.core.events import (
    ImportCancelRequested,
    ImportCommitRequested,
    ImportFailed,
    ImportUndoRequested,
    ImportUploaded,
)
from truenav.core.ids import AccountId, ImportBatchId
from truenav.core.imports.identity import keyed
from truenav.core.imports.parsed import ColumnMapping, ParsedFile, RowStatus
from truenav.core.imports.reading import read_file
from truenav.core.ledger.transactions import TransactionDraft
from truenav.features.accounts.service import get_account
from truenav.features.accounts.tables import AccountRow
from truenav.features.imports import repository
from truenav.features.imports.preview import (
    KeyedRow,
    is_held,
    keyed_rows,
    preview_of,
    stored_rows,
)
from truenav.features.imports.tables import ImportBatchRow
from truenav.features.instruments.service import find_known, resolve
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.service import (
    instrument_refs,
    lock_account,
    post_transactions,
    reverse_batch,
)
from truenav.features.marketdata.reads import valuation_date
from truenav.platform.attempts import Postponed
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.outbox import cancel_open
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

Tell = Callable[[int, int | None], None]
Step = Literal["reading", "committing", "undoing"]


class ImportHasFailedRows(TruenavError):
    """Some rows could not be read; importing the others must be a person's decision."""

    kind = ErrorKind.CONFLICT
    code = "import_has_failed_rows"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read against an account: its rows, their keys, and the drafts that are new."""

    file: ParsedFile
    rows: Sequence[KeyedRow]
    fresh: Sequence[tuple[TransactionDraft, str]]


def progress_key(batch_id: UUID, step: Step) -> str:
    """Where a step tells how far it is: each its own, or it would begin where the last ended."""
    return f"import:{batch_id}:{step}"


async def upload(
    uow: UnitOfWork, account_id: UUID, file_name: str, content: bytes
) -> ImportBatchRow:
    """Store a file; reading follows as a job.

    Raises:
        NotFound: no such account.
    """
    account = await get_account(uow, account_id)
    batch = ImportBatchRow(
        tenant_id=uow.tenant_id,
        id=new_id(),
        account_id=account.id,
        file_name=file_name,
        file_hash=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        content=content,
        status="uploaded",
        created_by=uow.user_id,
    )
    uow.session.add(batch)
    # now, so that defaults are readable and the event cannot name a batch that is refused
    await uow.session.flush()
    await uow.session.refresh(batch)
    uow.emit(ImportUploaded(ImportBatchId(batch.id)))
    await record(
        uow,
        "import.uploaded",
        "import_batch",
        batch.id,
        new_value={"file_hash": batch.file_hash},
    )
    return batch


async def get_batch(uow: UnitOfWork, batch_id: UUID) -> ImportBatchRow:
    """One batch, without its content.

    Raises:
        NotFound: none of that id that the tenant may see.
    """
    found = await repository.find(uow.session, batch_id)
    if found is None:
        raise NotFound("no such import")
    return found


async def save_mapping(uow: UnitOfWork, batch_id: UUID, mapping: ColumnMapping) -> None:
    """Remember what the columns of a CSV mean, and read the file again.

    Raises:
        NotFound: no such import.
        InvalidFields: it names columns the file does not have.
        StaleVersion: it is past the point of mapping.
    """
    batch = await get_batch(uow, batch_id)
    header = (batch.preview or {}).get("header")
    unknown = [
        (f"/body/columns/{field}", "is not a column of this file")
        for field, column in mapping.columns.items()
        if header is not None and column not in header
    ]
    if unknown:
        raise InvalidFields(unknown)
    plain = mapping.to_dict()
    await _move(uow, batch, ("needs_mapping", "preview", "failed"), "uploaded", mapping=plain)
    if header is not None:
        signature = header_signature(header)
        await repository.save_mapping(uow.session, uow.tenant_id, signature, plain)
    uow.emit(ImportUploaded(ImportBatchId(batch_id)))


async def request_commit(uow: UnitOfWork, batch_id: UUID, *, accept_failed: bool) -> None:
    """Accept a preview; posting follows as a job.

    Raises:
        NotFound: no such import.
        ImportHasFailedRows: and nobody accepted that.
        StaleVersion: it is no longer a preview.
    """
    batch = await get_batch(uow, batch_id)
    if batch.status == "preview" and batch.failed_count and not accept_failed:
        raise ImportHasFailedRows(
            f"{batch.failed_count} rows could not be read",
            failed_count=str(batch.failed_count),
        )
    await _move(uow, batch, ("preview",), "committing")
    uow.emit(ImportCommitRequested(ImportBatchId(batch_id)))
    await record(uow, "import.commit_requested", "import_batch", batch_id)


async def request_undo(uow: UnitOfWork, batch_id: UUID) -> None:
    """Take a whole batch back; the reversals follow as a job.

    Raises:
        NotFound: no such import.
        StaleVersion: it is not committed.
    """
    batch = await get_batch(uow, batch_id)
    await _move(uow, batch, ("committed",), "undoing")
    uow.emit(ImportUndoRequested(ImportBatchId(batch_id)))
    await record(uow, "import.undo_requested", "import_batch", batch_id)


# what a batch goes back to when nobody waits for what is being done with it
BEFORE = {"uploaded": "discarded", "committing": "preview", "undoing": "committed"}
LET_GO_SECONDS = 3.0
WORK = (ImportUploaded.topic, ImportCommitRequested.topic, ImportUndoRequested.topic)


async def request_cancel(uow: UnitOfWork, batch_id: UUID) -> None:
    """Stop what is being done with a batch; what it did so far is taken back.

    The batch itself may be locked by that work, so it goes back in a job of its own.

    Raises:
        NotFound: no such import.
        StaleVersion: nothing is being done with it.
    """
    batch = await get_batch(uow, batch_id)
    if batch.status not in BEFORE:
        raise StaleVersion(
            f"the import is {batch.status.replace('_', ' ')}",
            {"id": str(batch.id), "status": batch.status, "version": batch.version},
        )
    await cancel_open(uow, WORK, "batch_id", str(batch_id))
    uow.emit(ImportCancelRequested(ImportBatchId(batch_id), batch.version))
    await record(uow, "import.cancel_requested", "import_batch", batch_id)


async def step_back(uow: UnitOfWork, batch_id: UUID, version: int) -> None:
    """Put a batch whose work was cancelled back to where it was; it may have ended before that.

    Raises:
        Postponed: that work has not noticed yet.
    """
    if not await repository.is_free(uow.session, batch_id):
        raise Postponed("the work that is to stop has not let go yet", LET_GO_SECONDS)
    batch = await repository.find(uow.session, batch_id, for_update=True)
    if batch is None or batch.status not in BEFORE or batch.version != version:
        return
    batch.version += 1
    if batch.status == "uploaded" and batch.mapping is not None:
        # it was there before, to be read with other columns
        asked = "sample" in (batch.preview or {})
        batch.status = "needs_mapping" if asked else "failed"
        if not asked:
            batch.problem_code = "cancelled"
            batch.problem_detail = "reading it with other columns was cancelled"
        return
    batch.status = BEFORE[batch.status]
    if batch.status == "discarded":
        batch.content = None


async def discard(uow: UnitOfWork, batch_id: UUID) -> None:
    """Drop a batch that posted nothing; its content goes too.

    Raises:
        NotFound: no such import.
        StaleVersion: it posted something, or is about to.
    """
    batch = await get_batch(uow, batch_id)
    waiting = ("uploaded", "needs_mapping", "preview", "failed")
    await _move(uow, batch, waiting, "discarded", content=None)


async def _move(
    uow: UnitOfWork,
    batch: ImportBatchRow,
    from_statuses: Sequence[str],
    to: str,
    **values: Any,
) -> None:
    moved = await repository.move(uow.session, batch.id, from_statuses, status=to, **values)
    if not moved:
        raise StaleVersion(
            f"the import is {batch.status.replace('_', ' ')}",
            {"id": str(batch.id), "status": batch.status, "version": batch.version},
        )


async def read_batch(uow: UnitOfWork, batch_id: UUID, today: date, tell: Tell) -> None:
    """Read an uploaded file into rows and a preview. The batch says if it cannot be read."""
    batch = await repository.find(uow.session, batch_id, for_update=True)
    if batch is None or batch.status != "uploaded":
        return  # discarded meanwhile, or read by an earlier delivery of this job
    account = await get_account(uow, batch.account_id)
    try:
        reading = await _read(uow, batch, account, today, tell)
    except UnreadableFile as error:
        batch.status, batch.problem_code, batch.problem_detail = (
            "failed",
            error.code,
            str(error),
        )
        uow.emit(ImportFailed(batch_id=ImportBatchId(batch_id)))
        return
    _describe(batch, reading.file)
    if reading.file.question is not None:
        question = reading.file.question
        batch.status = "needs_mapping"
        batch.preview = {
            "header": list(question.header),
            "sample": [list(row) for row in question.sample],
            "suggested": question.suggested.to_dict(),
            "problems": list(question.problems),
        }
        return
    rows = stored_rows(uow.tenant_id, batch_id, reading.rows)
    await repository.replace_rows(uow.session, batch_id, rows)
    _count(batch, reading.rows)
    known = await find_known(uow, instrument_refs(reading.fresh), today)
    as_of = await valuation_date(uow.session, uow.tenant_id, today)
    drafts = [draft for draft, _ in reading.fresh]
    preview = await preview_of(uow.session, account, drafts, known, as_of)
    header = list(reading.file.header)
    batch.preview = {**preview, "header": header, "read_on": today.isoformat()}
    batch.status = "preview"
    tell(batch.row_count, batch.row_count)


async def _read(
    uow: UnitOfWork, batch: ImportBatchRow, account: AccountRow, today: date, tell: Tell
) -> Reading:
    content = batch.content or b""
    mapping = ColumnMapping.from_dict(batch.mapping) if batch.mapping else None
    tell(0, content.count(b"\n") or None)
    file = read_file(content, default_currency=account.base_currency, today=today, mapping=mapping)
    if file.question is not None:
        saved = await repository.saved_mapping(
            uow.session, header_signature(list(file.question.header))
        )
        if saved is not None:
            batch.mapping = saved
            file = read_file(
                content,
                default_currency=account.base_currency,
                today=today,
                mapping=ColumnMapping.from_dict(saved),
            )
    tell(len(file.rows) // 2, len(file.rows))
    keys = keyed(draft for row in file.rows for draft in row.drafts)
    in_use = await ledger_reads.keys_in_use(uow.session, account.id)
    rows = keyed_rows(file, keys, in_use)
    # per record, not per row: of a row with two records one may have been taken back
    return Reading(file, rows, [pair for pair in keys if not is_held(pair[1], in_use)])


def header_signature(header: Sequence[str]) -> str:
    """What a mapping is remembered by."""
    return hashlib.sha256("\x1f".join(header).encode()).hexdigest()


def _describe(batch: ImportBatchRow, file: ParsedFile) -> None:
    batch.format, batch.broker, batch.notices = (
        file.format,
        file.broker,
        list(file.notices),
    )
    batch.problem_code = batch.problem_detail = None


def _count(batch: ImportBatchRow, rows: Sequence[KeyedRow]) -> None:
    statuses = [row.status for row in rows]
    batch.row_count = len(rows)
    batch.imported_count = statuses.count(RowStatus.IMPORTED.value)
    batch.duplicate_count = statuses.count("duplicate")
    batch.skipped_count = statuses.count(RowStatus.SKIPPED.value)
    batch.failed_count = statuses.count(RowStatus.FAILED.value)
    batch.warning_count = sum(
        row.row.reason_code is not None and row.status == "imported" for row in rows
    )


async def commit_batch(uow: UnitOfWork, batch_id: UUID, now: datetime, tell: Tell) -> None:
    """Post every new record of an accepted batch, all or none, in one unit of work.

    The file is read again from the stored bytes: the same code gives the same drafts.
    """
    batch = await repository.find(uow.session, batch_id, for_update=True)
    if batch is None or batch.status != "committing":
        return
    account = await get_account(uow, batch.account_id)
    # before it is read: what another import posts meanwhile must be among the duplicates
    await lock_account(uow, AccountId(account.id))
    # the day it was read on: what was in the future then is refused again, and nothing else is
    read_on = date.fromisoformat((batch.preview or {})["read_on"])
    reading = await _read(uow, batch, account, read_on, tell)
    instruments = await resolve(uow, instrument_refs(reading.fresh), read_on)
    result = await post_transactions(
        uow, AccountId(account.id), reading.fresh, instruments, batch_id=batch_id
    )
    await _restate(uow, batch, reading.rows)
    batch.status, batch.committed_at = "committed", now
    tell(batch.row_count, batch.row_count)
    await record(
        uow,
        "import.committed",
        "import_batch",
        batch_id,
        new_value={"posted": result.posted},
    )


async def _restate(uow: UnitOfWork, batch: ImportBatchRow, rows: Sequence[KeyedRow]) -> None:
    """Say what became of the rows, where another import came between preview and commit."""
    duplicates = {keyed.row.row_number for keyed in rows if keyed.is_duplicate}
    if duplicates == await repository.duplicate_numbers(uow.session, batch.id):
        return
    plain = stored_rows(uow.tenant_id, batch.id, rows)
    await repository.replace_rows(uow.session, batch.id, plain)
    _count(batch, rows)


async def undo_batch(uow: UnitOfWork, batch_id: UUID, now: datetime, tell: Tell) -> None:
    """Reverse every record of the batch that still counts."""
    batch = await repository.find(uow.session, batch_id, for_update=True)
    if batch is None or batch.status != "undoing":
        return
    tell(0, batch.row_count)
    reversed_count = await reverse_batch(uow, batch_id)
    batch.status, batch.undone_at = "undone", now
    tell(batch.row_count, batch.row_count)
    await record(
        uow,
        "import.undone",
        "import_batch",
        batch_id,
        new_value={"reversed": reversed_count},
    )

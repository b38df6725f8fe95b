"""Routes of imports. Uploads stream in as raw bytes, bounded before they are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.imports.column_mapping import ALIASES as MAPPABLE_FIELDS
from truenav.core.imports.column_mapping import MAPPABLE_KINDS, NEEDED
from truenav.core.imports.decoding import MAX_BYTES
from truenav.core.imports.parsed import ColumnMapping
from truenav.core.money import CURRENCIES
from truenav.features.imports import repository, service
from truenav.features.imports.schemas import (
    DraftOut,
    ImportBatchOut,
    ImportBatchPageOut,
    ImportRowOut,
    ImportRowPageOut,
    MappingIn,
    MappingQuestionOut,
    PreviewOut,
    ProgressOut,
    RowStatus,
)
from truenav.features.imports.tables import ImportBatchRow
from truenav.platform.dependencies import GUARDED, State, Uow
from truenav.platform.outbox import given_up
from truenav.platform.pages import (
    CursorText,
    IncludeTotal,
    Limit,
    cut_page,
    page_request,
    row_number,
)
from truenav.platform.problems import InvalidFields, problems
from truenav.platform.progress import read_progress
from truenav.platform.state import AppState

router = APIRouter(prefix="/api/v1/imports", tags=["imports"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT)
FileName = Annotated[str, Query(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f/\\]+$")]
RAW_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
STEPS: dict[str, service.Step] = {
    "uploaded": "reading",
    "reading": "reading",
    "committing": "committing",
    "undoing": "undoing",
}


class FileTooLarge(TruenavError):
    """More bytes than an import may have; the rest was not read."""

    kind = ErrorKind.TOO_LARGE
    code = "file_too_large"


class FileEmpty(TruenavError):
    """An upload without a byte."""

    kind = ErrorKind.UNPROCESSABLE
    code = "file_empty"


async def _bounded_body(request: Request) -> bytes:
    """The body, refused as soon as it is too large: memory stays bounded whatever is sent."""
    announced = request.headers.get("content-length", "")
    limit = f"{MAX_BYTES // 1024 // 1024} MB"
    if announced.isascii() and announced.isdigit() and int(announced) > MAX_BYTES:
        raise FileTooLarge(f"a file may have {limit}", limit=str(MAX_BYTES))
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise FileTooLarge(f"a file may have {limit}", limit=str(MAX_BYTES))
        chunks.append(chunk)
    if not size:
        raise FileEmpty("the file is empty")
    return b"".join(chunks)


async def _all_out(
    uow: Uow, state: AppState, batches: Sequence[ImportBatchRow]
) -> list[ImportBatchOut]:
    names = await repository.account_names(uow.session)
    running = [str(batch.id) for batch in batches if batch.status in STEPS]
    stuck = await given_up(uow, service.WORK, "batch_id", running)
    return [
        _out(batch, names[batch.account_id], state, is_given_up=str(batch.id) in stuck)
        for batch in batches
    ]


def _out(
    batch: ImportBatchRow, account_name: str, state: AppState, *, is_given_up: bool
) -> ImportBatchOut:
    step = STEPS.get(batch.status)
    progress = None
    if step is not None:
        found = read_progress(state.queue, service.progress_key(batch.id, step))
        progress = ProgressOut(
            step=step, done=found.done, total=found.total, is_given_up=is_given_up
        )
    stored = batch.preview or {}
    question = preview = None
    if batch.status == "needs_mapping":
        question = MappingQuestionOut.model_validate(stored)
    elif "transaction_count" in stored:
        # previews of before explanations were kept have none
        shown = {name: stored.get(name, []) for name in PreviewOut.model_fields}
        preview = PreviewOut.model_validate(shown)
    values: dict[str, Any] = {
        name: getattr(batch, name)
        for name in ImportBatchOut.model_fields
        if name not in {"account_name", "progress", "preview", "mapping_question"}
    }
    return ImportBatchOut(
        **values,
        account_name=account_name,
        progress=progress,
        preview=preview,
        mapping_question=question,
    )


async def _answer(uow: Uow, state: AppState, batch_id: UUID) -> ImportBatchOut:
    uow.session.expire_all()
    (made,) = await _all_out(uow, state, [await service.get_batch(uow, batch_id)])
    return made


@router.post(
    "",
    operation_id="uploadImport",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(ErrorKind.TOO_LARGE),
    openapi_extra=RAW_BODY,
)
async def upload_import(
    account_id: UUID, file_name: FileName, request: Request, uow: Uow, state: State
) -> ImportBatchOut:
    """Upload a broker's file; poll the import until it is a preview."""
    content = await _bounded_body(request)
    batch = await service.upload(uow, account_id, file_name, content)
    (made,) = await _all_out(uow, state, [batch])
    return made


@router.get("", operation_id="listImports")
async def list_imports(
    uow: Uow,
    state: State,
    cursor: CursorText = None,
    limit: Limit = 50,
    include_total: IncludeTotal = False,
) -> ImportBatchPageOut:
    """Uploads, newest first."""
    page = page_request(cursor, limit, "imports", (datetime.fromisoformat, UUID))
    rows = await repository.page(uow.session, page)
    kept, cut = cut_page(rows, page, lambda row: (row.created_at.isoformat(), str(row.id)))
    return ImportBatchPageOut(
        items=await _all_out(uow, state, kept),
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=await repository.count(uow.session) if include_total else None,
    )


@router.get("/{import_id}", operation_id="getImport")
async def get_import(import_id: UUID, uow: Uow, state: State) -> ImportBatchOut:
    """One upload: its status, progress and preview."""
    return await _answer(uow, state, import_id)


@router.get("/{import_id}/rows", operation_id="listImportRows")
async def list_import_rows(
    import_id: UUID,
    uow: Uow,
    status: RowStatus | None = None,
    cursor: CursorText = None,
    limit: Limit = 50,
    include_total: IncludeTotal = False,
) -> ImportRowPageOut:
    """Rows of the file in its order, each with what becomes of it and why."""
    await service.get_batch(uow, import_id)
    page = page_request(
        cursor, limit, f"import rows {import_id} {status}", (row_number, row_number)
    )
    rows = await repository.page_rows(uow.session, import_id, status, page)
    kept, cut = cut_page(rows, page, lambda row: (str(row.row_number), str(row.ordinal)))
    total = await repository.count_rows(uow.session, import_id, status) if include_total else None
    return ImportRowPageOut(
        items=[
            ImportRowOut(
                row_number=row.row_number,
                ordinal=row.ordinal,
                status=row.status,  # type: ignore[arg-type]  # the table's check allows no other
                reason_code=row.reason_code,
                message=row.message,
                column_name=row.column_name,
                draft=DraftOut.model_validate(row.draft) if row.draft else None,
                original=row.original,
            )
            for row in kept
        ],
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
        total_count=total,
    )


@router.put(
    "/{import_id}/mapping",
    operation_id="saveImportMapping",
    status_code=status.HTTP_202_ACCEPTED,
    responses=CONFLICT,
)
async def save_import_mapping(
    import_id: UUID, body: MappingIn, uow: Uow, state: State
) -> ImportBatchOut:
    """Say which column is what; remembered for files with this header, and read again."""
    errors = [
        (f"/body/kinds/{word}", f"{kind!r} is no kind of transaction")
        for word, kind in body.kinds.items()
        if kind not in MAPPABLE_KINDS
    ]
    errors += [
        (f"/body/columns/{field}", "is nothing a column can be")
        for field in body.columns
        if field not in MAPPABLE_FIELDS
    ]
    errors += [
        ("/body/columns", f"the {need} is needed") for need in NEEDED if not body.columns.get(need)
    ]
    if body.default_currency is not None and body.default_currency not in CURRENCIES:
        errors.append(("/body/default_currency", "is not a currency"))
    if errors:
        raise InvalidFields(errors)
    mapping = ColumnMapping.from_dict(body.model_dump())
    await service.save_mapping(uow, import_id, mapping)
    return await _answer(uow, state, import_id)


@router.post(
    "/{import_id}/commit",
    operation_id="commitImport",
    status_code=status.HTTP_202_ACCEPTED,
    responses=CONFLICT,
)
async def commit_import(
    import_id: UUID, uow: Uow, state: State, accept_failed: bool = False
) -> ImportBatchOut:
    """Accept the preview; every new record is posted, or none."""
    await service.request_commit(uow, import_id, accept_failed=accept_failed)
    return await _answer(uow, state, import_id)


@router.post(
    "/{import_id}/undo",
    operation_id="undoImport",
    status_code=status.HTTP_202_ACCEPTED,
    responses=CONFLICT,
)
async def undo_import(import_id: UUID, uow: Uow, state: State) -> ImportBatchOut:
    """Take the whole import back by reversals; nothing is deleted."""
    await service.request_undo(uow, import_id)
    return await _answer(uow, state, import_id)


@router.post(
    "/{import_id}/cancel",
    operation_id="cancelImport",
    status_code=status.HTTP_202_ACCEPTED,
    responses=CONFLICT,
)
async def cancel_import(import_id: UUID, uow: Uow, state: State) -> ImportBatchOut:
    """Stop what is being done with an import: it goes back to where it was before."""
    await service.request_cancel(uow, import_id)
    return await _answer(uow, state, import_id)


@router.post("/{import_id}/discard", operation_id="discardImport", responses=CONFLICT)
async def discard_import(import_id: UUID, uow: Uow, state: State) -> ImportBatchOut:
    """Drop an upload that posted nothing."""
    await service.discard(uow, import_id)
    return await _answer(uow, state, import_id)

"""Routes that correct, delete and restore records, one or many at a time."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, status

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.ledger import corrections, repository
from truenav.features.ledger.bodies import transaction_out
from truenav.features.ledger.corrections import Operation
from truenav.features.ledger.posting import typed_key
from truenav.features.ledger.schemas import (
    OperationIn,
    OperationOut,
    OperationsIn,
    OperationsOut,
    TransactionHistoryOut,
    TransactionIn,
    TransactionOut,
    TransactionVersionOut,
)
from truenav.features.ledger.typed import TypedDrafts
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.problems import InvalidFields, problems

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)


@router.put(
    "/transactions/{transaction_id}",
    operation_id="correctTransaction",
    responses=problems(ErrorKind.CONFLICT),
)
async def correct_transaction(
    transaction_id: UUID,
    body: TransactionIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> TransactionOut:
    """Take a record back and put another in its place; the id is the version the editor saw.

    When it does not count any more the answer is 409 with the record that does.
    """

    async def act() -> TransactionOut:
        typed = TypedDrafts(uow, today(clock))
        operation = Operation(
            op="correct", transaction_id=transaction_id, account_id=body.account_id,
            draft=await typed.read(body), instruments=typed.instruments,
        )  # fmt: skip
        return await _only(uow, operation)

    return await once(uow, request, idempotency_key, body, TransactionOut, act)


@router.post(
    "/transactions/{transaction_id}/restore",
    operation_id="restoreTransaction",
    status_code=status.HTTP_201_CREATED,
    responses=problems(ErrorKind.CONFLICT),
)
async def restore_transaction(
    transaction_id: UUID,
    request: Request,
    uow: Uow,
    idempotency_key: IdempotencyKey = None,
) -> TransactionOut:
    """Bring back what a deleted record said, as a new record of the same chain."""

    async def act() -> TransactionOut:
        return await _only(uow, Operation(op="restore", transaction_id=transaction_id))

    return await once(uow, request, idempotency_key, None, TransactionOut, act)


async def _only(uow: Uow, operation: Operation) -> TransactionOut:
    (done,) = await corrections.apply(uow, [operation])
    return transaction_out(await repository.find_transaction(uow.session, done))


@router.get("/transactions/{transaction_id}/history", operation_id="getTransactionHistory")
async def get_history(transaction_id: UUID, uow: Uow) -> TransactionHistoryOut:
    """Every record that stood in this one's place: who wrote it when, and who took it back."""
    found = await corrections.history(uow, transaction_id)
    versions = [
        TransactionVersionOut(
            record=transaction_out(version.row),
            recorded_by=version.row[0].recorded_by,
            ended_at=version.ended_at,
            ended_by=version.ended_by,
        )
        for version in found
    ]
    return TransactionHistoryOut(chain_id=versions[0].record.chain_id, versions=versions)


@router.post(
    "/transactions/bulk",
    operation_id="changeTransactions",
    responses=problems(ErrorKind.CONFLICT),
)
async def change_transactions(
    body: OperationsIn,
    request: Request,
    uow: Uow,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> OperationsOut:
    """Up to 1,000 changes in one unit of work: all of them, or none and why.

    What is wrong is named by its place: `/body/operations/3/body/quantity`.
    """

    async def act() -> OperationsOut:
        wanted = await _read(uow, body.operations, today(clock), typed_key(idempotency_key))
        done = await corrections.apply(uow, wanted)
        rows = await repository.find_transactions(uow.session, done)
        return OperationsOut(
            results=[
                OperationOut(
                    client_ref=asked.client_ref, op=asked.op, record=transaction_out(rows[found])
                )
                for asked, found in zip(body.operations, done, strict=True)
            ]
        )

    return await once(uow, request, idempotency_key, body, OperationsOut, act)


async def _read(uow: Uow, operations: list[OperationIn], day: date, key: str) -> list[Operation]:
    """Every operation, or all that is wrong with them."""
    typed = TypedDrafts(uow, day)
    errors: list[tuple[str, str]] = []
    found: list[Operation] = []
    for place, asked in enumerate(operations):
        at = f"/body/operations/{place}"
        errors += [(f"{at}{pointer}", detail) for pointer, detail in _missing(asked)]
        draft = None
        if asked.body is not None:
            try:
                draft = await typed.read(asked.body)
            except InvalidFields as error:
                errors += [(f"{at}{field.pointer}", field.detail) for field in error.errors]
            except TruenavError as error:
                errors.append((f"{at}/body", str(error)))
        found.append(
            Operation(
                op=asked.op,
                transaction_id=asked.id,
                account_id=asked.body.account_id if asked.body else None,
                draft=draft,
                instruments=typed.instruments,
                key=f"{key}:{place}",
            )
        )
    if errors:
        raise InvalidFields(errors)
    return found


def _missing(asked: OperationIn) -> list[tuple[str, str]]:
    errors: list[tuple[str, str]] = []
    needs_body = asked.op in {"create", "correct"}
    if needs_body and asked.body is None:
        errors.append(("/body", "is needed to say what is new"))
    if not needs_body and asked.body is not None:
        errors.append(("/body", "has nothing to say here"))
    if asked.op == "create" and asked.id is not None:
        errors.append(("/id", "a new record has none yet"))
    if asked.op != "create" and asked.id is None:
        errors.append(("/id", "names the record"))
    return errors

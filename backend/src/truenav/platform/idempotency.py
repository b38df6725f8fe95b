"""Idempotency-Key (IETF draft): the first answer is stored with its effect, and repeated."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Header, Request
from pydantic import BaseModel
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from truenav.core.errors import ErrorKind, TruenavError
from truenav.platform.tables import IdempotencyKeyRow
from truenav.platform.unit_of_work import UnitOfWork

IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)
]


class IdempotencyKeyInUse(TruenavError):
    """The first request with this key is still at work; its answer will be repeated."""

    kind = ErrorKind.CONFLICT
    code = "idempotency_key_in_use"


Out = TypeVar("Out", bound=BaseModel)


class IdempotencyKeyMissing(TruenavError):
    """This request creates something and must name the attempt."""

    kind = ErrorKind.INVALID
    code = "idempotency_key_missing"


class IdempotencyKeyReused(TruenavError):
    """The key was used for another request."""

    kind = ErrorKind.UNPROCESSABLE
    code = "idempotency_key_reused"


async def once(
    uow: UnitOfWork,
    request: Request,
    key: str | None,
    body: BaseModel | None,
    answer: type[Out],
    act: Callable[[], Awaitable[Out]],
) -> Out:
    """Run `act` once per tenant and key; a repeat gets the stored answer.

    The key row is inserted first, in the same transaction as the effect. A second caller does not
    wait for the first: it is told to come back.

    Raises:
        IdempotencyKeyMissing: no key.
        IdempotencyKeyInUse: the first request with it has not ended.
        IdempotencyKeyReused: the key belongs to another method, path or body.
    """
    if key is None:
        raise IdempotencyKeyMissing("send an Idempotency-Key header, a new one for each attempt")
    plain = json.dumps(body.model_dump(mode="json") if body else None, sort_keys=True)
    digest = hashlib.sha256(f"{request.method} {request.url.path} {plain}".encode()).hexdigest()
    lock = func.hashtextextended(f"idempotency:{uow.tenant_id}:{key}", 0)
    if not await uow.session.scalar(select(func.pg_try_advisory_xact_lock(lock))):
        raise IdempotencyKeyInUse("the first request with this key is still at work")
    table = IdempotencyKeyRow
    claimed = await uow.session.scalar(
        insert(table)
        .values(
            tenant_id=uow.tenant_id,
            key=key,
            method=request.method,
            path=request.url.path,
            request_hash=digest,
        )
        .on_conflict_do_nothing()
        .returning(table.key)
    )
    mine = (table.tenant_id == uow.tenant_id) & (table.key == key)
    if claimed is None:
        stored = (
            await uow.session.execute(select(table.request_hash, table.body).where(mine))
        ).one()
        if stored.request_hash != digest:
            raise IdempotencyKeyReused("this key was used for another request")
        return answer.model_validate(stored.body)
    result = await act()
    await uow.session.execute(
        update(table).where(mine).values(status=200, body=result.model_dump(mode="json"))
    )
    return result

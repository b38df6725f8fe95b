"""The audit log: appended in the unit of work it describes, hash-chained per tenant."""

import hashlib
import json
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from truenav.platform.clock import new_id
from truenav.platform.tables import AuditLogRow
from truenav.platform.unit_of_work import UnitOfWork

GENESIS = "0" * 64


async def record(
    uow: UnitOfWork,
    action: str,
    entity_type: str,
    entity_id: UUID | None,
    *,
    old_value: dict[str, Any] | None = None,
    new_value: dict[str, Any] | None = None,
) -> None:
    """Append who did what. Waits for other writers of the same tenant only, never of all."""
    lock = func.hashtextextended(f"audit:{uow.tenant_id}", 0)
    await uow.session.execute(select(func.pg_advisory_xact_lock(lock)))
    last = (
        await uow.session.execute(
            select(AuditLogRow.sequence, AuditLogRow.hash)
            .where(AuditLogRow.tenant_id == uow.tenant_id)
            .order_by(AuditLogRow.sequence.desc())
            .limit(1)
        )
    ).one_or_none()
    sequence, previous = (last.sequence + 1, last.hash) if last is not None else (1, GENESIS)
    row = AuditLogRow(
        tenant_id=uow.tenant_id,
        sequence=sequence,
        id=new_id(),
        user_id=uow.user_id,
        action=action,
        entity_type=entity_type,
        entity_id=entity_id,
        old_value=old_value,
        new_value=new_value,
        request_id=uow.request_id,
        previous_hash=previous,
        hash="",
    )
    row.hash = chain_hash(row)
    uow.session.add(row)


def chain_hash(row: AuditLogRow) -> str:
    """SHA-256 (hex) of the entry and the one before it; verifying recomputes it."""
    fields = [
        row.previous_hash,
        str(row.tenant_id),
        row.sequence,
        str(row.id),
        str(row.user_id or ""),
        row.action,
        row.entity_type,
        str(row.entity_id or ""),
        row.old_value,
        row.new_value,
    ]
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()

"""One transaction: opened and committed at an edge, its events stored beside its change."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from truenav.core.events import Event
from truenav.core.ids import TenantId, UserId
from truenav.platform.clock import new_id
from truenav.platform.live.publishing import LiveMessage
from truenav.platform.tables import OutboxRow

Sessions = async_sessionmaker[AsyncSession]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored: what is left to tell once the transaction is over."""

    id: UUID
    topic: str
    payload: dict[str, str]


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """The open transaction. The edge that opened it commits it; nobody else does."""

    session: AsyncSession
    tenant_id: TenantId
    user_id: UserId | None = None
    request_id: str | None = None
    stored_events: list[StoredEvent] = field(default_factory=list)
    told: list[LiveMessage] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        """Store `event` beside the change it announces; the relay queues it after commit."""
        stored = StoredEvent(new_id(), event.topic, event.to_json())
        self.session.add(
            OutboxRow(
                tenant_id=self.tenant_id, id=stored.id, topic=stored.topic, payload=stored.payload
            )
        )
        self.stored_events.append(stored)

    def tell(self, message: LiveMessage) -> None:
        """Have whoever listens told after the commit: a hint to look again, which may be lost."""
        self.told.append(message)


@asynccontextmanager
async def open_unit_of_work(
    sessions: Sessions,
    tenant_id: TenantId,
    user_id: UserId | None = None,
    request_id: str | None = None,
) -> AsyncIterator[UnitOfWork]:
    """Begin, tell row security who asks, commit on leaving, roll back on error."""
    async with sessions.begin() as session:
        await identify(session, tenant_id, user_id)
        yield UnitOfWork(session, tenant_id, user_id, request_id)


async def identify(
    session: AsyncSession, tenant_id: TenantId | None, user_id: UserId | None
) -> None:
    """Set who asks, for this transaction only: a session-wide setting leaks through a pooler."""
    await session.execute(
        text("SELECT set_config('app.tenant', :tenant, true), set_config('app.user', :user, true)"),
        {"tenant": str(tenant_id or ""), "user": str(user_id or "")},
    )

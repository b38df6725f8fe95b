"""Queue entry points of imports: text in, one use case, safe to run twice."""

from uuid import UUID

from truenav.features.imports import service
from truenav.platform.clock import today
from truenav.platform.jobs import job_context, run_job
from truenav.platform.progress import tell_progress
from truenav.platform.unit_of_work import UnitOfWork


def _teller(batch_id: str, step: service.Step) -> service.Tell:
    queue, key = job_context().queue, service.progress_key(UUID(batch_id), step)
    return lambda done, total: tell_progress(queue, key, done, total)


def read_import(tenant_id: str, event_id: str, batch_id: str) -> None:
    """Read an uploaded file into rows and a preview."""
    clock = job_context().clock

    async def act(uow: UnitOfWork) -> None:
        await service.read_batch(uow, UUID(batch_id), today(clock), _teller(batch_id, "reading"))

    run_job(tenant_id, event_id, act)


def commit_import(tenant_id: str, event_id: str, batch_id: str) -> None:
    """Post an accepted preview, all or nothing."""
    clock = job_context().clock

    async def act(uow: UnitOfWork) -> None:
        await service.commit_batch(
            uow, UUID(batch_id), clock.now(), _teller(batch_id, "committing")
        )

    run_job(tenant_id, event_id, act)


def undo_import(tenant_id: str, event_id: str, batch_id: str) -> None:
    """Reverse a whole batch."""
    clock = job_context().clock

    async def act(uow: UnitOfWork) -> None:
        await service.undo_batch(uow, UUID(batch_id), clock.now(), _teller(batch_id, "undoing"))

    run_job(tenant_id, event_id, act)

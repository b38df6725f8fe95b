"""Queue entry points of imports: text in, one use case, safe to run twice."""

from uuid import UUID

from truenav.features.imports import service
from truenav.platform.attempts import Attempt
from truenav.platform.clock import today
from truenav.platform.jobs import job_context, run_job, run_telling_job
from truenav.platform.progress import Progress, tell_progress
from truenav.platform.unit_of_work import UnitOfWork

WORDS = {"reading": "reading rows", "committing": "posting rows", "undoing": "reversing rows"}


def _teller(made: Attempt, batch_id: str, step: service.Step) -> service.Tell:
    queue, key = job_context().queue, service.progress_key(UUID(batch_id), step)

    def tell(done: int, total: int | None) -> None:
        tell_progress(queue, key, Progress(done, total))
        made.tell(done, total, WORDS[step])

    return tell


def read_import(tenant_id: str, event_id: str, batch_id: str) -> None:
    """Read an uploaded file into rows and a preview."""
    clock = job_context().clock

    async def act(made: Attempt, uow: UnitOfWork) -> None:
        tell = _teller(made, batch_id, "reading")
        await service.read_batch(uow, UUID(batch_id), today(clock), tell)

    run_telling_job(tenant_id, event_id, act)


def commit_import(tenant_id: str, event_id: str, batch_id: str) -> None:
    """Post an accepted preview, all or nothing."""
    clock = job_context().clock

    async def act(made: Attempt, uow: UnitOfWork) -> None:
        tell = _teller(made, batch_id, "committing")
        await service.commit_batch(uow, UUID(batch_id), clock.now(), tell)

    run_telling_job(tenant_id, event_id, act)


def cancel_import(tenant_id: str, event_id: str, batch_id: str, version: str) -> None:
    """Put a batch back whose work somebody cancelled, once that work has let go of it."""

    async def act(uow: UnitOfWork) -> None:
        await service.step_back(uow, UUID(batch_id), int(version))

    run_job(tenant_id, event_id, act)


def undo_import(tenant_id: str, event_id: str, batch_id: str) -> None:
    """Reverse a whole batch."""
    clock = job_context().clock

    async def act(made: Attempt, uow: UnitOfWork) -> None:
        tell = _teller(made, batch_id, "undoing")
        await service.undo_batch(uow, UUID(batch_id), clock.now(), tell)

    run_telling_job(tenant_id, event_id, act)

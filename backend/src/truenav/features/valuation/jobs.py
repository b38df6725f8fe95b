"""Queue entry points of valuation."""

from datetime import date
from uuid import UUID

from truenav.core.ids import AccountId
from truenav.features.valuation import service
from truenav.platform.clock import today
from truenav.platform.jobs import job_context, run_job
from truenav.platform.unit_of_work import UnitOfWork


def rebuild_nav(tenant_id: str, event_id: str, account_id: str, earliest: str) -> None:
    """Recompute the snapshots of one account from a day on.

    Delivered at least once, so the service replaces snapshots instead of adding them.
    """
    clock = job_context().clock
    since = date.fromisoformat(earliest)

    async def act(uow: UnitOfWork) -> None:
        await service.rebuild_nav(uow, AccountId(UUID(account_id)), since, today(clock))

    run_job(tenant_id, event_id, act)

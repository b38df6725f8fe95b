"""Queue entry points of reports."""

from uuid import UUID

from truenav.features.reports import service
from truenav.platform.jobs import run_job
from truenav.platform.unit_of_work import UnitOfWork


def recheck_report(tenant_id: str, event_id: str, report_id: str) -> None:
    """Work a report out again that was not what its inputs give; fails as long as it is not.

    Given up after the fourth time, it is told to who operates this and stands on the jobs page.
    """

    async def act(uow: UnitOfWork) -> None:
        await service.recheck(uow, UUID(report_id))

    run_job(tenant_id, event_id, act)

"""Queue entry points of the ledger."""

from uuid import UUID

from truenav.core.ids import AccountId
from truenav.features.ledger import service
from truenav.platform.jobs import run_job
from truenav.platform.unit_of_work import UnitOfWork


def rebuild_account(tenant_id: str, event_id: str, account_id: str) -> None:
    """Work out again what follows from an account's records: a rate it needs came or changed.

    Delivered at least once; a rebuild that finds nothing new changes nothing.
    """

    async def act(uow: UnitOfWork) -> None:
        await service.rebuild_account(uow, AccountId(UUID(account_id)))

    run_job(tenant_id, event_id, act)

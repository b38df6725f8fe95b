"""Queue entry points of the ledger."""

from uuid import UUID

from truenav.core.ids import AccountId
from truenav.features.ledger import proof, service
from truenav.platform.clock import today
from truenav.platform.jobs import job_context, run_job
from truenav.platform.unit_of_work import UnitOfWork


def prove_account(tenant_id: str, event_id: str, account_id: str) -> None:
    """Rebuild an account from nothing, in memory, and compare; nothing is repaired."""
    day = today(job_context().clock)

    async def act(uow: UnitOfWork) -> None:
        await proof.prove(uow, AccountId(UUID(account_id)), day)

    run_job(tenant_id, event_id, act)


def rebuild_account(tenant_id: str, event_id: str, account_id: str) -> None:
    """Work out again what follows from an account's records: a rate it needs came or changed.

    Delivered at least once; a rebuild that finds nothing new changes nothing.
    """

    async def act(uow: UnitOfWork) -> None:
        await service.rebuild_account(uow, AccountId(UUID(account_id)))

    run_job(tenant_id, event_id, act)

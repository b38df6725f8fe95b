"""Queue entry points of alerts."""

from datetime import date
from uuid import UUID

from truenav.core.events import FiguresMoved
from truenav.core.ids import AccountId
from truenav.features.alerts import looking, repository
from truenav.features.alerts.tables import LEVELS
from truenav.features.marketdata.last_good import LastGood
from truenav.features.valuation import service as valuation
from truenav.platform.clock import today
from truenav.platform.jobs import job_context, run_job
from truenav.platform.unit_of_work import UnitOfWork


def look(tenant_id: str, event_id: str) -> None:
    """Every rule of a tenant looks at what there is now; looking twice tells nothing twice."""
    context = job_context()
    last_good = LastGood(context.queue.redis)

    async def act(uow: UnitOfWork) -> None:
        held = last_good.get(await repository.watched_instruments(uow.session))
        await looking.look_at_all(uow, held, context.clock.now())

    run_job(tenant_id, event_id, act)


def rebuild_nav(tenant_id: str, event_id: str, account_id: str, earliest: str) -> None:
    """Recompute the snapshots of one account from a day on, and have the rules look at them.

    They look in a transaction of their own, asked for in this one: what a rule gets wrong keeps
    nobody's values from being worked out. Where there are no rules nothing is asked for.
    """
    clock = job_context().clock
    since = date.fromisoformat(earliest)

    async def act(uow: UnitOfWork) -> None:
        account = AccountId(UUID(account_id))
        await valuation.rebuild_nav(uow, account, since, today(clock))
        if await repository.has_rules(uow.session, (*LEVELS, "dividend")):
            uow.emit(FiguresMoved())

    run_job(tenant_id, event_id, act)

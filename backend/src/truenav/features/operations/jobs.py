"""Queue entry points of operations."""

import time

from sqlalchemy.exc import SQLAlchemyError

from truenav.core.errors import TruenavError
from truenav.features.operations import canary
from truenav.features.operations.canary_asked import asked_drifts
from truenav.platform.canary import Drift, State, note
from truenav.platform.jobs import job_context, run_fetching_job
from truenav.platform.unit_of_work import UnitOfWork

# What a broken row can end a look with; anything else is a bug of the look, and fails as a job.
BROKEN = (TruenavError, SQLAlchemyError, ArithmeticError, LookupError, ValueError)


def watch_canary(tenant_id: str, event_id: str) -> None:
    """Look at the canary and write down how it is: well, drifted, or not to be worked out.

    The API is asked first, of what is kept, while no transaction is open.
    """
    began = time.monotonic()
    context = job_context()

    def ask(names: list[str]) -> list[Drift]:
        settings = context.settings
        return asked_drifts(settings, names, context.clock.now()) if settings is not None else []

    async def act(asked: list[Drift], uow: UnitOfWork) -> None:
        state, found = await _looked(uow)
        if state == "ok" and asked:
            state = "drifted"
        took = round((time.monotonic() - began) * 1000)
        await note(uow.session, state, [*found, *asked], took)

    run_fetching_job(tenant_id, event_id, canary.planted, ask, act)


async def _looked(uow: UnitOfWork) -> tuple[State, list[Drift]]:
    try:
        # what a broken look wrote is taken back, and what it found is written down all the same
        async with uow.session.begin_nested():
            found = await canary.drifts(uow)
    except BROKEN as error:
        return "failed", [Drift(type(error).__name__, None, str(error)[:200])]
    return ("drifted" if found else "ok"), found

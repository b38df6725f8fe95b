"""Queue entry points of operations."""

import time

from sqlalchemy.exc import SQLAlchemyError

from truenav.core.errors import TruenavError
from truenav.features.operations import canary
from truenav.platform.canary import Drift, State, note
from truenav.platform.jobs import run_job
from truenav.platform.unit_of_work import UnitOfWork

# What a broken row can end a look with; anything else is a bug of the look, and fails as a job.
BROKEN = (TruenavError, SQLAlchemyError, ArithmeticError, LookupError, ValueError)


def watch_canary(tenant_id: str, event_id: str) -> None:
    """Look at the canary and write down how it is: well, drifted, or not to be worked out."""

    async def act(uow: UnitOfWork) -> None:
        began = time.monotonic()
        state, found = await _looked(uow)
        await note(uow.session, state, found, round((time.monotonic() - began) * 1000))

    run_job(tenant_id, event_id, act)


async def _looked(uow: UnitOfWork) -> tuple[State, list[Drift]]:
    try:
        # what a broken look wrote is taken back, and what it found is written down all the same
        async with uow.session.begin_nested():
            found = await canary.drifts(uow)
    except BROKEN as error:
        return "failed", [Drift(type(error).__name__, None, str(error)[:200])]
    return ("drifted" if found else "ok"), found

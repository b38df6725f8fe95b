"""What a request of values is about: which accounts, and the records of which day."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from truenav.features.ledger.as_known import show_as_known
from truenav.features.valuation.series import Scope, scope_of
from truenav.features.valuation.service import show_values_as_known
from truenav.platform.clock import end_of, today
from truenav.platform.dependencies import CurrentClock, Uow
from truenav.platform.wire import AskedDay

KnownOn = Annotated[
    AskedDay | None,
    Query(
        description="Answer from the records as they stood at the end of that day (UTC), before"
        " later corrections; prices and rates are those known today"
    ),
]


async def asked_scope(
    uow: Uow, clock: CurrentClock, account_id: UUID | None = None, as_known_on: KnownOn = None
) -> Scope:
    """The scope, over the records as they were known when a day is named."""
    scope = await scope_of(uow, account_id, today(clock))
    if as_known_on is not None:
        await show_as_known(uow, scope.account_ids, end_of(as_known_on))
    return scope


async def asked_history(
    uow: Uow, clock: CurrentClock, account_id: UUID | None = None, as_known_on: KnownOn = None
) -> Scope:
    """The same, with the snapshots that follow from those records."""
    scope = await scope_of(uow, account_id, today(clock))
    if as_known_on is not None:
        await show_values_as_known(uow, scope.accounts, end_of(as_known_on), scope.as_of)
    return scope


AskedScope = Annotated[Scope, Depends(asked_scope)]
AskedHistory = Annotated[Scope, Depends(asked_history)]

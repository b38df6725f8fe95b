"""Who may look after the installation: its queues, its providers, the data all tenants share.

An operator sees no tenant's records by it: what is shown of jobs and data names ids and no more.
"""

from typing import Annotated, Literal

from fastapi import Depends, Request
from sqlalchemy import select

from truenav.features.identity.tables import UserRow
from truenav.platform.dependencies import READ_METHODS, CurrentIdentity, State, Uow
from truenav.platform.tokens import Forbidden, Identity

OperatorAccess = Literal["none", "look", "full"]


def operator_access(user: UserRow, *, is_hosted: bool) -> OperatorAccess:
    """What a user may do to the installation; visitors of a personal one's demo may look."""
    if user.is_operator:
        return "full"
    return "look" if user.is_demo and not is_hosted else "none"


async def require_operator(
    request: Request, state: State, uow: Uow, identity: CurrentIdentity
) -> Identity:
    """Let operators pass. Asked of the database each time: it can be taken back.

    Raises:
        Forbidden: anybody else.
    """
    user = await uow.session.scalar(
        select(UserRow).where(UserRow.id == identity.user_id, UserRow.disabled_at.is_(None))
    )
    access = "none"
    if user is not None:
        access = operator_access(user, is_hosted=state.settings.is_hosted)
    if access == "none" or (access == "look" and request.method not in READ_METHODS):
        raise Forbidden("this is for who operates the installation")
    return identity


Operator = Annotated[Identity, Depends(require_operator)]

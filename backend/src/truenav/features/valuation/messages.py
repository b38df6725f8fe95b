"""Live messages of valuations."""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.core.ids import TenantId
from truenav.platform.live.publishing import LiveMessage
from truenav.platform.wire import Body

REBUILT: Literal["rebuilt"] = "rebuilt"


class Rebuilt(Body):
    """An account's values were worked out anew, on the topic "valuation:<tenant>".

    Values before `from_date` are as they were.
    """

    account_id: UUID
    from_date: date


def topic_of_valuation(tenant_id: TenantId) -> str:
    """Where a tenant hears that its values are other than before."""
    return f"valuation:{tenant_id}"


def rebuilt(tenant_id: TenantId, account_id: UUID, from_date: date) -> LiveMessage:
    """To be told once the new values are there for all to read."""
    told = Rebuilt(account_id=account_id, from_date=from_date)
    return LiveMessage(topic_of_valuation(tenant_id), REBUILT, told.model_dump(mode="json"))

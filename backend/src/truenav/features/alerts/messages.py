"""Live messages of alerts."""

from typing import Literal
from uuid import UUID

from truenav.core.ids import TenantId
from truenav.platform.live.publishing import LiveMessage
from truenav.platform.wire import Body

ALERT: Literal["alert"] = "alert"


class AlertTold(Body):
    """A rule told of something, on the topic "alerts:<tenant>": ask what it was."""

    alert_id: UUID


def topic_of_alerts(tenant_id: TenantId) -> str:
    """Where a tenant hears of its alerts."""
    return f"alerts:{tenant_id}"


def told(tenant_id: TenantId, alert_id: UUID) -> LiveMessage:
    """To be told once the alert is there for all to read."""
    data = AlertTold(alert_id=alert_id).model_dump(mode="json")
    return LiveMessage(topic_of_alerts(tenant_id), ALERT, data)

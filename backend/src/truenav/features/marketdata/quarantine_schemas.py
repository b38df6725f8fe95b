"""Bodies of what was held back."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.core.marketdata.validation import Reason
from truenav.platform.wire import Body, Instant

HeldState = Literal["open", "accepted", "rejected"]


class HeldBarOut(Body):
    """A bar that was not stored as it came: open until somebody decides, or refused by rule.

    Figures are as received, as text that may be no number. They are null where `bar_count` bars
    were refused together. `decided_by` is null where a rule or a second source decided.
    """

    id: UUID
    instrument_id: UUID
    symbol: str
    source: str
    day: date
    reason: Reason
    detail: str
    bar_count: int
    open: str | None
    high: str | None
    low: str | None
    close: str | None
    volume: str | None
    currency: str
    state: HeldState
    first_seen: date
    last_seen: date
    decided_by: UUID | None
    decided_at: Instant | None
    decision_note: str | None


class HeldBarPageOut(Body):
    items: list[HeldBarOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class HeldDecisionIn(Body):
    decision: Literal["accepted", "rejected"]
    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]

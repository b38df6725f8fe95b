"""Bodies of the data quality page."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.platform.wire import Body, DecimalText, Instant

FindingKind = Literal[
    "missing_split", "missed_dividend", "ex_date_off", "minor_units", "other_basis",
    "stale_repeat", "missing_day", "restated", "missing_sessions", "closed_day", "outlier",
    "leap", "no_bars",
]  # fmt: skip
FindingStatus = Literal["open", "accepted", "overridden", "gone"]


class SourceCoverageOut(Body):
    """What one source covers; the difference is of fully adjusted closes, 0.01 is 1 %."""

    source: str
    bar_count: int
    event_count: int
    first_day: date
    last_day: date
    worst_adjusted_difference: DecimalText | None


class CoverageOut(Body):
    """The newest look at one instrument; null `session_count`: its calendar is not known.

    `compared_count` is of days that two sources or more tell: 0 means nothing was reconciled.
    """

    instrument_id: UUID
    symbol: str
    name: str
    exchange: str | None
    delisted_on: date | None
    ran_on: date
    ran_at: Instant
    is_stale: bool
    first_day: date | None
    last_day: date | None
    bar_count: int
    session_count: int | None
    compared_count: int
    open_count: int
    data_version: int
    sources: list[SourceCoverageOut]


class CoveragePageOut(Body):
    items: list[CoverageOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class DecisionOut(Body):
    """Who decided what, when and why, of which figures."""

    decision: Literal["accepted", "overridden"]
    reason: str
    decided_by: UUID
    decided_at: Instant
    ours: str | None
    theirs: str | None


class FindingOut(Body):
    """Something odd; `source` is the other source, empty when the series shows it by itself.

    `can_override` says whether there is another word to take over.
    """

    id: UUID
    instrument_id: UUID
    symbol: str
    kind: FindingKind
    day: date
    last_day: date
    day_count: int
    source: str
    ours: str | None
    theirs: str | None
    note: str
    status: FindingStatus
    can_override: bool
    first_seen: date
    last_seen: date
    decisions: list[DecisionOut]


class FindingPageOut(Body):
    items: list[FindingOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class FindingDecisionIn(Body):
    decision: Literal["accepted", "overridden"]
    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]

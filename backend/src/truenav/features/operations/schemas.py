"""Bodies of the jobs page: work of the installation and its tenants, backfills, the schedule."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from truenav.platform.wire import AskedDay, Body, Instant

JobState = Literal["waiting", "retrying", "running", "parked", "cancelled", "done"]
ParkReason = Literal["failed", "crashed", "lost", "unknown"]
BackfillState = Literal["splitting", "running", "done", "done_with_gaps", "cancelled"]
Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,19}$")]


class JobProgressOut(Body):
    """So many of so many, if that is known, and what is being done."""

    done: int
    total: int | None
    message: str | None


class JobOut(Body):
    """One piece of work.

    `tenant_id` is null for what the installation does for itself; of a tenant's work neither what
    it is about nor what its error said is shown. `outcome` is what came of it.
    """

    id: UUID
    kind: str
    tenant_id: UUID | None
    batch_id: UUID | None
    state: JobState
    about: dict[str, str] | None
    symbol: str | None
    progress: JobProgressOut | None
    outcome: dict[str, Any] | None
    requested_at: Instant
    queued_at: Instant | None
    running_since: Instant | None
    due_at: Instant | None
    ended_at: Instant | None
    queued_count: int
    failure_count: int
    crash_count: int
    last_error: str | None
    park_reason: ParkReason | None
    alerted_at: Instant | None


class JobPageOut(Body):
    """One page of work, the newest first."""

    items: list[JobOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class QueueOut(Body):
    """A queue and who works on it; null when Redis cannot be asked."""

    name: str
    waiting_count: int | None
    workers: list[str] | None


class JobCountOut(Body):
    """How much work of a kind is in a state; what is done or ended counts for a day."""

    kind: str
    state: JobState
    job_count: int
    oldest_at: Instant


class ScheduleEntryOut(Body):
    """One thing that is done by itself: when it was asked for last, and when it comes next.

    `is_paused`: it asks providers, and the installation is offline.
    """

    name: str
    last_at: Instant | None
    next_at: Instant | None
    is_paused: bool


class CanaryDriftOut(Body):
    figure: str
    expected: str | None
    found: str | None


class CanaryOut(Body):
    """How a portfolio with known answers was at the last look; `silent`: nobody looked lately."""

    state: Literal["ok", "drifted", "failed", "silent"]
    since: Instant
    checked_at: Instant
    duration_ms: int
    drifts: list[CanaryDriftOut]


class JobsSummaryOut(Body):
    """How work goes, in one look. `alert_channels` are those that are told of what is given up."""

    is_queue_up: bool
    queues: list[QueueOut]
    counts: list[JobCountOut]
    schedule: list[ScheduleEntryOut]
    alert_channels: list[str]
    canary: CanaryOut | None


class CancelledOut(Body):
    """How many pieces of work will not be done."""

    cancelled_count: int


class BackfillIn(Body):
    """Closes and events of a span of days, of these symbols or of all that somebody holds."""

    first_day: AskedDay
    last_day: AskedDay
    symbols: list[Symbol] = Field(default_factory=list, max_length=500)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_day > self.last_day:
            raise ValueError("the first day comes after the last")
        return self


class BackfillOut(Body):
    """A backfill and how far it is, in parts of an instrument and some years.

    `row_count` is of closes that were new or different; `unanswered_count` of parts nobody could
    tell anything about.
    """

    id: UUID
    first_day: str
    last_day: str
    symbols: list[str]
    state: BackfillState
    requested_at: Instant
    ended_at: Instant | None
    part_count: int
    done_count: int
    failed_count: int
    cancelled_count: int
    row_count: int
    unanswered_count: int


class BackfillPageOut(Body):
    """The newest backfills first."""

    items: list[BackfillOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None

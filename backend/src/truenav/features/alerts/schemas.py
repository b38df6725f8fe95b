"""Bodies of alerts."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.platform.wire import Body, CurrencyCode, DecimalText, Instant, LocalDate, Version

MOST_RULES = 100
Kind = Literal[
    "price", "price_change", "nav", "nav_change", "dividend", "stale_price", "import_failed",
    "ledger_break",
]  # fmt: skip
Way = Literal["above", "below"]
Snooze = Literal["hour", "day", "week"]
WindowDays = Annotated[int, Field(strict=True, ge=1, le=366)]
CoolDownMinutes = Annotated[int, Field(strict=True, ge=0, le=10_080)]


class AlertRuleIn(Body):
    """What to be told of.

    `price` and `nav` take a threshold that is an amount, `price_change` and `nav_change` one that
    is a ratio, below zero for a fall, and the days it is measured over. `stale_price` takes the
    days without a price. Of `dividend` and `stale_price` no instrument means all that is held; of
    values, imports and the ledger no account means all.
    """

    kind: Kind
    instrument_id: UUID | None = None
    account_id: UUID | None = None
    direction: Way | None = None
    threshold: DecimalText | None = None
    window_days: WindowDays | None = None
    cool_down_minutes: CoolDownMinutes = 60


class AlertRulePatchIn(Body):
    """The whole of what can be changed of a rule; `version` is the one the editor saw."""

    version: Version
    direction: Way | None = None
    threshold: DecimalText | None = None
    window_days: WindowDays | None = None
    cool_down_minutes: CoolDownMinutes
    is_enabled: bool


class SnoozeIn(Body):
    """Tell nothing for a while from now on; null wakes the rule."""

    snooze: Snooze | None


class AlertRuleOut(Body):
    """A rule and where it stands.

    `side` is `waiting` for its threshold or `past` it; null until it saw its figure. `currency` is
    of a threshold that is an amount.
    """

    id: UUID
    kind: Kind
    instrument_id: UUID | None
    symbol: str | None
    instrument_name: str | None
    account_id: UUID | None
    account_name: str | None
    direction: Way | None
    threshold: DecimalText | None
    currency: CurrencyCode | None
    window_days: int | None
    cool_down_minutes: int
    is_enabled: bool
    snoozed_until: Instant | None
    side: Literal["waiting", "past"] | None
    seen_at: Instant | None
    fired_at: Instant | None
    fired_count: int
    version: int
    created_at: Instant


class AlertRulesOut(Body):
    """Every rule, the newest first."""

    items: list[AlertRuleOut]


class AlertOut(Body):
    """What a rule told, and what it saw then.

    `value` is in the unit of the threshold; of a dividend the amount of one unit, of a ledger that
    differs how many rows do. `on_date` is an ex-date, the day of the last price, or of the proof.
    """

    id: UUID
    rule_id: UUID
    kind: Kind
    instrument_id: UUID | None
    symbol: str | None
    instrument_name: str | None
    account_id: UUID | None
    account_name: str | None
    direction: Way | None
    threshold: DecimalText | None
    window_days: int | None
    value: DecimalText | None
    currency: str | None
    as_of: Instant
    source: str | None
    on_date: LocalDate | None
    subject: str | None
    subject_id: UUID | None
    fired_at: Instant
    read_at: Instant | None
    dismissed_at: Instant | None


class AlertPageOut(Body):
    """A page of alerts, the newest first."""

    items: list[AlertOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None
    unread_count: int


class UnreadAlertsOut(Body):
    unread_count: int


class ReadAlertsIn(Body):
    """Alerts somebody has looked at."""

    alert_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]

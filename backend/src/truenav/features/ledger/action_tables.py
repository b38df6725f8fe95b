"""Corporate actions a tenant knows of by itself, and what it decided of each event."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from truenav.core.corporate_actions.actions import ActionKind
from truenav.features.ledger.tables import account_key
from truenav.platform.db import (
    Day,
    Exact,
    Id,
    Instant,
    Key,
    Row,
    TenantKey,
    finite,
)

ACTION_KINDS = ", ".join(f"'{kind.value}'" for kind in ActionKind)


class OwnActionRow(Row):
    """A tenant's own corporate action, or its terms in the place of a shared one's."""

    __tablename__ = "own_corporate_actions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "overrides_id"),
        Index("ix_own_corporate_actions_instrument_id", "tenant_id", "instrument_id"),
        CheckConstraint(f"kind IN ({ACTION_KINDS})", name="kind_known"),
        *(finite(f"{which}_units", "> 0") for which in ("old", "new", "alternate")),
        *(
            finite(column, ">= 0")
            for column in (
                "cash_amount",
                "fair_value",
                "new_fair_value",
                "fraction_price",
                "accrued_interest",
            )
        ),
        finite("basis_fraction", "BETWEEN 0 AND 1"),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    overrides_id: Mapped[Id | None] = mapped_column(ForeignKey("corporate_actions.id"))
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    kind: Mapped[str] = mapped_column(String(30))
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"))
    ex_date: Mapped[Day]
    record_date: Mapped[Day | None]
    pay_date: Mapped[Day | None]
    old_units: Mapped[Exact | None]
    new_units: Mapped[Exact | None]
    cash_amount: Mapped[Exact | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    new_instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    alternate_instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    alternate_units: Mapped[Exact | None]
    basis_fraction: Mapped[Exact | None]
    fair_value: Mapped[Exact | None]
    new_fair_value: Mapped[Exact | None]
    fraction_price: Mapped[Exact | None]
    accrued_interest: Mapped[Exact | None]
    is_taxable: Mapped[bool] = mapped_column(server_default=text("false"))
    note: Mapped[str | None]
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    created_by: Mapped[Id | None]


class ActionDecisionRow(Row):
    """What a tenant decided of one event for one account; the records it was applied by.

    `event_id` is a shared event's or an own one's. One row each: an event is applied once.
    """

    __tablename__ = "corporate_action_decisions"
    __table_args__ = (
        account_key(),
        Index("ix_corporate_action_decisions_event_id", "tenant_id", "event_id"),
        CheckConstraint("status IN ('applied', 'dismissed', 'reversed')", name="status_known"),
    )

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    event_id: Mapped[Key]
    status: Mapped[str] = mapped_column(String(10))
    transaction_ids: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    decided_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    decided_by: Mapped[Id | None]

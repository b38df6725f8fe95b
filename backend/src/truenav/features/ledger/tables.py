"""The ledger: what happened, immutable, and what follows from it, derived.

`transactions` are only ever inserted. The other tables are replaced in the same unit of work
that adds transactions, and equal a rebuild from scratch.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from truenav.core.ledger.methods import METHOD_NAMES
from truenav.platform.db import (
    Currency,
    Day,
    Exact,
    Id,
    Instant,
    Json,
    Key,
    Row,
    TenantKey,
    finite,
)

TIES = (
    "kind IN ('merger', 'name_change') OR instrument_id IS NOT NULL"
    " AND (link_id IS NOT NULL OR source_instrument_id IS NOT NULL)"
)


def account_key(*, ondelete: str | None = "CASCADE") -> ForeignKeyConstraint:
    """To the account a row belongs to."""
    # composite: row security does not look through foreign keys (ADR 7)
    return ForeignKeyConstraint(
        ["tenant_id", "account_id"],
        ["accounts.tenant_id", "accounts.id"],
        ondelete=ondelete,
    )


class TransactionRow(Row):
    """One immutable ledger record; a correction is a reversal and a new row."""

    __tablename__ = "transactions"
    __table_args__ = (
        account_key(ondelete=None),  # an account with records cannot be deleted
        ForeignKeyConstraint(
            ["tenant_id", "import_batch_id"],
            ["import_batches.tenant_id", "import_batches.id"],
        ),
        ForeignKeyConstraint(
            ["tenant_id", "reverses_id"], ["transactions.tenant_id", "transactions.id"]
        ),
        ForeignKeyConstraint(
            ["tenant_id", "replaces_id"], ["transactions.tenant_id", "transactions.id"]
        ),
        *(
            Index(
                f"ix_transactions_{column}",
                "tenant_id",
                column,
                postgresql_where=text(f"{column} IS NOT NULL"),
            )
            for column in ("link_id", "chain_id", "replaces_id")
        ),
        finite("basis_fraction", "BETWEEN 0 AND 1"),
        UniqueConstraint("tenant_id", "account_id", "idempotency_key"),
        UniqueConstraint("tenant_id", "reverses_id"),
        UniqueConstraint("tenant_id", "account_id", "sequence"),
        Index(
            "ix_transactions_account_trade",
            "tenant_id",
            "account_id",
            text("trade_date DESC"),
            text("id DESC"),
            postgresql_include=["kind"],  # whether a record counts is told without its row
        ),
        Index(
            "ix_transactions_trade",
            "tenant_id",
            text("trade_date DESC"),
            text("id DESC"),
            postgresql_include=["kind"],
        ),
        Index("ix_transactions_import_batch_id", "tenant_id", "import_batch_id"),
        # what a change works out again: the records of an instrument from a day on
        Index(
            "ix_transactions_account_id_instrument_id_trade_date",
            "tenant_id",
            "account_id",
            "instrument_id",
            "trade_date",
        ),
        # accounts that share a link are locked together
        Index(
            "ix_transactions_account_id_link_id",
            "tenant_id",
            "account_id",
            "link_id",
            postgresql_where=text("link_id IS NOT NULL"),
        ),
        # what can tie instruments together
        Index(
            "ix_transactions_ties",
            "tenant_id",
            "account_id",
            postgresql_where=text(TIES),
        ),
        Index(
            "ix_transactions_instrument_id",
            "tenant_id",
            "instrument_id",
            postgresql_where=text("instrument_id IS NOT NULL"),
        ),
        finite("quantity"),
        finite("price", ">= 0"),
        finite("multiplier", "> 0"),
        finite("ratio", "> 0"),
        finite("gross_amount"),
        finite("fee_amount"),
        finite("tax_amount"),
        finite("counter_amount"),
        finite("gross_rate", "> 0"),
        finite("fee_rate", "> 0"),
        finite("tax_rate", "> 0"),
        CheckConstraint(f"lot_method IN ({METHOD_NAMES})", name="lot_method_known"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_names"),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    account_id: Mapped[Id]
    instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    sequence: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(30))
    sub_kind: Mapped[str | None] = mapped_column(String(30))
    trade_date: Mapped[Day]
    traded_at: Mapped[Instant | None]
    settlement_date: Mapped[Day | None]
    ex_date: Mapped[Day | None]
    record_date: Mapped[Day | None]
    pay_date: Mapped[Day | None]
    quantity: Mapped[Exact | None]
    price: Mapped[Exact | None]
    multiplier: Mapped[Exact] = mapped_column(server_default="1", default=Decimal(1))
    ratio: Mapped[Exact | None]
    currency: Mapped[Currency]
    gross_amount: Mapped[Exact | None]
    gross_currency: Mapped[str | None] = mapped_column(String(3))
    gross_rate: Mapped[Exact | None]
    fee_amount: Mapped[Exact | None]
    fee_currency: Mapped[str | None] = mapped_column(String(3))
    fee_rate: Mapped[Exact | None]
    tax_amount: Mapped[Exact | None]
    tax_currency: Mapped[str | None] = mapped_column(String(3))
    tax_rate: Mapped[Exact | None]
    counter_amount: Mapped[Exact | None]
    counter_currency: Mapped[str | None] = mapped_column(String(3))
    is_external_flow: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    lot_method: Mapped[str | None] = mapped_column(String(20))
    lot_choices: Mapped[list[dict[str, str]] | None] = mapped_column(JSONB)
    link_id: Mapped[Id | None]
    source_instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    basis_fraction: Mapped[Exact | None]
    acquired_date: Mapped[Day | None]
    carried_lots: Mapped[list[dict[str, str | None]] | None] = mapped_column(JSONB)
    broker_reference: Mapped[str | None]
    original: Mapped[Json | None]
    import_batch_id: Mapped[Id | None]
    import_row_number: Mapped[int | None] = mapped_column(Integer)
    reverses_id: Mapped[Id | None]
    replaces_id: Mapped[Id | None]
    chain_id: Mapped[Id | None]
    idempotency_key: Mapped[str]
    note: Mapped[str | None]
    recorded_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    recorded_by: Mapped[Id | None]


class LotMethodChangeRow(Row):
    """From a day on an account's sales take their lots by another method."""

    __tablename__ = "lot_method_changes"
    __table_args__ = (
        account_key(),
        CheckConstraint(f"lot_method IN ({METHOD_NAMES})", name="lot_method_known"),
    )

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    begins_on: Mapped[Day] = mapped_column(primary_key=True)
    lot_method: Mapped[str] = mapped_column(String(20))


class TransferredLotsRow(Row):
    """What left an account under a link, for the account it arrives in; derived.

    Kept apart from the lots so that an account is replayed alone: the other end reads this.
    """

    __tablename__ = "transferred_lots"
    __table_args__ = (account_key(),)

    tenant_id: Mapped[TenantKey]
    link_id: Mapped[Key]
    instrument_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id"))
    account_id: Mapped[Key]
    lots: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class LotRow(Row):
    """Units still open, acquired (or, short, sold) together."""

    __tablename__ = "lots"
    __table_args__ = (
        account_key(),
        ForeignKeyConstraint(
            ["tenant_id", "transaction_id"],
            ["transactions.tenant_id", "transactions.id"],
        ),
        Index(
            "ix_lots_account_id_instrument_id",
            "tenant_id",
            "account_id",
            "instrument_id",
        ),
        finite("quantity", "> 0"),
        finite("cost"),
        finite("account_cost"),
        finite("tax_cost"),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    account_id: Mapped[Id]
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"))
    transaction_id: Mapped[Id]
    acquired_date: Mapped[Day]
    quantity: Mapped[Exact]
    cost: Mapped[Exact]
    currency: Mapped[Currency]
    account_cost: Mapped[Exact | None]
    tax_cost: Mapped[Exact | None]
    is_short: Mapped[bool] = mapped_column(server_default=text("false"))
    is_cost_known: Mapped[bool] = mapped_column(server_default=text("true"))


class LotClosureRow(Row):
    """A gain one transaction realized on one lot: units closed, or cash that its cost gave way to.

    `gain_date` is the day the gain counts; empty in rows an older engine wrote, which is the day
    the units left. Amounts in the account's and the tax currency are at each day's own rate.
    """

    __tablename__ = "lot_closures"
    __table_args__ = (
        account_key(),
        ForeignKeyConstraint(
            ["tenant_id", "closed_by"], ["transactions.tenant_id", "transactions.id"]
        ),
        Index("ix_lot_closures_account_id", "tenant_id", "account_id", "instrument_id"),
        Index("ix_lot_closures_lot_id", "tenant_id", "lot_id"),
        Index("ix_lot_closures_closed_date", "tenant_id", "closed_date"),
        Index("ix_lot_closures_gain_date", "tenant_id", "gain_date"),
        finite("quantity", ">= 0"),
        *(
            finite(f"{which}_{amount}")
            for which in ("account", "tax")
            for amount in ("proceeds", "cost")
        ),
        CheckConstraint("kind IN ('closed', 'boot', 'capital_returned')", name="kind_known"),
        finite("proceeds"),
        finite("cost"),
        finite("gain"),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    account_id: Mapped[Id]
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"))
    lot_id: Mapped[Id]
    opened_by: Mapped[Id]
    closed_by: Mapped[Id]
    acquired_date: Mapped[Day]
    closed_date: Mapped[Day]
    gain_date: Mapped[Day | None]
    kind: Mapped[str] = mapped_column(String(20), server_default="closed")
    quantity: Mapped[Exact]
    proceeds: Mapped[Exact]
    cost: Mapped[Exact]
    gain: Mapped[Exact]
    currency: Mapped[Currency]
    account_proceeds: Mapped[Exact | None]
    account_cost: Mapped[Exact | None]
    tax_proceeds: Mapped[Exact | None]
    tax_cost: Mapped[Exact | None]
    is_short: Mapped[bool] = mapped_column(server_default=text("false"))
    is_long_term: Mapped[bool]
    is_cost_known: Mapped[bool] = mapped_column(server_default=text("true"))


class LotAdjustmentRow(Row):
    """What a corporate action did to a lot."""

    __tablename__ = "lot_adjustments"
    __table_args__ = (
        account_key(),
        ForeignKeyConstraint(
            ["tenant_id", "caused_by"], ["transactions.tenant_id", "transactions.id"]
        ),
        Index("ix_lot_adjustments_lot_id", "tenant_id", "lot_id"),
        Index(
            "ix_lot_adjustments_source_lot_id",
            "tenant_id",
            "source_lot_id",
            postgresql_where=text("source_lot_id IS NOT NULL"),
        ),
        Index("ix_lot_adjustments_account_id", "tenant_id", "account_id"),
        finite("quantity_before"),
        finite("quantity_after"),
        finite("cost_before"),
        finite("cost_after"),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    account_id: Mapped[Id]
    instrument_id: Mapped[Id] = mapped_column(ForeignKey("instruments.id"))
    lot_id: Mapped[Id]
    source_lot_id: Mapped[Id | None]
    caused_by: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(30))
    adjusted_date: Mapped[Day]
    quantity_before: Mapped[Exact]
    quantity_after: Mapped[Exact]
    cost_before: Mapped[Exact]
    cost_after: Mapped[Exact]


class PositionRow(Row):
    """Quantity and cost of one instrument in one account, today; derived."""

    __tablename__ = "positions"
    __table_args__ = (account_key(), finite("quantity"), finite("cost"))

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    instrument_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id"))
    quantity: Mapped[Exact]
    cost: Mapped[Exact]
    currency: Mapped[Currency]
    is_cost_known: Mapped[bool] = mapped_column(server_default=text("true"))
    last_trade_date: Mapped[Day]
    updated_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class PositionChangeRow(Row):
    """Units of one instrument at the end of a day it has records on, < 0 when short; derived."""

    __tablename__ = "position_changes"
    __table_args__ = (account_key(), finite("quantity"))

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    instrument_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id"))
    changed_on: Mapped[Day] = mapped_column(primary_key=True)
    quantity: Mapped[Exact]


class CashBalanceRow(Row):
    """Cash of one account in one currency, today; derived."""

    __tablename__ = "cash_balances"
    __table_args__ = (account_key(), finite("amount"))

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    amount: Mapped[Exact]
    updated_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class LedgerBuildRow(Row):
    """Which version of the engine an account was last worked out by from nothing."""

    __tablename__ = "ledger_builds"
    __table_args__ = (account_key(),)

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    engine: Mapped[str] = mapped_column(String(20))
    built_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class LedgerCheckpointRow(Row):
    """The state of a group of instruments at the end of a day, to continue from; derived."""

    __tablename__ = "ledger_checkpoints"
    __table_args__ = (account_key(), CheckConstraint("record_count > 0", name="record_count"))

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    group_id: Mapped[Key]
    through: Mapped[Day] = mapped_column(primary_key=True)
    instrument_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    record_count: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]


class LedgerProofRow(Row):
    """The last time an account was rebuilt from nothing and compared with what is stored."""

    __tablename__ = "ledger_proofs"
    __table_args__ = (
        account_key(),
        CheckConstraint("row_count >= 0 AND difference_count >= 0", name="counts"),
    )

    tenant_id: Mapped[TenantKey]
    account_id: Mapped[Key]
    proved_on: Mapped[Day]
    row_count: Mapped[int] = mapped_column(BigInteger)
    difference_count: Mapped[int] = mapped_column(BigInteger)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    checked_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class ReviewNoteRow(Row):
    """A transaction the engine kept but could not fully interpret, and why; derived."""

    __tablename__ = "review_notes"
    __table_args__ = (
        account_key(),
        ForeignKeyConstraint(
            ["tenant_id", "transaction_id"],
            ["transactions.tenant_id", "transactions.id"],
        ),
        Index("ix_review_notes_account_id", "tenant_id", "account_id"),
    )

    tenant_id: Mapped[TenantKey]
    transaction_id: Mapped[Key]
    reason_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_id: Mapped[Id]
    message: Mapped[str]

"""Taxonomies of a tenant, and what it says its funds are made of."""

from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Day, Id, Instant, Key, Row, TenantKey, finite

Weight = Numeric(9, 8)


class TaxonomyRow(Row):
    """One way to sort what is held. `version` counts every change of anything in it."""

    __tablename__ = "taxonomies"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("starter IN ('sectors', 'regions')", name="starter_known"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    name: Mapped[str]
    starter: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class TaxonomyCategoryRow(Row):
    """A category below another one of the same taxonomy, or at its top."""

    __tablename__ = "taxonomy_categories"
    __table_args__ = (
        UniqueConstraint("tenant_id", "taxonomy_id", "id"),
        ForeignKeyConstraint(
            ["tenant_id", "taxonomy_id"],
            ["taxonomies.tenant_id", "taxonomies.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["tenant_id", "taxonomy_id", "parent_id"],
            [
                "taxonomy_categories.tenant_id",
                "taxonomy_categories.taxonomy_id",
                "taxonomy_categories.id",
            ],
        ),
        CheckConstraint("parent_id <> id", name="not_below_itself"),
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("position >= 0", name="position_counts"),
        CheckConstraint("color_index BETWEEN 0 AND 11", name="color_known"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[Key]
    taxonomy_id: Mapped[Id]
    parent_id: Mapped[Id | None]
    name: Mapped[str]
    position: Mapped[int]
    color_index: Mapped[int]


class TaxonomyAssignmentRow(Row):
    """How much of an instrument belongs to a category; at most 1 in a taxonomy."""

    __tablename__ = "taxonomy_assignments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "taxonomy_id", "category_id"],
            [
                "taxonomy_categories.tenant_id",
                "taxonomy_categories.taxonomy_id",
                "taxonomy_categories.id",
            ],
            ondelete="CASCADE",
        ),
        finite("weight_ratio", "> 0 AND weight_ratio <= 1"),
        Index(
            "ix_taxonomy_assignments_category",
            "tenant_id", "taxonomy_id", "category_id",
        ),
    )  # fmt: skip

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    taxonomy_id: Mapped[Key]
    instrument_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id"))
    category_id: Mapped[Key]
    weight_ratio: Mapped[Decimal] = mapped_column(Weight)


class FundCompositionRow(Row):
    """What a tenant says a fund was made of on a day; what the parts leave of 1 is the fund's."""

    __tablename__ = "fund_compositions"

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    instrument_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id"))
    as_of: Mapped[Day]
    version: Mapped[int] = mapped_column(server_default="1")
    set_at: Mapped[Instant] = mapped_column(server_default=text("now()"))


class FundPartRow(Row):
    """One instrument a fund holds, by its ratio of the fund."""

    __tablename__ = "fund_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "instrument_id"],
            ["fund_compositions.tenant_id", "fund_compositions.instrument_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("part_id <> instrument_id", name="not_its_own_part"),
        finite("weight_ratio", "> 0 AND weight_ratio <= 1"),
    )

    tenant_id: Mapped[TenantKey] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    instrument_id: Mapped[Key]
    part_id: Mapped[Key] = mapped_column(ForeignKey("instruments.id"))
    weight_ratio: Mapped[Decimal] = mapped_column(Weight)

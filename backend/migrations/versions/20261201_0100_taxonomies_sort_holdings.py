"""Taxonomies of a tenant: trees of categories, what belongs where, and what funds are made of.

Expand: five tables nobody read before.

Revision: 20261201_0100
After: 20261130_0600
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_0100"
down_revision = "20261130_0600"
branch_labels = None
depends_on = None

TABLES = (
    "taxonomies",
    "taxonomy_categories",
    "taxonomy_assignments",
    "fund_compositions",
    "fund_parts",
)
OWN = "tenant_id = (SELECT sec.tenant())"
SECURE = """
ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {0} FORCE ROW LEVEL SECURITY;
CREATE POLICY {0}_tenant ON {0} USING ({1}) WITH CHECK ({1});
CREATE POLICY {0}_floor ON {0} AS RESTRICTIVE TO PUBLIC USING ({1}) WITH CHECK ({1});
GRANT SELECT, INSERT, UPDATE, DELETE ON {0} TO truenav_app, truenav_worker;
GRANT SELECT ON {0} TO truenav_readonly, truenav_backup;
"""
WEIGHT = sa.Numeric(9, 8)
PATH = ("tenant_id", "taxonomy_id", "category_id")


def upgrade() -> None:
    """Each row belongs to a tenant; keys between the tables carry it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _taxonomies()
    _categories()
    _assignments()
    _funds()
    for table in TABLES:
        op.execute(SECURE.format(table, OWN))


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _version() -> sa.Column[object]:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id_tenants"),
        ondelete="CASCADE",
    )  # fmt: skip


def _instrument(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["instruments.id"], name=op.f(f"fk_{table}_{column}_instruments")
    )


def _taxonomies() -> None:
    table = "taxonomies"
    op.create_table(
        table,
        _id("tenant_id"),
        _id("id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starter", sa.String(20)),
        _version(),
        _instant("created_at"),
        _check(table, "name_length", "length(name) BETWEEN 1 AND 80"),
        _check(table, "starter_known", "starter IN ('sectors', 'regions')"),
        _tenant(table),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f(f"uq_{table}_tenant_id_name")),
    )


def _categories() -> None:
    table = "taxonomy_categories"
    op.create_table(
        table,
        _id("tenant_id"),
        _id("id"),
        _id("taxonomy_id"),
        _id("parent_id", nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("color_index", sa.Integer(), nullable=False),
        _check(table, "not_below_itself", "parent_id <> id"),
        _check(table, "name_length", "length(name) BETWEEN 1 AND 80"),
        _check(table, "position_counts", "position >= 0"),
        _check(table, "color_known", "color_index BETWEEN 0 AND 11"),
        _tenant(table),
        sa.ForeignKeyConstraint(
            ["tenant_id", "taxonomy_id"],
            ["taxonomies.tenant_id", "taxonomies.id"],
            name=op.f(f"fk_{table}_tenant_id_taxonomy_id_taxonomies"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "taxonomy_id", "parent_id"],
            [f"{table}.tenant_id", f"{table}.taxonomy_id", f"{table}.id"],
            name=op.f(f"fk_{table}_tenant_id_taxonomy_id_parent_id_{table}"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "tenant_id", "taxonomy_id", "id", name=op.f(f"uq_{table}_tenant_id_taxonomy_id_id")
        ),
    )


def _assignments() -> None:
    table, of = "taxonomy_assignments", "taxonomy_categories"
    op.create_table(
        table,
        _id("tenant_id"),
        _id("taxonomy_id"),
        _id("instrument_id"),
        _id("category_id"),
        sa.Column("weight_ratio", WEIGHT, nullable=False),
        _check(
            table, "weight_ratio_finite",
            "weight_ratio <> 'NaN' AND weight_ratio > 0 AND weight_ratio <= 1",
        ),
        _tenant(table),
        _instrument(table, "instrument_id"),
        sa.ForeignKeyConstraint(
            list(PATH),
            [f"{of}.tenant_id", f"{of}.taxonomy_id", f"{of}.id"],
            name=op.f(f"fk_{table}_tenant_id_taxonomy_id_category_id_{of}"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "taxonomy_id", "instrument_id", "category_id", name=op.f(f"pk_{table}")
        ),
    )  # fmt: skip
    op.create_index("ix_taxonomy_assignments_category", table, list(PATH))


def _funds() -> None:
    table, parts = "fund_compositions", "fund_parts"
    op.create_table(
        table,
        _id("tenant_id"),
        _id("instrument_id"),
        sa.Column("as_of", sa.Date(), nullable=False),
        _version(),
        _instant("set_at"),
        _tenant(table),
        _instrument(table, "instrument_id"),
        sa.PrimaryKeyConstraint("tenant_id", "instrument_id", name=op.f(f"pk_{table}")),
    )
    op.create_table(
        parts,
        _id("tenant_id"),
        _id("instrument_id"),
        _id("part_id"),
        sa.Column("weight_ratio", WEIGHT, nullable=False),
        _check(parts, "not_its_own_part", "part_id <> instrument_id"),
        _check(
            parts, "weight_ratio_finite",
            "weight_ratio <> 'NaN' AND weight_ratio > 0 AND weight_ratio <= 1",
        ),
        _tenant(parts),
        _instrument(parts, "part_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "instrument_id"],
            [f"{table}.tenant_id", f"{table}.instrument_id"],
            name=op.f(f"fk_{parts}_tenant_id_instrument_id_{table}"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "instrument_id", "part_id", name=op.f(f"pk_{parts}")
        ),
    )  # fmt: skip


def downgrade() -> None:
    """What was classified is lost."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)

"""Reports: what a page said, kept with everything it was worked out from.

Expand: a table nobody read before.

Revision: 20261201_0310
After: 20261201_0300
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261201_0310"
down_revision = "20261201_0300"
branch_labels = None
depends_on = None

TABLE = "reports"
OWN = "tenant_id = (SELECT sec.tenant())"
KINDS = "'performance', 'risk', 'waterfall', 'holdings', 'nav'"
SECURE = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY {TABLE}_tenant ON {TABLE} USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY {TABLE}_floor ON {TABLE} AS RESTRICTIVE TO PUBLIC USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, DELETE ON {TABLE} TO truenav_app;
GRANT UPDATE (name, version, differed_at) ON {TABLE} TO truenav_app;
GRANT SELECT ON {TABLE} TO truenav_worker, truenav_readonly, truenav_backup;
"""


def upgrade() -> None:
    """One row a report; nobody may change what it says."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kept_by", sa.Uuid()),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.Column("calculation_versions", postgresql.JSONB(), nullable=False),
        sa.Column("fingerprint", postgresql.JSONB(), nullable=False),
        sa.Column("fingerprint_sha256", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sha256", sa.String(length=64), nullable=False),
        sa.Column("differed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f(f"ck_{TABLE}_kind_known")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f(f"ck_{TABLE}_name_length")),
        sa.CheckConstraint(
            "octet_length(inputs) <= 8388608", name=op.f(f"ck_{TABLE}_inputs_bounded")
        ),
        sa.CheckConstraint(
            "octet_length(answer) <= 4194304", name=op.f(f"ck_{TABLE}_answer_bounded")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f(f"fk_{TABLE}_tenant_id_tenants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(
        "ix_reports_recorded_at",
        TABLE,
        ["tenant_id", sa.text("recorded_at DESC"), sa.text("id DESC")],
    )
    op.execute(SECURE)


def downgrade() -> None:
    """What was kept is forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)

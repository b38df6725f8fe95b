"""Past years of closes, packed.

Derived from prices: emptied, it fills again, and is read from the prices until then.

Expand: a table nobody read before.

Revision: 20261202_0540
After: 20261201_0520
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261202_0540"
down_revision = "20261201_0520"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table; written by the role of market data, read by all."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "price_years",
        sa.Column("instrument_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("days", ARRAY(sa.Integer()), nullable=False),
        sa.Column("closes", ARRAY(sa.BigInteger()), nullable=False),
        sa.CheckConstraint(
            "cardinality(days) = cardinality(closes) AND cardinality(days) > 0",
            name=op.f("ck_price_years_close_for_each_day"),
        ),
        sa.CheckConstraint(
            "array_position(days, NULL) IS NULL AND array_position(closes, NULL) IS NULL",
            name=op.f("ck_price_years_nothing_missing"),
        ),
        sa.CheckConstraint("0 < ALL (closes)", name=op.f("ck_price_years_close_positive")),
        sa.CheckConstraint("places BETWEEN 0 AND 18", name=op.f("ck_price_years_places_kept")),
        sa.CheckConstraint(
            "make_date(year, 1, 1) - DATE '1970-01-01' <= ALL (days)"
            " AND make_date(year, 12, 31) - DATE '1970-01-01' >= ALL (days)",
            name=op.f("ck_price_years_days_of_year"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"],
            ["instruments.id"],
            name=op.f("fk_price_years_instrument_id_instruments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "instrument_id", "year", "source", "basis", "currency", name=op.f("pk_price_years")
        ),
    )
    op.execute(
        "GRANT SELECT ON price_years TO truenav_app, truenav_worker, truenav_readonly,"
        " truenav_backup"
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON price_years TO truenav_ingest")


def downgrade() -> None:
    """Nothing is packed."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("price_years")

"""A group and tags of an account: how a household orders what it has.

Expand: columns with defaults nobody read before.

Revision: 20261201_0510
After: 20261201_0500
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261201_0510"
down_revision = "20261201_0500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both empty for what there is."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("accounts", sa.Column("group_name", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "accounts",
        sa.Column("tags", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_accounts_group_name_length"), "accounts", "length(group_name) <= 60"
    )
    op.create_check_constraint(
        op.f("ck_accounts_tags_count"), "accounts", "cardinality(tags) <= 20"
    )


def downgrade() -> None:
    """The order is forgotten."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("accounts", "tags")
    op.drop_column("accounts", "group_name")

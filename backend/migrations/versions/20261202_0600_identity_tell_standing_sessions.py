"""Which sessions still stand, for connections that outlive the request that opened them.

Expand: a function nobody called before.

Revision: 20261202_0600
After: 20261202_0552
"""

from alembic import op

revision = "20261202_0600"
down_revision = "20261202_0552"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """It tells of the sessions it is asked about by name, and of no others."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("""
CREATE FUNCTION sec.standing_sessions(wanted uuid[], moment timestamptz)
RETURNS TABLE (session_id uuid, user_id uuid, tenant_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT t.family_id, t.user_id, t.tenant_id, m.role::text
  FROM public.refresh_tokens t
  JOIN public.users u ON u.id = t.user_id AND u.disabled_at IS NULL
  JOIN public.memberships m ON m.user_id = t.user_id AND m.tenant_id = t.tenant_id
  WHERE t.family_id = ANY (wanted) AND t.revoked_at IS NULL
    AND t.expires_at > moment AND t.family_expires_at > moment
$$""")
    op.execute("REVOKE ALL ON FUNCTION sec.standing_sessions(uuid[], timestamptz) FROM PUBLIC")
    op.execute(
        "GRANT EXECUTE ON FUNCTION sec.standing_sessions(uuid[], timestamptz) TO truenav_app"
    )
    op.execute("CREATE INDEX ix_refresh_tokens_family_id ON refresh_tokens (family_id)")


def downgrade() -> None:
    """Without it, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX ix_refresh_tokens_family_id")
    op.execute("DROP FUNCTION sec.standing_sessions(uuid[], timestamptz)")

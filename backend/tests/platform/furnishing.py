"""A row of one tenant in every table, and how many a role sees of them."""

from uuid import UUID

from psycopg import sql

from tests.builders import Member, add_instrument
from tests.conftest import Connection
from truenav.platform.clock import new_id


def tenant_tables(connection: Connection) -> list[str]:
    """Every table with a tenant, from the catalog: a new one is covered at once."""
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall()
    return [str(row[0]) for row in found]


def count(connection: Connection, table: str) -> int:
    """Rows of a table, as this connection sees them."""
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    found = connection.execute(query).fetchone()
    assert found is not None
    return int(str(found[0]))


def speak_as(connection: Connection, tenant: object, user: object = "") -> None:
    """What the unit of work does first."""
    connection.execute(
        "SELECT set_config('app.tenant', %s, true), set_config('app.user', %s, true)",
        (str(tenant), str(user)),
    )


def fill(connection: Connection, ids: dict[str, UUID], member: Member) -> None:
    """One row in each table the API did not fill."""
    values = {**ids, "user_id": member.user_id, "hash": new_id().hex}
    values["part_id"] = add_instrument(connection)
    for statement in (
        (
            "INSERT INTO import_batches (tenant_id, id, account_id, file_name, file_hash,"
            " file_size,"
            " status) VALUES (%(tenant_id)s, %(batch_id)s, %(account_id)s, 'a.csv', 'h', 1,"
            " 'preview')"
        ),
        (
            "INSERT INTO import_rows (tenant_id, batch_id, row_number, status, original)"
            " VALUES (%(tenant_id)s, %(batch_id)s, 1, 'imported', '{}')"
        ),
        (
            "INSERT INTO column_mappings (tenant_id, header_signature, mapping)"
            " VALUES (%(tenant_id)s, 's', '{}')"
        ),
        "INSERT INTO job_keys (tenant_id, key) VALUES (%(tenant_id)s, 'k')",
        (
            "INSERT INTO lot_method_changes (tenant_id, account_id, begins_on, lot_method)"
            " VALUES (%(tenant_id)s, %(account_id)s, '2012-03-05', 'hifo')"
        ),
        (
            "INSERT INTO ledger_proofs (tenant_id, account_id, proved_on, row_count,"
            " difference_count, differences)"
            " VALUES (%(tenant_id)s, %(account_id)s, '2012-03-05', 0, 0, '[]')"
        ),
        (
            "INSERT INTO ledger_builds (tenant_id, account_id, engine)"
            " VALUES (%(tenant_id)s, %(account_id)s, '1') ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO ledger_checkpoints (tenant_id, account_id, group_id, through,"
            " instrument_ids, record_count, state)"
            " VALUES (%(tenant_id)s, %(account_id)s, %(row_id)s, '2012-03-05', '{}', 1, '{}')"
        ),
        (
            "INSERT INTO position_changes (tenant_id, account_id, instrument_id, changed_on,"
            " quantity) VALUES (%(tenant_id)s, %(account_id)s, %(instrument_id)s, '2012-03-05', 1)"
            " ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO manual_prices (tenant_id, instrument_id, price_date, close, currency)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, '2024-01-02', 1, 'USD')"
        ),
        (
            "INSERT INTO tenant_source_orders (tenant_id, sources)"
            " VALUES (%(tenant_id)s, '{yahoo}') ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO kept_instruments (tenant_id, instrument_id)"
            " VALUES (%(tenant_id)s, %(instrument_id)s)"
        ),
        ("INSERT INTO taxonomies (tenant_id, id, name) VALUES (%(tenant_id)s, %(row_id)s, 't')"),
        (
            "INSERT INTO taxonomy_categories (tenant_id, id, taxonomy_id, name, position,"
            " color_index) VALUES (%(tenant_id)s, %(row_id)s, %(row_id)s, 'c', 0, 0)"
        ),
        (
            "INSERT INTO taxonomy_assignments (tenant_id, taxonomy_id, instrument_id, category_id,"
            " weight_ratio)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(instrument_id)s, %(row_id)s, 1)"
        ),
        (
            "INSERT INTO watchlists (tenant_id, id, name, place)"
            " VALUES (%(tenant_id)s, %(row_id)s, 'w', 0)"
        ),
        (
            "INSERT INTO watchlist_items (tenant_id, watchlist_id, instrument_id, place)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(instrument_id)s, 0)"
        ),
        (
            "INSERT INTO alert_rules (tenant_id, id, kind) VALUES (%(tenant_id)s, %(row_id)s,"
            " 'dividend')"
        ),
        (
            "INSERT INTO alerts (tenant_id, id, rule_id, occurrence, kind, as_of, fired_at)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(row_id)s, 'o', 'dividend', now(), now())"
        ),
        (
            "INSERT INTO check_settings (tenant_id, code, threshold)"
            " VALUES (%(tenant_id)s, 'fees', 0)"
        ),
        (
            "INSERT INTO fund_compositions (tenant_id, instrument_id, as_of)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, '2012-03-05')"
        ),
        (
            "INSERT INTO fund_parts (tenant_id, instrument_id, part_id, weight_ratio)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, %(part_id)s, 1)"
        ),
        (
            "INSERT INTO custom_sources (tenant_id, instrument_id, url, price_path, currency)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, 'https://example.com/', 'price', 'USD')"
        ),
        (
            "INSERT INTO own_corporate_actions (tenant_id, id, kind, instrument_id, ex_date)"
            " VALUES (%(tenant_id)s, %(row_id)s, 'worthless', %(instrument_id)s, '2012-03-05')"
        ),
        (
            "INSERT INTO corporate_action_decisions (tenant_id, account_id, event_id, status)"
            " VALUES (%(tenant_id)s, %(account_id)s, %(row_id)s, 'dismissed')"
        ),
        (
            "INSERT INTO own_benchmarks (tenant_id, id, name, rebalancing)"
            " VALUES (%(tenant_id)s, %(row_id)s, 'A blend', 'never')"
        ),
        (
            "INSERT INTO own_benchmark_parts (tenant_id, benchmark_id, position, instrument_id,"
            " basis, weight_ratio)"
            " VALUES (%(tenant_id)s, %(row_id)s, 0, %(instrument_id)s, 'total', 1)"
        ),
        (
            "INSERT INTO income_preferences (tenant_id, id, account_id, handling)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(account_id)s, 'cash')"
        ),
        (
            "INSERT INTO instrument_settings (tenant_id, instrument_id, share_kind)"
            " VALUES (%(tenant_id)s, %(instrument_id)s, 'common')"
        ),
        (
            "INSERT INTO transferred_lots (tenant_id, link_id, instrument_id, account_id, lots)"
            " VALUES (%(tenant_id)s, %(batch_id)s, %(instrument_id)s, %(account_id)s, '[]')"
        ),
        (
            "INSERT INTO reports (tenant_id, id, kind, name, as_of, currency, parameters,"
            " calculation_versions, fingerprint, fingerprint_sha256, inputs, inputs_sha256, answer,"
            " answer_sha256) VALUES (%(tenant_id)s, %(row_id)s, 'nav', 'Kept', '2012-03-05', 'USD',"
            " '{}', '{}', '{}', '', '', '', '', '')"
        ),
        (
            "INSERT INTO valuation_states (tenant_id, account_id) VALUES (%(tenant_id)s,"
            " %(account_id)s) ON CONFLICT DO NOTHING"
        ),
        (
            "INSERT INTO snapshots (tenant_id, account_id, as_of, currency, nav,"
            " calculation_version)"
            " VALUES (%(tenant_id)s, %(account_id)s, '2012-03-05', 'USD', 1, '1')"
        ),
        (
            "INSERT INTO lot_closures (tenant_id, id, account_id, instrument_id, lot_id, opened_by,"
            " closed_by, acquired_date, closed_date, quantity, proceeds, cost, gain, currency,"
            " is_long_term) VALUES (%(tenant_id)s, %(row_id)s, %(account_id)s, %(instrument_id)s,"
            " %(row_id)s, %(transaction_id)s, %(transaction_id)s, '2012-03-05',"
            " '2012-03-06', 1, 1, 1,"
            " 0, 'USD', false)"
        ),
        (
            "INSERT INTO lot_adjustments (tenant_id, id, account_id, instrument_id, lot_id,"
            " caused_by,"
            " kind, adjusted_date, quantity_before, quantity_after, cost_before, cost_after)"
            " VALUES (%(tenant_id)s, %(row_id)s, %(account_id)s, %(instrument_id)s, %(row_id)s,"
            " %(transaction_id)s, 'split', '2012-03-05', 1, 2, 1, 1)"
        ),
        (
            "INSERT INTO review_notes (tenant_id, transaction_id, reason_code, account_id, message)"
            " VALUES (%(tenant_id)s, %(transaction_id)s, 'r', %(account_id)s, 'm')"
        ),
        (
            "INSERT INTO cash_balances (tenant_id, account_id, currency, amount)"
            " VALUES (%(tenant_id)s, %(account_id)s, 'CHF', 1)"
        ),
        (
            "INSERT INTO refresh_tokens (id, user_id, tenant_id, family_id, token_hash, expires_at,"
            " family_expires_at) VALUES (%(row_id)s, %(user_id)s, %(tenant_id)s,"
            " %(row_id)s, %(hash)s,"
            " now() + '1 day', now() + '1 day')"
        ),
    ):
        connection.execute(statement, values)

"""Runs migrations as the owner role, on a plain synchronous connection."""

from alembic import context
from sqlalchemy import create_engine, text

import truenav.features.accounts.tables
import truenav.features.alerts.tables
import truenav.features.checks.tables
import truenav.features.identity.tables
import truenav.features.imports.tables
import truenav.features.instruments.tables
import truenav.features.ledger.action_tables
import truenav.features.ledger.preference_tables
import truenav.features.ledger.tables
import truenav.features.marketdata.bar_tables
import truenav.features.marketdata.custom_tables
import truenav.features.marketdata.order_tables
import truenav.features.marketdata.quality_tables
import truenav.features.marketdata.tables
import truenav.features.performance.tables
import truenav.features.taxonomies.tables
import truenav.features.valuation.tables
import truenav.platform.tables  # noqa: F401  # each registers its tables in the metadata
from truenav.platform.db import Row
from truenav.platform.migrations import OWNER


def run() -> None:
    """One transaction for all due revisions: they arrive together or not at all."""
    engine = create_engine(context.config.attributes["url"])
    try:
        with engine.connect() as connection:
            connection.execute(text(f"SET ROLE {OWNER}"))
            connection.commit()
            context.configure(connection=connection, target_metadata=Row.metadata)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()

"""What a tenant does with income: taken as cash, or put back into what paid it."""

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.features.ledger.tables import account_key
from truenav.platform.db import Id, Instant, Key, Row, TenantKey


class IncomePreferenceRow(Row):
    """Of an account, or, with an instrument, of that instrument in it: the finer word counts."""

    __tablename__ = "income_preferences"
    __table_args__ = (
        account_key(),
        UniqueConstraint(
            "tenant_id", "account_id", "instrument_id", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("handling IN ('cash', 'reinvest')", name="handling_known"),
    )

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]
    account_id: Mapped[Id]
    instrument_id: Mapped[Id | None] = mapped_column(ForeignKey("instruments.id"))
    handling: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    changed_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    changed_by: Mapped[Id | None]

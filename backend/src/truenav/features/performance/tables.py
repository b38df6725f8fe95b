"""Which calculation meant what, and since when."""

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from truenav.platform.db import Instant, LongText, Row


class CalculationVersionRow(Row):
    """One version of one calculation; results store the version they used."""

    __tablename__ = "calculation_versions"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    introduced_at: Mapped[Instant] = mapped_column(server_default=text("now()"))
    note: Mapped[LongText]

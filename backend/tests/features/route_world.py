"""What one tenant has, and one request of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5


@dataclass(frozen=True)
class World:
    """What one tenant has; its marks must never be read by another."""

    account_id: UUID = field(default_factory=uuid4)
    instrument_id: UUID = field(default_factory=uuid4)
    transaction_id: UUID = field(default_factory=uuid4)
    import_id: UUID = field(default_factory=uuid4)
    action_id: UUID = field(default_factory=uuid4)
    closure_id: UUID = field(default_factory=uuid4)
    benchmark_id: UUID = field(default_factory=uuid4)
    taxonomy_id: UUID = field(default_factory=uuid4)
    category_id: UUID = field(default_factory=uuid4)
    marks: tuple[str, ...] = ()
    report_id: UUID = field(default_factory=uuid4)
    watchlist_id: UUID = field(default_factory=uuid4)
    alert_rule_id: UUID = field(default_factory=uuid4)
    alert_id: UUID = field(default_factory=uuid4)

    @property
    def lot_id(self) -> UUID:
        """The lot that the record opens."""
        return uuid5(self.transaction_id, "lot")

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Everything a request can name."""
        return (
            self.account_id, self.instrument_id, self.transaction_id, self.import_id, self.lot_id,
            self.action_id, self.closure_id, self.benchmark_id, self.report_id,
            self.taxonomy_id, self.category_id, self.watchlist_id,
            self.alert_rule_id, self.alert_id,
        )  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One request; `names` says that it names something that belongs to somebody."""

    path: str
    names: bool = True
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None

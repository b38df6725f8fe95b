"""What happened, as frozen values; stored beside the change they announce."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from truenav.core.ids import AccountId, ImportBatchId


@dataclass(frozen=True, slots=True)
class Event:
    """Root of every event; `topic` says which jobs follow."""

    topic: ClassVar[str]

    def to_json(self) -> dict[str, str]:
        """Plain text by name: an event must survive a deploy that renames a class."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ImportUploaded(Event):
    """A file was stored and waits to be read (again, after its mapping was saved)."""

    topic: ClassVar[str] = "imports.uploaded"
    batch_id: ImportBatchId

    def to_json(self) -> dict[str, str]:
        """The batch."""
        return {"batch_id": str(self.batch_id)}


@dataclass(frozen=True, slots=True)
class ImportCommitRequested(Event):
    """A person accepted a preview."""

    topic: ClassVar[str] = "imports.commit_requested"
    batch_id: ImportBatchId

    def to_json(self) -> dict[str, str]:
        """The batch."""
        return {"batch_id": str(self.batch_id)}


@dataclass(frozen=True, slots=True)
class ImportUndoRequested(Event):
    """A person took a whole batch back."""

    topic: ClassVar[str] = "imports.undo_requested"
    batch_id: ImportBatchId

    def to_json(self) -> dict[str, str]:
        """The batch."""
        return {"batch_id": str(self.batch_id)}


@dataclass(frozen=True, slots=True)
class ImportCancelRequested(Event):
    """A person does not want to wait for what is being done with a batch."""

    topic: ClassVar[str] = "imports.cancel_requested"
    batch_id: ImportBatchId
    version: int

    def to_json(self) -> dict[str, str]:
        """The batch, and the version that was being worked on: of a later one nobody spoke."""
        return {"batch_id": str(self.batch_id), "version": str(self.version)}


@dataclass(frozen=True, slots=True)
class TransactionsPosted(Event):
    """Records were appended to an account, or taken back; the earliest day they touch."""

    topic: ClassVar[str] = "ledger.transactions_posted"
    account_id: AccountId
    earliest: date

    def to_json(self) -> dict[str, str]:
        """The account and the day."""
        return {
            "account_id": str(self.account_id),
            "earliest": self.earliest.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class MarketChanged(Event):
    """Prices that an account is valued with are others from a day on."""

    topic: ClassVar[str] = "valuation.market_changed"
    account_id: AccountId
    earliest: date

    def to_json(self) -> dict[str, str]:
        """The account and the day."""
        return {
            "account_id": str(self.account_id),
            "earliest": self.earliest.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class ReportDiffered(Event):
    """A kept report is not what its own inputs give: somebody is to look."""

    topic: ClassVar[str] = "reports.difference_found"
    report_id: UUID

    def to_json(self) -> dict[str, str]:
        """The report."""
        return {"report_id": str(self.report_id)}


@dataclass(frozen=True, slots=True)
class ImportFailed(Event):
    """A file that was uploaded cannot be read."""

    topic: ClassVar[str] = "imports.failed"
    batch_id: ImportBatchId

    def to_json(self) -> dict[str, str]:
        """The batch."""
        return {"batch_id": str(self.batch_id)}


@dataclass(frozen=True, slots=True)
class LedgerDiffered(Event):
    """What is stored of an account is not what its records say."""

    topic: ClassVar[str] = "ledger.differed"
    account_id: AccountId

    def to_json(self) -> dict[str, str]:
        """The account."""
        return {"account_id": str(self.account_id)}


@dataclass(frozen=True, slots=True)
class FiguresMoved(Event):
    """Figures that rules of the tenant look at may be others than before."""

    topic: ClassVar[str] = "alerts.figures_moved"

    def to_json(self) -> dict[str, str]:
        """Nothing: the rules say what there is to look at."""
        return {}

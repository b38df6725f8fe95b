"""From accounts to the part of them that is asked about, and the currency it is told in.

The records a request sees, such as those known on a day, are laid over before what was held is
read: `narrowed` comes last.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pydantic import Field

from truenav.core.ledger.transactions import AssetClass
from truenav.core.money import check_currency
from truenav.features.valuation.series import Scope
from truenav.features.valuation.slicing import Filters, slice_of
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import Body, CurrencyCode


def in_currency(scope: Scope, base_currency: str | None) -> Scope:
    """The same in a currency that was named; in its own when none was.

    Raises:
        UnknownCurrency: it is none.
    """
    if base_currency is None:
        return scope
    check_currency(base_currency)
    return replace(scope, currency=base_currency)


async def narrowed(uow: UnitOfWork, scope: Scope, known_before: datetime | None = None) -> Scope:
    """The part of it that its filters name, of what was held by the records known at an instant.

    Raises:
        NotFound: no such instrument, category or taxonomy.
    """
    of = await slice_of(uow, scope.account_ids, scope.filters, known_before)
    return replace(scope, of=of)


class AccountsIn(Body):
    """Accounts by id, group or tag, as a body names them; all when none is."""

    account_ids: list[UUID] = Field(default_factory=list, max_length=100)
    account_groups: list[str] = Field(default_factory=list, max_length=50)
    account_tags: list[str] = Field(default_factory=list, max_length=50)
    base_currency: CurrencyCode | None = None

    def filters(self) -> Filters:
        """As the pages name them."""
        return Filters(
            account_ids=tuple(dict.fromkeys(self.account_ids)),
            account_groups=tuple(dict.fromkeys(self.account_groups)),
            account_tags=tuple(dict.fromkeys(self.account_tags)),
        )


class PartIn(AccountsIn):
    """A part of what is in them: each list widens it, together they narrow it."""

    instrument_ids: list[UUID] = Field(default_factory=list, max_length=100)
    asset_classes: list[AssetClass] = Field(default_factory=list, max_length=20)
    currencies: list[CurrencyCode] = Field(default_factory=list, max_length=100)
    category_ids: list[UUID] = Field(default_factory=list, max_length=100)
    unclassified_in: list[UUID] = Field(default_factory=list, max_length=20)

    def filters(self) -> Filters:
        """As the pages name them."""
        return replace(
            super().filters(),
            instrument_ids=tuple(dict.fromkeys(self.instrument_ids)),
            asset_classes=tuple(dict.fromkeys(self.asset_classes)),
            currencies=tuple(dict.fromkeys(self.currencies)),
            category_ids=tuple(dict.fromkeys(self.category_ids)),
            unclassified_in=tuple(dict.fromkeys(self.unclassified_in)),
        )

"""Which part of a portfolio a request asks for, and how much of each segment belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import AssetClass
from truenav.core.valuation.slices import Slice
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.taxonomies.reads import Chosen, Classes, classes_of
from truenav.features.valuation import repository
from truenav.features.valuation.schemas import SliceOut
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a request named. Names of one sort widen the slice, sorts narrow it together."""

    account_ids: tuple[UUID, ...] = ()
    account_groups: tuple[str, ...] = ()
    account_tags: tuple[str, ...] = ()
    instrument_ids: tuple[UUID, ...] = ()
    asset_classes: tuple[AssetClass, ...] = ()
    currencies: tuple[str, ...] = ()
    category_ids: tuple[UUID, ...] = ()
    unclassified_in: tuple[UUID, ...] = ()

    @property
    def is_of_accounts(self) -> bool:
        """Whether they leave out an account."""
        return bool(self.account_ids or self.account_groups or self.account_tags)

    def has_account(self, account: AccountRow) -> bool:
        """Whether an account is in a group that is named, and has a tag that is."""
        return (not self.account_groups or account.group_name in self.account_groups) and (
            not self.account_tags or not set(self.account_tags).isdisjoint(account.tags)
        )

    @property
    def is_of_segments(self) -> bool:
        """Whether they leave out a part of an account."""
        return bool(
            self.instrument_ids or self.asset_classes or self.currencies or self.is_of_classes
        )

    @property
    def is_of_classes(self) -> bool:
        """Whether they name categories of a taxonomy, or what one leaves unclassified."""
        return bool(self.category_ids or self.unclassified_in)

    @property
    def chosen(self) -> Chosen:
        """The same, as taxonomies take it."""
        return Chosen(self.category_ids, self.unclassified_in)

    def has(self, instrument: InstrumentRow) -> bool:
        """Whether any of an instrument can belong to the slice; its categories say how much."""
        return (
            (not self.instrument_ids or instrument.id in self.instrument_ids)
            and (not self.asset_classes or instrument.asset_class in self.asset_classes)
            and (not self.currencies or instrument.currency in self.currencies)
        )

    def has_cash(self, currency: str) -> bool:
        """Whether the cash of a currency does; cash is an asset class, and no instrument."""
        return (
            not self.instrument_ids
            and not self.is_of_classes
            and (not self.asset_classes or AssetClass.CASH in self.asset_classes)
            and (not self.currencies or currency in self.currencies)
        )


async def slice_of(
    uow: UnitOfWork,
    account_ids: Sequence[UUID],
    filters: Filters,
    known_before: datetime | None = None,
) -> Slice | None:
    """Weights of everything the accounts ever held; None where the filters leave nothing out.

    By the records as they were known at an instant, where one is given.

    Raises:
        NotFound: no such instrument, category or taxonomy.
    """
    if not filters.is_of_segments:
        return None
    await _check(uow, filters.instrument_ids)
    classes = await _classes(uow, filters)
    held = await repository.ever_held(uow.session, account_ids, known_before)
    weights = {
        InstrumentId(row.id): ONE if classes is None else classes.weight(row.id)
        for row in held.instruments
        if filters.has(row)
    }
    instruments = {key: weight for key, weight in weights.items() if weight}
    cash = [currency for currency in held.currencies if filters.has_cash(currency)]
    is_whole = all(weight == ONE for weight in instruments.values())
    if is_whole and len(instruments) == len(held.instruments) and len(cash) == len(held.currencies):
        return None
    return Slice(instruments, dict.fromkeys(cash, ONE))


async def weight_in(uow: UnitOfWork, filters: Filters, instrument: InstrumentRow) -> Decimal:
    """How much of an instrument belongs to the slice, whether it was ever held or not.

    Raises:
        NotFound: no such category or taxonomy.
    """
    if not filters.has(instrument):
        return ZERO
    classes = await _classes(uow, filters)
    return ONE if classes is None else classes.weight(instrument.id)


async def _classes(uow: UnitOfWork, filters: Filters) -> Classes | None:
    if not filters.is_of_classes:
        return None
    return await classes_of(uow.session, filters.chosen)


async def everything(uow: UnitOfWork, account_ids: Sequence[UUID]) -> Slice:
    """All there ever was in the accounts."""
    held = await repository.ever_held(uow.session, account_ids)
    instruments = [InstrumentId(row.id) for row in held.instruments]
    return Slice(dict.fromkeys(instruments, ONE), dict.fromkeys(held.currencies, ONE))


async def _check(uow: UnitOfWork, instrument_ids: Iterable[UUID]) -> None:
    for instrument_id in instrument_ids:
        if await find_visible(uow.session, instrument_id) is None:
            raise NotFound("no such instrument")


def told(filters: Filters, of: Slice | None) -> SliceOut:
    """What an answer says of the slice it is of."""
    return SliceOut(
        account_ids=list(filters.account_ids),
        account_groups=list(filters.account_groups),
        account_tags=list(filters.account_tags),
        instrument_ids=list(filters.instrument_ids),
        asset_classes=[name.value for name in filters.asset_classes],
        currencies=list(filters.currencies),
        category_ids=list(filters.category_ids),
        unclassified_in=list(filters.unclassified_in),
        is_everything=of is None,
    )

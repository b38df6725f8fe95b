"""What features above read of taxonomies: trees, and where instruments belong in them."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import CategoryId
from truenav.core.taxonomies.tree import ONE, Category, Content, in_order
from truenav.core.taxonomies.weights import Parts, shares_of
from truenav.features.instruments import reads as instruments
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.taxonomies import repository
from truenav.features.taxonomies.tables import TaxonomyRow

K = TypeVar("K", bound=Hashable)
Shares = Mapping[K | None, Decimal]


async def taxonomies(session: AsyncSession) -> Sequence[TaxonomyRow]:
    """The asking tenant's, oldest first."""
    return await repository.all_taxonomies(session)


async def categories_of(session: AsyncSession, taxonomy_id: UUID) -> list[Category] | None:
    """The categories in the order of the tree; None when the tenant has no such taxonomy."""
    if await repository.find(session, taxonomy_id) is None:
        return None
    return in_order((await repository.content(session, taxonomy_id)).categories)


async def weights_of(
    session: AsyncSession, taxonomy_id: UUID, *, look_through: bool = True
) -> dict[UUID, list[tuple[CategoryId | None, Decimal]]]:
    """Per instrument its categories and ratios, funds looked through; exactly 1 together.

    None is what nobody classified. An instrument that is not in it is uncategorized as a whole.
    """
    content = await repository.content(session, taxonomy_id)
    parts = await repository.parts(session) if look_through else {}
    return {
        key: list(shares.items())
        for key, shares in of_content(content, parts, {*content.weights, *parts}).items()
    }


def of_content(
    content: Content, parts: Parts, instrument_ids: Iterable[UUID]
) -> dict[UUID, Shares[CategoryId]]:
    """Where some instruments belong by what a taxonomy holds."""

    def own(instrument_id: UUID) -> Mapping[CategoryId, Decimal]:
        return content.weights.get(instrument_id, {})

    return {key: shares_of(key, own, parts) for key in instrument_ids}


@dataclass(frozen=True, slots=True)
class Looking:
    """What funds are made of, and what every part of them is."""

    parts: Parts
    instruments: Mapping[UUID, InstrumentRow]

    def shares(self, instrument_id: UUID, of: Callable[[InstrumentRow], K]) -> Shares[K]:
        """Where a holding belongs by something every instrument has, such as its currency."""

        def own(key: UUID) -> Mapping[K, Decimal]:
            found = self.instruments.get(key)
            return {of(found): ONE} if found is not None else {}

        return shares_of(instrument_id, own, self.parts)


async def looking(
    session: AsyncSession, held: Iterable[UUID], *, look_through: bool = True
) -> Looking:
    """What is needed to look through what is held; nothing is looked through when not asked to."""
    parts = await repository.parts(session) if look_through else {}
    ids = {*held, *parts, *(part for of_fund in parts.values() for part in of_fund)}
    return Looking(parts, await instruments.visible(session, ids))


async def content_of(session: AsyncSession, taxonomy_id: UUID) -> Content | None:
    """All a taxonomy holds; None when the tenant has no such taxonomy."""
    if await repository.find(session, taxonomy_id) is None:
        return None
    return await repository.content(session, taxonomy_id)

"""What features above read of taxonomies: trees, and where instruments belong in them."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import CategoryId
from truenav.core.taxonomies.tree import ONE, Category, Content, in_order, subtree
from truenav.core.taxonomies.weights import Parts, shares_of, weight_in, within
from truenav.features.instruments import reads as instruments
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.taxonomies import repository
from truenav.features.taxonomies.tables import TaxonomyRow
from truenav.platform.problems import NotFound

K = TypeVar("K", bound=Hashable)
Shares = Mapping[K | None, Decimal]
Meant = Collection[CategoryId | None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Categories that are named, and taxonomies whose unclassified part is."""

    category_ids: Collection[UUID] = ()
    unclassified_in: Collection[UUID] = ()

    def of(self, taxonomy_id: UUID, content: Content) -> Meant:
        """What of a taxonomy is meant, with all below it; None there is what it does not classify.

        Nothing where it is none of those that are named.
        """
        meant: set[CategoryId | None] = {None} if taxonomy_id in self.unclassified_in else set()
        for category_id in map(CategoryId, self.category_ids):
            if category_id in content.categories:
                meant.update(subtree(content.categories, category_id))
        return meant


async def taxonomies(session: AsyncSession) -> Sequence[TaxonomyRow]:
    """The asking tenant's, oldest first."""
    return await repository.all_taxonomies(session)


async def categories_of(session: AsyncSession, taxonomy_id: UUID) -> list[Category] | None:
    """The categories in the order of the tree; None when the tenant has no such taxonomy."""
    if await repository.find(session, taxonomy_id) is None:
        return None
    return in_order((await repository.content(session, taxonomy_id)).categories)


async def weights_of(
    session: AsyncSession, taxonomy_id: UUID, chosen: Chosen, *, look_through: bool = True
) -> dict[UUID, list[tuple[CategoryId | None, Decimal]]]:
    """Per instrument its categories and ratios, funds looked through; 1 together.

    Of a slice by categories of the same taxonomy, those of the part that is in it. None is what
    nobody classified. An instrument that is not in it is uncategorized as a whole.
    """
    content = await repository.content(session, taxonomy_id)
    parts = await repository.parts(session) if look_through else {}
    keys = {*content.weights, *parts}
    found = of_content(content, parts, keys, chosen.of(taxonomy_id, content))
    return {key: list(shares.items()) for key, shares in found.items()}


def of_content(
    content: Content, parts: Parts, instrument_ids: Iterable[UUID], meant: Meant = ()
) -> dict[UUID, Shares[CategoryId]]:
    """Where some instruments belong by what a taxonomy holds: all of them, or what is meant."""

    def own(instrument_id: UUID) -> Mapping[CategoryId, Decimal]:
        return content.weights.get(instrument_id, {})

    return {key: within(shares_of(key, own, parts), meant) for key in instrument_ids}


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


@dataclass(frozen=True, slots=True)
class Classes:
    """Categories of taxonomies with all below them, and how much of an instrument is in them.

    `chosen` is what is meant per taxonomy; None there is what nobody classified.
    """

    chosen: Sequence[tuple[Content, Meant]]
    parts: Parts

    def weight(self, instrument_id: UUID) -> Decimal:
        """0 to 1, funds looked through."""
        return weight_in(
            (of_content(content, self.parts, [instrument_id])[instrument_id], chosen)
            for content, chosen in self.chosen
        )


async def classes_of(session: AsyncSession, chosen: Chosen) -> Classes:
    """The categories named, and what some taxonomies leave unclassified.

    Raises:
        NotFound: the tenant has no such category or taxonomy.
    """
    homes = await repository.homes(session, list(chosen.category_ids))
    if any(category_id not in homes for category_id in chosen.category_ids):
        raise NotFound("no such category")
    found = []
    for taxonomy_id in dict.fromkeys([*homes.values(), *chosen.unclassified_in]):
        content = await content_of(session, taxonomy_id)
        if content is None:
            raise NotFound("no such taxonomy")
        found.append((content, chosen.of(taxonomy_id, content)))
    return Classes(found, await repository.parts(session))

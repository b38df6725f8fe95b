"""Taxonomies as files: written with names instead of ids, read back as a new one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import CategoryId
from truenav.core.taxonomies.tree import (
    MOST_LEVELS,
    BadTaxonomy,
    Category,
    Content,
    children_of,
    path_of,
)
from truenav.features.instruments import reads as instruments
from truenav.features.taxonomies import repository, service
from truenav.features.taxonomies.schemas import (
    ImportedTaxonomyOut,
    PortableAssignment,
    PortableCategory,
    PortableInstrument,
    PortableTaxonomy,
)
from truenav.platform.clock import new_id
from truenav.platform.problems import InvalidFields
from truenav.platform.unit_of_work import UnitOfWork

Named = tuple[str, str, str | None]  # ticker, currency, ISIN


async def exported(uow: UnitOfWork, taxonomy_id: UUID) -> PortableTaxonomy:
    """A taxonomy as a file.

    Raises:
        NotFound: no such taxonomy.
    """
    found = await service.get(uow, taxonomy_id)
    content = await repository.content(uow.session, taxonomy_id)
    rows = await instruments.visible(uow.session, content.weights)
    isins = await instruments.isins(uow.session, rows)
    assignments = [
        PortableAssignment(
            instrument=PortableInstrument(
                symbol=rows[key].symbol, currency=rows[key].currency, isin=isins.get(key)
            ),
            path=list(path_of(content.categories, category_id)),
            weight_ratio=weight,
        )
        for key, parts in content.weights.items()
        if key in rows
        for category_id, weight in parts.items()
    ]
    return PortableTaxonomy(
        format="truenav.taxonomy",
        format_version=1,
        name=found.name,
        categories=_written(content, None),
        assignments=sorted(assignments, key=lambda a: (a.instrument.symbol, a.path)),
    )


def _written(content: Content, parent_id: CategoryId | None) -> list[PortableCategory]:
    return [
        PortableCategory(
            name=child.name, color_index=child.color_index, children=_written(content, child.id)
        )
        for child in children_of(content.categories, parent_id)
    ]


async def imported(uow: UnitOfWork, document: PortableTaxonomy) -> ImportedTaxonomyOut:
    """A new taxonomy from a file; instruments nobody here goes by are left out and told.

    Raises:
        TaxonomyNameTaken: there is one of that name.
        InvalidFields: a path that leads nowhere.
        BadTaxonomy: what the file holds is no tree.
    """
    categories: dict[CategoryId, Category] = {}
    paths: dict[tuple[str, ...], CategoryId] = {}
    _read(document.categories, None, (), categories, paths)
    known = await _matched(uow, document.assignments)
    weights: dict[UUID, dict[CategoryId, Decimal]] = {}
    unmatched: set[str] = set()
    for index, item in enumerate(document.assignments):
        place = paths.get(tuple(item.path))
        if place is None:
            raise InvalidFields([(f"/body/assignments/{index}/path", "there is no such category")])
        instrument_id = known.get(_named(item.instrument))
        if instrument_id is None:
            unmatched.add(item.instrument.symbol)
        else:
            parts = weights.setdefault(instrument_id, {})
            parts[place] = parts.get(place, Decimal(0)) + item.weight_ratio
    made = await service.create(uow, document.name, Content(categories, weights))
    return ImportedTaxonomyOut(taxonomy=made, unmatched=sorted(unmatched))


def _read(
    nodes: Sequence[PortableCategory],
    parent_id: CategoryId | None,
    above: tuple[str, ...],
    categories: dict[CategoryId, Category],
    paths: dict[tuple[str, ...], CategoryId],
) -> None:
    if len(above) > MOST_LEVELS:
        raise BadTaxonomy(f"no more than {MOST_LEVELS} levels", fault="too_deep")
    for position, node in enumerate(nodes):
        made = CategoryId(new_id())
        categories[made] = Category(
            id=made, parent_id=parent_id, name=node.name, position=position,
            color_index=node.color_index,
        )  # fmt: skip
        path = (*above, node.name)
        paths[path] = made
        _read(node.children, made, path, categories, paths)


def _named(one: PortableInstrument) -> Named:
    return one.symbol, one.currency, one.isin


async def _matched(uow: UnitOfWork, items: Sequence[PortableAssignment]) -> Mapping[Named, UUID]:
    """By ISIN where one is known, else by ticker, and currency; only where it is one instrument."""
    names = {i.instrument.isin or i.instrument.symbol for i in items}
    names |= {i.instrument.symbol for i in items}
    called = await instruments.called(uow.session, names)
    rows = await instruments.visible(uow.session, (i for ids in called.values() for i in ids))
    found: dict[Named, UUID] = {}
    for item in items:
        wanted = item.instrument
        same = called.get(wanted.isin or "", [])
        if len(same) != 1:
            among = same or called.get(wanted.symbol, [])
            same = [i for i in among if rows[i].currency == wanted.currency]
        if len(same) == 1:
            found[_named(wanted)] = same[0]
    return found

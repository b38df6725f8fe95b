"""Taxonomies: made, edited by version, removed. Every edit counts one version of the whole."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.ids import CategoryId
from truenav.core.taxonomies.starters import STARTERS, Starter
from truenav.core.taxonomies.tree import (
    COLORS,
    Category,
    Content,
    check,
    in_order,
)
from truenav.features.instruments import reads as instruments
from truenav.features.taxonomies import repository
from truenav.features.taxonomies.schemas import (
    AssignmentOut,
    CategoryOut,
    ContentIn,
    NamedInstrumentOut,
    TaxonomyOut,
)
from truenav.features.taxonomies.tables import TaxonomyRow
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

MOST_TAXONOMIES = 50
Change = Callable[[Content], Content]


class TaxonomyNameTaken(TruenavError):
    """Two taxonomies of one tenant cannot share a name."""

    kind = ErrorKind.CONFLICT
    code = "taxonomy_name_taken"


class TooManyTaxonomies(TruenavError):
    """More than anybody looks at; remove one first."""

    kind = ErrorKind.CONFLICT
    code = "too_many_taxonomies"


async def get(uow: UnitOfWork, taxonomy_id: UUID) -> TaxonomyOut:
    """One taxonomy with all it holds.

    Raises:
        NotFound: none of that id that the tenant may see.
    """
    row = await _row(uow, taxonomy_id)
    return await answer(uow, row, await repository.content(uow.session, taxonomy_id))


async def _row(uow: UnitOfWork, taxonomy_id: UUID) -> TaxonomyRow:
    found = await repository.find(uow.session, taxonomy_id)
    if found is None:
        raise NotFound("no such taxonomy")
    return found


async def answer(uow: UnitOfWork, row: TaxonomyRow, content: Content) -> TaxonomyOut:
    """What a taxonomy holds, as it is shown."""
    named = await instruments.visible(uow.session, content.weights)
    return TaxonomyOut(
        id=row.id,
        name=row.name,
        starter=row.starter,  # type: ignore[arg-type]  # a check constraint knows them
        version=row.version,
        categories=[CategoryOut.model_validate(c) for c in in_order(content.categories)],
        assignments=[
            AssignmentOut(instrument_id=instrument_id, category_id=key, weight_ratio=weight)
            for instrument_id, parts in content.weights.items()
            for key, weight in parts.items()
        ],
        instruments=sorted(
            (NamedInstrumentOut(id=i.id, symbol=i.symbol, name=i.name) for i in named.values()),
            key=lambda item: (item.symbol, item.id),
        ),
    )


async def create(
    uow: UnitOfWork, name: str, content: Content, starter: Starter | None = None
) -> TaxonomyOut:
    """A taxonomy that holds something from the start.

    Raises:
        TaxonomyNameTaken: there is one of that name.
        TooManyTaxonomies: there are 50.
        BadTaxonomy: what it is to hold is no tree.
    """
    check(content)
    if len(await repository.all_taxonomies(uow.session)) >= MOST_TAXONOMIES:
        raise TooManyTaxonomies(f"no more than {MOST_TAXONOMIES} taxonomies")
    row = TaxonomyRow(tenant_id=uow.tenant_id, id=new_id(), name=name, starter=starter, version=1)
    uow.session.add(row)
    try:
        # now, so that a taken name is a conflict here and not a failing commit later
        await uow.session.flush()
    except IntegrityError as error:
        raise TaxonomyNameTaken("there is a taxonomy of that name", name=name) from error
    await repository.store(uow.session, uow.tenant_id, row.id, Content({}, {}), content)
    await record(
        uow, "taxonomy.created", "taxonomy", row.id, new_value={"name": name, "starter": starter}
    )
    return await answer(uow, row, content)


def starting(starter: Starter | None) -> Content:
    """A ready tree as a tenant's own categories; nothing in it yet."""
    categories: dict[CategoryId, Category] = {}
    tree = STARTERS[starter] if starter is not None else {}
    for position, (name, below) in enumerate(tree.items()):
        top = Category(
            id=CategoryId(new_id()), parent_id=None, name=name, position=position,
            color_index=position % COLORS,
        )  # fmt: skip
        categories[top.id] = top
        for place, child in enumerate(below):
            made = Category(
                id=CategoryId(new_id()), parent_id=top.id, name=child, position=place,
                color_index=top.color_index,
            )  # fmt: skip
            categories[made.id] = made
    return Content(categories, {})


async def rename(uow: UnitOfWork, taxonomy_id: UUID, version: int, name: str) -> TaxonomyOut:
    """Call a taxonomy something else.

    Raises:
        NotFound: no such taxonomy.
        StaleVersion: somebody changed it since; carries the current state.
        TaxonomyNameTaken: there is another one of that name.
    """
    before = await _row(uow, taxonomy_id)
    old = before.name
    try:
        await _claim(uow, taxonomy_id, version, {"name": name})
    except IntegrityError as error:
        raise TaxonomyNameTaken("there is a taxonomy of that name", name=name) from error
    await record(
        uow, "taxonomy.renamed", "taxonomy", taxonomy_id,
        old_value={"name": old}, new_value={"name": name},
    )  # fmt: skip
    return await get(uow, taxonomy_id)


async def _claim(
    uow: UnitOfWork, taxonomy_id: UUID, version: int, values: Mapping[str, object]
) -> None:
    """Take the next version; whoever saw another one is told what there is now."""
    if not await repository.change(uow.session, taxonomy_id, version, values):
        current = await get(uow, taxonomy_id)
        raise StaleVersion("somebody else changed it", current.model_dump(mode="json"))


async def remove(uow: UnitOfWork, taxonomy_id: UUID, version: int) -> None:
    """Remove a taxonomy and all in it.

    Raises:
        NotFound: no such taxonomy.
        StaleVersion: somebody changed it since; carries the current state.
    """
    old = await get(uow, taxonomy_id)
    if not await repository.remove(uow.session, taxonomy_id, version):
        raise StaleVersion("somebody else changed it", old.model_dump(mode="json"))
    await record(uow, "taxonomy.removed", "taxonomy", taxonomy_id, old_value={"name": old.name})


async def edit(
    uow: UnitOfWork, taxonomy_id: UUID, version: int, change: Change, *, said: str
) -> TaxonomyOut:
    """Change what a taxonomy holds, all of it or nothing.

    Raises:
        NotFound: no such taxonomy.
        StaleVersion: somebody changed it since; carries the current state.
        BadTaxonomy: it would be no tree, or weights more than the whole.
    """
    await _row(uow, taxonomy_id)
    await _claim(uow, taxonomy_id, version, {})
    before = await repository.content(uow.session, taxonomy_id)
    after = change(before)
    await _refuse_strangers(uow, after.weights.keys() - before.weights.keys())
    if not await repository.store(uow.session, uow.tenant_id, taxonomy_id, before, after):
        raise InvalidFields([("/body/categories", "an id stands for something else")])
    await record(
        uow, f"taxonomy.{said}", "taxonomy", taxonomy_id,
        old_value={"version": version}, new_value={"version": version + 1},
    )  # fmt: skip
    return await answer(uow, await _row(uow, taxonomy_id), after)


async def _refuse_strangers(uow: UnitOfWork, instrument_ids: Iterable[UUID]) -> None:
    wanted = set(instrument_ids)
    if wanted - set(await instruments.visible(uow.session, wanted)):
        raise NotFound("no such instrument")


def known_category(content: Content, category_id: UUID) -> CategoryId:
    """The id of a category there is.

    Raises:
        NotFound: there is none of that id in the taxonomy.
    """
    if CategoryId(category_id) not in content.categories:
        raise NotFound("no such category")
    return CategoryId(category_id)


def wanted_content(body: ContentIn) -> Content:
    """All a body says a taxonomy is to hold.

    Raises:
        InvalidFields: a category or an assignment stands twice.
        BadTaxonomy: no tree, or weights more than the whole.
    """
    categories = {
        CategoryId(c.id): Category(
            id=CategoryId(c.id),
            parent_id=CategoryId(c.parent_id) if c.parent_id is not None else None,
            name=c.name,
            position=c.position,
            color_index=c.color_index,
        )
        for c in body.categories
    }
    weights: dict[UUID, dict[CategoryId, Decimal]] = {}
    for item in body.assignments:
        parts = weights.setdefault(item.instrument_id, {})
        parts[CategoryId(item.category_id)] = item.weight_ratio
    if len(categories) < len(body.categories):
        raise InvalidFields([("/body/categories", "a category stands once")])
    if sum(map(len, weights.values())) < len(body.assignments):
        raise InvalidFields([("/body/assignments", "an instrument is once in a category")])
    return check(Content(categories, weights))

"""Routes of taxonomies."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from truenav.core.errors import ErrorKind
from truenav.core.ids import CategoryId
from truenav.core.taxonomies import editing
from truenav.core.taxonomies.starters import STARTERS
from truenav.core.taxonomies.tree import Content
from truenav.features.taxonomies import portable, repository, service
from truenav.features.taxonomies.classifying import classify
from truenav.features.taxonomies.schemas import (
    AssignmentsIn,
    CategoryIn,
    CategoryPatchIn,
    ClassifiedOut,
    ClassifyIn,
    ContentIn,
    ImportedTaxonomyOut,
    PortableTaxonomy,
    TaxonomyIn,
    TaxonomyListOut,
    TaxonomyOut,
    TaxonomyPatchIn,
    TaxonomySummaryOut,
)
from truenav.platform.clock import new_id
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.idempotency import IdempotencyKey, once
from truenav.platform.problems import InvalidFields, problems

router = APIRouter(prefix="/api/v1/taxonomies", tags=["taxonomies"], responses=GUARDED)
CONFLICT = problems(ErrorKind.CONFLICT, ErrorKind.TOO_LARGE)
SeenVersion = Annotated[int, Query(ge=1, le=2**31 - 1, description="The one the editor saw")]


@router.get("", operation_id="listTaxonomies")
async def list_taxonomies(uow: Uow) -> TaxonomyListOut:
    """The taxonomies of the portfolio, oldest first, and the ready trees there are."""
    counts = await repository.counts(uow.session)
    return TaxonomyListOut(
        items=[
            TaxonomySummaryOut(
                id=row.id,
                name=row.name,
                starter=row.starter,  # type: ignore[arg-type]  # a check constraint knows them
                version=row.version,
                category_count=counts.get(row.id, (0, 0))[0],
                instrument_count=counts.get(row.id, (0, 0))[1],
            )
            for row in await repository.all_taxonomies(uow.session)
        ],
        starters=list(STARTERS),
    )


@router.post(
    "", operation_id="createTaxonomy", status_code=status.HTTP_201_CREATED, responses=CONFLICT
)
async def create_taxonomy(
    body: TaxonomyIn, request: Request, uow: Uow, idempotency_key: IdempotencyKey = None
) -> TaxonomyOut:
    """Make a taxonomy, empty or from a ready tree."""

    async def act() -> TaxonomyOut:
        content = service.starting(body.starter)
        return await service.create(uow, body.name, content, body.starter)

    return await once(uow, request, idempotency_key, body, TaxonomyOut, act)


@router.post(
    "/import", operation_id="importTaxonomy", status_code=status.HTTP_201_CREATED,
    responses=CONFLICT,
)  # fmt: skip
async def import_taxonomy(
    body: PortableTaxonomy, request: Request, uow: Uow, idempotency_key: IdempotencyKey = None
) -> ImportedTaxonomyOut:
    """Make a taxonomy from an exported file."""

    async def act() -> ImportedTaxonomyOut:
        return await portable.imported(uow, body)

    return await once(uow, request, idempotency_key, body, ImportedTaxonomyOut, act)


@router.get("/{taxonomy_id}", operation_id="getTaxonomy")
async def get_taxonomy(taxonomy_id: UUID, uow: Uow) -> TaxonomyOut:
    """One taxonomy: its tree, and what is put where."""
    return await service.get(uow, taxonomy_id)


@router.get("/{taxonomy_id}/export", operation_id="getTaxonomyExport")
async def export_taxonomy(taxonomy_id: UUID, uow: Uow) -> PortableTaxonomy:
    """The taxonomy as a file that another portfolio can read."""
    return await portable.exported(uow, taxonomy_id)


@router.patch("/{taxonomy_id}", operation_id="renameTaxonomy", responses=CONFLICT)
async def rename_taxonomy(taxonomy_id: UUID, body: TaxonomyPatchIn, uow: Uow) -> TaxonomyOut:
    """Call it something else; `version` is the one the editor saw."""
    return await service.rename(uow, taxonomy_id, body.version, body.name)


@router.delete(
    "/{taxonomy_id}", operation_id="removeTaxonomy", status_code=status.HTTP_204_NO_CONTENT,
    responses=CONFLICT,
)  # fmt: skip
async def remove_taxonomy(taxonomy_id: UUID, version: SeenVersion, uow: Uow) -> None:
    """Remove a taxonomy and all in it."""
    await service.remove(uow, taxonomy_id, version)


@router.put("/{taxonomy_id}/content", operation_id="replaceTaxonomy", responses=CONFLICT)
async def replace_taxonomy(taxonomy_id: UUID, body: ContentIn, uow: Uow) -> TaxonomyOut:
    """Put all it held at another time in the place of what it holds: how a change is taken back."""
    wanted = service.wanted_content(body)
    return await service.edit(uow, taxonomy_id, body.version, lambda _: wanted, said="replaced")


@router.post("/{taxonomy_id}/categories", operation_id="addCategory", responses=CONFLICT)
async def add_category(taxonomy_id: UUID, body: CategoryIn, uow: Uow) -> TaxonomyOut:
    """A new category, the last below its parent."""
    made = CategoryId(new_id())

    def change(content: Content) -> Content:
        parent = body.parent_id
        place = service.known_category(content, parent) if parent is not None else None
        return editing.add(content, made, place, body.name)

    return await service.edit(uow, taxonomy_id, body.version, change, said="category_added")


@router.patch(
    "/{taxonomy_id}/categories/{category_id}", operation_id="changeCategory", responses=CONFLICT
)
async def change_category(
    taxonomy_id: UUID, category_id: UUID, body: CategoryPatchIn, uow: Uow
) -> TaxonomyOut:
    """Rename, color or move a category."""

    def change(content: Content) -> Content:
        key = service.known_category(content, category_id)
        named = editing.rename(content, key, body.name, body.color_index)
        if body.place is None:
            return named
        parent = body.place.parent_id
        place = service.known_category(content, parent) if parent is not None else None
        return editing.move(named, key, place, body.place.position)

    return await service.edit(uow, taxonomy_id, body.version, change, said="category_changed")


@router.delete(
    "/{taxonomy_id}/categories/{category_id}", operation_id="removeCategory", responses=CONFLICT
)
async def remove_category(
    taxonomy_id: UUID,
    category_id: UUID,
    version: SeenVersion,
    uow: Uow,
    move_to: UUID | None = None,
) -> TaxonomyOut:
    """Without a category and all below it; what was in them goes to `move_to`, or nowhere."""

    def change(content: Content) -> Content:
        key = service.known_category(content, category_id)
        place = service.known_category(content, move_to) if move_to is not None else None
        return editing.remove(content, key, place)

    return await service.edit(uow, taxonomy_id, version, change, said="category_removed")


@router.put("/{taxonomy_id}/assignments", operation_id="assignInstruments", responses=CONFLICT)
async def assign_instruments(taxonomy_id: UUID, body: AssignmentsIn, uow: Uow) -> TaxonomyOut:
    """Other weights for some instruments, one or many; none leaves one uncategorized."""
    weights = {
        item.instrument_id: {CategoryId(w.category_id): w.weight_ratio for w in item.weights}
        for item in body.items
    }
    twice = [i for i in body.items if len({w.category_id for w in i.weights}) < len(i.weights)]
    if len(weights) < len(body.items) or twice:
        raise InvalidFields([("/body/items", "an instrument and a category stand once")])

    def change(content: Content) -> Content:
        return editing.assign(content, weights)

    return await service.edit(uow, taxonomy_id, body.version, change, said="assigned")


@router.post("/{taxonomy_id}/classify", operation_id="classifyInstruments", responses=CONFLICT)
async def classify_instruments(taxonomy_id: UUID, body: ClassifyIn, uow: Uow) -> ClassifiedOut:
    """Put instruments where pasted lines say; a preview tells what they would do."""
    return await classify(uow, taxonomy_id, body)

"""Which group a segment belongs to: by what it is, where it lies, or a taxonomy of the tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import CategoryId
from truenav.core.performance.attribution import Grouping
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.slices import Slice
from truenav.features.performance.attribution_schemas import By
from truenav.features.taxonomies.reads import Chosen, categories_of, weights_of
from truenav.features.valuation.explain import Named
from truenav.features.valuation.series import Scope
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork

CASH, UNCATEGORIZED = "cash", "uncategorized"
ONE, ZERO = Decimal(1), Decimal(0)
EVERY = Chosen()


@dataclass(frozen=True, slots=True)
class Grouped:
    """What the groups are; a taxonomy is named by its id."""

    by: By
    taxonomy_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Classed(Named):
    """What an instrument is, as far as groups go by it."""

    asset_class: str
    currency: str


@dataclass(frozen=True, slots=True)
class Categories:
    """The top categories of a taxonomy, and how much of each instrument belongs to which."""

    labels: Mapping[str, str]
    shares: Mapping[UUID, Mapping[str, Decimal]]


async def categories_for(
    uow: UnitOfWork, by: By, taxonomy_id: UUID | None, chosen: Chosen = EVERY
) -> Categories | None:
    """What a grouping by a taxonomy goes by, funds looked through; None for any other.

    Of a slice by categories of that taxonomy, what of an instrument is in it goes by these alone.

    Raises:
        InvalidFields: a taxonomy is wanted and none is named.
        NotFound: no such taxonomy.
    """
    if by != "taxonomy":
        return None
    if taxonomy_id is None:
        raise InvalidFields([("/query/taxonomy_id", "name the taxonomy to group by")])
    found = await categories_of(uow.session, taxonomy_id)
    if found is None:
        raise NotFound("no such taxonomy")
    parents = {category.id: category.parent_id for category in found}
    shares = {
        key: _of_tops(weights, parents)
        for key, weights in (await weights_of(uow.session, taxonomy_id, chosen)).items()
    }
    labels = {str(one.id): one.name for one in found if one.parent_id is None}
    return Categories({**labels, UNCATEGORIZED: "Not classified"}, shares)


def _of_tops(
    weights: Sequence[tuple[CategoryId | None, Decimal]],
    parents: Mapping[CategoryId, CategoryId | None],
) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for category, weight in weights:
        top = category
        while top is not None and (above := parents[top]) is not None:
            top = above
        key = UNCATEGORIZED if top is None else str(top)
        found[key] = found.get(key, ZERO) + weight
    return found


def grouping_by(
    by: By, of: Slice, instruments: Mapping[UUID, Classed], categories: Categories | None
) -> Grouping:
    """Groups of each segment with the part of it that belongs to them and to the slice."""

    def key(account_id: UUID, segment: Segment) -> str:
        if by == "account":
            return str(account_id)
        if isinstance(segment, str):
            return {"instrument": f"{CASH}:{segment}", "currency": segment}.get(by, CASH)
        row = instruments[segment]
        return {"instrument": str(segment), "currency": row.currency}.get(by, row.asset_class)

    def groups(account_id: UUID, segment: Segment) -> Sequence[tuple[str, Decimal]]:
        weight = of.weight(segment)
        if not weight:
            return []
        if categories is None or isinstance(segment, str):
            return [(key(account_id, segment), weight)]
        shares = categories.shares.get(segment, {UNCATEGORIZED: ONE})
        return [(name, weight * share) for name, share in shares.items() if share]

    return groups


def labels_of(
    by: By, scope: Scope, instruments: Mapping[UUID, Classed], categories: Categories | None
) -> Mapping[str, str]:
    """Names of the groups that are no words themselves."""
    if categories is not None:
        return categories.labels
    if by == "account":
        return {str(account.id): account.name for account in scope.accounts}
    if by == "instrument":
        return {str(key): row.symbol for key, row in instruments.items()}
    return {}


def label_of(key: str) -> str:
    """What a group without a name of its own is called."""
    if key.startswith(f"{CASH}:"):
        return f"Cash {key.removeprefix(f'{CASH}:')}"
    return key if key.isupper() else key.capitalize()

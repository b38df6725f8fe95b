"""A taxonomy: a tree of categories, and how much of each instrument belongs to which of them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.ids import CategoryId
from truenav.core.money import exact

ZERO = Decimal(0)
ONE = Decimal(1)
MOST_CATEGORIES = 500
MOST_LEVELS = 6
# So many places keep products down a chain of funds exact in 60 digits (see `weights`).
WEIGHT_PLACES = 8
COLORS = 12
K = TypeVar("K", bound=Hashable)
Weights = Mapping[UUID, Mapping[CategoryId, Decimal]]  # instrument → category → ratio


class BadTaxonomy(TruenavError):
    """A tree that is none, or weights that are more than the whole; `fault` says which."""

    kind = ErrorKind.UNPROCESSABLE
    code = "bad_taxonomy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One category. `position` orders siblings from 0; `color_index` is a place in the palette."""

    id: CategoryId
    parent_id: CategoryId | None
    name: str
    position: int
    color_index: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a taxonomy holds. What the weights of an instrument leave of 1 is uncategorized."""

    categories: Mapping[CategoryId, Category]
    weights: Weights


def children_of(
    categories: Mapping[CategoryId, Category], parent_id: CategoryId | None
) -> list[Category]:
    """The categories right below one (None: at the top), in their order."""
    found = [c for c in categories.values() if c.parent_id == parent_id]
    return sorted(found, key=lambda c: (c.position, c.name, c.id))


def subtree(categories: Mapping[CategoryId, Category], category_id: CategoryId) -> list[CategoryId]:
    """A category and all below it, parents first."""
    found = [category_id]
    for place in found:  # grows while it is walked
        found += [child.id for child in children_of(categories, place)]
    return found


def in_order(categories: Mapping[CategoryId, Category]) -> list[Category]:
    """All categories as a person reads the tree: each followed by what is below it."""
    return [
        categories[key]
        for top in children_of(categories, None)
        for key in _depth_first(categories, top.id)
    ]


def _depth_first(
    categories: Mapping[CategoryId, Category], category_id: CategoryId
) -> list[CategoryId]:
    below = [
        key
        for child in children_of(categories, category_id)
        for key in _depth_first(categories, child.id)
    ]
    return [category_id, *below]


def path_of(categories: Mapping[CategoryId, Category], category_id: CategoryId) -> tuple[str, ...]:
    """The names from the top down to a category."""
    names: list[str] = []
    place: CategoryId | None = category_id
    while place is not None:
        names.append(categories[place].name)
        place = categories[place].parent_id
    return tuple(reversed(names))


def check(content: Content) -> Content:
    """The same content, proved to be a tree with honest weights.

    Raises:
        BadTaxonomy: a parent that is missing or below its child, two siblings of one name, too
            many or too deep; a weight that is not in (0, 1] or too fine, weights above 1.
    """
    categories = content.categories
    if len(categories) > MOST_CATEGORIES:
        raise BadTaxonomy(f"no more than {MOST_CATEGORIES} categories", fault="too_many")
    for category in categories.values():
        if category.parent_id is not None and category.parent_id not in categories:
            raise BadTaxonomy(f"{category.name}: its parent is missing", fault="no_parent")
    reached = [key for top in children_of(categories, None) for key in subtree(categories, top.id)]
    if len(reached) < len(categories):
        raise BadTaxonomy("a category cannot be below itself", fault="cycle")
    if any(len(path_of(categories, key)) > MOST_LEVELS for key in categories):
        raise BadTaxonomy(f"no more than {MOST_LEVELS} levels", fault="too_deep")
    _check_names(categories.values())
    for parts in content.weights.values():
        _check_weights(parts, categories)
    return content


def _check_names(categories: Iterable[Category]) -> None:
    seen: set[tuple[CategoryId | None, str]] = set()
    for category in categories:
        key = category.parent_id, category.name.casefold()
        if key in seen:
            raise BadTaxonomy(
                f"two categories there are called {category.name}", fault="name_taken"
            )
        seen.add(key)


@exact
def _check_weights(
    parts: Mapping[CategoryId, Decimal], categories: Mapping[CategoryId, Category]
) -> None:
    if not all(key in categories for key in parts):
        raise BadTaxonomy("there is no such category in this taxonomy", fault="no_category")
    if not all(is_weight(weight) for weight in parts.values()):
        raise BadTaxonomy(
            f"a weight is above 0, at most 1, with {WEIGHT_PLACES} places", fault="weight"
        )
    if sum(parts.values(), ZERO) > ONE:
        raise BadTaxonomy("the weights of an instrument come to more than 1", fault="over_whole")


def is_weight(weight: Decimal) -> bool:
    """Whether a ratio is in (0, 1] with no more than 8 places."""
    return ZERO < weight <= ONE and weight == weight.quantize(ONE.scaleb(-WEIGHT_PLACES))


@exact
def added_up(
    parents: Mapping[K, K | None], own: Mapping[K, Decimal | None]
) -> dict[K, Decimal | None]:
    """What each node of a tree comes to: its own and all its children's; None as soon as one is.

    Args:
        parents: Every node → its parent, None at the top; no cycles.
        own: What belongs to a node itself; a node that is not named has 0.
    """
    sums: dict[K, Decimal | None] = dict.fromkeys(parents, ZERO)
    for key in parents:
        amount = own.get(key, ZERO)
        place: K | None = key
        while place is not None:
            before = sums[place]
            sums[place] = before + amount if before is not None and amount is not None else None
            place = parents[place]
    return sums


def renumbered(
    categories: Mapping[CategoryId, Category], siblings: Sequence[Category]
) -> dict[CategoryId, Category]:
    """The categories with these siblings in this order, positions from 0."""
    found = dict(categories)
    for position, category in enumerate(siblings):
        found[category.id] = Category(
            id=category.id,
            parent_id=category.parent_id,
            name=category.name,
            position=position,
            color_index=category.color_index,
        )
    return found

"""Changes of a taxonomy, as functions from what it holds to what it holds then."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import CategoryId
from truenav.core.money import exact
from truenav.core.taxonomies.tree import (
    COLORS,
    ZERO,
    BadTaxonomy,
    Category,
    Content,
    check,
    children_of,
    renumbered,
    subtree,
)


def add(
    content: Content, category_id: CategoryId, parent_id: CategoryId | None, name: str
) -> Content:
    """A new category, the last of its siblings.

    Raises:
        BadTaxonomy: no such parent, the name is taken there, too many or too deep.
    """
    siblings = children_of(content.categories, parent_id)
    parent = content.categories.get(parent_id) if parent_id is not None else None
    made = Category(
        id=category_id,
        parent_id=parent_id,
        name=name,
        position=len(siblings),
        color_index=parent.color_index if parent else len(siblings) % COLORS,
    )
    return check(Content({**content.categories, category_id: made}, content.weights))


def rename(
    content: Content, category_id: CategoryId, name: str | None, color_index: int | None
) -> Content:
    """Another name, another color, or both; None leaves it.

    Raises:
        BadTaxonomy: a sibling has that name.
    """
    found = content.categories[category_id]
    changed = replace(
        found,
        name=found.name if name is None else name,
        color_index=found.color_index if color_index is None else color_index,
    )
    return check(Content({**content.categories, category_id: changed}, content.weights))


def move(
    content: Content, category_id: CategoryId, parent_id: CategoryId | None, position: int
) -> Content:
    """Put a category, with all below it, somewhere else among the children of a parent.

    `position` counts the siblings without it; beyond the last is the last.

    Raises:
        BadTaxonomy: the parent is missing, or is the category or below it; a name taken there.
    """
    moved = replace(content.categories[category_id], parent_id=parent_id)
    if parent_id is not None and parent_id in subtree(content.categories, category_id):
        raise BadTaxonomy("a category cannot be below itself", fault="cycle")
    others = {key: c for key, c in content.categories.items() if key != category_id}
    left = content.categories[category_id].parent_id
    siblings = children_of(others, parent_id)
    placed = [*siblings[:position], moved, *siblings[position:]]
    categories = renumbered({**others, category_id: moved}, placed)
    if left != parent_id:
        categories = renumbered(categories, children_of(categories, left))
    return check(Content(categories, content.weights))


@exact
def remove(content: Content, category_id: CategoryId, move_to: CategoryId | None) -> Content:
    """Without a category and all below it; its instruments go to another one, or to none.

    Raises:
        BadTaxonomy: they would go to what is removed, or to what is not there.
    """
    gone = set(subtree(content.categories, category_id))
    if move_to is not None and (move_to in gone or move_to not in content.categories):
        raise BadTaxonomy("the instruments must go to a category that stays", fault="no_category")
    left = content.categories[category_id].parent_id
    categories = {key: c for key, c in content.categories.items() if key not in gone}
    categories = renumbered(categories, children_of(categories, left))
    weights: dict[UUID, dict[CategoryId, Decimal]] = {}
    for instrument_id, parts in content.weights.items():
        kept = {key: weight for key, weight in parts.items() if key not in gone}
        lost = sum((weight for key, weight in parts.items() if key in gone), ZERO)
        if lost and move_to is not None:
            kept[move_to] = kept.get(move_to, ZERO) + lost
        if kept:
            weights[instrument_id] = kept
    return check(Content(categories, weights))


def assign(content: Content, weights: Mapping[UUID, Mapping[CategoryId, Decimal]]) -> Content:
    """Other weights for some instruments; none for one leaves it uncategorized.

    Raises:
        BadTaxonomy: no such category, a weight that is none, or more than the whole.
    """
    changed = {**content.weights, **weights}
    return check(Content(content.categories, {key: w for key, w in changed.items() if w}))

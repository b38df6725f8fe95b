"""How much of each instrument taxonomies put in the part of the portfolio a report is of."""

from collections.abc import Mapping
from typing import Any

from truenav.core.ids import InstrumentId
from truenav.features.taxonomies.reads import categories_of, taxonomies
from truenav.features.valuation.repository import ever_held
from truenav.features.valuation.series import Scope
from truenav.features.valuation.slicing import ONE, Filters, slice_of
from truenav.platform.unit_of_work import UnitOfWork

Json = dict[str, Any]


async def classified(uow: UnitOfWork, scope: Scope) -> dict[str, Json]:
    """The weight of everything that was held, of each taxonomy that the filters name.

    One that is gone is left out.
    """
    if not scope.filters.is_of_classes:
        return {}
    rows = (await ever_held(uow.session, scope.account_ids)).instruments
    held = [InstrumentId(row.id) for row in rows]
    found = {}
    for row in await taxonomies(uow.session):
        own = {category.id for category in await categories_of(uow.session, row.id) or ()}
        mine = Filters(
            category_ids=tuple(key for key in scope.filters.category_ids if key in own),
            unclassified_in=tuple(key for key in scope.filters.unclassified_in if key == row.id),
        )
        if not mine.is_of_classes:
            continue
        of = await slice_of(uow, scope.account_ids, mine)
        weights = {key: ONE if of is None else of.weight(key) for key in held}
        told = {str(key): format(weight.normalize(), "f") for key, weight in weights.items()}
        found[str(row.id)] = {"name": row.name, "weights": told}
    return found


def reclassified(kept: Mapping[str, Json], today: Mapping[str, Json]) -> list[str]:
    """Names of taxonomies that give another weight to something that was held then."""
    return sorted(
        now["name"]
        for key, now in today.items()
        if key in kept and _differs(kept[key]["weights"], now["weights"])
    )


def _differs(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return any(now.get(key, weight) != weight for key, weight in before.items())

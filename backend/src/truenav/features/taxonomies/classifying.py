"""Classifications pasted as lines: read whole, told line by line, kept all or not at all."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import CategoryId
from truenav.core.taxonomies import editing
from truenav.core.taxonomies.pasted import ClassLine, Fault, PartLine, read_classes, read_parts
from truenav.core.taxonomies.tree import ZERO, BadTaxonomy, Content, path_of
from truenav.features.instruments import reads as instruments
from truenav.features.taxonomies import repository, service
from truenav.features.taxonomies.schemas import (
    ClassifiedOut,
    ClassifyIn,
    FundPartOut,
    LineFaultOut,
    PastedPartsOut,
)
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import UnitOfWork

Called = Mapping[str, list[UUID]]


async def classify(uow: UnitOfWork, taxonomy_id: UUID, body: ClassifyIn) -> ClassifiedOut:
    """Put the instruments of some lines where the lines say, replacing their weights.

    Raises:
        NotFound: no such taxonomy.
        StaleVersion: somebody changed it since; carries the current state.
    """
    current = await service.get(uow, taxonomy_id)
    before = await repository.content(uow.session, taxonomy_id)
    lines, faults = read_classes(body.text)
    called = await instruments.called(uow.session, {line.instrument for line in lines})
    faults += _unknown(lines, called)
    after = before
    if not faults:
        try:
            after = _classified(before, lines, called)
        except BadTaxonomy as error:
            faults.append(Fault(0, str(error)))
    is_done = not faults and not body.is_preview and bool(lines)
    if is_done:
        change = _classification(lines, called)
        current = await service.edit(uow, taxonomy_id, body.version, change, said="classified")
    return ClassifiedOut(
        is_done=is_done,
        instrument_count=len({called[line.instrument][0] for line in lines}) if not faults else 0,
        new_category_count=len(after.categories) - len(before.categories),
        faults=[LineFaultOut(line=f.line, message=f.message) for f in faults[:100]],
        taxonomy=current,
    )


def _classification(lines: Iterable[ClassLine], called: Called) -> service.Change:
    kept = list(lines)
    return lambda content: _classified(content, kept, called)


def _classified(content: Content, lines: Iterable[ClassLine], called: Called) -> Content:
    places = {
        tuple(name.casefold() for name in path_of(content.categories, key)): key
        for key in content.categories
    }
    weights: dict[UUID, dict[CategoryId, Decimal]] = {}
    for line in lines:
        for depth in range(1, len(line.path) + 1):
            path = tuple(name.casefold() for name in line.path[:depth])
            if path not in places:
                places[path] = CategoryId(new_id())
                parent = places[path[:-1]] if depth > 1 else None
                content = editing.add(content, places[path], parent, line.path[depth - 1])
        place = places[tuple(name.casefold() for name in line.path)]
        parts = weights.setdefault(called[line.instrument][0], {})
        parts[place] = parts.get(place, ZERO) + line.weight
    return editing.assign(content, weights)


def _unknown(lines: Iterable[ClassLine | PartLine], called: Called) -> list[Fault]:
    faults = []
    for line in lines:
        count = len(called.get(line.instrument, ()))
        if count == 0:
            faults.append(Fault(line.line, f"nothing here is called {line.instrument[:40]}"))
        elif count > 1:
            faults.append(Fault(line.line, f"{line.instrument[:40]} is the name of {count}"))
    return faults


async def pasted_parts(uow: UnitOfWork, text: str) -> PastedPartsOut:
    """Parts of a fund read from lines; nothing is kept."""
    lines, faults = read_parts(text)
    called = await instruments.called(uow.session, {line.instrument for line in lines})
    faults += _unknown(lines, called)
    weights: dict[UUID, Decimal] = {}
    for line in lines:
        if len(found := called.get(line.instrument, [])) == 1:
            weights[found[0]] = weights.get(found[0], ZERO) + line.weight
    rows = await instruments.visible(uow.session, weights)
    return PastedPartsOut(
        parts=[
            FundPartOut(
                instrument_id=key, symbol=rows[key].symbol, name=rows[key].name,
                weight_ratio=weight,
            )
            for key, weight in weights.items()
        ],
        faults=[LineFaultOut(line=f.line, message=f.message) for f in faults[:100]],
    )  # fmt: skip

"""The page of the allocation: what is held by any cut, level by level, with every position."""

from datetime import date
from decimal import Decimal
from typing import Final

from truenav.core.valuation.nav import VERSION, Unknown
from truenav.core.valuation.parts import Piece
from truenav.features.valuation import repository
from truenav.features.valuation.allocation import places, ratio_of
from truenav.features.valuation.explain import explained
from truenav.features.valuation.holdings import holdings_of
from truenav.features.valuation.parts import Breakdown, Line, broken_down
from truenav.features.valuation.parts_schemas import (
    PartHoldingOut,
    PartNodeOut,
    PartsConventionsOut,
    PartsOut,
)
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

CONVENTIONS: Final = PartsConventionsOut(
    prices="the last close on or before the day",
    rates="of the day, or the last within 7 days",
    weights="of the net asset value of what is shown",
    short_positions="subtracted",
    calculation_version=VERSION.number,
)


async def parts_page(
    uow: UnitOfWork, scope: Scope, as_of: date | None, by: str, *, look_through: bool
) -> PartsOut:
    """What is held by class, currency, account, instrument or taxonomy, with every position.

    Raises:
        NotFound: no such taxonomy.
    """
    holdings = await holdings_of(uow, scope, as_of)
    found = await broken_down(uow, holdings, by, look_through=look_through)
    unknowns = [
        Unknown(reason, str(line.instrument_id or line.currency))
        for line in found.lines
        for reason in line.reasons
    ]
    return PartsOut(
        as_of=found.holdings.day,
        currency=scope.currency,
        slice=scope.told,
        by=by,
        name=found.tree.name,
        nav=places(found.holdings.nav),
        nodes=_nodes(found),
        holdings=[_holding(found, piece) for piece in found.parts.pieces],
        looked_through_count=len(found.looked_through),
        unknown_count=sum(line.value is None for line in found.lines),
        unknowns=explained(unknowns, found.instruments),
        is_recomputing=await repository.is_recomputing(uow.session),
        conventions=CONVENTIONS,
    )


def _nodes(found: Breakdown) -> list[PartNodeOut]:
    parents, nav = found.tree.parents, found.holdings.nav
    levels: dict[str, int] = {}
    for key in parents:
        level, place = 1, parents[key]
        while place is not None:
            level, place = level + 1, parents[place]
        levels[key] = level
    nodes = [
        PartNodeOut(
            key=key,
            parent_key=parents[key],
            level=levels[key],
            label=found.tree.labels[key],
            color_index=found.tree.colors.get(key),
            value=places(made.value),
            own_value=places(made.own),
            negative_value=places(made.negative) or Decimal(0),
            weight_ratio=ratio_of(made.value, nav),
            holding_count=made.holding_count,
            unknown_count=made.unknown_count,
        )
        for key, made in found.parts.sums.items()
        if made.holding_count
    ]
    nodes.sort(key=lambda n: (n.level, n.value is None, -(n.value or Decimal(0)), n.label))
    return nodes


def _holding(found: Breakdown, piece: Piece) -> PartHoldingOut:
    line = found.lines[piece.held]
    row = found.instruments.get(line.instrument_id) if line.instrument_id is not None else None
    return PartHoldingOut(
        node_key=piece.node,
        instrument_id=line.instrument_id,
        account_id=line.account_id,
        label=row.symbol if row is not None else _money(line),
        name=row.name if row is not None else "",
        asset_class=row.asset_class if row is not None else line.money_key,
        share_ratio=piece.share.quantize(Decimal("1E-10")),
        value=places(piece.value),
        weight_ratio=ratio_of(piece.value, found.holdings.nav),
        is_looked_through=line.instrument_id in found.looked_through,
        unknown_reasons=list(line.reasons),
    )


def _money(line: Line) -> str:
    return f"Income due in {line.currency}" if line.due is not None else f"{line.currency} cash"

"""Why a node of the allocation is what it is: the nodes below it, and its holdings' shares."""

from decimal import Decimal
from typing import Literal

from truenav.core.explanation import Node, Ref, constant, product, shown, total
from truenav.core.money import exact
from truenav.core.valuation.parts import Piece
from truenav.features.valuation.allocation import places, ratio_of
from truenav.features.valuation.explain_values import (
    Told,
    cash_node,
    due_node,
    most,
    nav_node,
    over,
)
from truenav.features.valuation.parts import CASH, Breakdown
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import NotFound

ONE_SHARE = "share that belongs here"


@exact
def explain_node(
    told: Told, found: Breakdown, key: str, figure: Literal["value", "weight_ratio"]
) -> ExplanationOut:
    """The value of a node, or its weight; `cash:USD` is the cash of one currency.

    Raises:
        NotFound: nothing held belongs to it.
    """
    node, value = _cash_of(told, key) if key.startswith(f"{CASH}:") else _found(told, found, key)
    if figure == "value":
        return explanation(places(value), shown(node))
    weight = over(node, nav_node(told), "Weight")
    return explanation(ratio_of(value, found.holdings.nav), shown(weight, 10))


def _found(told: Told, found: Breakdown, key: str) -> tuple[Node, Decimal | None]:
    made = found.parts.sums.get(key)
    if made is None or not made.holding_count:
        raise NotFound("nothing held belongs to it")
    return _node(told, found, key), made.value


def _cash_of(told: Told, key: str) -> tuple[Node, Decimal | None]:
    currency = key.removeprefix(f"{CASH}:")
    for balance in told.holdings.cash:
        if balance.currency == currency:
            lines = [line for line in told.cash if line[1] == currency]
            return cash_node(told, lines, f"{currency} cash"), balance.value
    raise NotFound("no such cash is held")


def _node(told: Told, found: Breakdown, key: str) -> Node:
    below = [
        _node(told, found, child)
        for child, parent in found.tree.parents.items()
        if parent == key and found.parts.sums[child].holding_count
    ]
    own = [_piece(told, found, piece) for piece in found.parts.pieces if piece.node == key]
    formula = "categories below + holdings" if below else "holding by holding"
    return total(found.tree.labels[key], told.scope.currency, [*below, *most(told, own)], formula)


def _piece(told: Told, found: Breakdown, piece: Piece) -> Node:
    line = found.lines[piece.held]
    if line.due is not None:
        return due_node(told, [line.due])
    if line.instrument_id is None:
        cash = [(line.account_id, line.currency, line.quantity)]
        if line.account_id is None:
            cash = [one for one in told.cash if one[1] == line.currency]
        return cash_node(told, cash, f"{line.currency} cash")
    value = told.valuing.value(line.instrument_id, line.quantity)
    if piece.share == 1:
        return value
    share = constant(piece.share, ONE_SHARE)
    made = product(value.label, told.scope.currency, (value, share), "value × share")
    return made.told(ref=Ref(instrument_id=line.instrument_id))

"""Why a part of the whole is what the allocation shows: its holdings and its cash."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import Node, shown, total
from truenav.core.money import exact
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.valuation.allocation import places, ratio_of
from truenav.features.valuation.explain_values import Told, cash_node, nav_node, over
from truenav.features.valuation.holdings import total as added
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import NotFound

Cut = Literal["asset_class", "currency", "cash"]
PartFigure = Literal["value", "weight_ratio"]


@exact
def explain_part(
    told: Told, instruments: Mapping[UUID, InstrumentRow], cut: Cut, key: str, figure: PartFigure
) -> ExplanationOut:
    """A class of assets, a currency of prices and cash, or the cash of one currency ("cash": all).

    Raises:
        NotFound: nothing held belongs to it.
    """
    items = [
        item
        for item in told.holdings.items
        if (cut == "asset_class" and instruments[item.instrument_id].asset_class == key)
        or (cut == "currency" and item.price_currency == key)
    ]
    lines = [told.valuing.value(item.instrument_id, item.quantity) for item in items]
    everything = key == "cash" and cut != "currency"
    of_cash = cut != "asset_class" or everything
    cash = [line for line in told.cash if of_cash and (everything or line[1] == key)]
    if not lines and not cash:
        raise NotFound("nothing held belongs to it")
    values: list[Decimal | None] = [item.market_value for item in items]
    values += [
        held.value
        for held in told.holdings.cash
        if held.currency in {currency for _, currency, _ in cash}
    ]
    node: Node = cash_node(told, cash, "Cash") if cash else total("", told.scope.currency, [])
    parts = [*lines, node] if cash else lines
    made = total(key, told.scope.currency, parts, "holdings + cash") if lines else node
    value = added(values)
    if figure == "value":
        return explanation(places(value), shown(made))
    weight = over(made, nav_node(told), "Weight")
    return explanation(ratio_of(value, told.holdings.nav), shown(weight, 10))

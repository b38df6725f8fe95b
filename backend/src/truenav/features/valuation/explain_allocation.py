"""Why a part of the whole is what the allocation shows: its holdings and its cash."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import shown, total
from truenav.core.money import exact
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.valuation.allocation import DUE, places, ratio_of
from truenav.features.valuation.explain_values import Told, cash_node, due_node, nav_node, over
from truenav.features.valuation.holdings import DueValue
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
    due = _due(told, cut, key)
    if key == DUE and cut != "currency":
        items, lines = [], []
    of_cash = cut != "asset_class" or everything
    cash = [line for line in told.cash if of_cash and (everything or line[1] == key)]
    if not lines and not cash and not due:
        raise NotFound("nothing held belongs to it")
    values: list[Decimal | None] = [item.market_value for item in items]
    values += [
        held.value
        for held in told.holdings.cash
        if held.currency in {currency for _, currency, _ in cash}
    ]
    values += [one.value for one in due]
    besides = [cash_node(told, cash, "Cash")] if cash else []
    besides += [due_node(told, due)] if due else []
    formula = "holdings + cash + income due" if due else "holdings + cash"
    parts = [*lines, *besides]
    made = parts[0] if len(parts) == 1 and besides else total(
        key, told.scope.currency, parts, formula
    )  # fmt: skip
    value = added(values)
    if figure == "value":
        return explanation(places(value), shown(made))
    weight = over(made, nav_node(told), "Weight")
    return explanation(ratio_of(value, told.holdings.nav), shown(weight, 10))


def _due(told: Told, cut: Cut, key: str) -> list[DueValue]:
    """Income due that belongs to the part: all of it, or that of a currency."""
    if key == DUE and cut != "currency":
        return [*told.holdings.receivables]
    found = told.holdings.receivables
    return [one for one in found if cut == "currency" and one.due.currency == key]

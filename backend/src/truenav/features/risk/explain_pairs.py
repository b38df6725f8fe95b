"""Why two holdings are said to move together: their returns on the days both have one."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import numpy as np

from truenav.core.explanation import Node, Ref
from truenav.core.money import exact
from truenav.core.risk.explaining import Sums, Told, decimal_of, pair_node
from truenav.core.risk.figures import LEAST_RETURNS
from truenav.features.risk.answer import risk_of
from truenav.features.risk.explain_asked import RiskAsked, answered
from truenav.features.risk.given import GivenRisk
from truenav.features.risk.schemas import CorrelationsOut
from truenav.features.risk.tails import Compared, compared
from truenav.features.risk.told_returns import growth_less_one
from truenav.platform.explanations import ExplanationOut
from truenav.platform.problems import InvalidFields

Pair = tuple[UUID, UUID]


def explain_pair(given: GivenRisk, asked: RiskAsked, pair: Pair) -> ExplanationOut:
    """The correlation of two holdings as the matrix has it.

    Raises:
        InvalidFields: one of them is not in the matrix.
    """
    page = risk_of(given).correlations
    of = compared(given.held.as_arrays(), given.how.window)
    if page.reason is None:
        _refuse_others(page, pair)
    common = _common(of, pair) if page.reason is None else []

    def make(sums: Sums) -> Node:
        left, right = (_returns(given, of, one, common) for one in pair)
        # of itself: the same returns, so that distances are told as squares
        return pair_node(left, left if pair[0] == pair[1] else right, sums)

    name = "Correlation" if page.reason else f"Correlation of {_names(given, pair)}"
    return answered(asked, name, _shown(page, pair, len(common)), make)


def _refuse_others(page: CorrelationsOut, pair: Pair) -> None:
    ids = {item.instrument_id for item in page.items}
    wrong = [
        (f"/query/{name}", "not one of the holdings that are compared")
        for name, one in zip(("left_id", "right_id"), pair, strict=True)
        if one not in ids
    ]
    if wrong:
        raise InvalidFields(wrong)


def _names(given: GivenRisk, pair: Pair) -> str:
    return " and ".join(given.names[one].symbol for one in pair)


def _shown(page: CorrelationsOut, pair: Pair, common: int) -> tuple[Decimal | None, str | None]:
    if page.reason is not None:
        return None, page.reason
    places = [item.instrument_id for item in page.items]
    row, column = (places.index(one) for one in pair)
    why = "too_few_returns" if common < LEAST_RETURNS else "no_variation"
    return page.rows[row][column], why


def _common(of: Compared, pair: Pair) -> list[int]:
    """Columns at which a return of both ends: each has a level there, and one before."""
    values = of.values[[of.ids.index(one) for one in pair]]
    return [
        column
        for column in range(1, len(of.days))
        if not np.isnan(values[:, column - 1 : column + 1]).any()
    ]


@exact
def _returns(given: GivenRisk, of: Compared, one: UUID, columns: Sequence[int]) -> Told:
    row, symbol = of.values[of.ids.index(one)], given.names[one].symbol
    levels = [(decimal_of(row[column]), decimal_of(row[column - 1])) for column in columns]
    days = [of.days[column] for column in columns]

    def make(place: int) -> Node:
        day, before = days[place], of.days[columns[place] - 1]
        note = f"since {before.isoformat()}, dividends reinvested, in {given.currency}"
        label = f"Return of {symbol}, {day.isoformat()}"
        moved = growth_less_one(levels[place], Ref(instrument_id=one), label)
        return moved.told(ref=Ref(instrument_id=one, day=day), note=note)

    values = [after / before - 1 for after, before in levels]
    return Told(f"{symbol}'s returns", days, values, make)

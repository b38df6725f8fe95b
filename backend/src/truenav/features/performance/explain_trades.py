"""Why a purchase has brought what it has: the lots it opened, closed and held, and their income."""

import asyncio
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import Node, NodeKind, constant, leaf, path, product, total, unknown
from truenav.core.ids import InstrumentId
from truenav.core.money import exact
from truenav.core.performance.explaining_trades import Bought, TradePart, opener, trade_part
from truenav.core.performance.trades import TradeResult, trade_results
from truenav.core.valuation.explaining import Valuing
from truenav.features.ledger import rebuilding
from truenav.features.marketdata.rates import with_sources
from truenav.features.performance.attribution_trades import trades_market
from truenav.features.performance.service import rounded
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation import repository
from truenav.features.valuation.asked import Names
from truenav.features.valuation.explain_overview import near
from truenav.features.valuation.series import Scope
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

ONE = Decimal(1)
TradeFigure = Literal["realized", "unrealized", "income", "total"]
PARTS: tuple[TradePart, ...] = ("realized", "unrealized", "income")


async def explain_trade(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, asked: tuple[UUID, TradeFigure], ways: Names
) -> ExplanationOut:
    """A figure of one purchase as the page shows it, and where it comes from.

    Raises:
        NotFound: no such purchase among these accounts, or none of the slice.
    """
    last = min(wanted.to_date or scope.as_of, scope.as_of)
    for account in scope.accounts:
        given = await rebuilding.inputs(uow.session, account, through=last)
        record = opener(given.records, asked[0])
        if record is None or record.trade_date > last:
            continue
        market = await trades_market(uow, scope, given.records, last)
        results = await asyncio.to_thread(
            trade_results, given.records, given.policy, market, scope.currency, last
        )
        if record.id not in results:
            continue
        rows = await repository.instruments(
            uow.session, [record.instrument_id] if record.instrument_id else []
        )
        bought = Bought(
            record=record,
            records=given.records,
            method=given.policy,
            valuing=Valuing(
                market=market,
                rates=await with_sources(uow.session, market.fx),
                currency=scope.currency,
                as_of=last,
                symbols={InstrumentId(key): row.symbol for key, row in rows.items()},
            ),
            result=results[record.id],
        )
        weight = ONE if scope.of is None else scope.of.weight(record.instrument_id)
        if weight:
            return await asyncio.to_thread(_explained, bought, weight, asked[1], ways)
    raise NotFound("no such purchase")


@exact
def _explained(bought: Bought, weight: Decimal, figure: TradeFigure, ways: Names) -> ExplanationOut:
    shown = {part: _shown(bought.result, part, weight) for part in PARTS}
    if figure != "total":
        node = _weighted(trade_part(bought, figure), weight)
        return explanation(shown[figure], near(node, shown[figure]).told(page="attribution"))
    parts = [_leaf(bought, part, shown[part], ways) for part in PARTS]
    made = total("Result of the purchase", bought.valuing.currency, parts,
                 "realized + unrealized + income")  # fmt: skip
    whole = bought.result.total
    kept = None if whole is None else rounded(whole * weight)
    return explanation(kept, near(made, kept).told(page="attribution"))


def _shown(result: TradeResult, part: TradePart, weight: Decimal) -> Decimal | None:
    value: Decimal | None = getattr(result, part)
    return None if value is None else rounded(value * weight)


def _weighted(node: Node, weight: Decimal) -> Node:
    if weight == ONE:
        return node
    part = constant(weight, "part that belongs here")
    return product(node.label, node.unit, (node, part), "result × part")


def _leaf(bought: Bought, part: TradePart, value: Decimal | None, ways: Names) -> Node:
    label, unit = part.capitalize(), bought.valuing.currency
    query: dict[str, object] = {
        "transaction_id": bought.record.id, "figure": part, "to": bought.valuing.as_of, **ways,
    }  # fmt: skip
    more = path("attribution/trade", **query)
    if value is None:
        codes = sorted({unknown.reason_code for unknown in bought.result.unknowns})
        return unknown(label, unit, next(iter(codes), "value_unknown")).told(more=more)
    return leaf(NodeKind.EVENT, label, unit, value).told(more=more)

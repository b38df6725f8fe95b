"""Routes that explain income: totals, one payment to come, yields."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from truenav.core.explanation import Ref, shown, unknown
from truenav.features.income.api import AskedKnown, Span
from truenav.features.income.calendar import base_of, together
from truenav.features.income.coming import projected
from truenav.features.income.explaining import (
    Part,
    YieldFigure,
    expected_node,
    projected_node,
    received_node,
    whole_yield_node,
    yield_node,
)
from truenav.features.income.gathering import received_by
from truenav.features.income.measures import measured_of, measured_one, whole
from truenav.features.income.totals import total_of
from truenav.features.marketdata.rates import with_sources
from truenav.features.valuation.allocation import places
from truenav.features.valuation.asked import AskedPart, AskedWays
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import NotFound
from truenav.platform.wire import AskedDay, CurrencyCode

router = APIRouter(prefix="/api/v1/explain/income", tags=["explanations"], responses=GUARDED)
ExDate = Annotated[AskedDay, Query(description="Its ex-date")]
PaidBy = Annotated[UUID | None, Query(description="The instrument; none for interest on cash")]
Whole = Literal["trailing", "forward", "on_cost"]


@router.get("", operation_id="explainIncome")
async def explain_income(
    uow: Uow, scope: AskedPart, span: Span, ways: AskedWays, figure: Part = "net"
) -> ExplanationOut:
    """What was received in a span, payment by payment."""
    received = await received_by(uow, scope)
    payments = received.between(*span)
    rates = await with_sources(uow.session, received.fx)
    node = received_node(received, payments, figure, rates)
    answer = explanation(places(getattr(total_of(received, payments), figure)), shown(node))
    return ways.carried(answer)


@router.get("/projection", operation_id="explainIncomeProjection")
async def explain_projection(
    uow: Uow, known: AskedKnown, ways: AskedWays, figure: Part = "net"
) -> ExplanationOut:
    """What is expected in the next twelve months, payment by payment."""
    found = projected(known)
    rates = await with_sources(uow.session, known.received.fx)
    node = projected_node(known, found, figure, rates, known.scope.account_id)
    value = places(getattr(together(known, found), figure))
    return ways.carried(explanation(value, shown(node)))


@router.get("/payment", operation_id="explainIncomePayment")
async def explain_payment(
    uow: Uow,
    known: AskedKnown,
    ways: AskedWays,
    paid_in: UUID,
    ex_date: ExDate,
    paid_by: PaidBy = None,
    paid_currency: CurrencyCode | None = None,
    figure: Part = "net",
) -> ExplanationOut:
    """One payment to come: units × amount, the tax expected, today's rate."""
    for one in projected(known):
        is_it = (one.account_id, one.instrument_id, one.ex_date) == (paid_in, paid_by, ex_date)
        if is_it and paid_currency in {None, one.currency}:
            rates = await with_sources(uow.session, known.received.fx)
            node = expected_node(known, one, figure, rates)
            value = places(getattr(base_of(known, one), figure))
            return ways.carried(explanation(value, shown(node)))
    if paid_by is not None and not any(
        (held, key) == (paid_in, paid_by) for held, key, _ in known.units
    ):
        raise NotFound("no such holding")
    ref = Ref(account_id=paid_in, instrument_id=paid_by, day=ex_date)
    label = f"Payment with the ex-date {ex_date.isoformat()}"
    return explanation(None, unknown(label, known.scope.currency, "nothing_expected", ref))


@router.get("/yields", operation_id="explainIncomeYields")
async def explain_yields(
    uow: Uow, known: AskedKnown, ways: AskedWays, figure: Whole = "trailing"
) -> ExplanationOut:
    """A yield of all long positions together."""
    parts = measured_of(known)
    rates = await with_sources(uow.session, known.received.fx)
    node = whole_yield_node(known, parts, figure, rates)
    value = places(whole(known, parts, figure)[1].ratio, 10)
    return ways.carried(explanation(value, shown(node, 10)))


@router.get("/yields/{instrument_id}", operation_id="explainIncomeYield")
async def explain_yield(
    instrument_id: UUID,
    uow: Uow,
    known: AskedKnown,
    ways: AskedWays,
    figure: YieldFigure = "trailing",
) -> ExplanationOut:
    """A yield of one position, or the cash of a year for one unit of it."""
    found = measured_one(known, instrument_id)
    rates = await with_sources(uow.session, known.received.fx)
    yields = found.yields
    values = {
        "trailing": yields.trailing_yield.ratio, "forward": yields.forward_yield.ratio,
        "on_cost": yields.yield_on_cost.ratio, "trailing_per_unit": yields.trailing,
        "forward_per_unit": yields.forward,
    }  # fmt: skip
    node = yield_node(known, found, figure, rates)
    answer = explanation(places(values[figure], 10), shown(node, 10))
    return ways.carried(answer)

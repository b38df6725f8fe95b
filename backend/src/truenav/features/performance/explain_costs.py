"""What a return before costs adds back on a day: every fee and tax at the day's rate."""

from datetime import date, timedelta

from truenav.core.explanation import Node, NodeKind, Ref, leaf, total
from truenav.core.ledger.rules import Leg
from truenav.core.money import exact
from truenav.core.valuation.explaining import Rates
from truenav.features.marketdata.rates import with_sources
from truenav.features.performance.costs import Paid, cost_rates, costed, costs_paid
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.series import Scope
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.unit_of_work import UnitOfWork

WORDS = {Leg.FEE: "Fee", Leg.TAX: "Tax"}


async def explain_costs(uow: UnitOfWork, scope: Scope, wanted: Wanted, day: date) -> ExplanationOut:
    """Fees and taxes of a day, record by record; nothing of what is not added back."""
    # with the close before: what was due then and is paid on the day counted on its ex-date
    span = (day - timedelta(days=1), day)
    paid = await costs_paid(uow, scope, span, wanted) if costed(wanted) else []
    mine = [one for one in paid if one.day == day]
    rates = await with_sources(uow.session, await cost_rates(uow, scope, mine))
    node = _node(mine, rates, scope.currency, day)
    return explanation(node.value, node)


@exact
def _node(paid: list[Paid], rates: Rates, currency: str, day: date) -> Node:
    lines = []
    for one in paid:
        ref = Ref(transaction_id=one.transaction_id, instrument_id=one.instrument_id, day=day)
        stated = leaf(NodeKind.RECORD, WORDS[one.leg], one.currency, one.amount, ref)
        lines.append(rates.converted(stated, currency, day))
    made = total("Paid for fees and as tax", currency, lines, "record by record")
    return made.told(ref=Ref(day=day), page="twrr")

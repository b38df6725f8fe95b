"""Why the overview shows what it shows: changes, flows, income and gains, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import (
    RATIO,
    Node,
    NodeKind,
    Ref,
    capped,
    constant,
    leaf,
    minus,
    path,
    product,
    quotient,
    remainder,
    rounded,
    shown,
    total,
    unknown,
)
from truenav.core.ledger.transactions import crosses_account
from truenav.core.money import exact
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.explaining import Rates
from truenav.core.valuation.explaining_flows import crossing
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.realized_reads import RealizedSum
from truenav.features.marketdata.rates import rates_on, with_sources
from truenav.features.marketdata.reads import market_on
from truenav.features.valuation.earned import converted_days, realized_by_day, weight_of
from truenav.features.valuation.explain_values import nav_node, told_of
from truenav.features.valuation.holdings import total as added
from truenav.features.valuation.overview import overview_of
from truenav.features.valuation.schemas import OverviewOut
from truenav.features.valuation.series import Scope, flow_points, has_day, nav_series
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)
TOLD = 100
NEAR = Decimal("1E-9")
OverviewFigure = Literal[
    "day_change", "day_change_ratio", "realized_gain", "income_ytd", "net_contributions",
    "total_gain",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewAsked:
    """Which figure of the overview is explained, and from which day on backwards."""

    scope: Scope
    figure: OverviewFigure
    before: date | None = None

    @property
    def account_id(self) -> UUID | None:
        """The one account it is of, if it is of one."""
        return self.scope.account_id

    def earlier(self, day: date) -> str:
        """Where what is older than a day is explained."""
        return path(
            "overview", figure=self.figure, account_id=self.account_id, before=day.isoformat()
        )


async def explain_overview(uow: UnitOfWork, asked: OverviewAsked) -> ExplanationOut:
    """The figure as the overview shows it, and where it comes from."""
    overview = await overview_of(uow, asked.scope)
    if asked.figure == "day_change_ratio":
        change = await _day_change(uow, asked, overview)
        ratio = _ratio(change)
        return explanation(overview.day_change_ratio, shown(ratio, 10))
    if asked.figure == "day_change":
        return explanation(overview.day_change, shown(await _day_change(uow, asked, overview)))
    if asked.figure == "total_gain":
        told = await told_of(uow, asked.scope, None)
        parts = (nav_node(told), await _contributions(uow, asked))
        made = minus("Gain", asked.scope.currency, parts, "NAV − net contributions")
        return explanation(overview.total_gain, shown(made))
    makers = {
        "realized_gain": _realized, "income_ytd": _income, "net_contributions": _contributions
    }  # fmt: skip
    node = shown(await makers[asked.figure](uow, asked))
    if asked.before is not None:  # a part of the page's figure
        return explanation(node.value, node)
    return explanation(getattr(overview, asked.figure), node)


# --- day change ---------------------------------------------------------------------------------


async def _day_change(uow: UnitOfWork, asked: OverviewAsked, overview: OverviewOut) -> Node:
    scope, previous = asked.scope, overview.previous_date
    if previous is None:
        return unknown("Day change", scope.currency, "no_earlier_price")
    told = await told_of(uow, scope, None)
    series = await nav_series(uow, scope, previous)
    then = next((point for point in series if point.as_of == previous), None)
    label = f"NAV of {previous.isoformat()}"
    if then is None or then.nav is None:
        reason = then.unknowns[0].reason_code if then and then.unknowns else "value_unknown"
        earlier = unknown(label, scope.currency, reason, Ref(day=previous))
    else:
        earlier = leaf(NodeKind.EVENT, label, scope.currency, then.nav, Ref(day=previous))
        earlier = earlier.told(more=nav_path(previous, asked.account_id))
    since = [point for point in series if point.as_of > previous and point.external_flow != 0]
    flows = [_flow(point, asked) for point in since]
    paid = total("Paid in since", scope.currency, flows) if flows else None
    parts = (nav_node(told), earlier, *((paid,) if paid else ()))
    return minus("Day change", scope.currency, parts, "NAV now − NAV then − paid in").told(
        page="nav"
    )


@exact
def _ratio(change: Node) -> Node:
    if len(change.children) < 2:
        return unknown("Day change", RATIO, "no_earlier_price")
    earlier = change.children[1]
    if earlier.value is not None and earlier.value < 0:
        turned = constant(Decimal(-1), "its size: what is owed counts as positive")
        earlier = product("Size of it", earlier.unit, (earlier, turned))
    return quotient("Day change", RATIO, change, earlier, "day change ÷ NAV then")


def nav_path(day: date, account_id: UUID | None) -> str:
    """Where the NAV of a day is explained."""
    return path("nav", on=day.isoformat(), account_id=account_id)


async def explain_nav(uow: UnitOfWork, scope: Scope, day: date) -> ExplanationOut:
    """The snapshot of a day, worked out again from the records up to it and that day's prices."""
    series = await nav_series(uow, scope, day, day)
    kept = series[0].nav if series else None
    told = await told_of(uow, scope, day)
    node = nav_node(told)
    if not series and scope.of is not None and await has_day(uow, scope, day):
        kept = ZERO  # the series of a slice leaves out the days before it held anything
    elif not series:
        node = unknown("Net asset value", scope.currency, "no_snapshot", Ref(day=day))
    return explanation(kept, near(node, kept).told(ref=Ref(day=day)))


@exact
def near(node: Node, kept: Decimal | None, within: Decimal = NEAR) -> Node:
    """A figure as it is kept, where only the last stored places differ; else as it is."""
    if kept is None or node.value is None or abs(kept - node.value) >= within:
        return node
    return rounded(node, kept)


# --- flows --------------------------------------------------------------------------------------


async def _contributions(uow: UnitOfWork, asked: OverviewAsked) -> Node:
    points = await flow_points(uow, asked.scope)
    lines = [_flow(point, asked) for point in reversed(points)]
    return _listed(asked, "Net contributions", lines, "paid in − taken out, day by day")


def _flow(point: SeriesPoint, asked: OverviewAsked) -> Node:
    label, ref = f"Paid in or out on {point.as_of.isoformat()}", Ref(day=point.as_of)
    more = None
    if asked.scope.of is None:
        more = path("flows", on=point.as_of.isoformat(), account_id=asked.account_id)
    if point.external_flow is None:
        reason = point.unknowns[0].reason_code if point.unknowns else "value_unknown"
        return unknown(label, asked.scope.currency, reason, ref).told(more=more)
    made = leaf(NodeKind.EVENT, label, asked.scope.currency, point.external_flow, ref)
    return made.told(more=more)


@exact
def _listed(asked: OverviewAsked, label: str, lines: Sequence[Node], formula: str) -> Node:
    """A long list, newest first: so many told, the older as one figure with a way on."""
    mine = [
        line for line in lines
        if asked.before is None or (line.ref.day is not None and line.ref.day < asked.before)
    ]  # fmt: skip
    unit = asked.scope.currency
    told, older = mine[:TOLD], mine[TOLD:]
    while older and older[0].ref.day == told[-1].ref.day:  # a day is not cut in two
        told.append(older.pop(0))
    rest = None
    if older and told[-1].ref.day is not None:
        value = added([line.value for line in older])
        rest = remainder(len(older), unit, value, asked.earlier(told[-1].ref.day), "value_unknown")
    return capped(label, unit, told, rest, formula)


async def explain_flows(uow: UnitOfWork, scope: Scope, day: date) -> ExplanationOut:
    """What crossed the scope's edge on a day, record by record."""
    points = [p for p in await flow_points(uow, scope) if p.as_of == day]
    kept = points[0].external_flow if points else ZERO
    records = [
        record
        for record in await ledger_reads.records_of_day(uow.session, scope.account_ids, day)
        if crosses_account(record)
    ]
    ids = {r.instrument_id for r in records if r.instrument_id is not None}
    codes = {scope.currency, *(r.currency for r in records)}
    codes |= {r.counter.currency for r in records if r.counter is not None}
    market = await market_on(uow.session, ids, codes, day=day)
    rates = await with_sources(uow.session, market.fx)
    lines = [node for r in records for node in crossing(r, market, rates, scope.currency)]
    node = total("Paid in or out", scope.currency, lines, "record by record")
    return explanation(kept, near(node, kept).told(ref=Ref(day=day), page="twrr"))


# --- gains and income ---------------------------------------------------------------------------


async def _realized(uow: UnitOfWork, asked: OverviewAsked) -> Node:
    scope = asked.scope
    found = await realized_by_day(uow, scope)
    codes, days = converted_days(found)
    rates = await rates_on(uow.session, {scope.currency, *codes}, days)
    newest = sorted(found, key=lambda one: (one.day, one.acquired_date or one.day), reverse=True)
    lines = [_gain(asked, one, rates) for one in newest]
    return _listed(asked, "Realized gain", lines, "each leg at the rate of its own day")


@exact
def _gain(asked: OverviewAsked, one: RealizedSum, rates: Rates) -> Node:
    """As the ledger keeps it, or proceeds less cost, each at its own day's rate."""
    unit, ref = asked.scope.currency, Ref(day=one.day)
    label, more = f"Gains realized on {one.day.isoformat()}", _gains_of(asked, one)
    if not one.is_cost_known:
        return unknown(label, unit, "cost_unknown", ref).told(more=more)
    if one.acquired_date is None:
        if one.gain is None:
            return unknown(label, unit, "fx_missing", ref).told(more=more)
        return leaf(NodeKind.EVENT, label, unit, one.gain, ref).told(more=more)
    closing = (one.acquired_date, one.day) if one.is_short else (one.day, one.acquired_date)
    proceeds, cost = (
        rates.converted(leaf(NodeKind.EVENT, name, one.currency, amount, Ref(day=day)), unit, day)
        for name, amount, day in zip(
            ("Proceeds", "Cost"), (one.proceeds, one.cost), closing, strict=True
        )
    )
    word = f"{label}, of {one.acquired_date.isoformat()}"
    return minus(word, unit, (proceeds, cost), "proceeds − cost").told(ref=ref)


def _gains_of(asked: OverviewAsked, one: RealizedSum) -> str | None:
    """Where gains kept for tax are told one by one."""
    if one.basis != "tax":
        return None
    return path(
        "realized-gains", in_currency=one.currency, basis="tax", account_id=asked.account_id,
        closed_on=one.day.isoformat(),
    )  # fmt: skip


async def _income(uow: UnitOfWork, asked: OverviewAsked) -> Node:
    scope, year = asked.scope, asked.scope.as_of.year
    found = await ledger_reads.income_records(
        uow.session, scope.account_ids, date(year, 1, 1), scope.as_of
    )
    records = [replace(r, amount=r.amount * w) for r in found if (w := weight_of(scope, r))]
    codes = {scope.currency, *(record.currency for record in records)}
    rates = await rates_on(
        uow.session, codes, {r.day for r in records if r.currency != scope.currency}
    )
    lines = []
    for record in records:
        words = record.kind.replace("_", " ").capitalize()
        label = f"{record.symbol or words}, {record.day.isoformat()}"
        ref = Ref(transaction_id=record.transaction_id, day=record.day)
        gross = leaf(NodeKind.RECORD, label, record.currency, record.amount, ref)
        lines.append(rates.converted(gross, scope.currency, record.day))
    return _listed(asked, "Income this year", lines, "each record, before tax, at its day's rate")

"""Why a portfolio and a holding are worth what the pages show: units, prices, rates and cash."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import (
    RATIO,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    path,
    product,
    quotient,
    shown,
    total,
    unknown,
)
from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.money import exact, to_decimal_places
from truenav.core.valuation.explaining import PAGE, Valuing, price_node
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.receivables import Receivable
from truenav.features.marketdata.rates import with_sources
from truenav.features.valuation import repository
from truenav.features.valuation.allocation import places, ratio_of
from truenav.features.valuation.holdings import (
    DueValue,
    Holdings,
    account_lines,
    holdings_of,
    lots_and_cash,
)
from truenav.features.valuation.holdings import total as added
from truenav.features.valuation.series import Scope
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

ZERO, ONE = Decimal(0), Decimal(1)
LINES = 300  # more positions than this are told by instrument, not by account
TOLD = 200
TotalFigure = Literal[
    "nav", "market_value", "cash", "receivable", "cost", "unrealized_gain", "day_change"
]
HoldingFigure = Literal[
    "quantity", "price", "market_value", "cost", "unrealized_gain", "unrealized_gain_ratio",
    "day_change", "day_change_ratio", "weight_ratio",
]  # fmt: skip
Of = Callable[[InstrumentId, Decimal, str], Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Holdings of a scope on a day, and what they are explained with."""

    scope: Scope
    day: date
    is_now: bool
    holdings: Holdings
    lots: Mapping[InstrumentId, Sequence[Lot]]
    valuing: Valuing
    # (account id or None for all, instrument or None, currency or None) lines
    positions: Sequence[tuple[UUID | None, InstrumentId, Decimal]]
    cash: Sequence[tuple[UUID | None, str, Decimal]]
    account_id: UUID | None
    symbols: Mapping[UUID, str]

    @property
    def is_by_account(self) -> bool:
        """Whether lines are told by account; else in all."""
        return any(line[0] is not None for line in (*self.positions, *self.cash))

    def due_in(self, account_id: UUID | None) -> list[DueValue]:
        """Income due among the lines of an account, or of all where nothing is told by account."""
        if not self.is_by_account:
            return [*self.holdings.receivables] if account_id is None else []
        found = self.holdings.receivables
        return [one for one in found if one.due.account_id == account_id]

    def is_whole(self, instrument_id: InstrumentId) -> bool:
        """Whether all of it is told; what records and lots explain knows no part of anything."""
        return self.scope.weight(instrument_id) == ONE

    def where(self, instrument_id: UUID, figure: str) -> str:
        """Where a figure of one holding is explained."""
        return path(
            f"holdings/{instrument_id}",
            figure=figure,
            account_id=self.account_id,
            as_of=None if self.is_now else self.day,
        )


async def told_of(uow: UnitOfWork, scope: Scope, as_of: date | None) -> Told:
    """Everything the figures of a day are explained with."""
    day = min(as_of or scope.as_of, scope.as_of)
    is_now = day == scope.as_of
    holdings = await holdings_of(uow, scope, as_of)
    found, cash = await lots_and_cash(uow, scope, day)
    lots: dict[InstrumentId, list[Lot]] = {}
    for lot in found:
        lots.setdefault(lot.instrument_id, []).append(lot)
    named = {*lots, *(one.due.instrument_id for one in holdings.receivables)}
    instruments = await repository.instruments(uow.session, list(named))
    rates = await with_sources(uow.session, holdings.market.fx)
    valuing = Valuing(
        market=holdings.market,
        rates=rates,
        currency=scope.currency,
        as_of=day,
        symbols={InstrumentId(key): row.symbol for key, row in instruments.items()},
    )
    positions, balances = await _lines(uow, scope, holdings, cash, is_now=is_now)
    return Told(
        scope=scope, day=day, is_now=is_now, holdings=holdings, lots=lots, valuing=valuing,
        positions=positions, cash=balances, account_id=scope.account_id,
        symbols={key: row.symbol for key, row in instruments.items()},
    )  # fmt: skip


async def _lines(
    uow: UnitOfWork, scope: Scope, holdings: Holdings, cash: Mapping[str, Decimal], *, is_now: bool
) -> tuple[list[tuple[UUID | None, InstrumentId, Decimal]], list[tuple[UUID | None, str, Decimal]]]:
    """By account where the tables tell of accounts and there are not too many; else in all."""
    if is_now:
        found = await account_lines(uow, scope)
        if len(found.positions) <= LINES:
            return [*found.positions], [*found.cash]
    return (
        [(None, item.instrument_id, item.quantity) for item in holdings.items],
        [(None, currency, amount) for currency, amount in sorted(cash.items())],
    )


# --- totals -------------------------------------------------------------------------------------


def explain_total(told: Told, figure: TotalFigure) -> ExplanationOut:
    """A total of the holdings page or the overview, as of the day."""
    node, value = _total(told, figure)
    return explanation(places(value), shown(node.told(page=PAGE)))


def _total(told: Told, figure: TotalFigure) -> tuple[Node, Decimal | None]:
    holdings, items = told.holdings, told.holdings.items
    if figure == "nav":
        return nav_node(told), holdings.nav
    if figure == "market_value":
        return _by_account(told, "Market value", with_cash=False), holdings.market_value
    if figure == "cash":
        return cash_node(told, told.cash, "Cash"), holdings.cash_value
    if figure == "receivable":
        return due_node(told, holdings.receivables), holdings.receivable_value
    if figure == "cost":
        return _by_instrument(told, "Cost", _cost_line), added([i.cost for i in items])
    if figure == "unrealized_gain":
        node = _by_instrument(told, "Unrealized gain", _gain_line)
        return node, added([item.unrealized_gain for item in items])
    node = _by_instrument(told, "Day change", _change_line)
    return node, added([item.day_change for item in items])


@exact
def nav_node(told: Told) -> Node:
    """Σ accounts → Σ holdings and cash."""
    return _by_account(told, "Net asset value", with_cash=True)


@exact
def _by_account(told: Told, label: str, *, with_cash: bool) -> Node:
    named = {account.id: account.name for account in told.scope.accounts}
    groups: list[Node] = []
    for account_id in [None, *named]:
        positions = [line for line in told.positions if line[0] == account_id]
        cash = [line for line in told.cash if line[0] == account_id] if with_cash else []
        due = told.due_in(account_id) if with_cash else []
        if not positions and not cash and not due:
            continue
        lines = [_value_line(told, *line) for line in positions]
        lines = most(told, lines)
        if cash:
            lines.append(cash_node(told, cash, "Cash"))
        if due:
            lines.append(due_node(told, due))
        name = named.get(account_id, label) if account_id is not None else label
        formula = "holdings + cash + income due" if due else "holdings + cash"
        group = total(name, told.scope.currency, lines, formula)
        groups.append(group.told(ref=Ref(account_id=account_id)))
    if len(groups) == 1:
        return groups[0].told(label=label)
    return total(label, told.scope.currency, groups, "account by account")


def _value_line(
    told: Told, account_id: UUID | None, instrument_id: InstrumentId, quantity: Decimal
) -> Node:
    made = told.valuing.value(instrument_id, quantity)
    if account_id is None or not told.is_whole(instrument_id):
        return made
    more = path("position", account_id=account_id, instrument_id=instrument_id, figure="quantity")
    units, *rest = made.children
    return made.told(children=(units.told(more=more), *rest))


@exact
def most(told: Told, lines: list[Node]) -> list[Node]:
    """The largest; what is left out is one figure, unknown when a part of it is."""
    if len(lines) <= TOLD:
        return lines
    lines.sort(key=lambda line: (line.value is None, -abs(line.value or ZERO)))
    rest = total(f"and {len(lines) - TOLD} more", told.scope.currency, lines[TOLD:])
    if rest.value is None:
        return [*lines[:TOLD], unknown(rest.label, rest.unit, "value_unknown")]
    return [*lines[:TOLD], leaf(NodeKind.REMAINDER, rest.label, rest.unit, rest.value)]


@exact
def cash_node(told: Told, lines: Sequence[tuple[UUID | None, str, Decimal]], label: str) -> Node:
    """Cash of the lines, each at the day's rate."""
    names = {account.id: account.name for account in told.scope.accounts}
    nodes = []
    for account_id, currency, amount in lines:
        if not amount:
            continue  # nothing is worth nothing, whatever its rate
        where = f" in {names[account_id]}" if account_id in names and len(lines) > 1 else ""
        more = (
            path("cash", account_id=account_id, currency=currency, on=told.day)
            if account_id is not None
            else None
        )
        ref = Ref(account_id=account_id, day=told.day)
        held = leaf(NodeKind.EVENT, f"{currency} cash{where}", currency, amount, ref)
        nodes.append(
            told.valuing.rates.converted(held.told(more=more), told.scope.currency, told.day)
        )
    return total(label, told.scope.currency, nodes, "cash × rate")


@exact
def due_node(told: Told, lines: Sequence[DueValue]) -> Node:
    """Income due, each after tax at the day's rate."""
    nodes = [_due_line(told, one.due) for one in lines]
    made = total("Income due", told.scope.currency, nodes, "each payment from its ex-date on")
    return made.told(page=PAGE)


def _due_line(told: Told, one: Receivable) -> Node:
    symbol = told.symbols.get(one.instrument_id, "Income")
    word = "declared" if one.transaction_id is None else f"paid on {one.until.isoformat()}"
    label = f"{symbol}, ex {one.since.isoformat()}, {word}"
    kind = NodeKind.EVENT if one.transaction_id is None else NodeKind.RECORD
    ref = Ref(
        transaction_id=one.transaction_id, instrument_id=one.instrument_id,
        account_id=one.account_id, day=one.since,
    )  # fmt: skip
    made = leaf(kind, label, one.currency, one.gross, ref)
    less = [
        leaf(kind, name, one.currency, amount, ref)
        for name, amount in (("Tax", one.withheld), ("Fee", one.fee))
        if amount
    ]
    if less:
        parts = (made.told(label="Before tax"), *less)
        made = minus(label, one.currency, parts, "before tax − tax − fee").told(ref=ref)
    return told.valuing.rates.converted(made, told.scope.currency, told.day)


Line = Callable[[Told, HoldingValue], Node]


@exact
def _by_instrument(told: Told, label: str, line: Line) -> Node:
    lines = [line(told, item) for item in told.holdings.items]
    lines.sort(key=lambda node: (node.value is None, -abs(node.value or ZERO), node.label))
    return total(label, told.scope.currency, most(told, lines), "holding by holding")


def _name(told: Told, item: HoldingValue) -> str:
    return told.valuing.symbols.get(item.instrument_id, "Holding")


def _cost_line(told: Told, item: HoldingValue) -> Node:
    more = told.where(item.instrument_id, "cost")
    ref = Ref(instrument_id=item.instrument_id)
    if item.cost is None:
        reason = next(iter(item.reasons), "cost_unknown")
        return unknown(_name(told, item), told.scope.currency, reason, ref).told(more=more)
    made = leaf(NodeKind.EVENT, _name(told, item), told.scope.currency, item.cost, ref)
    return made.told(more=more, page="lots")


def _gain_line(told: Told, item: HoldingValue) -> Node:
    value = told.valuing.value(item.instrument_id, item.quantity, "Market value")
    cost = _cost_line(told, item).told(label="Cost")
    made = minus(_name(told, item), told.scope.currency, (value, cost), "market value − cost")
    return made.told(ref=Ref(instrument_id=item.instrument_id))


def _change_line(told: Told, item: HoldingValue) -> Node:
    return told.valuing.day_change(item.instrument_id, item.quantity)


# --- one holding --------------------------------------------------------------------------------


def explain_holding(told: Told, instrument_id: UUID, figure: HoldingFigure) -> ExplanationOut:
    """A figure of one holding over all accounts in scope.

    Raises:
        NotFound: nothing of it is held on the day.
    """
    item = next((i for i in told.holdings.items if i.instrument_id == instrument_id), None)
    if item is None:
        raise NotFound("no such holding on that day")
    node, value, digits = _of_holding(told, item, figure)
    if value is not None and digits is not None:
        value = to_decimal_places(value, digits)
    return explanation(value, node if digits is None else shown(node, digits))


Shown = tuple[Node, Decimal | None, int | None]  # the tree, the page's figure, its places


def _of_holding(told: Told, item: HoldingValue, figure: HoldingFigure) -> Shown:
    key, quantity, valuing = item.instrument_id, item.quantity, told.valuing
    if figure == "quantity":
        return _units(told, key), quantity, None
    if figure == "price":
        return _price(told, item), item.price.close if item.price else None, None
    if figure == "day_change":
        return valuing.day_change(key, quantity, "Day change"), item.day_change, 6
    if figure == "day_change_ratio":
        change = valuing.day_change(key, quantity, "Day change")
        ratio = over(change, valuing.previous(key, quantity), "Day change")
        return ratio, item.day_change_ratio, 10
    value = valuing.value(key, quantity, "Market value")
    if figure == "market_value":
        return value, item.market_value, 6
    if figure == "weight_ratio":
        weight = over(value, nav_node(told), "Weight")
        return weight, ratio_of(item.market_value, told.holdings.nav), 10
    return _of_cost(told, item, value, figure)


def _of_cost(told: Told, item: HoldingValue, value: Node, figure: HoldingFigure) -> Shown:
    key = item.instrument_id
    cost = told.valuing.cost(told.lots[key], "Cost", is_whole=told.is_whole(key))
    if figure == "cost":
        return cost, item.cost, 6
    gain = minus("Unrealized gain", told.scope.currency, (value, cost), "market value − cost")
    if figure == "unrealized_gain":
        return gain, item.unrealized_gain, 6
    return over(gain, cost, "Unrealized gain"), item.unrealized_gain_ratio, 10


def _price(told: Told, item: HoldingValue) -> Node:
    """The last close: what it is of, and who published it."""
    unit = item.price_currency or told.scope.currency
    if item.price is None:
        return unknown("Price", unit, "price_missing", Ref(instrument_id=item.instrument_id))
    made = price_node(item.price, unit, item.instrument_id, told.day)
    return total("Price", unit, (made,), "the last close as traded")


@exact
def over(part: Node, whole: Node, label: str) -> Node:
    """A part over the size of a whole."""
    if whole.value is not None and whole.value < 0:
        turned = constant(Decimal(-1), "its size: what is owed counts as positive")
        whole = product("Size of it", whole.unit, (whole, turned))
    return quotient(label, RATIO, part, whole, f"{part.label.lower()} ÷ {whole.label.lower()}")


@exact
def _units(told: Told, key: InstrumentId) -> Node:
    names = {account.id: account.name for account in told.scope.accounts}
    lines = []
    for account_id, instrument_id, quantity in told.positions:
        if instrument_id != key:
            continue
        label = names.get(account_id, "Units") if account_id is not None else "Units"
        more = None
        if account_id is not None and told.is_whole(key):
            more = path("position", account_id=account_id, instrument_id=key, figure="quantity")
        ref = Ref(account_id=account_id, instrument_id=key)
        lines.append(leaf(NodeKind.EVENT, label, "units", quantity, ref).told(more=more))
    return total("Units", "units", lines, "account by account")

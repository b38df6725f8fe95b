"""Why a position, a lot or a gain is what it is: what the pages show, and the tree behind it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from truenav.core.explanation import (
    Node,
    NodeKind,
    leaf,
    minus,
    product,
    quotient,
    rounded,
    unknown,
)
from truenav.core.ids import InstrumentId, LotId
from truenav.core.ledger.explaining import TINY, Trail, lot_cost, lot_units, opener_of
from truenav.core.ledger.explaining_gains import (
    closure_cost,
    closure_gain,
    closure_proceeds,
    closure_units,
    lot_before,
    lot_taken,
)
from truenav.core.ledger.explaining_positions import position_cost, position_units
from truenav.core.ledger.lots import LotClosure, long_term_from
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact, to_decimal_places
from truenav.core.valuation.explaining import Rates
from truenav.features.accounts.tables import AccountRow
from truenav.features.ledger import mapping, repository
from truenav.features.ledger.gains import tax_gain
from truenav.features.ledger.mapping import per_unit
from truenav.features.ledger.past import Moment, positions_on
from truenav.features.ledger.tables import (
    LotAdjustmentRow,
    LotClosureRow,
    LotRow,
    PositionRow,
    TransactionRow,
)
from truenav.features.ledger.trail import trail_of_day, trail_of_lots
from truenav.features.marketdata.rates import rates_on
from truenav.platform.clock import end_of
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)
LOTS_TOLD = 60
PositionFigure = Literal["quantity", "cost", "average_cost"]
LotFigure = Literal["cost", "quantity", "cost_per_unit", "taken", "before"]
GainFigure = Literal[
    "gain", "quantity", "proceeds", "cost", "tax_gain", "tax_proceeds", "tax_cost",
    "currency_effect",
]  # fmt: skip


# --- positions ----------------------------------------------------------------------------------


async def explain_position(
    uow: UnitOfWork,
    account: AccountRow,
    instrument_id: UUID,
    figure: PositionFigure,
    days: tuple[date | None, date | None],
) -> ExplanationOut:
    """A figure of a position; `days` are the day it is of and the day it is known on, if any."""
    if days == (None, None):
        return await _position_now(uow, account, instrument_id, figure)
    return await _position_then(uow, account, instrument_id, figure, days)


async def _position_now(
    uow: UnitOfWork, account: AccountRow, instrument_id: UUID, figure: PositionFigure
) -> ExplanationOut:
    session, key = uow.session, InstrumentId(instrument_id)
    row = await session.scalar(
        select(PositionRow).where(
            PositionRow.account_id == account.id, PositionRow.instrument_id == instrument_id
        )
    )
    quantity = row.quantity if row is not None else ZERO
    cost = (row.cost if row.is_cost_known else None) if row is not None else ZERO
    query = select(*mapping.TRANSACTION_COLUMNS).where(
        TransactionRow.account_id == account.id,
        TransactionRow.instrument_id == instrument_id,
        repository.is_live(),
    )
    records = [mapping.to_transaction(found) for found in await session.execute(query)]
    if figure == "quantity":
        return explanation(quantity, position_units(records, quantity, key))
    lots = await session.scalars(
        select(LotRow)
        .where(LotRow.account_id == account.id, LotRow.instrument_id == instrument_id)
        .order_by(LotRow.acquired_date, LotRow.id)
    )
    held = [mapping.to_lot(lot) for lot in lots]
    trail = await trail_of_lots(session, account, [lot.id for lot in held[:LOTS_TOLD]])
    trail = replace(trail, lots={lot.id: lot for lot in held})
    return _of_position(records, trail, key, figure, (quantity, cost))


def _of_position(
    records: list[Transaction],
    trail: Trail,
    key: InstrumentId,
    figure: PositionFigure,
    kept: tuple[Decimal, Decimal | None],
) -> ExplanationOut:
    quantity, cost = kept
    units = position_units(records, quantity, key)
    if figure == "quantity":
        return explanation(quantity, units)
    told = position_cost(trail, key, LOTS_TOLD)
    if figure == "cost":
        return explanation(cost, told)
    average = per_unit(cost, quantity) if cost is not None and quantity else None
    made = quotient("Average cost", told.unit, told, units, "cost ÷ units")
    return explanation(average, rounded(made, average))


async def _position_then(
    uow: UnitOfWork,
    account: AccountRow,
    instrument_id: UUID,
    figure: PositionFigure,
    days: tuple[date | None, date | None],
) -> ExplanationOut:
    on, known_on = days
    day = on or date.max
    known = end_of(known_on) if known_on is not None else None
    past = await trail_of_day(uow.session, account, day, known)
    shown = await positions_on(uow, [account.id], Moment(day=day, known_before=known))
    item = next((i for i in shown.items if i.instrument_id == instrument_id), None)
    kept = (item.quantity, item.cost) if item is not None else (ZERO, ZERO)
    records = list(past.trail.records.values())
    return _of_position(records, past.trail, InstrumentId(instrument_id), figure, kept)


# --- lots ---------------------------------------------------------------------------------------


async def _account_of(uow: UnitOfWork, account_id: UUID) -> AccountRow:
    rows = await repository.accounts_by_id(uow.session, [account_id])
    if not rows:
        raise NotFound("no such account")
    return rows[0]


async def explain_lot(
    uow: UnitOfWork, lot_id: UUID, figure: LotFigure, by: UUID | None
) -> ExplanationOut:
    """A figure of a lot, open or closed; `taken` and `before` are of the event `by` a record.

    Raises:
        NotFound: no such lot, or no such event of it.
    """
    session = uow.session
    row = await session.get(LotRow, (uow.tenant_id, lot_id))
    account_id = row.account_id if row is not None else await _account_of_lot(uow, lot_id)
    trail = await trail_of_lots(session, await _account_of(uow, account_id), [lot_id])
    key = LotId(lot_id)
    if figure in {"taken", "before"}:
        return _of_event(trail, key, figure, by)
    units = lot_units(trail, key, row.quantity if row is not None else ZERO)
    if figure == "quantity":
        return explanation(row.quantity if row is not None else ZERO, units)
    cost = (row.cost if row.is_cost_known else None) if row is not None else ZERO
    told = lot_cost(trail, key, cost)
    opened = opener_of(trail, key)
    if opened is not None:
        told = told.told(note=told.note or f"opened on {opened.trade_date.isoformat()}")
    if figure == "cost":
        return explanation(cost, told)
    each = per_unit(cost, row.quantity) if row is not None and cost is not None else None
    made = quotient("Cost of one unit", told.unit, told, units, "cost ÷ units")
    return explanation(each, rounded(made, each))


async def _account_of_lot(uow: UnitOfWork, lot_id: UUID) -> UUID:
    for table in (LotClosureRow, LotAdjustmentRow):
        found = await uow.session.scalar(
            select(table.account_id).where(table.lot_id == lot_id).limit(1)
        )
        if found is not None:
            return found
    raise NotFound("no such lot")


def _of_event(trail: Trail, lot_id: LotId, figure: LotFigure, by: UUID | None) -> ExplanationOut:
    if by is None:
        raise InvalidFields([("/query/by", "names the record that did it")])
    gone = next((a for a in trail.adjustments if a.lot_id == lot_id and a.caused_by == by), None)
    if gone is None:
        raise NotFound("no such event of the lot")
    node = lot_taken(trail, gone) if figure == "taken" else lot_before(trail, gone)
    return explanation(gone.cost_before, node)


# --- gains --------------------------------------------------------------------------------------


async def explain_closure(uow: UnitOfWork, closure_id: UUID, figure: GainFigure) -> ExplanationOut:
    """A figure of one realized gain, as traded or in the tax currency.

    Raises:
        NotFound: no such gain.
    """
    row = await uow.session.get(LotClosureRow, (uow.tenant_id, closure_id))
    if row is None:
        raise NotFound("no such gain")
    account = await _account_of(uow, row.account_id)
    trail = await trail_of_lots(uow.session, account, [row.lot_id])
    known = row.is_cost_known
    if figure == "gain":
        node = closure_gain(trail, closure_id).told(note=_term(trail.closures[closure_id]))
        return explanation(row.gain if known else None, node)
    if figure == "quantity":
        return explanation(row.quantity, closure_units(trail, closure_id))
    if figure == "proceeds":
        return explanation(row.proceeds, closure_proceeds(trail, closure_id))
    if figure == "cost":
        return explanation(row.cost if known else None, closure_cost(trail, closure_id))
    return await _in_tax_currency(uow, account, trail, row, figure)


def _term(closure: LotClosure) -> str:
    """Which term a gain has, and by which days."""
    if closure.is_short:
        return "a short sale: its gain is short-term"
    turns = long_term_from(closure.acquired_date)
    term = "long" if closure.is_long_term else "short"
    return (
        f"acquired {closure.acquired_date.isoformat()}, long-term from {turns.isoformat()},"
        f" counts on {closure.gain_date.isoformat()}: {term}-term"
    )


async def _in_tax_currency(
    uow: UnitOfWork, account: AccountRow, trail: Trail, row: LotClosureRow, figure: GainFigure
) -> ExplanationOut:
    code = account.tax_currency or account.base_currency
    opened = trail.records.get(opener.id) if (opener := _opener(trail, row)) else None
    days = {row.closed_date, row.acquired_date, *({opened.trade_date} if opened else ())}
    rates = await rates_on(uow.session, {code, row.currency}, days)
    opened_on = opened.trade_date if opened is not None else row.acquired_date
    sold_on, bought_on = row.closed_date, opened_on
    if row.is_short:
        sold_on, bought_on = opened_on, row.closed_date
    proceeds = _converted(
        closure_proceeds(trail, row.id), row.tax_proceeds, code, (rates, sold_on), "Proceeds"
    )
    cost = _converted(closure_cost(trail, row.id), row.tax_cost, code, (rates, bought_on), "Cost")
    if figure == "tax_proceeds":
        return explanation(row.tax_proceeds, proceeds)
    if figure == "tax_cost":
        return explanation(row.tax_cost, cost)
    gain = minus("Gain", code, (proceeds, cost), "proceeds − cost").told(
        note=_term(trail.closures[row.id]), page="lots"
    )
    kept = tax_gain(row, code)
    if figure == "tax_gain":
        return explanation(kept.gain, gain)
    return explanation(kept.currency_effect, _currency_effect(trail, row, gain, proceeds, cost))


def _opener(trail: Trail, row: LotClosureRow) -> Transaction | None:
    return opener_of(trail, LotId(row.lot_id))


@exact
def _converted(
    node: Node, kept: Decimal | None, code: str, at: tuple[Rates, date], label: str
) -> Node:
    """A figure at a day's rate, if that is what the ledger kept lot by lot; else what it kept."""
    rates, day = at
    if node.unit == code:
        return node
    made = rates.converted(node, code, day, f"{label} in {code}")
    if kept is None:
        return made if made.value is None else unknown(label, code, "fx_missing", node.ref)
    if made.value is None or abs(made.value - kept) > TINY:
        note = "kept lot by lot at the rate of each day, through the events between"
        return leaf(NodeKind.EVENT, f"{label} in {code}", code, kept, node.ref).told(note=note)
    return rounded(made, kept, f"{label} in {code}")


@exact
def _currency_effect(
    trail: Trail, row: LotClosureRow, gain: Node, proceeds: Node, cost: Node
) -> Node:
    """What the gain as traded, at the closing day's rate, does not explain."""
    label, code = "From the currency", gain.unit
    if row.currency == code:
        return minus(label, code, (gain, gain), "in its own currency there is none")
    traded, converted = (
        (closure_cost(trail, row.id), cost)
        if row.is_short
        else (closure_proceeds(trail, row.id), proceeds)
    )
    if not traded.value or not row.is_cost_known:
        return unknown(label, code, "cost_unknown" if not row.is_cost_known else "rate_unknown")
    rate = quotient(f"{code} for one {row.currency} when closed", "rate", converted, traded)
    at_close = product(
        "Gain as traded at that rate", code, (closure_gain(trail, row.id), rate), "gain × rate"
    )
    made = minus(label, code, (gain, at_close), "gain − gain as traded at the closing rate")
    value = made.value
    return rounded(made, to_decimal_places(value, 8) if value is not None else None)

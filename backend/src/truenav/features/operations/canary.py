"""The canary: accounts whose every figure was worked out by hand, looked at again and again.

The records go through the ledger, prices stand in the table of prices, snapshots are built from
nothing beside those that are kept, and the pages' own functions answer.
docs/runbooks/canary.md has the arithmetic.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal

from truenav.core.ledger.transactions import CashPart, TransactionDraft, TransactionKind
from truenav.core.performance.effects import Bar
from truenav.features.income.given import received_page
from truenav.features.ledger.service import post_transactions, rebuild_account
from truenav.features.operations.canary_answers import (
    FIRST_DAY,
    LAST_DAY,
    WATCHED,
    Planned,
    Watched,
)
from truenav.features.operations.canary_kept import (
    disagreements,
    kept_of,
    lots_of,
    text_of,
)
from truenav.features.performance.changes import change_of, given_change
from truenav.features.performance.given import given_returns, returns_of
from truenav.features.performance.schemas import WaterfallOut
from truenav.features.performance.wanted import Wanted
from truenav.features.risk.answer import risk_of
from truenav.features.risk.asked import Asked
from truenav.features.risk.given import given_risk
from truenav.features.valuation.pages import given_holdings, given_nav, holdings_page, nav_page
from truenav.features.valuation.series import Scope, scope_of
from truenav.features.valuation.service import rebuild_nav
from truenav.platform.canary import Drift
from truenav.platform.jobs import claim_event, mark_done
from truenav.platform.unit_of_work import UnitOfWork

K = TransactionKind
CASH_ALONE = frozenset({K.DEPOSIT, K.WITHDRAWAL, K.FEE})
OF_PRICES = frozenset({Bar.REALIZED, Bar.UNREALIZED})
Figures = dict[str, str | None]


async def drifts(uow: UnitOfWork) -> list[Drift]:
    """Work everything out from nothing and compare; an empty list says that all is well."""
    return [drift for of in WATCHED for drift in await _drifts_of(uow, of)]


async def _drifts_of(uow: UnitOfWork, of: Watched) -> list[Drift]:
    """An account rebuilt beside what is kept of it, which stays as it is where the two differ."""
    is_new = await _plant(uow, of)
    # after planting, which waits for whoever else looks
    kept = None if is_new else await kept_of(uow.session, of.account)
    beside = await uow.session.begin_nested()
    await rebuild_account(uow, of.account)
    await rebuild_nav(uow, of.account, FIRST_DAY, LAST_DAY)
    found = compared(of, await _figures(uow, of))
    rebuilt = await kept_of(uow.session, of.account)
    differ = disagreements(of, kept, rebuilt) if kept is not None and rebuilt is not None else []
    await (beside.rollback() if differ else beside.commit())
    return found + differ


async def planted(uow: UnitOfWork) -> list[str]:
    """The accounts, by name, of which something is kept: what can be asked about."""
    return [of.name for of in WATCHED if await kept_of(uow.session, of.account) is not None]


def compared(of: Watched, found: Mapping[str, str | None]) -> list[Drift]:
    """Where an account's figures are not the known answers."""
    return [
        Drift(of.told(name), expected, found.get(name))
        for name, expected in of.expected.items()
        if found.get(name) != expected
    ]


async def _plant(uow: UnitOfWork, of: Watched) -> bool:
    """Post the records that are not there yet, and whether any was; the look does what follows."""
    drafts = [(_draft(of, record), record.key) for record in of.records]
    posted = await post_transactions(uow, of.account, drafts, {of.ref: of.instrument})
    if posted.posted:
        await uow.session.flush()  # the events are rows before they are marked as done
        for event in uow.stored_events:
            await claim_event(uow, event.id)
            await mark_done(uow, event.id)
        uow.stored_events.clear()
    return posted.posted > 0


def _draft(of: Watched, record: Planned) -> TransactionDraft:
    def cash(amount: str | None) -> CashPart | None:
        return CashPart(amount=Decimal(amount), currency=of.currency) if amount else None

    def number(text: str | None) -> Decimal | None:
        return Decimal(text) if text else None

    return TransactionDraft(
        row_number=1,
        kind=record.kind,
        trade_date=record.day,
        settlement_date=record.day,
        instrument=None if record.kind in CASH_ALONE else of.ref,
        quantity=number(record.units),
        price=number(record.price),
        ratio=number(record.ratio),
        currency=of.currency,
        gross=cash(record.cash),
        fee=cash(record.fee),
        tax=cash(record.tax),
        is_external_flow=record.kind in {K.DEPOSIT, K.WITHDRAWAL},
    )


async def _figures(uow: UnitOfWork, of: Watched) -> Figures:
    """What the pages say, by the names of the known answers."""
    scope = await scope_of(uow, of.account, LAST_DAY)
    change = change_of(await given_change(uow, scope, Wanted()))
    return {
        **await _days(uow, scope, of.expected),
        **await _holdings(uow, scope),
        **await _returns(uow, scope),
        **(await _risk(uow, scope) if "volatility" in of.expected else {}),
        "lots": await lots_of(uow.session, of.account),
        "waterfall": _bars(change, frozenset()),
        "prices": text_of(change.price_result),
        "besides prices": _bars(change, OF_PRICES),
        "income": await _income(uow, scope),
    }


async def _days(uow: UnitOfWork, scope: Scope, names: Collection[str]) -> Figures:
    series = nav_page(await given_nav(uow, scope, (None, LAST_DAY), 1000))
    days = {point.as_of.isoformat(): point for point in series.items}
    told: Figures = {}
    for name in names:
        figure, _, day = name.partition(" ")
        point = days.get(day)
        if figure == "nav":
            told[name] = text_of(point.nav) if point else None
        elif figure == "flow":
            told[name] = text_of(point.external_flow) if point else None
    return told


async def _holdings(uow: UnitOfWork, scope: Scope) -> Figures:
    page = holdings_page(await given_holdings(uow, scope, None))
    held = page.items[0] if page.items else None
    return {
        "units": text_of(held.quantity) if held is not None else None,
        "cost": text_of(held.cost) if held is not None else None,
        "market value": text_of(page.total_market_value),
        "cash": text_of(page.total_cash),
        "unrealized gain": text_of(page.total_unrealized_gain),
        "realized gain": text_of(held.realized_gain) if held is not None else None,
    }


async def _returns(uow: UnitOfWork, scope: Scope) -> Figures:
    made = returns_of(await given_returns(uow, scope, Wanted(), (None, "total"), 1000))
    return {
        "gain": text_of(made.gain),
        "time-weighted return": text_of(made.time_weighted.ratio),
        "money-weighted return": text_of(made.money_weighted.ratio),
        "worst fall": text_of(made.max_drawdown.ratio),
    }


async def _risk(uow: UnitOfWork, scope: Scope) -> Figures:
    how = Asked(0.95, "linear", 252, Decimal(0), "given", is_small_allowed=False)
    risk = risk_of(await given_risk(uow, scope, how, (None, LAST_DAY), None, 1000))
    volatility = next((m.value for m in risk.metrics if m.name == "volatility"), None)
    return {"returns": str(risk.return_count), "volatility": text_of(volatility)}


def _bars(change: WaterfallOut, without: Collection[Bar]) -> str:
    amounts = {bar.bar: bar.amount for bar in change.bars}
    told = [(bar, amounts.get(bar.value)) for bar in Bar if bar not in without]
    return ", ".join(f"{bar.value} {text_of(amount)}" for bar, amount in told if amount != 0)


async def _income(uow: UnitOfWork, scope: Scope) -> str:
    total = (await received_page(uow, scope, (None, LAST_DAY))).total
    gross, withheld, net = text_of(total.gross), text_of(total.withheld), text_of(total.net)
    return f"{gross} before tax, {withheld} withheld, {net} received"

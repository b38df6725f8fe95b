"""The canary: a portfolio whose every figure was worked out by hand, looked at again and again.

The records go through the ledger, prices stand in the table of prices, snapshots are built from
nothing and the pages' own functions answer. docs/runbooks/canary.md has the arithmetic.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.transactions import (
    CashPart,
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.performance.effects import Bar
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.service import post_transactions, rebuild_account
from truenav.features.performance.changes import change_of, given_change
from truenav.features.performance.given import given_returns, returns_of
from truenav.features.performance.wanted import Wanted
from truenav.features.risk.answer import risk_of
from truenav.features.risk.asked import Asked
from truenav.features.risk.given import given_risk
from truenav.features.valuation.pages import (
    given_holdings,
    given_nav,
    holdings_page,
    nav_page,
)
from truenav.features.valuation.series import Scope, scope_of
from truenav.features.valuation.service import rebuild_nav
from truenav.platform.canary import Drift
from truenav.platform.jobs import claim_event, mark_done
from truenav.platform.unit_of_work import UnitOfWork

ACCOUNT: Final = AccountId(UUID("00000000-0000-0000-0001-0000000ca9a7"))
INSTRUMENT: Final = InstrumentId(UUID("00000000-0000-0000-0002-0000000ca9a7"))
FIRST_DAY, FLOW_DAY, LAST_DAY = date(2020, 1, 6), date(2020, 2, 1), date(2020, 2, 25)
REF: Final = InstrumentRef(symbol="truenav-canary", name=str(INSTRUMENT), currency="USD")
K = TransactionKind


class Planned(NamedTuple):
    """A record of the canary, in dollars."""

    key: str
    kind: TransactionKind
    day: date
    units: str | None
    price: str | None
    cash: str


RECORDS: Final = (
    Planned("canary-1", K.DEPOSIT, FIRST_DAY, None, None, "10000"),
    Planned("canary-2", K.BUY, FIRST_DAY, "100", "100", "-10000"),
    Planned("canary-3", K.DEPOSIT, FLOW_DAY, None, None, "12500"),
    Planned("canary-4", K.BUY, FLOW_DAY, "100", "125", "-12500"),
    Planned("canary-5", K.SELL, FLOW_DAY, "-40", "125", "5000"),
    Planned("canary-6", K.WITHDRAWAL, FLOW_DAY, None, None, "-5000"),
)
# At ten places, as the pages print them; how each comes about stands in docs/runbooks/canary.md.
EXPECTED: Final[Mapping[str, str]] = {
    "nav 2020-01-06": "10000",
    "nav 2020-01-31": "12500",
    "nav 2020-02-01": "20000",
    "nav 2020-02-21": "16000",
    "nav 2020-02-25": "20000",
    "flow 2020-02-01": "7500",
    "units": "160",
    "cost": "18500",
    "lots": "2020-01-06: 60 for 6000; 2020-02-01: 100 for 12500",
    "market value": "20000",
    "cash": "0",
    "unrealized gain": "1500",
    "realized gain": "1000",
    "gain": "2500",
    "waterfall": "deposits 12500, withdrawals -5000, realized 1000, unrealized 1500",
    "time-weighted return": "0.25",
    "money-weighted return": "0.1839343834",
    "worst fall": "-0.2",
    "returns": "36",
    "volatility": "3.5712742824",
}


async def drifts(uow: UnitOfWork) -> list[Drift]:
    """Work everything out from nothing and compare; an empty list says that all is well."""
    await _plant(uow)
    await rebuild_account(uow, ACCOUNT)
    await rebuild_nav(uow, ACCOUNT, FIRST_DAY, LAST_DAY)
    found = await _figures(uow, await scope_of(uow, ACCOUNT, LAST_DAY))
    return [
        Drift(name, EXPECTED.get(name), found.get(name))
        for name in dict.fromkeys([*EXPECTED, *found])
        if EXPECTED.get(name) != found.get(name)
    ]


async def _plant(uow: UnitOfWork) -> None:
    """Post the records that are not there yet; what would follow is done by the look itself."""
    drafts = [(_draft(of), of.key) for of in RECORDS]
    posted = await post_transactions(uow, ACCOUNT, drafts, {REF: INSTRUMENT})
    if posted.posted:
        await uow.session.flush()  # the events are rows before they are marked as done
        for event in uow.stored_events:
            await claim_event(uow, event.id)
            await mark_done(uow, event.id)
        uow.stored_events.clear()


def _draft(of: Planned) -> TransactionDraft:
    return TransactionDraft(
        row_number=1,
        kind=of.kind,
        trade_date=of.day,
        settlement_date=of.day,
        instrument=REF if of.units is not None else None,
        quantity=Decimal(of.units) if of.units is not None else None,
        price=Decimal(of.price) if of.price is not None else None,
        currency="USD",
        gross=CashPart(amount=Decimal(of.cash), currency="USD"),
        is_external_flow=of.kind in {K.DEPOSIT, K.WITHDRAWAL},
    )


async def _figures(uow: UnitOfWork, scope: Scope) -> dict[str, str | None]:
    """What the pages say, by the names of `EXPECTED`."""
    returns = returns_of(await given_returns(uow, scope, Wanted(), (None, "total"), 1000))
    change = change_of(await given_change(uow, scope, Wanted()))
    how = Asked(0.95, "linear", 252, Decimal(0), "given", is_small_allowed=False)
    risk = risk_of(await given_risk(uow, scope, how, (None, LAST_DAY), None, 1000))
    page = holdings_page(await given_holdings(uow, scope, None))
    held = page.items[0] if page.items else None
    bars = {bar.bar: bar.amount for bar in change.bars}
    volatility = next((m.value for m in risk.metrics if m.name == "volatility"), None)
    return {
        **await _days(uow, scope),
        "units": _text(held.quantity) if held is not None else None,
        "cost": _text(held.cost) if held is not None else None,
        "lots": await _lots(uow, scope),
        "market value": _text(page.total_market_value),
        "cash": _text(page.total_cash),
        "unrealized gain": _text(page.total_unrealized_gain),
        "realized gain": _text(held.realized_gain) if held is not None else None,
        "gain": _text(returns.gain),
        "waterfall": _bars(bars),
        "time-weighted return": _text(returns.time_weighted.ratio),
        "money-weighted return": _text(returns.money_weighted.ratio),
        "worst fall": _text(returns.max_drawdown.ratio),
        "returns": str(risk.return_count),
        "volatility": _text(volatility),
    }


async def _days(uow: UnitOfWork, scope: Scope) -> dict[str, str | None]:
    series = nav_page(await given_nav(uow, scope, (None, LAST_DAY), 1000))
    days = {point.as_of.isoformat(): point for point in series.items}
    told: dict[str, str | None] = {}
    for name in EXPECTED:
        figure, _, day = name.partition(" ")
        point = days.get(day)
        if figure == "nav":
            told[name] = _text(point.nav) if point else None
        elif figure == "flow":
            told[name] = _text(point.external_flow) if point else None
    return told


async def _lots(uow: UnitOfWork, scope: Scope) -> str:
    lots = await ledger_reads.open_lots(uow.session, scope.account_ids)
    return "; ".join(
        f"{lot.acquired_date}: {_text(lot.quantity)} for {_text(lot.cost)}"
        for lot in sorted(lots, key=lambda lot: lot.acquired_date)
    )


def _bars(bars: Mapping[Any, Decimal | None]) -> str:
    told = [(bar, bars.get(bar.value)) for bar in Bar]
    return ", ".join(f"{bar.value} {_text(amount)}" for bar, amount in told if amount != 0)


def _text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"

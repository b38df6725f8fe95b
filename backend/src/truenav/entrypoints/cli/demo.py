"""The demo: an invented household on real prices, imported the way a person would import it."""

import asyncio
import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from truenav.core.errors import TruenavError
from truenav.core.ids import AccountId, TenantId, UserId
from truenav.features.accounts.schemas import AccountIn
from truenav.features.accounts.service import create_account
from truenav.features.alerts import service as alerts
from truenav.features.alerts.schemas import AlertRuleIn
from truenav.features.identity.service import NewOwner, add_owner
from truenav.features.imports import service as imports
from truenav.features.instruments.ingest import Listing, list_instrument
from truenav.features.instruments.repository import find_known_symbol
from truenav.features.marketdata.providers.bundled import BundledProvider, bundled_rates
from truenav.features.marketdata.providers.quotes import EventOut
from truenav.features.marketdata.repository import store_fx_rates
from truenav.features.marketdata.storing import store_events, store_history
from truenav.features.performance import benchmarks
from truenav.features.performance.benchmarks_schemas import BlendIn, BlendPartIn
from truenav.features.valuation.service import rebuild_nav
from truenav.platform.clock import new_id
from truenav.platform.db import as_psycopg, make_sessions
from truenav.platform.jobs import claim_event
from truenav.platform.settings import Settings
from truenav.platform.unit_of_work import UnitOfWork, open_unit_of_work

DATA = Path(__file__).parent / "demo_data"
FIRST_DAY, LAST_DAY = date(2000, 3, 1), date(2013, 3, 1)
EMAIL = "demo@truenav.invalid"
# symbol → name, ISIN
INSTRUMENTS = {
    "AAPL": ("Apple Inc", "US0378331005"),
    "GOOG": ("Google Inc Class A", "US38259P5089"),
    "IBM": ("International Business Machines", "US4592001014"),
    "MSFT": ("Microsoft Corp", "US5949181045"),
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One file of the demo and the account it goes into."""

    file: str
    name: str
    broker: str
    currency: str


ACCOUNTS = (
    DemoAccount("schwab.csv", "Brokerage", "Charles Schwab", "USD"),
    DemoAccount("euro.csv", "Euro savings", "Savings bank", "EUR"),
)


OWNER = NewOwner(
    email=EMAIL,
    display_name="Demo",
    tenant_name="Demo household",
    base_currency="USD",
    is_demo=True,
)


class DemoBroken(TruenavError):
    """The demo's own files could not be imported: a bug in this release."""

    code = "demo_broken"


def load_demo(settings: Settings) -> None:
    """Load the demo if it is not there; next to nothing happens when it is."""
    with psycopg.connect(settings.database.app or "", prepare_threshold=None) as connection:
        if connection.execute("SELECT 1 FROM sec.find_demo()").fetchone() is not None:
            return
    _load_market(settings.database.ingest or "")
    asyncio.run(_load_household(settings.database.app or ""))


def _load_market(dsn: str) -> None:
    """Prices, rates and events, in one transaction."""
    provider = BundledProvider()
    events = demo_events()
    with psycopg.connect(dsn, prepare_threshold=None) as connection:
        store_fx_rates(connection, bundled_rates(), "ecb")
        connection.commit()
        for symbol, (name, isin) in INSTRUMENTS.items():
            exchange = "XNYS" if symbol == "IBM" else "XNAS"
            listing = Listing(
                symbol=symbol, exchange=exchange, name=name, isin=isin, currency="USD"
            )
            instrument_id = list_instrument(connection, listing)
            history = provider.history(symbol, FIRST_DAY, LAST_DAY)
            store_history(connection, instrument_id, provider.source, history, LAST_DAY)
            store_events(
                connection, instrument_id, provider.source, history.currency, events[symbol]
            )
            connection.commit()


def demo_events() -> dict[str, list[EventOut]]:
    """Splits and dividends of the bundled shares, by symbol, from public records."""
    found: dict[str, list[EventOut]] = {symbol: [] for symbol in INSTRUMENTS}
    with (DATA / "events.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found[row["symbol"]].append(
                EventOut(
                    ex_date=date.fromisoformat(row["ex_date"]),
                    ratio=Decimal(row["ratio"]) if row["ratio"] else None,
                    cash_amount=Decimal(row["cash_amount"]) if row["cash_amount"] else None,
                )
            )
    return found


async def _load_household(dsn: str) -> None:
    """User, tenant, accounts, imports and snapshots: all of it, or nothing."""
    engine = create_async_engine(
        as_psycopg(dsn), poolclass=NullPool, connect_args={"prepare_threshold": None}
    )
    sessions = make_sessions(engine)
    try:
        tenant_id, user_id = TenantId(new_id()), UserId(new_id())
        async with open_unit_of_work(sessions, tenant_id, user_id) as uow:
            await add_owner(uow, user_id, OWNER)
            for wanted in ACCOUNTS:
                await _import(uow, wanted)
            await _blend(uow)
            await _rules(uow)
            for stored in uow.stored_events:
                await claim_event(uow, stored.id)  # what would follow was done here
    finally:
        await engine.dispose()


async def _blend(uow: UnitOfWork) -> None:
    """Something to compare the household with where no source of prices is asked."""
    weight = Decimal(1) / len(INSTRUMENTS)
    parts = [
        BlendPartIn(
            instrument_id=await find_known_symbol(uow.session, symbol, "USD"), weight_ratio=weight
        )
        for symbol in INSTRUMENTS
    ]
    await benchmarks.create(uow, BlendIn(name="The four shares in equal parts", parts=parts))


async def _rules(uow: UnitOfWork) -> None:
    """What the household wants to be told of."""
    microsoft = await find_known_symbol(uow.session, "MSFT", "USD")
    falls = AlertRuleIn(
        kind="price", instrument_id=microsoft, direction="below", threshold=Decimal(25)
    )
    for wanted in (falls, AlertRuleIn(kind="dividend")):
        await alerts.create(uow, wanted, {}, datetime.now(UTC))


async def _import(uow: UnitOfWork, wanted: DemoAccount) -> None:
    now = datetime.now(UTC)
    account = await create_account(
        uow, AccountIn(name=wanted.name, broker=wanted.broker, base_currency=wanted.currency)
    )
    account_id = AccountId(account.id)
    content = (DATA / wanted.file).read_bytes()
    batch_id = (await imports.upload(uow, account_id, wanted.file, content)).id
    await imports.read_batch(uow, batch_id, now.date(), _silent)
    # each step reads what the one before stored, as the separate jobs of an upload would
    await uow.session.flush()
    await imports.request_commit(uow, batch_id, accept_failed=False)
    uow.session.expire_all()
    await imports.commit_batch(uow, batch_id, now, _silent)
    await uow.session.flush()
    uow.session.expire_all()
    done = await imports.get_batch(uow, batch_id)
    if done.status != "committed" or done.failed_count:
        raise DemoBroken(f"the demo file {wanted.file} was not imported: {done.status}")
    await rebuild_nav(uow, account_id, FIRST_DAY, now.date())


def _silent(_done: int, _total: int | None) -> None:
    """Nobody watches."""

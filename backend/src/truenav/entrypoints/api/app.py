"""The API: routers, handlers, health, the built user interface, and what starts and stops."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

import truenav
from truenav.entrypoints.api import health
from truenav.entrypoints.api.contract import install_contract
from truenav.entrypoints.api.middleware import (
    BodyLimit,
    BugBarrier,
    OriginGuard,
    RequestContext,
    SecurityHeaders,
)
from truenav.entrypoints.api.ui import serve_ui, ui_policy
from truenav.entrypoints.stream.door import EVENTS_PATH, LiveDoor, LiveEvents
from truenav.entrypoints.stream.gateway import running_gateway
from truenav.entrypoints.worker.subscriptions import jobs_for_event
from truenav.features.accounts.api import router as accounts
from truenav.features.alerts.api import router as alerts
from truenav.features.checks.api import router as checks
from truenav.features.gains.api import router as gains_together
from truenav.features.gains.explain_api import router as explain_gains
from truenav.features.gains.realized_api import router as gains
from truenav.features.identity.api import router as identity
from truenav.features.identity.live_api import router as live_tickets
from truenav.features.imports.api import router as imports
from truenav.features.income.api import router as income
from truenav.features.income.explain_api import router as explained_income
from truenav.features.instruments.api import operations as renaming
from truenav.features.instruments.api import router as instruments
from truenav.features.instruments.settings_api import router as instrument_settings
from truenav.features.ledger.actions_api import router as actions
from truenav.features.ledger.api import router as ledger
from truenav.features.ledger.balances_api import router as balances
from truenav.features.ledger.corrections_api import router as corrections
from truenav.features.ledger.explain_api import router as explained
from truenav.features.ledger.lot_history_api import router as lot_history
from truenav.features.ledger.lots_api import router as lots
from truenav.features.marketdata.api import router as marketdata
from truenav.features.marketdata.custom_api import router as custom_source
from truenav.features.marketdata.manual_api import router as manual_prices
from truenav.features.marketdata.metrics_api import router as metrics
from truenav.features.marketdata.ordering_api import operations as instrument_orders
from truenav.features.marketdata.ordering_api import router as source_orders
from truenav.features.marketdata.providers_api import router as providers
from truenav.features.marketdata.quality_api import router as data_quality
from truenav.features.marketdata.quarantine_api import router as quarantine
from truenav.features.marketdata.quotes_api import router as quotes
from truenav.features.marketdata.quoting import QuoteDesk
from truenav.features.marketdata.search_api import router as search
from truenav.features.operations.api import router as jobs_page
from truenav.features.operations.backfills_api import router as backfills
from truenav.features.performance.api import router as performance
from truenav.features.performance.attribution_api import router as attribution
from truenav.features.performance.benchmarks_api import router as benchmarks
from truenav.features.performance.bulk_api import router as bulk_returns
from truenav.features.performance.explain_api import router as explained_returns
from truenav.features.performance.explain_attribution_api import router as explained_attribution
from truenav.features.performance.explain_benchmark_api import router as explained_benchmark
from truenav.features.performance.explain_change_api import router as explained_change
from truenav.features.reports.api import calculations
from truenav.features.reports.api import router as reports
from truenav.features.risk.api import router as risk
from truenav.features.risk.bulk_api import router as bulk_risk
from truenav.features.risk.explain_api import router as explained_risk
from truenav.features.taxonomies.api import router as taxonomies
from truenav.features.taxonomies.compositions_api import router as compositions
from truenav.features.valuation.api import router as valuation
from truenav.features.valuation.explain_api import router as explained_values
from truenav.features.valuation.held_api import router as held
from truenav.features.valuation.lots_api import router as open_lots
from truenav.features.valuation.parts_api import router as parts
from truenav.features.watchlists.api import router as watchlists
from truenav.platform.clock import Clock, SystemClock
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.limits import AttemptLimits
from truenav.platform.outbox import subscribe
from truenav.platform.problems import install_handlers
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings, SettingsError
from truenav.platform.state import AppState
from truenav.platform.tokens import TokenSigner

ROUTERS = (
    identity,
    live_tickets,
    accounts,
    search,  # before the instruments: its path looks like one's id
    instruments,
    instrument_settings,
    renaming,
    taxonomies,
    compositions,
    watchlists,
    alerts,
    marketdata,
    manual_prices,
    custom_source,
    source_orders,
    instrument_orders,
    data_quality,
    quarantine,
    quotes,
    providers,
    jobs_page,
    backfills,
    ledger,
    corrections,
    held,
    balances,
    open_lots,
    lots,
    lot_history,
    gains,
    actions,
    explained,
    explained_values,
    explained_returns,
    explained_benchmark,
    explained_change,
    explained_attribution,
    explained_risk,
    explained_income,
    imports,
    valuation,
    parts,
    performance,
    bulk_returns,
    benchmarks,
    attribution,
    gains_together,
    explain_gains,
    income,
    risk,
    bulk_risk,
    reports,
    calculations,
    checks,
    metrics,
    health.router,
)


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Build the application; connections open when it starts, so a contract needs no database."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        state = _make_state(settings, clock or SystemClock())
        app.state.truenav = state
        app.state.quotes = QuoteDesk(settings, state.queue.redis, state.clock)
        subscribe(jobs_for_event)
        try:
            await health.refuse_unsafe_role(state.engine)
            async with running_gateway(state) as app.state.gateway:
                yield
        finally:
            app.state.quotes.close()
            await state.engine.dispose()
            state.queue.close()
            state.limits.close()

    app = FastAPI(
        title="Truenav",
        version=truenav.__version__,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere, which the policy refuses
        redoc_url=None,
        middleware=_middleware(settings),
    )
    install_handlers(app)
    install_contract(app)
    for router in ROUTERS:
        # routers name their whole path: `include_router` would analyse every route once more
        app.router.routes.extend(router.routes)
    app.router.routes.append(Route(EVENTS_PATH, LiveEvents()))
    serve_ui(app, settings.web.ui_directory)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """Outermost first: whatever happens inside, the answer carries an id and the headers."""
    is_https = (settings.web.public_origin or "").startswith("https://")
    policy = ui_policy(settings.web.ui_directory)
    return [
        Middleware(LiveDoor, web=settings.web),
        Middleware(RequestContext),
        Middleware(SecurityHeaders, ui_policy=policy, is_https=is_https),
        Middleware(BugBarrier),
        Middleware(OriginGuard, web=settings.web),
        Middleware(GZipMiddleware, minimum_size=1400, compresslevel=5),
        Middleware(BodyLimit),
    ]


def _make_state(settings: Settings, clock: Clock) -> AppState:
    if settings.database.app is None or settings.signing_seed is None:
        raise SettingsError("the API needs TRUENAV_APP_DATABASE_URL and TRUENAV_SIGNING_KEY")
    engine = make_engine(settings.database.app)
    return AppState(
        settings=settings,
        engine=engine,
        sessions=make_sessions(engine),
        signer=TokenSigner(settings.signing_seed),
        clock=clock,
        queue=JobQueue(settings.redis_url),
        limits=AttemptLimits(clock, settings.redis_url),
    )

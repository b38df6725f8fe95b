"""The API: routers, handlers, health, and the built user interface."""

import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse
from starlette.middleware.gzip import GZipMiddleware

import truenav
from truenav.entrypoints.api import health
from truenav.entrypoints.worker.subscriptions import jobs_for_event
from truenav.features.accounts.api import router as accounts
from truenav.features.identity.api import router as identity
from truenav.features.imports.api import router as imports
from truenav.features.instruments.api import router as instruments
from truenav.features.ledger.api import router as ledger
from truenav.features.marketdata.api import router as marketdata
from truenav.features.performance.api import router as performance
from truenav.features.valuation.api import router as valuation
from truenav.platform.clock import Clock, SystemClock
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.outbox import subscribe
from truenav.platform.problems import PROBLEM_JSON, Problem, install_handlers, problem_response
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings, SettingsError
from truenav.platform.state import AppState
from truenav.platform.tokens import TokenSigner

log = logging.getLogger("truenav.api")
ROUTERS = (
    identity,
    accounts,
    instruments,
    marketdata,
    ledger,
    imports,
    valuation,
    performance,
    health.router,
)
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none';"
        " base-uri 'self'; form-action 'self'"
    ),
}
CallNext = Callable[[Request], Awaitable[Response]]


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Build the application; connections open when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if settings.database.app is None or settings.signing_seed is None:
            raise SettingsError("the API needs TRUENAV_APP_DATABASE_URL and TRUENAV_SIGNING_KEY")
        engine = make_engine(settings.database.app)
        queue = JobQueue(settings.redis_url)
        app.state.truenav = AppState(
            settings=settings,
            engine=engine,
            sessions=make_sessions(engine),
            signer=TokenSigner(settings.signing_seed),
            clock=clock or SystemClock(),
            queue=queue,
        )
        await health.refuse_unsafe_role(engine)
        subscribe(jobs_for_event)
        yield
        await engine.dispose()
        queue.close()

    app = FastAPI(
        title="Truenav",
        version=truenav.__version__,
        lifespan=lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    install_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(GZipMiddleware, minimum_size=1400)
    app.middleware("http")(_around)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's own way
    if settings.web.ui_directory is not None:
        _serve_ui(app, settings.web.ui_directory)
    return app


async def _around(request: Request, call_next: CallNext) -> Response:
    """Name every request, and send the headers that keep browsers careful."""
    request.state.request_id = uuid.uuid4().hex
    response = await call_next(request)
    response.headers["X-Request-Id"] = request.state.request_id
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _serve_ui(app: FastAPI, directory: Path) -> None:
    """The built interface: hashed assets for ever, the page itself never cached."""
    root = directory.resolve()

    @app.get("/{path:path}", include_in_schema=False, response_model=None)
    async def serve(path: str, request: Request) -> Response:
        if path.startswith("api/"):
            return problem_response(request, 404, "not_found", "no such endpoint")
        wanted = (root / path).resolve()
        if path and wanted.is_relative_to(root) and wanted.is_file():
            is_hashed = path.startswith("assets/")
            cache = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
            return FileResponse(wanted, headers={"Cache-Control": cache})
        page = root / "index.html"
        if not page.is_file():
            return problem_response(
                request, 404, "ui_not_built", "the user interface has not been built"
            )
        return FileResponse(page, headers={"Cache-Control": "no-cache"})


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The contract: every error is a problem document, under its own media type."""
    if app.openapi_schema:
        return app.openapi_schema
    schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = schema["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["Problem"].pop("$defs", {}))
    problem = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in schema["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400 and operation["tags"] != ["health"]:
                    response["content"] = problem
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    app.openapi_schema = schema
    return schema

"""What every request passes: its id, its size limit, where it may come from; headers back."""

import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from truenav.core.imports.decoding import MAX_BYTES
from truenav.entrypoints.origins import Origins
from truenav.platform.clock import new_id
from truenav.platform.problems import answer_bug, problem_response
from truenav.platform.settings import WebSettings

log = logging.getLogger("truenav.requests")
JSON_LIMIT = 1024 * 1024
# multipart framing is not used, so a file is its body
UPLOAD_LIMIT = MAX_BYTES
UPLOAD_PATH = "/api/v1/imports"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
API_POLICY = "default-src 'none'; frame-ancestors 'none'"


class RequestContext:
    """Names the request (the client's own id if it is a plain one) and logs how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if _REQUEST_ID.fullmatch(offered) else new_id().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            # the path without its query: a query may hold names of people's things
            log.info(
                "request",
                extra={
                    "request_id": request_id,
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                },
            )


class BugBarrier:
    """The edge that may catch everything: inside the headers, so that a 500 carries them too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        has_started = False

        async def answer(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if scope["type"] != "http" or has_started:
                raise
            response = await answer_bug(Request(scope), error)
            await response(scope, receive, send)


class SecurityHeaders:
    """Headers a browser obeys, on every answer; tenant data are never stored by a cache."""

    def __init__(self, app: ASGIApp, *, ui_policy: str, is_https: bool) -> None:
        self._app = app
        self._ui_policy = ui_policy
        self._is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_ui = not scope["path"].startswith("/api/")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._mark(MutableHeaders(scope=message), is_ui=is_ui)
            await send(message)

        await self._app(scope, receive, answer)

    def _mark(self, headers: MutableHeaders, *, is_ui: bool) -> None:
        headers["Content-Security-Policy"] = self._ui_policy if is_ui else API_POLICY
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        if self._is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if not is_ui or "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"


class OriginGuard:
    """Refuses hosts we do not go by (DNS rebinding) and changes asked for by other sites (CSRF).

    There is no CORS: nothing is ever allowed to another origin.
    """

    def __init__(self, app: ASGIApp, *, web: WebSettings) -> None:
        self._app = app
        self._origins = Origins(web)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(Headers(scope=scope), scope["method"])
        if refusal is None:
            await self._app(scope, receive, send)
            return
        status, code, detail = refusal
        await problem_response(Request(scope), status, code, detail)(scope, receive, send)

    def _refusal(self, headers: Headers, method: str) -> tuple[int, str, str] | None:
        if not self._origins.is_host_ours(headers):
            return 421, "unknown_host", "this server answers on this machine's own names only"
        if method not in SAFE_METHODS and not self._origins.is_page_ours(headers):
            return 403, "foreign_origin", "changes are accepted from our own pages only"
        return None


class BodyLimit:
    """Refuses a body as soon as it is known to be too large, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = UPLOAD_LIMIT if scope["path"].rstrip("/") == UPLOAD_PATH else JSON_LIMIT
        announced = Headers(scope=scope).get("content-length", "0")
        if not (announced.isascii() and announced.isdigit()) or len(announced) > 18:
            answer = problem_response(Request(scope), 400, "bad_request", "Content-Length is wrong")
            await answer(scope, receive, send)
        elif int(announced) > limit:
            answer = problem_response(
                Request(scope), 413, "too_large", "the body is too large", params=_params(limit)
            )
            await answer(scope, receive, send)
        else:
            await self._app(scope, _counted(receive, limit), send)


def _params(limit: int) -> dict[str, str]:
    return {"limit": str(limit)}


def _counted(receive: Receive, limit: int) -> Callable[[], Awaitable[MutableMapping[str, Any]]]:
    size = 0

    async def receive_counted() -> MutableMapping[str, Any]:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            # an HTTPException, because FastAPI turns any other error of reading into a 400
            raise HTTPException(413, "the body is too large")
        return message

    return receive_counted

"""Where live connections come in: outermost for WebSockets, beside the routes for events."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from truenav.entrypoints.origins import Origins
from truenav.entrypoints.stream.gateway import CAPACITY, Gateway
from truenav.entrypoints.stream.sse import serve_events
from truenav.entrypoints.stream.websocket import serve_websocket
from truenav.platform.problems import problem_response
from truenav.platform.settings import WebSettings

SOCKET_PATH, EVENTS_PATH = "/ws/market_data", "/sse/market_data"
NO_LIVE = "this installation has no live messages; poll instead"


class LiveDoor:
    """Takes WebSockets out before anything wraps their sending; passes everything else on."""

    def __init__(self, app: ASGIApp, *, web: WebSettings) -> None:
        self._app = app
        self._origins = Origins(web)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a live connection, or pass the request on."""
        if scope["type"] != "websocket" or scope["path"] != SOCKET_PATH:
            await self._app(scope, receive, send)
            return
        gateway = gateway_of(scope)
        if gateway is None:
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": CAPACITY, "reason": NO_LIVE})
            return
        await serve_websocket(gateway, self._origins, scope, receive, send)


class LiveEvents:
    """The ASGI application of the events' path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream, or say why there is none."""
        gateway = gateway_of(scope)
        if gateway is None:
            answer = problem_response(Request(scope), 503, "live_unavailable", NO_LIVE)
            await answer(scope, receive, send)
            return
        await serve_events(gateway, scope, receive, send)


def gateway_of(scope: Scope) -> Gateway | None:
    """The gateway of this process; None where there is no Redis to hear from."""
    found = scope["app"].state.gateway if "app" in scope else None
    return found if isinstance(found, Gateway) else None

"""Serve the API with uvicorn: one process, uvloop where it exists, httptools."""

from typing import Any

import uvicorn

from truenav.entrypoints.api.app import create_app
from truenav.entrypoints.stream.requests import MOST_BYTES
from truenav.platform.settings import Settings

# Finished frames are written to the transport: no compression, and heartbeats of our own.
SOCKETS: dict[str, Any] = {
    "ws": "websockets-sansio",
    "ws_max_size": MOST_BYTES,
    "ws_ping_interval": None,
    "ws_per_message_deflate": False,
}


def run(settings: Settings) -> None:
    """Serve until TERM; open requests are finished first."""
    uvicorn.run(
        create_app(settings),
        host=settings.web.host,
        port=settings.web.port,
        loop="auto",
        http="httptools",
        **SOCKETS,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )

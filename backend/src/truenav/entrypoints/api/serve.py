"""Serve the API with uvicorn: one process, uvloop where it exists, httptools."""

import uvicorn

from truenav.entrypoints.api.app import create_app
from truenav.platform.settings import Settings


def run(settings: Settings) -> None:
    """Serve until TERM; open requests are finished first."""
    uvicorn.run(
        create_app(settings),
        host=settings.web.host,
        port=settings.web.port,
        loop="auto",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )

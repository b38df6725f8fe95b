"""Commands that run until they are stopped."""

from argparse import Namespace
from collections.abc import Mapping
from importlib import import_module

from truenav.platform.settings import Settings


def run(settings: Settings, arguments: Namespace, environ: Mapping[str, str]) -> int:
    """Start the process the command names; each loads only what it needs."""
    match arguments.command:
        case "up":
            result: int = import_module("truenav.entrypoints.supervisor.up").run(settings, environ)
            return result
        case "api":
            import_module("truenav.entrypoints.api.serve").run(settings)
        case "worker":
            import_module("truenav.entrypoints.worker.main").run(settings, arguments.queue)
        case "scheduler":
            import_module("truenav.entrypoints.worker.scheduler").run(settings)
        case _:
            import_module("truenav.entrypoints.worker.feed").run(settings)
    return 0

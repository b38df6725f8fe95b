"""The `truenav` command.

Commands live in modules that are imported only when asked for: `truenav --help` must not wait
for a web framework, and the supervisor must stay small beside what it supervises.
"""

import argparse
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType

import truenav
from truenav.core.errors import TruenavError
from truenav.platform.logging import configure_logging
from truenav.platform.settings import read_settings

EXAMPLES = """\
examples:
  truenav up                           start everything and print the address
  truenav import history.csv --account "Schwab" --email me@example.com
  truenav doctor                       what runs here, and whether it is healthy
  truenav reset --yes                  delete this installation's data

environment:
  TRUENAV_HOME      data directory (default: the user's data home)
  TRUENAV_PORT      port of the web page (default 8432, or the next free one)
  DATABASE_URL      a PostgreSQL of your own instead of the embedded one
  REDIS_URL         a Redis or Valkey of your own instead of the embedded one

exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by the keyboard
"""
# command → module with `run(settings, arguments, environ) -> int`
COMMANDS = {
    "up": "truenav.entrypoints.cli.processes",
    "api": "truenav.entrypoints.cli.processes",
    "worker": "truenav.entrypoints.cli.processes",
    "scheduler": "truenav.entrypoints.cli.processes",
    "feed": "truenav.entrypoints.cli.processes",
    "demo": "truenav.entrypoints.cli.upkeep",
    "migrate": "truenav.entrypoints.cli.upkeep",
    "reset": "truenav.entrypoints.cli.upkeep",
    "doctor": "truenav.entrypoints.cli.doctor",
    "import": "truenav.entrypoints.cli.import_file",
    "backfill": "truenav.entrypoints.cli.backfill",
    "rates": "truenav.entrypoints.cli.rates",
    "operator": "truenav.entrypoints.cli.operator",
    "openapi": "truenav.entrypoints.cli.openapi",
}


def parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    root = argparse.ArgumentParser(
        prog="truenav",
        description="A portfolio tracker whose numbers a person can check.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"truenav {truenav.__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("up", help="start servers, API, workers and the web page")
    commands.add_parser("demo", help="load the demo portfolio (done by `up` too)")
    file = commands.add_parser("import", help="import a broker's file into an account")
    file.add_argument("file", help="CSV or Flex XML")
    file.add_argument("--account", required=True, help="name of the account")
    file.add_argument("--email", required=True, help="whose portfolio")
    file.add_argument("--accept-failed", action="store_true", help="import the readable rows")
    operator = commands.add_parser("operator", help="name who may look after the installation")
    operator.add_argument("email", help="of a person who has signed up")
    operator.add_argument("--revoke", action="store_true", help="take it back")
    backfill = commands.add_parser("backfill", help="fetch closes and events of past days again")
    backfill.add_argument("--since", required=True, metavar="DAY", help="such as 2010-01-01")
    backfill.add_argument("--to", metavar="DAY", help="today, if not given")
    backfill.add_argument("--symbol", action="append", help="one of several; else all held")
    backfill.add_argument("--no-wait", action="store_true", help="ask, and do not watch")
    commands.add_parser("rates", help="fetch the newest FX rates now")
    migrate = commands.add_parser("migrate", help="bring the database schema up to date")
    migrate.add_argument("--down", metavar="REVISION", help="take it down to a revision, or base")
    contract = commands.add_parser("openapi", help="write contract/openapi.json")
    contract.add_argument("--check", action="store_true", help="fail when it is not up to date")
    commands.add_parser("doctor", help="which binaries and versions run, ports, disk, roles")
    reset = commands.add_parser("reset", help="delete this installation's data")
    reset.add_argument("--yes", action="store_true", help="really")
    commands.add_parser("api", help="(a part of `up`) the web API")
    worker = commands.add_parser("worker", help="(a part of `up`) one worker for one queue")
    worker.add_argument("--queue", required=True, choices=("high", "default", "low"))
    commands.add_parser("scheduler", help="(a part of `up`) outbox and calendar")
    commands.add_parser("feed", help="(a part of `up`) quotes")
    return root


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command; expected failures are one line on standard error."""
    parsed = parser().parse_args(arguments)
    told = os.environ if environ is None else environ
    configure_logging(told.get("TRUENAV_LOG_LEVEL", "INFO"))
    try:
        settings = read_settings(told)
        result: int = _load(COMMANDS[parsed.command]).run(settings, parsed, told)
    except TruenavError as error:
        print(f"truenav: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return result


def _load(name: str) -> ModuleType:
    """Import what a command needs without looking for garbage: modules make none, and stay.

    Kept out of every later look too, which also lets the workers' forks share their memory.
    """
    gc.disable()
    try:
        module = import_module(name)
        gc.freeze()
    finally:
        gc.enable()
    return module


if __name__ == "__main__":
    sys.exit(main())

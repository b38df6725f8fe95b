"""`truenav rates`: ask the European Central Bank for its newest rates now, as the schedule does."""

from argparse import Namespace
from collections.abc import Mapping

import psycopg

from truenav.core.errors import ErrorKind, TruenavError
from truenav.entrypoints.cli.upkeep import role_dsn
from truenav.entrypoints.supervisor.up import say
from truenav.features.marketdata.ingest import refresh_rates
from truenav.platform.clock import SystemClock
from truenav.platform.settings import Settings


class Offline(TruenavError):
    """The settings say that nobody is asked."""

    kind = ErrorKind.CONFLICT
    code = "offline"


def run(settings: Settings, _arguments: Namespace, _environ: Mapping[str, str]) -> int:
    """Store what is new; values that follow from it are worked out where Truenav runs."""
    if settings.providers.is_offline:
        raise Offline("TRUENAV_OFFLINE says that nobody is asked")
    with (
        role_dsn(settings, "truenav_ingest") as dsn,
        psycopg.connect(dsn, prepare_threshold=None) as connection,
    ):
        stored = refresh_rates(connection, settings.providers, SystemClock())
    say(f"{stored} new rates" if stored else "no new rates")
    return 0

"""Name who may look after the installation, or take it back."""

from argparse import Namespace
from collections.abc import Mapping

import psycopg

from truenav.core.errors import TruenavError
from truenav.entrypoints.cli.upkeep import role_dsn
from truenav.entrypoints.supervisor.up import say
from truenav.platform.settings import Settings


class NoSuchUser(TruenavError):
    """Nobody has signed up with that address."""

    code = "no_such_user"


def run(settings: Settings, arguments: Namespace, _environ: Mapping[str, str]) -> int:
    """Make the user of an address an operator, or no longer one."""
    is_wanted = not arguments.revoke
    with (
        role_dsn(settings, "truenav_migrator") as dsn,
        psycopg.connect(dsn, prepare_threshold=None) as connection,
    ):
        found = connection.execute(
            "SELECT sec.name_operator(%s, %s)", (arguments.email, is_wanted)
        ).fetchone()
    if found is None or not found[0]:
        raise NoSuchUser(f"nobody has signed up as {arguments.email}")
    say(f"{arguments.email} is {'now' if is_wanted else 'no longer'} an operator")
    return 0

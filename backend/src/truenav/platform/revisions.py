"""The newest schema this code knows, read from its migrations without Alembic.

The API asks at every readiness check. Alembic would run the migrations' modules to answer, and
keeping it, its templates and its highlighter loaded costs a serving process ten MiB.
"""

import re
from functools import cache
from pathlib import Path

import truenav

SCRIPTS = Path(truenav.__file__).parents[2] / "migrations"
_NAMED = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


@cache
def newest_revision(scripts: Path = SCRIPTS) -> str:
    """The one revision that no other comes after.

    Raises:
        RuntimeError: there is none, or several.
    """
    found: list[dict[str, str]] = [
        dict(_NAMED.findall(script.read_text())) for script in (scripts / "versions").glob("*.py")
    ]
    earlier = {names["down_revision"] for names in found}
    newest = [names["revision"] for names in found if names["revision"] not in earlier]
    if len(newest) != 1:
        raise RuntimeError(f"the migrations in {scripts} end in {sorted(newest)}")
    return newest[0]

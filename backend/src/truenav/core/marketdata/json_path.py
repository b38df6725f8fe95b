"""A place inside a JSON document: names and numbers one after another, nothing that searches.

`data.quotes[0].price`, `["chart result"].close[-1]`, with or without `$` in front. What a full
JSONPath adds (wildcards, filters, descent) makes the cost depend on who wrote the document.
"""

import re
from collections.abc import Sequence
from typing import Any

from truenav.core.errors import ErrorKind, TruenavError, printable

Step = str | int
MOST_STEPS = 20
MOST_NAMES = 10  # told of what is there instead
_STEP = re.compile(
    r"\.?(?P<name>[A-Za-z_$@][A-Za-z0-9_$@-]*)"
    r"|\[(?P<index>0|-?[1-9]\d{0,5})\]"
    r'|\["(?P<quoted>[^"\\]{1,100})"\]',
    re.ASCII,
)


class PathRefused(TruenavError):
    """A path nobody can follow; the message says what one looks like."""

    kind = ErrorKind.UNPROCESSABLE
    code = "path_refused"


class NothingThere(TruenavError):
    """The document has nothing at the place; the message says what it has instead."""

    kind = ErrorKind.UNPROCESSABLE
    code = "nothing_there"


def read_path(text: str) -> Sequence[Step]:
    """The steps of a path; names and, from 0, places in a list (-1 is the last).

    Raises:
        PathRefused: anything else than dotted names and numbers in brackets.
    """
    plain = text.strip()
    rest = plain[1:] if re.match(r"\$([.\[]|$)", plain) else plain
    steps: list[Step] = []
    position = 0
    while position < len(rest):
        found = _STEP.match(rest, position)
        if found is None or plain[0] == "." or len(steps) == MOST_STEPS:
            raise PathRefused("write a path such as data.quotes[0].price")
        if found["name"] and rest[position] != "." and steps:
            raise PathRefused("write a dot between two names")
        steps.append(int(found["index"]) if found["index"] else found["name"] or found["quoted"])
        position = found.end()
    return steps


def follow(document: Any, steps: Sequence[Step]) -> Any:
    """What stands at the place.

    Raises:
        NothingThere: a name or a place in a list that is not there.
    """
    here = document
    for number, step in enumerate(steps):
        try:
            here = _enter(here, step)
        except LookupError as error:
            told = f"there is no {written([step])} at {_at(steps[:number])}; {_has(here)}"
            raise NothingThere(told) from error
    return here


def _enter(here: Any, step: Step) -> Any:
    """The value at a step; a LookupError when there is none, as of anything that has no steps."""
    is_its_kind = isinstance(here, list if isinstance(step, int) else dict)
    holder: Any = here if is_its_kind else {}
    return holder[step]


def written(steps: Sequence[Step]) -> str:
    """A path as one writes it."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[A-Za-z_$@][A-Za-z0-9_$@-]*", step, re.ASCII):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text


def _at(steps: Sequence[Step]) -> str:
    return written(steps) or "the top"


def _has(here: Any) -> str:
    if isinstance(here, list):
        return f"a list of {len(here)} stands there"
    if not isinstance(here, dict):
        return "a plain value stands there"
    names = [printable(str(name))[:40] for name in list(here)[:MOST_NAMES]]
    return "there is: " + (", ".join(names) or "nothing")

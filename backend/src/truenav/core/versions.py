"""Versions of a calculation: a name, a number, since when, and what changed in plain words.

A calculation that changes meaning gets a new module beside the old one and a new version. What a
function is a version of is written at the function; `calculations.py` is the one list of all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])
_MARK = "__calculation_version__"


@dataclass(frozen=True, slots=True)
class Version:
    """One meaning of one calculation; `change` says what is different from the one before."""

    name: str
    number: str
    since: date
    change: str


def versioned(version: Version) -> Callable[[F], F]:
    """Mark a function as what computes a version; it runs exactly as before."""

    def mark(function: F) -> F:
        setattr(function, _MARK, version)
        return function

    return mark


def version_of(function: Callable[..., object]) -> Version:
    """The version a function computes.

    Raises:
        LookupError: it is not marked as any.
    """
    found = getattr(function, _MARK, None)
    if not isinstance(found, Version):
        raise LookupError(f"{function.__module__}.{function.__qualname__} has no version")  # noqa: TRY004  # nobody's type is wrong
    return found

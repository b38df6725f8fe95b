"""The source as syntax trees, for tests about how it is written."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import truenav

PACKAGE = Path(truenav.__file__).parent
BACKEND = PACKAGE.parents[1]


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its path below the package, its dotted name, its text and its tree."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        """core, platform, features or entrypoints."""
        return self.path.parts[0]

    @property
    def feature(self) -> str | None:
        """Which feature it belongs to, if any."""
        return self.path.parts[1] if self.floor == "features" and len(self.path.parts) > 2 else None


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text()
        below = path.relative_to(PACKAGE)
        name = ".".join(("truenav", *below.with_suffix("").parts))
        found.append(Module(below, name, text, ast.parse(text)))
    return tuple(found)

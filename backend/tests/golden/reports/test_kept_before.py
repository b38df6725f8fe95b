"""Reports as they were kept before their pages grew: the same bytes come out of them for ever.

Inputs and answer are written down by hand in the shape of their time. 10 units bought at 500 in
all are worth 60 each, 55 the day before, and 100 lie as cash: 600 of 700, up by 50 of 550 in a
day and by 100 of 500 in all.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from truenav.core.canonical import canonical
from truenav.features.reports.kinds import KINDS, InputsUnreadable

HERE = Path(__file__).parent


def kept(name: str) -> dict[str, Any]:
    """A report of a kind: its versions, inputs and answer."""
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text())
    return found


def test_holdings_of_before_they_could_be_of_a_part_come_out_as_they_were() -> None:
    report = kept("holdings_before_parts")
    assert "slice" not in report["inputs"]
    answer = KINDS["holdings"].answer(canonical(report["inputs"]), report["versions"])
    assert answer == canonical(report["answer"])


def test_inputs_that_nothing_reads_any_more_are_told_as_such() -> None:
    report = kept("holdings_before_parts")
    with pytest.raises(InputsUnreadable):
        KINDS["holdings"].answer(
            canonical({**report["inputs"], "day": "tomorrow"}), report["versions"]
        )

"""Reports as they were kept before their pages grew: the same bytes come out of them for ever.

Inputs and answer of holdings are written down by hand in the shape of their time. 10 units bought
at 500 in all are worth 60 each, 55 the day before, and 100 lie as cash: 600 of 700, up by 50 of 550
in a day and by 100 of 500 in all.

Those of returns, of their parts and of risk were made by the program of their time, when a rate was
made of any capital. 1,000 becomes 1,100; all but 3 cents is taken out, which earn 10; 1,000 comes
and earns 5 %: 1.1 × 13 / 3 × 1.05 is 5.005 with the cents, and 1.1 × 1.05 is 1.155 without. Of
2,000 a tenth is lost; then 4 of 5 cents that are left: down to 0.9 × 0.2 of it, or to 0.9.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from truenav.core.calculations import CURRENT
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


def answered(name: str, *, newest: bool = False) -> Any:
    """What comes out of a report's inputs by its versions, or by the newest ones."""
    report = kept(name)
    versions = {key: CURRENT[key] for key in report["versions"]} if newest else report["versions"]
    return json.loads(KINDS[report["kind"]].answer(canonical(report["inputs"]), versions))


OLD = ("performance_2026_2", "attribution_2026_1", "attribution_unknown_2026_1", "risk_2026_1")


@pytest.mark.parametrize("name", OLD)
def test_a_report_of_a_return_of_any_capital_comes_out_as_it_was(name: str) -> None:
    report = kept(name)
    assert report["versions"]["twrr"] == "2026.2"
    answer = KINDS[report["kind"]].answer(canonical(report["inputs"]), report["versions"])
    assert answer == canonical(report["answer"])


@pytest.mark.parametrize(("newest", "ratio"), [(False, "4.005"), (True, "0.155")])
def test_cents_that_were_left_count_as_the_version_says(newest: bool, ratio: str) -> None:
    returns = answered("performance_2026_2", newest=newest)
    parts = answered("attribution_2026_1", newest=newest)
    assert returns["time_weighted"]["ratio"] == parts["total_ratio"] == ratio
    (cash,) = parts["groups"]
    assert cash["contribution_ratio"] == cash["return_ratio"] == ratio
    assert (cash["gain"], parts["residual_ratio"]) == ("150.1065", "0")
    versions = ("2026.3", "2026.2") if newest else ("2026.2", "2026.1")
    told = (returns["conventions"]["calculation_version"], parts["calculation_version"])
    assert told == versions


def test_what_is_unknown_is_named_since_then() -> None:
    then = answered("attribution_unknown_2026_1")
    assert (then["reason"], then["unknowns"]) == ("no_capital", [])
    now = answered("attribution_unknown_2026_1", newest=True)
    assert now["reason"] == "value_unknown"
    assert [one["reason_code"] for one in now["unknowns"]] == ["price_missing"]


def test_the_worst_fall_is_of_days_with_capital_since_then() -> None:
    then, now = (answered("risk_2026_1", newest=newest) for newest in (False, True))
    assert then["max_drawdown"]["ratio"] == "-0.82"
    assert now["max_drawdown"]["ratio"] == "-0.1"
    # the day of cents is no return of the sample
    assert (then["return_count"], now["return_count"]) == (5, 4)
    assert [day["return_ratio"] for day in now["worst_days"]] == ["-0.1"]
    assert (then["calculation_version"], now["calculation_version"]) == ("2026.1", "2026.2")

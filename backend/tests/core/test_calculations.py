"""The list of calculations is whole, and both live meanings of a return are what they say."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import truenav.core
from truenav.core.calculations import CALCULATIONS, CURRENT, MODULES, RETIRED, marked
from truenav.core.performance import twrr, twrr_2026_1
from truenav.core.performance.flows import FlowTiming
from truenav.core.versions import Version, version_of, versioned

D = Decimal
DOCS = Path(__file__).parents[3] / "docs" / "calculations"
FIRST = date(2026, 1, 5)


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=n) for n in range(count)]


def test_every_marked_function_stands_in_the_list() -> None:
    core = Path(next(iter(truenav.core.__path__)))
    having = {
        "truenav.core." + ".".join(path.relative_to(core).with_suffix("").parts)
        for path in core.rglob("*.py")
        if re.search(r"^@versioned\(", path.read_text(), re.MULTILINE)
    }
    assert having == {module.__name__ for module in MODULES}
    assert all(marked(module) for module in MODULES)


def test_versions_come_newest_first_and_the_newest_can_be_computed() -> None:
    for one in CALCULATIONS:
        dates = [known.version.since for known in one.versions]
        assert dates == sorted(dates, reverse=True), one.name
        assert one.versions[0].is_live, one.name
        assert len({known.version.number for known in one.versions}) == len(one.versions)
    assert {v.name for v in RETIRED} <= set(CURRENT)


def test_every_calculation_has_its_page() -> None:
    assert [one.docs for one in CALCULATIONS if not (DOCS / f"{one.docs}.md").exists()] == []


def test_what_is_not_marked_has_no_version() -> None:
    version = Version("x", "1", FIRST, "the first")
    assert version_of(versioned(version)(lambda: None)) is version
    with pytest.raises(LookupError, match="has no version"):
        version_of(days)


# 1,000 grows to 1,100 (10 %), is taken out whole on a day it earns 11, and comes back as 500,
# which grows to 525 (5 %)
VALUES = [D(1000), D(1100), D(0), D(500), D(525)]
FLOWS = [D(0), D(0), D(-1111), D(500), D(0)]


def test_an_emptied_account_broke_the_first_version_and_not_the_second() -> None:
    first = twrr_2026_1.return_index(days(5), VALUES, FLOWS)
    second = twrr.return_index(days(5), VALUES, FLOWS)
    # 1100 - 1111 is no capital to earn with
    assert (first.broken_on, first.reason, first.total) == (date(2026, 1, 7), "no_capital", None)
    assert first.growth[:2] == (D(1), D("1.1"))
    # 1.1 x (1111 / 1100) x 1 x 1.05
    assert second.total == D("1.111") * D("1.05") - 1


def test_the_first_version_goes_on_over_unknown_days_without_a_flow() -> None:
    values = [None, D(100), None, D(110), None]
    quiet = twrr_2026_1.return_index(days(5), values, [D(0)] * 5)
    assert quiet.growth == (None, D(1), None, D("1.1"), None)
    paid = twrr_2026_1.return_index(days(5), values, [D(0), D(0), D(5), D(0), D(0)])
    assert (paid.broken_on, paid.reason) == (date(2026, 1, 7), "value_unknown")
    unknown = twrr_2026_1.return_index(days(2), [D(1), D(1)], [D(0), None])
    assert unknown.reason == "value_unknown"


def test_a_day_without_capital_at_both_ends_moves_nothing() -> None:
    assert twrr_2026_1.day_growth(D(0), D(0), D(0), FlowTiming.END_OF_DAY) == 1
    assert twrr_2026_1.day_growth(D(100), D(-1), D(0), FlowTiming.END_OF_DAY) is None
    assert twrr_2026_1.day_growth(D(100), D(160), D(50), FlowTiming.END_OF_DAY) == D("1.1")


money = st.decimals(min_value=1, max_value=10_000, places=2)


@given(st.lists(st.tuples(money, st.decimals(0, 100, places=2)), min_size=1, max_size=20))
def test_both_versions_agree_where_nothing_is_emptied(of: list[tuple[Decimal, Decimal]]) -> None:
    values, flows = [value for value, _ in of], [flow for _, flow in of]
    for timing in FlowTiming:
        old = twrr_2026_1.return_index(days(len(of)), values, flows, timing)
        new = twrr.return_index(days(len(of)), values, flows, timing)
        # at the end of the day a flow above the value leaves less than nothing, in both
        assert old.growth == new.growth

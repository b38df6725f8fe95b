"""Every published return, at the digits its source prints."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.golden.returns.cases import DATED, DIETZ, FELL, LINKED, Dated, Dietz, Fall, Linked
from truenav.core.performance.drawdown import max_drawdown
from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.core.performance.mwrr import Mwrr, xirr
from truenav.core.performance.mwrr_batch import xirr_many
from truenav.core.performance.twrr import modified_dietz, return_index

D = Decimal
START = date(2001, 1, 1)


def days(count: int) -> list[date]:
    return [START + timedelta(days=place) for place in range(count)]


def numbers(text: str) -> list[Decimal]:
    return [D(part) for part in text.split()]


def same(ratio: Decimal | None, percent: str) -> bool:
    """Equal at the digits that were printed."""
    places = D(1).scaleb(D(percent).as_tuple().exponent)  # type: ignore[arg-type]
    return ratio is not None and (ratio * 100).quantize(places) == D(percent)


@pytest.mark.parametrize("case", LINKED, ids=lambda case: f"{case.name}: {case.source}")
def test_linked_days(case: Linked) -> None:
    values, flows = numbers(case.values), [D(0), *numbers(case.flows)]
    index = return_index(days(len(values)), values, flows, FlowTiming(case.timing))
    assert same(index.total, case.percent)


@pytest.mark.parametrize("case", DIETZ, ids=lambda case: f"{case.name}: {case.source}")
def test_modified_dietz(case: Dietz) -> None:
    flows = [(place, D(amount)) for place, amount in case.flows]
    ratio = modified_dietz(D(case.opening), D(case.closing), flows, case.day_count)
    assert same(ratio, case.percent)


@pytest.mark.parametrize("case", DIETZ, ids=lambda case: case.name)
def test_modified_dietz_within_a_chain_without_values(case: Dietz) -> None:
    # the same period as days whose values between its ends are not known
    flows = dict(case.flows)
    count = case.day_count + 1
    index = return_index(
        days(count),
        [D(case.opening), *[None] * (count - 2), D(case.closing)],
        [D(flows.get(place, "0")) for place in range(count)],
        FlowTiming.END_OF_DAY,
        Gaps.MODIFIED_DIETZ,
    )
    assert same(index.total, case.percent)
    assert [part.method for part in index.methods] == ["modified_dietz"]


def given(case: Dated) -> list[tuple[date, Decimal]]:
    return [(day, D(amount)) for day, amount in case.flows]


@pytest.mark.parametrize("case", DATED, ids=lambda case: f"{case.name}: {case.source}")
def test_money_weighted(case: Dated) -> None:
    found = xirr(given(case))
    assert same(found.rate, case.percent) or any(same(r, case.percent) for r in found.roots)


def test_money_weighted_abreast() -> None:
    found: list[Mwrr] = xirr_many([given(case) for case in DATED])
    for case, abreast in zip(DATED, found, strict=True):
        alone = xirr(given(case))
        assert abreast.status is alone.status
        assert abs((abreast.rate or D(0)) - (alone.rate or D(0))) < D("1E-11"), case.name


@pytest.mark.parametrize("case", FELL, ids=lambda case: case.name)
def test_worst_falls(case: Fall) -> None:
    levels = numbers(case.levels)
    found = max_drawdown(days(len(levels)), levels)
    assert found is not None
    assert same(found.ratio, case.percent)

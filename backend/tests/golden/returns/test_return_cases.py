"""Every published return, at the digits its source prints."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.golden.returns.dietz import DIETZ
from tests.golden.returns.forms import Annual, Chain, Dated, Dietz, Fall, Linked
from tests.golden.returns.linked import ANNUAL, CHAINS, LINKED
from tests.golden.returns.markets import CLOSES, FELL, MARKETS, ONE_DECIMAL
from tests.golden.returns.money_weighted import DATED
from truenav.core.performance.drawdown import max_drawdown
from truenav.core.performance.flows import FlowTiming, Gaps
from truenav.core.performance.mwrr import Mwrr, MwrrStatus, xirr
from truenav.core.performance.mwrr_batch import xirr_many
from truenav.core.performance.twrr import annualized, modified_dietz, return_index

D = Decimal
START = date(2001, 1, 1)
Case = Linked | Chain | Annual | Dietz | Dated | Fall
EVERY: list[Case] = [*LINKED, *MARKETS, *CHAINS, *ANNUAL, *DIETZ, *DATED, *FELL]


def days(count: int) -> list[date]:
    return [START + timedelta(days=place) for place in range(count)]


def numbers(text: str) -> list[Decimal]:
    return [D(part) for part in text.split()]


def same(ratio: Decimal | None, percent: str) -> bool:
    """Equal at the digits that were printed."""
    places = D(1).scaleb(D(percent).as_tuple().exponent)  # type: ignore[arg-type]
    return ratio is not None and (ratio * 100).quantize(places) == D(percent)


def linked(values: list[Decimal], flows: list[Decimal], timing: FlowTiming) -> Decimal | None:
    return return_index(days(len(values)), values, [D(0), *flows], timing).total


@pytest.mark.parametrize("case", [*LINKED, *MARKETS], ids=lambda case: case.name)
def test_linked_days(case: Linked) -> None:
    total = linked(numbers(case.values), numbers(case.flows), FlowTiming(case.timing))
    assert same(total, case.percent), case.source


@pytest.mark.parametrize("case", CHAINS, ids=lambda case: case.name)
def test_linked_periods(case: Chain) -> None:
    values = [D(100)]
    for percent in numbers(case.percents):
        values.append(values[-1] * (1 + percent / 100))
    total = linked(values, [D(0)] * (len(values) - 1), FlowTiming.START_OF_DAY)
    assert same(total, case.percent), case.source


@pytest.mark.parametrize("case", ANNUAL, ids=lambda case: case.name)
def test_returns_a_year(case: Annual) -> None:
    values = [D(1)]
    for growth in numbers(case.growths):
        values.append(values[-1] * growth)
    total = linked(values, [D(0)] * (len(values) - 1), FlowTiming.START_OF_DAY)
    assert total is not None
    assert same(annualized(total, case.day_count), case.percent), case.source


@pytest.mark.parametrize("case", DIETZ, ids=lambda case: case.name)
def test_modified_dietz(case: Dietz) -> None:
    flows = [(place, D(amount)) for place, amount in case.flows]
    ratio = modified_dietz(D(case.opening), D(case.closing), flows, case.day_count)
    assert same(ratio, case.percent), case.source


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


@pytest.mark.parametrize("case", DATED, ids=lambda case: case.name)
def test_money_weighted(case: Dated) -> None:
    found = xirr(given(case))
    if case.percent is None:
        assert found.status is MwrrStatus.NO_SOLUTION, case.source
        return
    rates = [found.rate, *found.roots]
    assert any(same(rate, case.percent) for rate in rates), case.source


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
    assert same(found.ratio, case.percent), case.source


def test_years_of_the_index_as_another_source_rounds_them() -> None:
    for before, after, percent in zip(CLOSES[:-1], CLOSES[1:], ONE_DECIMAL, strict=True):
        growth = linked([D(before), D(after)], [D(0)], FlowTiming.START_OF_DAY)
        assert growth is not None
        # 23.45 % is 23.4 or 23.5: both sources round the same closes once more
        assert abs(growth * 100 - D(percent)) <= D("0.055")


def test_every_case_says_where_to_read_it() -> None:
    assert len({(type(case), case.name) for case in EVERY}) == len(EVERY)
    for case in EVERY:
        assert case.source.startswith(("https://", "http://", "by hand: ")), case.name

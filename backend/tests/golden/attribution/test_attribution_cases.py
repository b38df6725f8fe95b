"""Published attributions, at the four places their source prints.

Source: C. Bacon, Practical Portfolio Performance Measurement and Attribution (2nd ed., 2008): table
5.3 (Brinson and Fachler, one period) and tables 8.1 and 8.2 (four quarters, linked by Cariño). Read
not in the book but as the figures that the tests of the R package PortfolioAttribution
(github.com/anandkkumar/PortfolioAttribution, `tests/testthat/test_BHB_BF.R`, `test_linking.R`)
quote from it; only figures were taken. The tables of several periods tell selection and interaction
as one. The allocation of a Japanese group (-0.21 %) is of the CFA Program's curriculum on
evaluating portfolio performance, as worked at analystforum.com (thread 130530).
"""

from decimal import Decimal

import pytest

from truenav.core.money import exact
from truenav.core.performance.brinson import (
    Effects,
    GroupPeriod,
    brinson_fachler,
    linked_effects,
)
from truenav.core.performance.linking import coefficients

D = Decimal
GROUPS = ("United Kingdom", "Japan", "United States")
# own weights, benchmark weights, own returns, benchmark returns, by quarter
QUARTERS = (
    (".4 .3 .3", ".4 .2 .4", ".2 -.05 .06", ".1 -.04 .08"),
    (".7 .2 .1", ".4 .3 .3", "-.05 .03 -.05", "-.07 .04 -.1"),
    (".3 .5 .2", ".5 .4 .1", "-.2 .08 -.15", "-.25 .05 -.2"),
    (".3 .5 .2", ".4 .4 .2", ".1 -.07 .25", ".05 -.05 .1"),
)
# allocation, and selection with interaction, of each quarter and group (table 8.1)
SINGLE = (
    ("0 -.0104 -.0016", ".04 -.003 -.006"),
    ("-.0072 -.0086 .0108", ".014 -.002 .005"),
    (".025 .0175 -.0075", ".015 .015 .01"),
    ("-.003 -.007 0", ".015 -.01 .03"),
)
# the same, each quarter times its coefficient (table 8.2)
ADJUSTED = (
    ("0 -.0094 -.0014", ".0362 -.0027 -.0054"),
    ("-.0073 -.0087 .0109", ".0142 -.0020 .0051"),
    (".0266 .0186 -.0080", ".0160 .0160 .0106"),
    ("-.0028 -.0066 0", ".0141 -.0094 .0282"),
)
LINKED = {
    "United Kingdom": (".0165", ".0804"),
    "Japan": ("-.0060", ".0018"),
    "United States": (".0015", ".0385"),
}


def numbers(text: str) -> list[Decimal]:
    return [D(part) for part in text.split()]


def quarter(number: int) -> dict[str, GroupPeriod]:
    columns = [numbers(text) for text in QUARTERS[number]]
    rows = zip(*columns, strict=True)
    return {
        name: GroupPeriod(own, of_own, other, of_other)
        for name, (own, other, of_own, of_other) in zip(GROUPS, rows, strict=True)
    }


@exact
def benchmark(of: dict[str, GroupPeriod]) -> Decimal:
    return sum((g.other_weight * (g.other_return or D(0)) for g in of.values()), D(0))


@exact
def growth(of: dict[str, GroupPeriod]) -> Decimal:
    return 1 + sum((g.own_weight * (g.own_return or D(0)) for g in of.values()), D(0))


def same(found: Decimal, printed: Decimal | str) -> bool:
    return abs(found - D(printed)) < D("1E-4")


def test_one_period_of_brinson_and_fachler() -> None:
    of = quarter(0)
    found = {name: brinson_fachler(group, benchmark(of)) for name, group in of.items()}
    assert found == {
        "United Kingdom": Effects(D(0), D(".04"), D(0)),
        "Japan": Effects(D("-.0104"), D("-.002"), D("-.001")),
        "United States": Effects(D("-.0016"), D("-.008"), D(".002")),
    }


@pytest.mark.parametrize("number", range(4))
def test_each_quarter(number: int) -> None:
    of = quarter(number)
    allocations, selections = (numbers(text) for text in SINGLE[number])
    for place, name in enumerate(GROUPS):
        found = brinson_fachler(of[name], benchmark(of))
        assert same(found.allocation, allocations[place])
        assert same(found.selection + found.interaction, selections[place])


@pytest.mark.parametrize("number", range(4))
def test_each_quarter_as_it_counts_in_the_year(number: int) -> None:
    quarters = [quarter(n) for n in range(4)]
    factors = coefficients([growth(q) for q in quarters], [1 + benchmark(q) for q in quarters])
    of = quarters[number]
    allocations, selections = (numbers(text) for text in ADJUSTED[number])
    for place, name in enumerate(GROUPS):
        found = Effects().plus(brinson_fachler(of[name], benchmark(of)), factors[number])
        assert same(found.allocation, allocations[place])
        assert same(found.selection + found.interaction, selections[place])


def test_four_quarters_linked() -> None:
    quarters = [quarter(number) for number in range(4)]
    found = linked_effects(quarters, [growth(of) for of in quarters])
    for name, (allocation, selection) in LINKED.items():
        effects = found.groups[name]
        assert same(effects.allocation, allocation)
        assert same(effects.selection + effects.interaction, selection)
    assert same(found.own - found.benchmark, ".1327")  # .0120 and .1207
    assert abs(found.residual) < D("1E-40")


def test_an_underweight_in_what_did_better() -> None:
    of = GroupPeriod(D(".51"), D(".124"), D(".605"), D(".1148"))
    found = brinson_fachler(of, D(".0925"))
    assert same(found.allocation, "-.0021")

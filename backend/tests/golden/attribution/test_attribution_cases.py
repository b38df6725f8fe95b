"""What the product says of the published attributions (`cases.py`), at the places printed.

Models the product does not offer are left out: Brinson, Hood and Beebower's allocation without the
benchmark's return, and Menchero's linking. `test_cases_add_up.py` holds that the cases are right.
"""

from decimal import Decimal

import pytest

from tests.golden.attribution.cases import (
    BRINSON,
    FACHLER,
    FACTORS,
    LINKING,
    Brinson,
    Factors,
    Linking,
    Segments,
)
from tests.golden.attribution.test_cases_add_up import near, numbers, room, total
from truenav.core.money import exact
from truenav.core.performance.brinson import (
    Effects,
    GroupPeriod,
    brinson_fachler,
    linked_effects,
)
from truenav.core.performance.linking import coefficients, k_of

D = Decimal
OFFERED = [case for case in BRINSON if case.model == FACHLER]
LINKED = [case for case in LINKING if case.method == "carino"]


def names(of: Segments) -> list[str]:
    return of.names.split(", ")


def groups(of: Segments) -> dict[str, GroupPeriod]:
    columns = (numbers(text) for text in (of.weights_p, of.returns_p, of.weights_b, of.returns_b))
    rows = zip(*columns, strict=True)
    return {name: GroupPeriod(*row) for name, row in zip(names(of), rows, strict=True)}


def columns(effects: list[Effects], folded: str) -> tuple[list[Decimal], ...]:
    """Allocation, selection and interaction, the last added to where a source puts it."""
    both = [one.interaction for one in effects]
    allocation, selection = [one.allocation for one in effects], [one.selection for one in effects]
    if folded == "allocation":
        return [a + b for a, b in zip(allocation, both, strict=True)], selection, both
    if folded == "selection":
        return allocation, [s + b for s, b in zip(selection, both, strict=True)], both
    return allocation, selection, both


@pytest.mark.parametrize("case", OFFERED, ids=lambda case: case.name)
def test_one_period(case: Brinson) -> None:
    whole = total(case.segments.weights_b, case.segments.returns_b)
    found = [brinson_fachler(of, whole) for of in groups(case.segments).values()]
    told = columns(found, case.folded)
    for values, printed in zip(
        told, (case.allocation, case.selection, case.interaction), strict=True
    ):
        assert not printed or near(values, printed, room(case.places)), case.source
    sums = [sum(values, D(0)) for values in told][: len(case.totals.split())]
    assert near(sums, case.totals, room(case.places) * 2), case.source


@exact
def growth(of: Segments) -> Decimal:
    return 1 + total(of.weights_p, of.returns_p)


@pytest.mark.parametrize("case", LINKED, ids=lambda case: case.name)
def test_periods_linked(case: Linking) -> None:
    own = [growth(of) for of in case.periods]
    found = linked_effects([groups(of) for of in case.periods], own)
    in_order = [found.groups[name] for name in names(case.periods[0])]
    allocation, selection, _ = columns(in_order, "selection")
    leeway = D(case.within)
    assert near(allocation, case.allocation, leeway), case.source
    assert near(selection, case.selection, leeway), case.source
    assert near([sum(allocation, D(0)), sum(selection, D(0))], case.totals, leeway), case.source
    assert abs(found.residual) < D("1E-40")


@pytest.mark.parametrize("case", LINKED, ids=lambda case: case.name)
def test_each_period_as_it_counts_in_the_whole(case: Linking) -> None:
    wholes = [total(of.weights_b, of.returns_b) for of in case.periods]
    factors = coefficients([growth(of) for of in case.periods], [1 + of for of in wholes])
    rows = zip(case.periods, wholes, factors, case.adjusted, strict=True)
    for period, whole, factor, printed in rows:
        found = [brinson_fachler(of, whole) for of in groups(period).values()]
        allocation, selection, _ = columns(
            [Effects().plus(one, factor) for one in found], "selection"
        )
        sums = [sum(allocation, D(0)), sum(selection, D(0))]
        assert near(sums, " ".join(printed), D(case.within)), case.source


@pytest.mark.parametrize("case", FACTORS, ids=lambda case: case.name)
def test_factors(case: Factors) -> None:
    own, other = (
        [1 + value for value in numbers(text)] for text in (case.returns_p, case.returns_b)
    )
    alone = [k_of(p, b) for p, b in zip(own, other, strict=True)]
    found = coefficients(own, other) if case.is_scaled else alone
    assert near(found, case.factors, room(case.places)), case.source


def test_an_underweight_in_what_did_better() -> None:
    """A Japanese group: -0.21 %, of the CFA curriculum (analystforum.com, thread 130530)."""
    of = GroupPeriod(D(".51"), D(".124"), D(".605"), D(".1148"))
    assert near([brinson_fachler(of, D(".0925")).allocation], "-0.0021", room(4))

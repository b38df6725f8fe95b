"""The published attributions follow from their inputs: no figure was copied wrongly."""

from decimal import Decimal
from math import log, prod

import pytest

from tests.golden.attribution.cases import (
    BRINSON,
    CURRENCY,
    FACTORS,
    LINKING,
    Brinson,
    Currency,
    Factors,
    Linking,
    Segments,
)

D = Decimal
Effects = tuple[list[Decimal], list[Decimal], list[Decimal]]


def numbers(text: str) -> list[Decimal]:
    return [D(part) for part in text.split()]


def room(places: int) -> Decimal:
    return D(5).scaleb(-places - 1)


def near(found: list[Decimal], text: str, leeway: Decimal) -> bool:
    pairs = zip(found, numbers(text), strict=True)
    return all(abs(value - wanted) <= leeway for value, wanted in pairs)


def total(weights: str, returns: str) -> Decimal:
    return sum((w * r for w, r in zip(numbers(weights), numbers(returns), strict=True)), D(0))


def effects(segments: Segments, model: str, folded: str) -> Effects:
    index = total(segments.weights_b, segments.returns_b) if model == "brinson_fachler" else D(0)
    rows = zip(
        numbers(segments.weights_p), numbers(segments.weights_b),
        numbers(segments.returns_p), numbers(segments.returns_b), strict=True,
    )  # fmt: skip
    allocation, selection, interaction = [], [], []
    for wp, wb, rp, rb in rows:
        both = (wp - wb) * (rp - rb)
        allocation.append((wp - wb) * (rb - index) + (both if folded == "allocation" else 0))
        selection.append(wb * (rp - rb) + (both if folded == "selection" else 0))
        interaction.append(both)
    return allocation, selection, interaction


@pytest.mark.parametrize("case", BRINSON, ids=lambda case: case.name)
def test_one_period(case: Brinson) -> None:
    found = effects(case.segments, case.model, case.folded)
    leeway = room(case.places)
    assert sum(numbers(case.segments.weights_p)) == sum(numbers(case.segments.weights_b)) == 1
    for values, printed in zip(
        found, (case.allocation, case.selection, case.interaction), strict=True
    ):
        assert not printed or near(values, printed, leeway), case.source
    totals = [sum(values, D(0)) for values in found]
    count = len(case.totals.split())
    # each printed total may be a rounding of every effect in it
    assert near(totals[:count], case.totals, leeway * 2), case.source


def log_factor(portfolio: float, benchmark: float) -> float:
    return (log(1 + portfolio) - log(1 + benchmark)) / (portfolio - benchmark)


def factors(method: str, returns_p: list[float], returns_b: list[float]) -> list[float]:
    """Scaled linking factors of each period, as Carino (1999) and Menchero (2000) define them."""
    whole_p, whole_b = (prod(1 + r for r in returns) - 1 for returns in (returns_p, returns_b))
    pairs = list(zip(returns_p, returns_b, strict=True))
    if method == "carino":
        return [log_factor(p, b) / log_factor(whole_p, whole_b) for p, b in pairs]
    count, excess = len(pairs), whole_p - whole_b
    root = 1 / count
    evenly = excess / count / ((1 + whole_p) ** root - (1 + whole_b) ** root)
    missing = excess - evenly * sum(p - b for p, b in pairs)
    squares = sum((p - b) ** 2 for p, b in pairs)
    return [evenly + missing / squares * (p - b) for p, b in pairs]


@pytest.mark.parametrize("case", LINKING, ids=lambda case: case.name)
def test_linked_periods(case: Linking) -> None:
    returns_p = [float(total(part.weights_p, part.returns_p)) for part in case.periods]
    returns_b = [float(total(part.weights_b, part.returns_b)) for part in case.periods]
    scaled = [D(repr(factor)) for factor in factors(case.method, returns_p, returns_b)]
    parts = [effects(part, "brinson_fachler", "selection") for part in case.periods]
    leeway = D(case.within)
    sums = []
    for place, printed in enumerate((case.allocation, case.selection)):
        linked = [
            [factor * value for value in part[place]]
            for factor, part in zip(scaled, parts, strict=True)
        ]
        by_segment = [sum(column, D(0)) for column in zip(*linked, strict=True)]
        assert near(by_segment, printed, leeway), case.source
        sums.append(sum(by_segment, D(0)))
        for effect, period in zip(linked, case.adjusted, strict=True):
            assert near([sum(effect, D(0))], period[place], leeway), case.source
    assert near(sums, case.totals, leeway), case.source
    excess = prod(1 + r for r in returns_p) - prod(1 + r for r in returns_b)
    assert abs(sum(sums, D(0)) - D(repr(excess))) < D("1E-12")


@pytest.mark.parametrize("case", FACTORS, ids=lambda case: case.name)
def test_factors(case: Factors) -> None:
    returns_p, returns_b = (
        [float(value) for value in numbers(text)] for text in (case.returns_p, case.returns_b)
    )
    found = factors(case.method, returns_p, returns_b)
    if not case.is_scaled:
        found = [log_factor(p, b) for p, b in zip(returns_p, returns_b, strict=True)]
    leeway = room(case.places)
    assert near([D(repr(value)) for value in found], case.factors, leeway), case.source


@pytest.mark.parametrize("case", CURRENCY, ids=lambda case: case.name)
def test_currencies(case: Currency) -> None:
    weights, local, moves = (numbers(text) for text in (case.weights, case.local, case.currency))
    rows = list(zip(weights, local, moves, strict=True))
    base = sum((w * ((1 + r) * (1 + c) - 1) for w, r, c in rows), D(0))
    own = sum((w * r for w, r, _ in rows), D(0))
    leeway = room(case.places)
    assert near([base, own, base - own], f"{case.base} {case.from_local} {case.from_currency}",
                leeway), case.source  # fmt: skip


def test_every_case_says_where_to_read_it() -> None:
    every: list[Brinson | Linking | Factors | Currency]
    every = [*BRINSON, *LINKING, *FACTORS, *CURRENCY]
    for case in every:
        assert case.source.startswith(("https://", "http://", "by hand: ")), case.name

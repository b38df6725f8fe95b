"""Statistics as figures that prove themselves: sums over returns, and roots of them.

The page's figures are worked out in float64. Here each return is taken at its shortest decimal
form, and everything made of returns is worked out anew with 60 digits, by the definitions and not
by the page's own path. Both agree far beyond the ten places a page shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.explanation import (
    RATIO,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    product,
    quotient,
    root_of,
)
from truenav.core.money import exact
from truenav.core.unfolding import Term, counted, unfolded

ZERO, ONE = Decimal(0), Decimal(1)
PAGE = "risk"


def decimal_of(value: float) -> Decimal:
    """A float64 at its shortest decimal form, which reads back as the same float."""
    return Decimal(repr(float(value)))


@dataclass(frozen=True, slots=True)
class Told:
    """A series of returns, and how one of them is told; `make` is of the same value."""

    name: str
    days: Sequence[date]
    values: Sequence[Decimal]
    make: Callable[[int], Node]

    @property
    def count(self) -> Decimal:
        """How many they are."""
        return Decimal(len(self.values))

    @exact
    def mean(self) -> Decimal:
        """Their arithmetic mean."""
        return sum(self.values, ZERO) / self.count

    def at(self, places: Sequence[int]) -> "Told":
        """Those at these places alone."""
        return Told(
            self.name,
            [self.days[place] for place in places],
            [self.values[place] for place in places],
            lambda place: self.make(places[place]),
        )

    @exact
    def less(self, other: "Told", name: str, formula: str) -> "Told":
        """Day by day these less others."""

        def make(place: int) -> Node:
            made = minus(f"{name}, {self.days[place].isoformat()}", RATIO,
                         (self.make(place), other.make(place)), formula)  # fmt: skip
            return made.told(ref=Ref(day=self.days[place]))

        pairs = zip(self.values, other.values, strict=True)
        return Told(name, self.days, [own - rate for own, rate in pairs], make)


@dataclass(frozen=True, slots=True)
class Sums:
    """Which long sum of a figure is unfolded, and where a part of one is explained.

    `asked` is the name of a sum; `where` takes the name of a sum and a period.
    """

    where: Callable[[str, str], str]
    asked: str | None = None
    period: str | None = None
    found: "list[Node] | None" = None

    def sum(self, name: str, label: str, terms: Sequence[Term], formula: str) -> Node:
        """A sum by name; the one that is asked for is kept aside, told by its period."""

        def tell(period: str | None) -> Node:
            return unfolded(label, RATIO, terms, period, self._ways(name), formula)

        return self._told(name, tell)

    def count(self, name: str, label: str, of: "Told", places: Sequence[int], formula: str) -> Node:
        """How many of a series stand at these places, each of them told; by name like a sum."""
        days = [of.days[place] for place in places]

        def tell(period: str | None) -> Node:
            def make(i: int) -> Node:
                return of.make(places[i])

            return counted(label, days, make, period, self._ways(name), formula)

        return self._told(name, tell)

    def _ways(self, name: str) -> Callable[[str], str]:
        return lambda period: self.where(name, period)

    def _told(self, name: str, tell: Callable[[str | None], Node]) -> Node:
        if name == self.asked and self.found is not None:
            self.found.append(tell(self.period))
        return tell(None)


@exact
def mean_node(of: Told, sums: Sums, name: str = "returns") -> Node:
    """Σ r ÷ n."""
    terms = [Term(day, of.values[i], _telling(of, i)) for i, day in enumerate(of.days)]
    added = sums.sum(name, f"Sum of {of.name}", terms, "day by day")
    return quotient(f"Mean of {of.name}", RATIO, added, _count(of.count), "sum ÷ n")


def _telling(of: Told, place: int) -> Callable[[], Node]:
    return lambda: of.make(place)


def _count(count: Decimal, label: str = "n") -> Node:
    return constant(count, label)


@exact
def squares_node(of: Told, sums: Sums, name: str = "squares") -> Node:
    """Σ (r − mean)²."""
    return products_node(of, of, sums, name)


@exact
def products_node(left: Told, right: Told, sums: Sums, name: str) -> Node:
    """Σ (x − mean of x)(y − mean of y)."""
    mean, other = left.mean(), right.mean()

    def telling(place: int) -> Callable[[], Node]:
        return lambda: _product(left, right, (mean, other), place)

    terms = [
        Term(day, (left.values[i] - mean) * (right.values[i] - other), telling(i))
        for i, day in enumerate(left.days)
    ]
    is_square = left is right
    label = f"Squared distances of {left.name} from their mean" if is_square else (
        f"Distances of {left.name} × of {right.name}"
    )  # fmt: skip
    return sums.sum(name, label, terms, "day by day: distance × distance")


@exact
def _product(left: Told, right: Told, means: tuple[Decimal, Decimal], place: int) -> Node:
    day = left.days[place]
    parts = [
        minus(f"Distance of {of.name}", RATIO, (
            of.make(place), leaf(NodeKind.EVENT, f"Mean of {of.name}", RATIO, mean)
        ), "return − mean")
        for of, mean in zip((left, right), means, strict=True)
    ]  # fmt: skip
    made = product(day.isoformat(), RATIO, parts, "distance × distance")
    return made.told(ref=Ref(day=day))


@exact
def deviation_node(of: Told, sums: Sums, name: str = "squares") -> Node:
    """√(Σ (r − mean)² ÷ (n − 1))."""
    under = _count(of.count - ONE, "n − 1")
    variance = quotient(f"Variance of {of.name}", RATIO, squares_node(of, sums, name), under,
                        "sum ÷ (n − 1)")  # fmt: skip
    return root_of(f"Standard deviation of {of.name}", RATIO, variance, "√variance")


@exact
def shortfall_node(of: Told, sums: Sums, name: str = "shortfalls") -> Node:
    """√(Σ min(r, 0)² ÷ n), n counting all returns."""

    def telling(place: int) -> Callable[[], Node]:
        day = of.days[place]
        return lambda: product(
            day.isoformat(), RATIO, (of.make(place), of.make(place)), "return × return"
        ).told(ref=Ref(day=day))

    terms = [
        Term(day, of.values[i] * of.values[i], telling(i))
        for i, day in enumerate(of.days)
        if of.values[i] < 0
    ]
    added = sums.sum(name, f"Squared {of.name} below nothing", terms, "day by day")
    mean = quotient("Mean of the squares", RATIO, added, _count(of.count, "n, all of them"),
                    "sum ÷ n")  # fmt: skip
    return root_of("Downside deviation of a period", RATIO, mean, "√mean")


@exact
def yearly(node: Node, periods: Decimal, label: str, formula: str = "a period × √periods") -> Node:
    """A figure of one period times the root of how many make a year."""
    root = root_of("√periods", RATIO, constant(periods, "returns a year"), "√periods")
    return product(label, RATIO, (node, root), formula).told(page=PAGE)


@exact
def over_deviation(mean: Node, spread: Node, periods: Decimal, label: str) -> Node:
    """A mean over a deviation, a year."""
    ratio = quotient("Of a period", RATIO, mean, spread, "mean ÷ deviation")
    return yearly(ratio, periods, label)


# --- beside a benchmark -------------------------------------------------------------------------


@exact
def beta_node(own: Told, other: Told, sums: Sums, label: str = "Beta") -> Node:
    """Σ xy ÷ Σ y²."""
    both = products_node(own, other, sums, "products")
    squares = squares_node(other, sums, "benchmark_squares")
    made = quotient(label, RATIO, both, squares, "cov(rp, rb) ÷ var(rb), n − 1 cancels")
    return made.told(page=PAGE)


@exact
def alpha_node(own: Told, other: Told, periods: Decimal, sums: Sums) -> Node:
    """(mean(rp − rf) − beta × mean(rb − rf)) × periods."""
    slope = beta_node(own, other, sums)
    market = product("Beta × mean of the benchmark", RATIO, (
        slope, mean_node(other, sums, "benchmark_returns")
    ), "beta × mean")  # fmt: skip
    each = minus("Alpha of a period", RATIO, (mean_node(own, sums), market), "mean − beta × mean")
    year = constant(periods, "returns a year")
    return product("Alpha", RATIO, (each, year), "alpha of a period × periods").told(page=PAGE)


@exact
def correlation_node(own: Told, other: Told, sums: Sums) -> Node:
    """Σ xy ÷ √(Σ x² × Σ y²)."""
    both = products_node(own, other, sums, "products")
    squares = (squares_node(own, sums), squares_node(other, sums, "benchmark_squares"))
    under = product("Both sums of squares", RATIO, squares, "Σ x² × Σ y²")
    root = root_of("Root of both", RATIO, under, "√(Σ x² × Σ y²)")
    made = quotient("Correlation", RATIO, both, root, "Σ xy ÷ √(Σ x² × Σ y²)")
    return made.told(page=PAGE)


@exact
def pair_node(left: Told, right: Told, sums: Sums) -> Node:
    """Covariance ÷ (deviation × deviation), of the days both have."""
    under = _count(left.count - ONE, "n − 1")
    covariance = quotient(
        "Covariance", RATIO, products_node(left, right, sums, "products"), under, "sum ÷ (n − 1)"
    )
    deviations = (
        deviation_node(left, sums, "left_squares"), deviation_node(right, sums, "right_squares"),
    )  # fmt: skip
    both = product("Both deviations", RATIO, deviations, "deviation × deviation")
    made = quotient("Correlation", RATIO, covariance, both, "covariance ÷ (deviation × deviation)")
    return made.told(page=PAGE, note=f"{left.count} days both have a return")


@exact
def capture_node(own: Told, other: Told, *, is_up: bool) -> Node:
    """The geometric mean of the days the benchmark rose (or fell), over the benchmark's own."""
    chosen = [i for i, value in enumerate(other.values) if (value > 0 if is_up else value < 0)]
    over, under = (_geometric(of, chosen) for of in (own, other))
    word = "rose" if is_up else "fell"
    formula = f"mean of {own.name} ÷ of {other.name}, on days the benchmark {word}"
    made = quotient("Up capture" if is_up else "Down capture", RATIO, over, under, formula)
    return made.told(page=PAGE)


@exact
def _geometric(of: Told, chosen: Sequence[int]) -> Node:
    growth = ONE
    for place in chosen:
        growth *= ONE + of.values[place]
    count = len(chosen)
    root = growth ** (ONE / Decimal(count)) if growth > 0 else ZERO
    made = leaf(NodeKind.EVENT, "Mean growth", RATIO, root)
    made = made.told(
        note=f"1 + r of {count} days, multiplied: {growth:.10f}; to the power 1/{count}"
    )
    return minus(f"Geometric mean of {of.name}", RATIO, (made, constant(ONE, "less 1")),
                 "mean growth − 1")  # fmt: skip

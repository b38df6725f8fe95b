"""Quantiles and what lies beyond them, as figures that prove themselves.

A quantile is one return, or lies between two neighbors of the sorted returns: which two, and how
far from the lower one, is what the rules of Hyndman and Fan (1996) differ in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from statistics import NormalDist
from typing import Final

import numpy as np

from truenav.core.explanation import (
    RATIO,
    Node,
    constant,
    minus,
    product,
    quotient,
    total,
)
from truenav.core.money import exact
from truenav.core.risk.explaining import (
    PAGE,
    Sums,
    Told,
    decimal_of,
    deviation_node,
    mean_node,
)
from truenav.core.risk.figures import Floats
from truenav.core.risk.tails import Quantile, Tail, histogram, value_at_risk

ZERO, HALF = Decimal(0), Decimal("0.5")
# (alpha, beta) of the rules whose place is n·q + alpha + q·(1 − alpha − beta) − 1, from 0 on
PLOTTING: Final[Mapping[Quantile, tuple[float, float]]] = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a quantile lies: at the sorted return numbered `lower`, or so far to the next."""

    lower: int
    part: Decimal = ZERO


def spot_of(count: int, tail: Tail) -> Spot:
    """Where the quantile of so many sorted returns lies, numbered from 0.

    The place is worked out in float64, as the page does: a share of 0.05 of 140 returns is a last
    digit more than 7 there, and a rule of whole places goes by that.
    """
    share, rule = tail.share, tail.method
    if rule in WHOLE:
        return Spot(min(max(WHOLE[rule](count, share), 0), count - 1))
    if rule == "averaged_inverted_cdf":
        return _averaged(count, share)
    if rule in PLOTTING:
        alpha, beta = PLOTTING[rule]
        place = count * share + (alpha + share * (1 - alpha - beta)) - 1
    else:
        place = (count - 1) * share
    place = min(max(place, 0.0), float(count - 1))
    lower = floor(place)
    if rule == "midpoint":
        return Spot(lower, HALF if place != lower else ZERO)
    return Spot(lower, decimal_of(place) - lower)


def _averaged(count: int, share: float) -> Spot:
    """The next return; halfway to it where the share ends at one."""
    place = count * share - 1
    if place < 0 or place >= count - 1:
        return Spot(0 if place < 0 else count - 1)
    lower = floor(place)
    return Spot(lower, HALF) if place == lower else Spot(lower + 1)


def _closest(count: int, share: float) -> int:
    """The nearest; of two equally near ones the even one, counted from 1."""
    place = count * share - 1.5
    lower = floor(place)
    return lower if place == lower and lower % 2 == 1 else lower + 1


WHOLE: Final[Mapping[str, Callable[[int, float], int]]] = {
    "lower": lambda n, q: floor((n - 1) * q),
    "higher": lambda n, q: ceil((n - 1) * q),
    "nearest": lambda n, q: round((n - 1) * q),
    "inverted_cdf": lambda n, q: ceil(n * q - 1),
    "closest_observation": _closest,
}


@exact
def quantile_node(of: Told, tail: Tail) -> Node:
    """The return that only the tail fell below, between two neighbors of the sorted returns."""
    order = sorted(range(len(of.values)), key=lambda i: (of.values[i], of.days[i]))
    spot = spot_of(len(order), tail)
    lower = of.make(order[spot.lower])
    note = (
        f"the lowest but {spot.lower} of {len(order)} returns; rule: {tail.method}, share in the"
        f" tail: {decimal_of(tail.share):f}"
    )
    if not spot.part:
        return total("Value at risk", RATIO, (lower,), "one of the sorted returns").told(
            page=PAGE, note=note
        )
    upper = of.make(order[spot.lower + 1])
    apart = minus("To the next higher return", RATIO, (upper, lower), "next − this")
    part = constant(spot.part, "part of the way")
    step = product("A part of the way to the next", RATIO, (apart, part), "distance × part")
    made = total("Value at risk", RATIO, (lower, step), "return + part of the way to the next")
    return made.told(page=PAGE, note=note)


@exact
def shortfall_beyond(of: Told, tail: Tail, floats: Floats) -> Node:
    """The mean of the returns at or below the quantile: every one of them.

    Which they are is what the page's own float64 says: of returns that differ in their last digit
    only, some may lie beyond and some not.
    """
    limit = value_at_risk(floats, tail).value or 0.0
    beyond = [i for i, value in enumerate(floats) if value <= limit] or [int(np.argmin(floats))]
    lines = [of.make(i) for i in sorted(beyond, key=lambda i: (of.values[i], of.days[i]))]
    added = total("Returns at or below the value at risk", RATIO, lines, "the lowest first")
    count = constant(Decimal(len(beyond)), "days beyond")
    made = quotient("Expected shortfall", RATIO, added, count, "sum ÷ days beyond")
    return made.told(page=PAGE, note=f"at or below {limit:.10f}")


@exact
def parametric_node(of: Told, tail: Tail, sums: Sums) -> Node:
    """Mean less z times the standard deviation."""
    z = decimal_of(NormalDist().inv_cdf(tail.confidence))
    confidence = decimal_of(tail.confidence)
    score = constant(z, f"z of {confidence:f}").told(note="of the standard normal distribution")
    spread = product("z × deviation", RATIO, (score, deviation_node(of, sums)), "z × deviation")
    made = minus("Value at risk, if returns were normal", RATIO, (mean_node(of, sums), spread),
                 "mean − z × deviation")  # fmt: skip
    return made.told(page=PAGE)


@exact
def bar_node(of: Told, number: int, floats: Floats, sums: Sums) -> Node | None:
    """How many returns lie in a bar of the histogram, numbered from 1; None without such a bar.

    The edges are the page's own float64, and so is what lies between them: a return at an edge
    belongs above it, and at the last edge below.
    """
    edges = histogram(floats).edges
    if not 1 <= number < len(edges):
        return None
    low, high = edges[number - 1], edges[number]
    is_last = number == len(edges) - 1
    inside = [
        place
        for place, value in enumerate(floats)
        if low <= value and (value < high or (is_last and value == high))
    ]
    ends = "both included" if is_last else "the upper one excluded"
    made = sums.count(
        "days", "Returns in the bar", of, inside, f"returns from {low:.10f} to {high:.10f}, {ends}"
    )
    note = f"bar {number} of {len(edges) - 1} equally wide ones that hold {len(floats)} returns"
    return made.told(page=PAGE, note=note)

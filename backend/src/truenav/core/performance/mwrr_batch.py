"""Money-weighted returns of many portfolios at once: a float search, proved, and exact edges.

The search is in x = ln(1 + r), all portfolios abreast: Newton inside a bracket, halving it when a
step leaves it; solved rows drop out. A rate is taken only where its present value proves it and
no second rate can exist; every other portfolio is searched alone, in decimals (`mwrr.xirr`).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from truenav.core.money import exact
from truenav.core.performance.flows import DAYS_PER_YEAR
from truenav.core.performance.mwrr import Mwrr, MwrrStatus, can_be_solved, finished, terms_of, xirr
from truenav.core.performance.present_value import MAX_STEPS, Terms

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LOW, HIGH = np.log(1e-6), np.log(1e6)
# Newton squares what is left: after a step of 1e-7 some 1e-13 remain. WORTH is of all amounts
# without their signs, or of what they are worth at the rate where that is less: at a rate of a
# million a year everything later is next to nothing, which is no proof.
STEP, WORTH = 1e-7, 1e-9
BLOCK = 256  # rows that stay in the processor's cache together
DIGITS = 12


def solve(days: Floats, amounts: Floats) -> tuple[Floats, Flags]:
    """Yearly rates of K portfolios, and which are proved to be the only ones.

    Args:
        days: Days since each portfolio's first flow, ascending, whole; shape (K, M).
        amounts: From the investor's side, paid in < 0; shape (K, M). Zeros fill short rows.

    Returns:
        (rates, proved), both of K. Proved: |net present value| <= 1e-9 of the sum of |amounts|
        and of what they are worth at that rate, and the balance invested at that rate never
        changed its sign, so that the present value falls (or rises) through one zero only
        (Teichroew, Robichek and Montalbano 1965). What is not proved may still be right; search it
        alone.
    """
    count = days.shape[0]
    rates, proved = np.full(count, np.nan), np.zeros(count, dtype=np.bool_)
    for start in range(0, count, BLOCK):
        part = slice(start, start + BLOCK)
        rates[part], proved[part] = _solve_block(days[part] / DAYS_PER_YEAR, amounts[part])
    return rates, proved


def _solve_block(years: Floats, amounts: Floats) -> tuple[Floats, Flags]:
    rows = np.arange(years.shape[0])
    x = _guess(years, amounts)
    low, high = np.full(x.shape, LOW), np.full(x.shape, HIGH)
    # paid in first, got out last: the present value falls as the rate rises
    falling = np.where(amounts[:, 0] < 0, 1.0, -1.0)
    going, left_years, left = rows, years, amounts
    for _ in range(MAX_STEPS):
        worths = np.multiply(left_years, -x[going, None])
        np.exp(worths, out=worths)
        worths *= left
        value = worths.sum(axis=1)
        slope = -np.einsum("ij,ij->i", worths, left_years)
        is_right = value * falling[going] > 0
        low[going] = np.where(is_right, x[going], low[going])
        high[going] = np.where(is_right, high[going], x[going])
        with np.errstate(divide="ignore", invalid="ignore"):
            following = x[going] - value / slope
        is_inside = (following > low[going]) & (following < high[going])
        following = np.where(is_inside, following, (low[going] + high[going]) / 2)
        moved = np.abs(following - x[going])
        x[going] = following
        stays = moved > STEP * (1 + np.abs(following))
        if not stays.any():
            break
        if not stays.all():
            going, left_years, left = going[stays], left_years[stays], left[stays]
    return np.expm1(x), _proved(years, amounts, x)


def _guess(years: Floats, amounts: Floats) -> Floats:
    """Modified Dietz, a year: what came out over what was there on average."""
    end = years.max(axis=1, keepdims=True)
    capital = -(amounts * (end - years)).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = amounts.sum(axis=1) / capital
    guess: Floats = np.log1p(np.clip(np.nan_to_num(ratio), -0.9, 10.0))
    return guess


def _proved(years: Floats, amounts: Floats, x: Floats) -> Flags:
    worths = amounts * np.exp(-x[:, None] * years)
    size = np.minimum(np.abs(amounts).sum(axis=1), np.abs(worths).sum(axis=1))
    is_zero = np.abs(worths.sum(axis=1)) <= WORTH * size
    # what is still invested after each flow is what later ones are worth: added up from the end,
    # where a small remainder keeps its sign
    later, sizes = (np.cumsum(w[:, :0:-1], axis=1) for w in (worths, np.abs(worths)))
    slack = WORTH * sizes
    has_one_sign = (later <= slack).all(axis=1) | (later >= -slack).all(axis=1)
    is_within = (x > LOW) & (x < HIGH)
    proved: Flags = is_zero & has_one_sign & is_within & (size > 0)
    return proved


@exact
def xirr_many(portfolios: Sequence[Sequence[tuple[date, Decimal]]]) -> list[Mwrr]:
    """`xirr` of every portfolio; rates found abreast are kept at 12 digits.

    Args:
        portfolios: (day, amount) from the investor's side, as `xirr` takes them.
    """
    merged = [_merged(flows) for flows in portfolios]
    width = max((len(flows) for flows in merged), default=0)
    if not width:
        return [xirr(flows) for flows in portfolios]
    days, amounts = np.zeros((len(merged), width)), np.zeros((len(merged), width))
    for row, flows in enumerate(merged):
        for column, (place, amount) in enumerate(flows):
            days[row, column], amounts[row, column] = place, amount
        days[row, len(flows) :] = flows[-1][0] if flows else 0
    rates, proved = solve(days, amounts)
    return [
        _found(Decimal(repr(rates[row].item())), merged[row][-1][0])
        if proved[row] and merged[row][-1][0] >= DAYS_PER_YEAR
        else xirr(flows)
        for row, flows in enumerate(portfolios)
    ]


@exact
def xirr_each(
    portfolios: Sequence[Sequence[tuple[date, Decimal]]], guesses: Sequence[Decimal | None]
) -> list[Mwrr]:
    """`xirr` of every portfolio with its guess, to the last digit.

    Rates are found abreast in floats, of the days that `xirr` solves for; those proved to be the
    only ones are finished in decimals, all others searched alone.

    Args:
        portfolios: (day, amount) from the investor's side, as `xirr` takes them.
        guesses: One for each.
    """
    told = [terms_of(flows) for flows in portfolios]
    near = near_rates(told)
    answers = []
    for number, (flows, guess) in enumerate(zip(portfolios, guesses, strict=True)):
        terms, day_count = told[number]
        rate = near.get(number)
        found = finished(terms, day_count, rate) if rate is not None else None
        answers.append(found if found is not None else xirr(flows, guess))
    return answers


def near_rates(told: Sequence[tuple[Terms, int]]) -> dict[int, Decimal]:
    """Rates that are proved to be the only ones, by the portfolio's number."""
    numbers = [n for n, (terms, day_count) in enumerate(told) if can_be_solved(terms, day_count)]
    if not numbers:
        return {}
    width = max(len(told[number][0]) for number in numbers)
    times, amounts = np.zeros((len(numbers), width)), np.zeros((len(numbers), width))
    for row, number in enumerate(numbers):
        terms, day_count = told[number]
        for column, (place, amount) in enumerate(terms):
            times[row, column] = place / min(day_count, DAYS_PER_YEAR)
            amounts[row, column] = amount
        times[row, len(terms) :] = times[row, len(terms) - 1]
    found = {}
    for start in range(0, len(numbers), BLOCK):
        part = slice(start, start + BLOCK)
        rates, proved = _solve_block(times[part], amounts[part])
        for number, rate, is_proved in zip(numbers[part], rates, proved, strict=True):
            if is_proved:
                found[number] = Decimal(repr(rate.item()))
    return found


def _merged(flows: Sequence[tuple[date, Decimal]]) -> list[tuple[int, Decimal]]:
    """Flows of a day added up, in order, by days since the first."""
    by_day: dict[date, Decimal] = {}
    for day, amount in flows:
        by_day[day] = by_day.get(day, Decimal(0)) + amount
    first = min(by_day, default=date.min)
    return sorted(((day - first).days, amount) for day, amount in by_day.items())


def _found(rate: Decimal, day_count: int) -> Mwrr:
    rounded = round(rate, DIGITS)
    period = (1 + rounded) ** (Decimal(day_count) / DAYS_PER_YEAR) - 1
    return Mwrr(MwrrStatus.OK, rounded, (rounded,), day_count, period)

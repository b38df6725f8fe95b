"""Several accounts, several currencies, one series: what the household was worth each day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from truenav.core.money import exact
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.series import FxTable

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CurrencyDay:
    """What all accounts of one base currency add up to on one day; null when one is unknown.

    `turned` (≥ 0) is known of slices: what went into parts of it and came out of the same parts
    on that day; `external_flow` has only what is left of both.
    """

    as_of: date
    currency: str
    nav: Decimal | None
    external_flow: Decimal | None
    unknowns: tuple[Unknown, ...] = ()
    turned: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """All accounts at the close of one day, in one currency; `external_flow` > 0 is paid in.

    `turned` as in `CurrencyDay`.
    """

    as_of: date
    nav: Decimal | None
    external_flow: Decimal | None
    unknowns: tuple[Unknown, ...] = ()
    turned: Decimal = ZERO


@exact
def consolidate(days: Iterable[CurrencyDay], fx: FxTable, currency: str) -> list[SeriesPoint]:
    """Add up the currencies of each day at that day's rate.

    Args:
        days: In order of day; at most one per day and currency.
        fx: Rates of every currency that occurs.
        currency: Currency of the result.

    Returns:
        One point per day, in order. A sum with an unknown part is unknown, never partial.
    """
    return [
        _point(as_of, list(of_day), fx, currency)
        for as_of, of_day in groupby(days, key=attrgetter("as_of"))
    ]


def _point(as_of: date, parts: list[CurrencyDay], fx: FxTable, currency: str) -> SeriesPoint:
    if len(parts) == 1 and parts[0].currency == currency:
        only = parts[0]
        return SeriesPoint(as_of, only.nav, only.external_flow, only.unknowns, only.turned)
    nav: Decimal | None = ZERO
    flow: Decimal | None = ZERO
    turned: Decimal | None = ZERO
    unknowns: set[Unknown] = set()
    for part in parts:
        rate = fx.rate(part.currency, currency, as_of)
        unknowns.update(part.unknowns)
        if rate is None and (part.nav or part.external_flow or part.turned):
            unknowns.add(Unknown("fx_missing", part.currency))
        nav = _added(nav, part.nav, rate)
        flow = _added(flow, part.external_flow, rate)
        turned = _added(turned, part.turned, rate)
    return SeriesPoint(as_of, nav, flow, tuple(sorted(unknowns)), turned or ZERO)


def _added(running: Decimal | None, amount: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """Nothing is nothing at any rate: an account without a flow that day needs none."""
    if running is None or amount is None:
        return None
    if not amount:
        return running
    return running + amount * rate if rate is not None else None

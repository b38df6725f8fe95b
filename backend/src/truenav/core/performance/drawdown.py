"""Drawdown of the return index: how far below its earlier peak, never of the value itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from truenav.core.money import exact
from truenav.core.versions import Version, versioned

VERSION: Final = Version("drawdown", "2026.1", date(2026, 11, 23), "The first.")


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The worst fall: ratio (<= 0), where it began, ended and was made good (None: not yet)."""

    ratio: Decimal
    peak_date: date
    trough_date: date
    recovery_date: date | None


@versioned(VERSION)
@exact
def drawdowns(growth: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Growth over its highest so far, minus 1; <= 0; null where growth is."""
    peak: Decimal | None = None
    series: list[Decimal | None] = []
    for level in growth:
        if level is None:
            series.append(None)
            continue
        peak = level if peak is None else max(peak, level)
        series.append(level / peak - 1 if peak else Decimal(0))
    return series


@versioned(VERSION)
@exact
def max_drawdown(days: Sequence[date], growth: Sequence[Decimal | None]) -> Drawdown | None:
    """The worst drawdown of a growth index, with its dates; None without any known day."""
    known = [(day, level) for day, level in zip(days, growth, strict=True) if level is not None]
    if not known:
        return None
    peak_day, peak = known[0]
    worst = Drawdown(Decimal(0), peak_day, peak_day, peak_day)
    worst_peak = peak
    for day, level in known:
        if level >= peak:
            peak_day, peak = day, level
        fall = level / peak - 1 if peak else Decimal(0)
        if fall < worst.ratio:
            worst, worst_peak = Drawdown(fall, peak_day, day, None), peak
    if worst.ratio:
        back = (d for d, level in known if d > worst.trough_date and level >= worst_peak)
        worst = Drawdown(worst.ratio, worst.peak_date, worst.trough_date, next(back, None))
    return worst

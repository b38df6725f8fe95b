"""The same figures of every window, on the days that are kept for the shape of the first."""

from datetime import date

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from truenav.core.risk.figures import Convention
from truenav.core.risk.risk_free import RiskFree
from truenav.core.risk.rolling import listed, rolling_beta, rolling_sharpe, rolling_volatility
from truenav.core.risk.rolling_tails import rolling_value_at_risk
from truenav.core.valuation.decimation import Thinning, decimate
from truenav.features.risk.asked import Asked
from truenav.features.risk.figures import decimal_of
from truenav.features.risk.metrics import Joined, excess
from truenav.features.risk.portfolio import PortfolioReturns
from truenav.features.risk.schemas import RollingPointOut


def rolling_of(
    of: PortfolioReturns,
    both: Joined | None,
    free: RiskFree,
    how: Asked,
    room: tuple[int, Thinning],
) -> tuple[list[RollingPointOut], bool]:
    """Volatility, Sharpe, value at risk and beta of each window; nothing of irregular days."""
    if not of.frequency.periods:
        return [], False
    convention = Convention(periods=of.frequency.periods)
    returns, window = of.sample.returns, how.window
    moved = [decimal_of(value) for value in rolling_volatility(returns, window, convention)]
    beyond = excess(of.sample, of.frequency.periods, free)
    earned = (
        [None] * len(moved)
        if beyond is None
        else rolling_sharpe(beyond.returns, window, convention)
    )
    limits = _limits(of, how)
    betas = _betas(both, window)
    days = of.sample.days[window - 1 :]
    ratios, quantiles = ([decimal_of(value) for value in column] for column in (earned, limits))
    sensitive = [decimal_of(betas.get(day)) for day in days] if betas else None
    drawn = [moved, ratios, quantiles, *([sensitive] if sensitive else [])]
    kept = decimate(drawn, *room)
    points = [
        RollingPointOut(
            as_of=days[i],
            volatility=moved[i],
            sharpe=ratios[i],
            value_at_risk=quantiles[i],
            beta=sensitive[i] if sensitive else None,
        )
        for i in kept
    ]
    return points, len(kept) < len(moved)


def _limits(of: PortfolioReturns, how: Asked) -> list[float | None]:
    """The quantile of each window; windows too short for their tail tell nothing unless asked."""
    returns, window = of.sample.returns, how.window
    if window > returns.size or window < how.tail.least:
        return [None] * max(0, returns.size - window + 1)
    if how.method == "linear":
        return listed(rolling_value_at_risk(returns[np.newaxis], window, [how.confidence])[0, 0])
    views = sliding_window_view(returns, window)
    return listed(np.quantile(views, how.tail.share, axis=1, method=how.method))


def _betas(both: Joined | None, window: int) -> dict[date, float | None]:
    if both is None:
        return {}
    found = rolling_beta(both.own.returns, both.other.returns, window)
    return dict(zip(both.own.days[window - 1 :], found, strict=True))

"""How the figures of the page of risk were made, said with them: formulas, samples, signs."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from truenav.core.performance.flows import DAYS_PER_YEAR, SLICE_TIMING
from truenav.core.risk.samples import Sample, frequency_of
from truenav.features.risk.conventions_schemas import (
    FormulaOut,
    Measured,
    MeasureOut,
    RiskConventionsOut,
)
from truenav.features.risk.given import GivenRisk
from truenav.features.risk.metrics import FORMULAS, Joined
from truenav.features.risk.tails import compared, held_sample

BILLS_CURRENCY: Final = "USD"
OUTSIDE_METRICS: Final = ("value_at_risk", "expected_shortfall", "parametric", "max_drawdown")


def conventions_of(given: GivenRisk, own: Sample, both: Joined | None) -> RiskConventionsOut | None:
    """As of when, and how; None for inputs that were kept before answers said it."""
    if given.as_of is None:
        return None
    how, held = given.how, given.held.as_arrays()
    past, today = own.last(how.window), held_sample(held).last(how.window)
    pairs = compared(held, how.window)
    # the first of these days begins the first return; one holding pairs with nothing
    paired = pairs.days[1:] if len(pairs.ids) > 1 else []
    samples: list[tuple[Measured, Sequence[date], int | None]] = [
        ("portfolio", own.days, None),
        ("past_tail", past.days, how.window),
        ("held_tail", today.days, how.window),
        ("correlations", paired, how.window),
    ]
    if both is not None:
        samples.insert(1, ("benchmark", both.own.days, None))
    return RiskConventionsOut(
        as_of=given.as_of,
        flow_timing=how.flow_timing.value if given.slice.is_everything else SLICE_TIMING,
        gaps=how.gaps.value,
        day_count="actual/365",
        annualized_from_days=DAYS_PER_YEAR,
        loss_sign="negative",
        tail_horizon="one_return",
        quantile_method=how.method,
        risk_free_currency=given.currency if given.bills is None else BILLS_CURRENCY,
        formulas=[FormulaOut(name=name, formula=FORMULAS[name]) for name in OUTSIDE_METRICS],
        measures=[_measure(of, days, window) for of, days, window in samples],
    )


def _measure(of: Measured, days: Sequence[date], window: int | None) -> MeasureOut:
    frequency = frequency_of(days)
    return MeasureOut(
        of=of,
        frequency=frequency.name,
        periods_per_year=int(frequency.periods) or None,
        window=window,
        return_count=len(days),
        first_date=days[0] if days else None,
        last_date=days[-1] if days else None,
    )

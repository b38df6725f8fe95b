"""Yields of what is held, and of all of it together."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from truenav.core.income.yields import Yield, Yields, yields_of
from truenav.core.money import exact
from truenav.core.valuation.holdings import HoldingValue
from truenav.features.income.calendar import without_history
from truenav.features.income.gathering import Known
from truenav.features.income.schemas import InstrumentYieldsOut, YieldOut, YieldsOut
from truenav.features.income.totals import conventions
from truenav.features.valuation.allocation import places
from truenav.platform.problems import NotFound

ZERO = Decimal(0)
# What hides a part hides the whole. That nothing is known to be paid, or no more, does not.
UNKNOWN = frozenset({"fx_missing", "price_missing", "cost_unknown"})


@dataclass(frozen=True, slots=True)
class Measured:
    """One long position and its yields."""

    item: HoldingValue
    yields: Yields


def measured_of(known: Known) -> list[Measured]:
    """Every long position, by id of its instrument."""
    return [
        Measured(item, _yields(known, item)) for item in known.holdings.items if item.quantity > 0
    ]


def measured_one(known: Known, instrument_id: UUID) -> Measured:
    """One of them.

    Raises:
        NotFound: no units of it are held.
    """
    for found in measured_of(known):
        if found.item.instrument_id == instrument_id:
            return found
    raise NotFound("no such holding")


@exact
def _yields(known: Known, item: HoldingValue) -> Yields:
    units = item.quantity * known.holdings.market.multiplier(item.instrument_id)
    average = None
    if item.cost is not None and item.fx_rate:
        average = item.cost / item.fx_rate / units
    price = item.price.close if item.price is not None else None
    history = known.history_in_price(item.instrument_id)
    return yields_of(history, price, average, known.scope.as_of)


@exact
def income_in_base(known: Known, found: Measured, per_unit: Decimal | None) -> Decimal | None:
    """Cash of a year for the whole position at today's rate."""
    if per_unit is None or found.item.fx_rate is None:
        return None
    multiplier = known.holdings.market.multiplier(found.item.instrument_id)
    return per_unit * found.item.quantity * multiplier * found.item.fx_rate


@exact
def whole(known: Known, parts: Sequence[Measured], figure: str) -> tuple[Decimal | None, Yield]:
    """(income of a year, yield) of all long positions; unknown when one of them is."""
    income, under = ZERO, ZERO
    for found in parts:
        one: Yield = getattr(found.yields, YIELDS[figure])
        size = found.item.cost if figure == "on_cost" else found.item.market_value
        if size is None:
            return None, Yield(None, _why(found.item, figure))
        if one.reason in UNKNOWN:
            return None, Yield(None, one.reason)
        per_unit = found.yields.forward if figure == "forward" else found.yields.trailing
        earned = income_in_base(known, found, per_unit or ZERO)
        if earned is None:
            return None, Yield(None, "fx_missing")
        income += earned
        under += size
    if not under:
        return income, Yield(None, "nothing_to_divide_by")
    return income, Yield(income / under)


def _why(item: HoldingValue, figure: str) -> str:
    of_cost = {"cost_unknown", "fx_missing_at_acquisition"}
    wanted = [r for r in item.reasons if (r in of_cost) is (figure == "on_cost")]
    return next(iter(wanted), "value_unknown")


YIELDS = {"trailing": "trailing_yield", "forward": "forward_yield", "on_cost": "yield_on_cost"}


def yields_page(known: Known) -> YieldsOut:
    """Every long position and all of them."""
    parts = measured_of(known)
    trailing_income, trailing = whole(known, parts, "trailing")
    forward_income, forward = whole(known, parts, "forward")
    return YieldsOut(
        slice=known.scope.told,
        currency=known.scope.currency,
        as_of=known.scope.as_of,
        trailing=_out(trailing),
        forward=_out(forward),
        on_cost=_out(whole(known, parts, "on_cost")[1]),
        trailing_income=places(trailing_income),
        forward_income=places(forward_income),
        without_history_count=without_history(known),
        items=sorted(
            (_item_out(known, found) for found in parts),
            key=lambda item: (-(item.market_value or ZERO), item.symbol),
        ),
        conventions=conventions(),
    )


def _out(found: Yield) -> YieldOut:
    return YieldOut(ratio=places(found.ratio, 10), reason=found.reason)


def _item_out(known: Known, found: Measured) -> InstrumentYieldsOut:
    item, yields = found.item, found.yields
    instrument = known.received.instruments[item.instrument_id]
    return InstrumentYieldsOut(
        instrument_id=item.instrument_id,
        symbol=instrument.symbol,
        name=instrument.name,
        units=item.quantity,
        currency=item.price_currency or instrument.currency,
        market_value=places(item.market_value),
        trailing_per_unit=places(yields.trailing, 10),
        forward_per_unit=places(yields.forward, 10),
        frequency=yields.frequency,
        trailing=_out(yields.trailing_yield),
        forward=_out(yields.forward_yield),
        on_cost=_out(yields.yield_on_cost),
        source=known.histories[item.instrument_id].source,
        is_price_stale=item.is_stale,
    )

"""What rules see: a price and how far it has moved, a portfolio's value and how far it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.alerts.figures import nav_change, price_change
from truenav.core.marketdata.quotes import trade_day
from truenav.core.money import to_decimal_places
from truenav.features.alerts.tables import AlertRuleRow
from truenav.features.marketdata.last_good import HeldQuote
from truenav.features.marketdata.quote_views import look, quote_out
from truenav.features.marketdata.quoting import Answered
from truenav.features.marketdata.reads import newest_closes
from truenav.features.marketdata.repository import splits_since
from truenav.features.valuation.repository import is_recomputing
from truenav.features.valuation.series import nav_series, scope_of
from truenav.platform.clock import end_of
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

# A close this much older than the day it was wanted of measures something else.
REACH = timedelta(days=10)
PLACES = 10
Held = Mapping[UUID, HeldQuote]


@dataclass(frozen=True, slots=True)
class Seen:
    """A figure with the currency it is in, the instant it was true at, and who told it."""

    value: Decimal | None
    as_of: datetime
    currency: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Price:
    """The last trade or close of an instrument, and the day it was of."""

    value: Decimal
    currency: str
    as_of: datetime
    day: date
    source: str | None


async def price_sights(
    uow: UnitOfWork, rules: Iterable[AlertRuleRow], held: Held, now: datetime
) -> dict[UUID, Seen]:
    """What rules on prices see, by rule; one whose instrument has no price sees nothing."""
    rows = [rule for rule in rules if rule.instrument_id is not None]
    prices = await _prices(uow, {rule.instrument_id for rule in rows}, held, now)
    found = {}
    for rule in rows:
        price = prices.get(rule.instrument_id or rule.id)
        if price is None:
            continue
        if rule.kind == "price":
            found[rule.id] = Seen(price.value, price.as_of, price.currency, price.source)
        else:
            change = await _change(uow.session, rule, price)
            found[rule.id] = Seen(change, price.as_of, None, price.source)
    return found


async def _prices(
    uow: UnitOfWork, ids: Iterable[UUID | None], held: Held, now: datetime
) -> dict[UUID, Price]:
    """As pages tell them: the quote that is held, or a close of a later day."""
    wanted = [key for key in ids if key is not None]
    found = {}
    for key, seen in (await look(uow.session, wanted, now.date())).items():
        told = quote_out(seen, Answered(held.get(key), None), now)
        if told.price is None or told.currency is None:
            continue
        day = told.price_date or trade_day(seen.wanted.market, told.as_of or now)
        found[key] = Price(
            value=told.price,
            currency=told.currency,
            # of a close nobody knows the hour of: when its day was over
            as_of=told.as_of or min(end_of(day), now),
            day=day,
            source=told.source,
        )
    return found


async def _change(session: AsyncSession, rule: AlertRuleRow, price: Price) -> Decimal | None:
    """How far a price is from the close so many days before its own."""
    if rule.instrument_id is None or rule.window_days is None:
        return None
    wanted = price.day - timedelta(days=rule.window_days)
    close = (await newest_closes(session, [rule.instrument_id], wanted)).get(rule.instrument_id)
    if close is None or close.currency != price.currency:
        return None
    before = close.last
    if before.price_date < wanted - REACH:
        return None
    splits = await splits_since(session, [rule.instrument_id], before.price_date)
    change = price_change(
        price.value,
        price.day,
        before.close,
        before.price_date,
        splits.get(rule.instrument_id, []),
    )
    return to_decimal_places(change, PLACES) if change is not None else None


async def nav_sights(
    uow: UnitOfWork, rules: Iterable[AlertRuleRow], now: datetime
) -> dict[UUID, Seen]:
    """What rules on values see, by rule. While values are worked out nothing is known of them."""
    rows = list(rules)
    if not rows or await is_recomputing(uow.session):
        return {}
    found = {}
    for rule in rows:
        seen = await _value(uow, rule, now.date())
        if seen is not None:
            found[rule.id] = seen
    return found


async def _value(uow: UnitOfWork, rule: AlertRuleRow, today: date) -> Seen | None:
    try:
        scope = await scope_of(uow, rule.account_id, today)
    except NotFound:
        return None
    first = scope.as_of - timedelta(days=(rule.window_days or 0) + REACH.days)
    points = await nav_series(uow, scope, first)
    if not points:
        return None
    as_of = datetime.combine(points[-1].as_of, time(), UTC)
    if rule.kind == "nav":
        return Seen(points[-1].nav, as_of, scope.currency, None)
    change = nav_change(points, rule.window_days or 1)
    value = to_decimal_places(change, PLACES) if change is not None else None
    return Seen(value, as_of, None, None)

"""Rules look, and tell: each in the transaction that notes what it saw, so each telling is one.

Whoever looks holds the rules it looks at until commit. Two that look at once look one after the
other, and the second sees what the first one remembered; an alert is besides unique by its rule
and what it is about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from truenav.core.alerts.crossing import (
    LEVEL_BAND,
    RATIO_BAND,
    Direction,
    Line,
    Side,
    Sight,
    Watch,
    band_of,
    step,
)
from truenav.features.alerts import repository
from truenav.features.alerts.messages import told
from truenav.features.alerts.occurrences import Found, found_by
from truenav.features.alerts.sights import Held, Seen, nav_sights, price_sights
from truenav.features.alerts.tables import EVENTS, LEVELS, AlertRuleRow
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import UnitOfWork

PRICES = ("price", "price_change")
VALUES = ("nav", "nav_change")
AMOUNTS = ("price", "nav")
# What a rule saw is noted when it means something, and now and then besides.
NOTED_EVERY = timedelta(minutes=1)


async def look_at_prices(
    uow: UnitOfWork, held: Held, now: datetime, instrument_ids: Sequence[UUID]
) -> int:
    """Rules on the prices of some instruments look; how many tell."""
    rules = await repository.rules_to_look(uow.session, PRICES, instrument_ids)
    return await _look(uow, rules, await price_sights(uow, rules, held, now), now)


async def look_at_all(uow: UnitOfWork, held: Held, now: datetime) -> int:
    """Every rule of the tenant looks; how many tell. Looking twice tells nothing twice."""
    rules = await repository.rules_to_look(uow.session, (*LEVELS, *EVENTS))
    fired = await _look(uow, rules, await sights(uow, rules, held, now), now)
    for rule in rules:
        if rule.kind in EVENTS and not _is_snoozed(rule, now):
            fired += await _tell_found(uow, rule, now)
    return fired


async def sights(
    uow: UnitOfWork, rules: Sequence[AlertRuleRow], held: Held, now: datetime
) -> dict[UUID, Seen]:
    """What rules that watch a figure see now, by rule; who sees nothing is left out."""
    prices = [rule for rule in rules if rule.kind in PRICES]
    values = [rule for rule in rules if rule.kind in VALUES]
    seen = await price_sights(uow, prices, held, now)
    return seen | await nav_sights(uow, values, now)


async def _look(
    uow: UnitOfWork, rules: Iterable[AlertRuleRow], seen: dict[UUID, Seen], now: datetime
) -> int:
    fired = 0
    for rule in rules:
        sight = seen.get(rule.id)
        if sight is not None and look_once(rule, sight, now):
            rule.fired_count += 1
            fired += await _tell(uow, rule, str(rule.fired_count), asdict(sight), now)
    return fired


def look_once(rule: AlertRuleRow, seen: Seen, now: datetime) -> bool:
    """Let a rule see a figure and remember it; whether it tells of it.

    An amount in another currency than the threshold is in is as good as unknown.
    """
    line = _line(rule)
    if line is None:
        return False
    is_comparable = rule.kind not in AMOUNTS or seen.currency == rule.currency
    watch = Watch(Side(rule.side) if rule.side else None, rule.seen_at, rule.fired_at)
    sight = Sight(seen.value if is_comparable else None, seen.as_of)
    after, fired = step(line, watch, sight, now, rule.snoozed_until)
    if after.side != watch.side or fired or _is_worth_noting(watch, after):
        rule.side = after.side.value if after.side is not None else None
        rule.seen_at, rule.fired_at = after.seen_at, after.fired_at
    return fired


def _is_worth_noting(before: Watch, after: Watch) -> bool:
    if before.seen_at is None or after.seen_at is None:
        return after.seen_at is not None
    return after.seen_at - before.seen_at >= NOTED_EVERY


def _line(rule: AlertRuleRow) -> Line | None:
    if rule.direction is None or rule.threshold is None:
        return None
    share = LEVEL_BAND if rule.kind in AMOUNTS else RATIO_BAND
    return Line(
        Direction(rule.direction),
        rule.threshold,
        band_of(rule.threshold, share),
        timedelta(minutes=rule.cool_down_minutes),
    )


def _is_snoozed(rule: AlertRuleRow, now: datetime) -> bool:
    return rule.snoozed_until is not None and now < rule.snoozed_until


async def _tell_found(uow: UnitOfWork, rule: AlertRuleRow, now: datetime) -> int:
    found = await found_by(uow, rule, now)
    known = await repository.told_of(uow.session, rule.id, [one.occurrence for one in found])
    return sum(
        [await _tell_one(uow, rule, one, now) for one in found if one.occurrence not in known]
    )


async def _tell_one(uow: UnitOfWork, rule: AlertRuleRow, found: Found, now: datetime) -> int:
    what = asdict(found)
    is_new = await _tell(uow, rule, what.pop("occurrence"), what, now)
    if is_new:
        rule.fired_count += 1
        rule.fired_at = now
    return is_new


async def _tell(
    uow: UnitOfWork, rule: AlertRuleRow, occurrence: str, what: dict[str, Any], now: datetime
) -> int:
    """Keep an alert and tell of it, unless the rule told of the same before; how many are new."""
    alert_id = new_id()
    values = {
        "tenant_id": uow.tenant_id, "id": alert_id, "rule_id": rule.id, "occurrence": occurrence,
        "kind": rule.kind, "instrument_id": rule.instrument_id, "account_id": rule.account_id,
        "direction": rule.direction, "threshold": rule.threshold,
        "window_days": rule.window_days, "fired_at": now,
    }  # fmt: skip
    if not await repository.add_alert(uow.session, {**values, **what}):
        return 0
    uow.tell(told(uow.tenant_id, alert_id))
    return 1

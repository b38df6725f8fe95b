"""Rules of alerts, made and changed by version; alerts, read and put away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.alerts import repository
from truenav.features.alerts.looking import AMOUNTS, PRICES, look_once, sights
from truenav.features.alerts.repository import Named
from truenav.features.alerts.schemas import (
    MOST_RULES,
    AlertOut,
    AlertRuleIn,
    AlertRuleOut,
    AlertRulePatchIn,
    Snooze,
)
from truenav.features.alerts.sights import Held
from truenav.features.alerts.tables import LEVELS, AlertRuleRow
from truenav.features.instruments import reads as instruments
from truenav.features.instruments.repository import want_prices
from truenav.features.valuation.series import scope_of
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import FieldError, InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

SNOOZES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
OF_INSTRUMENTS = frozenset({*PRICES, "dividend", "stale_price"})
WINDOWED = frozenset({"price_change", "nav_change", "stale_price"})
ZERO = Decimal(0)
# A fall of more than everything is none; a rise beyond this is a slip of the finger.
LEAST_RATIO, MOST_RATIO = Decimal(-1), Decimal(100)
Errors = list[tuple[str, str]]


class TooManyAlertRules(TruenavError):
    """More than anybody looks after; remove one first."""

    kind = ErrorKind.CONFLICT
    code = "too_many_alert_rules"


class NoSuchSubject(NotFound):
    """No such instrument or account that the tenant may know of; says which field named it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"no such {field}")
        pointer = f"/body/{field}_id"
        self.errors = [FieldError(pointer=pointer, detail=f"no such {field}")]


async def every(uow: UnitOfWork) -> list[AlertRuleOut]:
    """All rules of the tenant, the newest first."""
    return [rule_out(named) for named in await repository.named_rules(uow.session)]


def rule_out(named: Named) -> AlertRuleOut:
    """A rule with the names of what it is about."""
    return AlertRuleOut.model_validate(_named(named, AlertRuleOut))


def alert_out(named: Named) -> AlertOut:
    """An alert with the names of what it is about."""
    return AlertOut.model_validate(_named(named, AlertOut))


def _named(named: Named, body: type[AlertRuleOut] | type[AlertOut]) -> dict[str, Any]:
    row, instrument, account_name = named
    own = {
        "symbol": instrument.symbol if instrument is not None else None,
        "instrument_name": instrument.name if instrument is not None else None,
        "account_name": account_name,
    }
    return own | {name: getattr(row, name) for name in body.model_fields if name not in own}


async def create(uow: UnitOfWork, body: AlertRuleIn, held: Held, now: datetime) -> AlertRuleOut:
    """A rule that tells from now on; how things stand already is nothing to tell.

    Raises:
        InvalidFields: its kind takes other fields, or no such value.
        NotFound: no such instrument or account that the tenant may know of.
        TooManyAlertRules: there are 100.
    """
    _refuse(_wrong_subject(body) + wrong_line(body.kind, body))
    await repository.lock(uow.session, uow.tenant_id)
    if await repository.count_rules(uow.session) >= MOST_RULES:
        raise TooManyAlertRules(f"no more than {MOST_RULES} rules", most=str(MOST_RULES))
    currency = await _currency(uow, body, now)
    made = new_id()
    values = body.model_dump() | {"tenant_id": uow.tenant_id, "id": made, "currency": currency}
    await repository.add_rule(uow.session, {**values, "created_at": now, "changed_at": now})
    if body.instrument_id is not None:
        await want_prices(uow.session, [body.instrument_id])
    await _stand(uow, await _rule(uow, made), held, now)
    new = body.model_dump(mode="json")
    await record(uow, "alert_rule.create", "alert_rule", made, new_value=new)
    return await _one(uow, made)


def _wrong_subject(body: AlertRuleIn) -> Errors:
    found: Errors = []
    if body.kind in OF_INSTRUMENTS and body.account_id is not None:
        found.append(("/body/account_id", "this kind is about instruments"))
    if body.kind not in OF_INSTRUMENTS and body.instrument_id is not None:
        found.append(("/body/instrument_id", "this kind is about accounts"))
    if body.kind in PRICES and body.instrument_id is None:
        found.append(("/body/instrument_id", "name the instrument"))
    return found


def wrong_line(kind: str, body: AlertRuleIn | AlertRulePatchIn) -> Errors:
    """What a kind takes and was not given, or was given and does not take."""
    found: Errors = []
    if (body.window_days is None) == (kind in WINDOWED):
        detail = "say how many days" if kind in WINDOWED else "this kind takes no days"
        found.append(("/body/window_days", detail))
    if kind not in LEVELS:
        given = {"direction": body.direction, "threshold": body.threshold}
        return found + [
            (f"/body/{name}", "this kind watches no figure")
            for name, value in given.items()
            if value is not None
        ]
    if body.direction is None:
        found.append(("/body/direction", "say above or below"))
    return found + _wrong_threshold(kind, body)


def _wrong_threshold(kind: str, body: AlertRuleIn | AlertRulePatchIn) -> Errors:
    value, pointer = body.threshold, "/body/threshold"
    if value is None:
        return [(pointer, "say from where on")]
    if kind == "price" and value <= ZERO:
        return [(pointer, "a price is above zero")]
    if kind in AMOUNTS:
        return []
    if body.direction == "above" and not ZERO < value <= MOST_RATIO:
        return [(pointer, "a rise is above zero, and at most a hundredfold")]
    if body.direction == "below" and not LEAST_RATIO < value < ZERO:
        return [(pointer, "a fall is below zero, and less than everything")]
    return []


def _refuse(errors: Errors) -> None:
    if errors:
        raise InvalidFields(errors)


async def _currency(uow: UnitOfWork, body: AlertRuleIn, now: datetime) -> str | None:
    """The currency a threshold is in, once what it is about is there."""
    if body.instrument_id is not None:
        known = await instruments.visible(uow.session, [body.instrument_id])
        if body.instrument_id not in known:
            raise NoSuchSubject("instrument")
        return known[body.instrument_id].currency if body.kind == "price" else None
    try:
        scope = await scope_of(uow, body.account_id, now.date())
    except NotFound as error:
        raise NoSuchSubject("account") from error
    return scope.currency if body.kind == "nav" else None


async def _stand(uow: UnitOfWork, rule: AlertRuleRow, held: Held, now: datetime) -> None:
    """See how things stand, so that the next figure can cross something."""
    seen = (await sights(uow, [rule], held, now)).get(rule.id)
    if seen is not None:
        look_once(rule, seen, now)
    # what is read next is read from the database
    await uow.session.flush()


async def _rule(uow: UnitOfWork, rule_id: UUID) -> AlertRuleRow:
    found = await repository.rule(uow.session, rule_id)
    if found is None:
        raise NotFound("no such alert rule")
    return found


async def _one(uow: UnitOfWork, rule_id: UUID) -> AlertRuleOut:
    return rule_out((await repository.named_rules(uow.session, rule_id))[0])


async def _seen(uow: UnitOfWork, rule_id: UUID, version: int) -> AlertRuleRow:
    """A rule to change, if it still has the version that was seen."""
    found = await _rule(uow, rule_id)
    if found.version != version:
        current = await _one(uow, rule_id)
        raise StaleVersion("somebody else changed this rule", current.model_dump(mode="json"))
    return found


def _told(rule: AlertRuleRow) -> dict[str, Any]:
    """What a person can change of a rule, as the audit log keeps it."""
    threshold = f"{rule.threshold:f}" if rule.threshold is not None else None
    names = ("direction", "window_days", "cool_down_minutes", "is_enabled")
    return {name: getattr(rule, name) for name in names} | {"threshold": threshold}


async def change(
    uow: UnitOfWork, rule_id: UUID, body: AlertRulePatchIn, held: Held, now: datetime
) -> AlertRuleOut:
    """Change when a rule tells. One with another line, or switched on, begins anew.

    Raises:
        NotFound: no such rule.
        StaleVersion: somebody changed it since; carries the current state.
        InvalidFields: its kind takes other fields, or no such value.
    """
    rule = await _seen(uow, rule_id, body.version)
    _refuse(wrong_line(rule.kind, body))
    old = _told(rule)
    line = rule.direction, rule.threshold, rule.window_days, rule.is_enabled
    for name, value in body.model_dump(exclude={"version"}).items():
        setattr(rule, name, value)
    if line != (rule.direction, rule.threshold, rule.window_days, rule.is_enabled):
        rule.side, rule.seen_at = None, None
    rule.version += 1
    rule.changed_at = now
    await _stand(uow, rule, held, now)
    await record(
        uow, "alert_rule.change", "alert_rule", rule_id, old_value=old, new_value=_told(rule)
    )
    return await _one(uow, rule_id)


async def snooze(
    uow: UnitOfWork, rule_id: UUID, wanted: Snooze | None, now: datetime
) -> AlertRuleOut:
    """Have a rule tell nothing for a while, or wake it.

    Raises:
        NotFound: no such rule.
    """
    rule = await _rule(uow, rule_id)
    rule.snoozed_until = now + SNOOZES[wanted] if wanted is not None else None
    rule.version += 1
    await uow.session.flush()
    await record(uow, "alert_rule.snooze", "alert_rule", rule_id, new_value={"snooze": wanted})
    return await _one(uow, rule_id)


async def remove(uow: UnitOfWork, rule_id: UUID, version: int, now: datetime) -> None:
    """Have a rule tell nothing any more; what it told stays.

    Raises:
        NotFound: no such rule.
        StaleVersion: somebody changed it since; carries the current state.
    """
    rule = await _seen(uow, rule_id, version)
    rule.removed_at = now
    await uow.session.flush()
    await record(uow, "alert_rule.remove", "alert_rule", rule_id, old_value=_told(rule))


async def read(uow: UnitOfWork, alert_ids: Sequence[UUID], now: datetime) -> int:
    """Note that somebody looked at these; how many nobody has looked at yet."""
    await repository.mark_read(uow.session, alert_ids, now)
    return await repository.count_unread(uow.session)


async def dismiss(uow: UnitOfWork, alert_id: UUID, now: datetime) -> AlertOut:
    """Put an alert away; twice is once.

    Raises:
        NotFound: no such alert.
    """
    await repository.dismiss(uow.session, alert_id, now)
    found = await repository.alert(uow.session, alert_id)
    if found is None:
        raise NotFound("no such alert")
    await record(uow, "alert.dismiss", "alert", alert_id)
    return alert_out(found)

"""What a scope will be paid: declared by the catalogue, else estimated; and what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.interest import interest_to_come
from truenav.core.income.pattern import pattern_of
from truenav.core.income.projection import Expected, Held, IncomeState, estimated, taxed
from truenav.core.income.received import IncomeKind, withheld_ratio
from truenav.core.money import exact
from truenav.features.income.gathering import Known, Waiting

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Coming:
    """One payment to come; `is_overdue` when no broker would book it any more."""

    expected: Expected
    is_overdue: bool = False


def withheld_of(known: Known, account_id: UUID, instrument_id: UUID, day: date) -> Decimal | None:
    """What was withheld of an instrument's payments in an account until a day, of 0..1."""
    key = account_id, instrument_id
    payments = known.received.recorded
    return withheld_ratio((p for p in payments if (p.account_id, p.instrument_id) == key), day)


def seen_of(known: Known, one: Expected) -> Decimal | None:
    """What was seen withheld before, of the kind of a payment to come."""
    if one.kind is IncomeKind.INTEREST:
        key = one.account_id, one.instrument_id
        mine = (
            of.withheld_ratio
            for of in known.earnings
            if (of.account_id, of.instrument_id) == key
            and one.currency in {of.currency, *(paid.currency for paid in of.history)}
        )
        return next(mine, None)
    day = one.ex_date if one.state is IncomeState.DECLARED else known.scope.as_of
    if one.instrument_id is None:
        return None
    return withheld_of(known, one.account_id, one.instrument_id, day)


def declared_of(known: Known) -> list[Coming]:
    """Events of the catalogue that wait in an account."""
    return [Coming(_declared(known, one), one.is_overdue) for one in known.received.waiting]


@exact
def _declared(known: Known, one: Waiting) -> Expected:
    ratio = withheld_of(known, one.account_id, one.instrument_id, one.ex_date)
    weight = known.scope.weight(one.instrument_id)
    return Expected(
        state=IncomeState.DECLARED,
        account_id=one.account_id,
        instrument_id=one.instrument_id,
        ex_date=one.ex_date,
        pay_date=one.pay_date,
        currency=one.currency,
        per_unit=one.per_unit,
        units=one.units * weight,
        gross=one.gross * weight,
        withheld=taxed(one.gross, ratio) * weight,
        is_net_known=ratio is not None,
        event_id=one.event_id,
        is_special=one.is_special,
        is_reinvested=known.preferences.reinvests(one.account_id, one.instrument_id),
    )


def estimates_of(known: Known, declared: Sequence[Coming]) -> list[Coming]:
    """What every holding may expect beyond what is declared; of a known coupon `interest_of` tells.

    A broker may book a coupon as a dividend: it is expected once.
    """
    coupons = coupons_in(known)
    found: list[Coming] = []
    for account_id, instrument_id, units in known.units:
        history = known.histories.get(instrument_id)
        if history is None or instrument_id in coupons:
            continue
        mine = [
            one.expected
            for one in declared
            if (one.expected.account_id, one.expected.instrument_id) == (account_id, instrument_id)
            and not one.is_overdue
        ]
        held = held_in(known, account_id, instrument_id, units)
        found += [
            Coming(one)
            for one in estimated(held, history.events, mine, known.scope.as_of, known.through)
        ]
    return found


def coupons_in(known: Known) -> set[UUID]:
    """Instruments held whose coupon is known."""
    return {
        of.instrument_id
        for of in known.earnings
        if of.coupon is not None and of.instrument_id is not None
    }


@exact
def held_in(
    known: Known, account_id: AccountId, instrument_id: InstrumentId, units: Decimal
) -> Held:
    """One holding as the projection takes it."""
    item = known.holding(instrument_id)
    history = known.histories[instrument_id].events
    price = None
    if item is not None and item.price is not None and item.price_currency is not None and history:
        rate = known.received.fx.rate(item.price_currency, history[-1].currency, known.scope.as_of)
        price = item.price.close * rate if rate is not None else None
    return Held(
        account_id=account_id,
        instrument_id=instrument_id,
        units=units,
        multiplier=known.holdings.market.multiplier(instrument_id),
        withheld_ratio=withheld_of(known, account_id, instrument_id, known.scope.as_of),
        price=price,
        is_reinvested=known.preferences.reinvests(account_id, instrument_id),
    )


def interest_of(known: Known) -> list[Coming]:
    """Interest that goes on."""
    return [
        Coming(one)
        for earning in known.earnings
        for one in interest_to_come(earning, known.scope.as_of, known.through)
    ]


def coming_of(known: Known) -> list[Coming]:
    """Declared and estimated, by day; never the same payment twice."""
    declared = declared_of(known)
    found = [*declared, *estimates_of(known, declared), *interest_of(known)]
    return sorted(found, key=lambda one: (one.expected.day, str(one.expected.instrument_id)))


def projected(known: Known) -> list[Expected]:
    """What counts in the next twelve months: no cash that is overdue or later than that."""
    return [
        one.expected
        for one in coming_of(known)
        if not one.is_overdue and one.expected.day <= known.through
    ]


def stopped_of(known: Known) -> list[UUID]:
    """Instruments held whose payments are overdue: nothing is expected of them."""
    coupons, found = coupons_in(known), list[UUID]()
    for instrument_id in dict.fromkeys(key for _, key, _ in known.units):
        if instrument_id in coupons:
            continue
        history = known.histories.get(instrument_id)
        pattern = pattern_of(history.events) if history else None
        if pattern is not None and pattern.has_stopped(known.scope.as_of):
            found.append(instrument_id)
    return found

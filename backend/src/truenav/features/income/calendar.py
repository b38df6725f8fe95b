"""The calendar and the projection: months of income paid, declared and estimated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.income.projection import Expected, IncomeState, months_of
from truenav.core.income.received import NOTHING, Amounts, IncomeKind, Payment, in_base
from truenav.core.money import exact
from truenav.features.income.coming import Coming, coming_of, projected, stopped_of
from truenav.features.income.gathering import Known
from truenav.features.income.schemas import (
    CalendarItemOut,
    CalendarMonthOut,
    CalendarOut,
    ProjectedInstrumentOut,
    ProjectionOut,
)
from truenav.features.income.tested import Tester
from truenav.features.income.totals import amounts_out, conventions, month_of, stored
from truenav.features.valuation.allocation import places

MOST = 1000
ZERO = Decimal(0)


@exact
def base_of(known: Known, one: Expected) -> Amounts:
    """A payment to come in the scope's currency, at today's rate; unknown without one."""
    scope = known.scope
    rate = known.received.fx.rate(one.currency, scope.currency, scope.as_of)
    if rate is None:
        return Amounts(None, None, None, None, 1, (f"fx_missing:{one.currency}",))
    return Amounts(one.gross * rate, one.withheld * rate, ZERO, one.net * rate, 1)


def calendar_of(known: Known, first: date, last: date, tester: Tester) -> CalendarOut:
    """Every payment of a span with its state, by day, and their months."""
    paid = [p for p in known.received.between(first, last) if p.gross or p.withheld]
    coming = [one for one in coming_of(known) if first <= one.expected.day <= last]
    # what is to come is never cut, nor are the newest of what was paid (they come first)
    told = paid[: max(MOST - len(coming), 0)]
    items = [_paid_out(known, payment, tester) for payment in told]
    items += [_coming_out(known, one, tester) for one in coming]
    items.sort(key=lambda item: (item.day, item.symbol or "", str(item.account_id)))
    return CalendarOut(
        slice=known.scope.told,
        currency=known.scope.currency,
        as_of=known.scope.as_of,
        from_date=first,
        to_date=last,
        months=_months(known, paid, [one for one in coming if not one.is_overdue], (first, last)),
        items=items,
        item_count=len(paid) + len(coming),
        conventions=conventions(),
    )


def _paid_out(known: Known, payment: Payment, tester: Tester) -> CalendarItemOut:
    received = known.received
    base = in_base(payment, received.fx, known.scope.currency)
    return CalendarItemOut(
        state="paid", day=payment.paid_on, ex_date=payment.ex_date, pay_date=payment.paid_on,
        account_id=payment.account_id, instrument_id=payment.instrument_id,
        symbol=received.symbol(payment.instrument_id), kind=payment.kind.value,
        currency=payment.currency, per_unit=None, units=None, gross=stored(payment.gross),
        withheld=stored(payment.withheld), net=stored(payment.net), net_in_base=places(base.net),
        reason=next(iter(base.reasons), None), is_net_known=True, is_overdue=False,
        is_special=False, is_reinvested=False, basis=None, transaction_id=payment.id, event_id=None,
        holding_test=tester.of_payment(payment),
    )  # fmt: skip


def _coming_out(known: Known, coming: Coming, tester: Tester) -> CalendarItemOut:
    one = coming.expected
    base = base_of(known, one)
    kind = one.kind if one.units >= 0 else IncomeKind.IN_LIEU
    is_of_cash = one.instrument_id is None
    is_declared = one.state is IncomeState.DECLARED and one.units > 0
    test = tester.of(one.account_id, one.instrument_id, one.ex_date) if is_declared else None
    return CalendarItemOut(
        state=one.state.value, day=one.day, ex_date=one.ex_date, pay_date=one.pay_date,
        account_id=one.account_id, instrument_id=one.instrument_id,
        symbol=known.received.symbol(one.instrument_id), kind=kind.value, currency=one.currency,
        per_unit=None if is_of_cash else places(one.per_unit, 12),
        units=None if is_of_cash else places(one.units, 12),
        basis=one.basis.value if one.basis is not None else None,
        gross=places(one.gross) or ZERO, withheld=places(one.withheld) or ZERO,
        net=places(one.net) or ZERO,
        net_in_base=places(base.net), reason=next(iter(base.reasons), None),
        is_net_known=one.is_net_known, is_overdue=coming.is_overdue, is_special=one.is_special,
        is_reinvested=one.is_reinvested, transaction_id=None, event_id=one.event_id,
        holding_test=test,
    )  # fmt: skip


@dataclass(slots=True)
class _Month:
    paid: Amounts = NOTHING
    declared: Amounts = NOTHING
    estimated: Amounts = NOTHING


def _months(
    known: Known,
    paid: Iterable[Payment],
    coming: Iterable[Coming],
    span: tuple[date, date],
) -> list[CalendarMonthOut]:
    found = {name: _Month() for name in months_of(*span)}
    for payment in paid:
        month = found[month_of(payment.paid_on)]
        month.paid = month.paid.plus(in_base(payment, known.received.fx, known.scope.currency))
    for one in coming:
        month = found[month_of(one.expected.day)]
        amounts = base_of(known, one.expected)
        if one.expected.state is IncomeState.DECLARED:
            month.declared = month.declared.plus(amounts)
        else:
            month.estimated = month.estimated.plus(amounts)
    return [
        CalendarMonthOut(
            month=name,
            paid=places(month.paid.net),
            declared=places(month.declared.net),
            estimated=places(month.estimated.net),
        )
        for name, month in found.items()
    ]


def projection_of(known: Known) -> ProjectionOut:
    """The next twelve months, and what nothing is expected of."""
    found = projected(known)
    declared = [one for one in found if one.state is IncomeState.DECLARED]
    estimates = [one for one in found if one.state is IncomeState.ESTIMATED]
    first = min([known.scope.as_of, *(one.day for one in found)])
    interest = [one for one in found if one.kind is IncomeKind.INTEREST]
    of_instrument: dict[UUID | None, Amounts] = {}
    for one in found:
        before = of_instrument.get(one.instrument_id, NOTHING)
        of_instrument[one.instrument_id] = before.plus(base_of(known, one))
    instruments = [
        ProjectedInstrumentOut(
            instrument_id=key, symbol=known.received.symbol(key), amounts=amounts_out(amounts)
        )
        for key, amounts in of_instrument.items()
    ]
    return ProjectionOut(
        slice=known.scope.told,
        currency=known.scope.currency,
        as_of=known.scope.as_of,
        through_date=known.through,
        total=amounts_out(together(known, found)),
        declared=amounts_out(together(known, declared)),
        estimated=amounts_out(together(known, estimates)),
        interest=amounts_out(together(known, interest)),
        months=_months(known, (), [Coming(one) for one in found], (first, known.through)),
        instruments=sorted(
            instruments, key=lambda one: (one.amounts.net is None, -(one.amounts.net or ZERO))
        ),
        stopped=stopped_of(known),
        without_history_count=without_history(known),
        is_net_known=all(one.is_net_known for one in found),
        is_any_reinvested=any(one.is_reinvested for one in found),
        conventions=conventions(),
    )


def together(known: Known, found: Sequence[Expected]) -> Amounts:
    """Payments to come added up; never a part passed off as the whole."""
    total = NOTHING
    for one in found:
        total = total.plus(base_of(known, one))
    return replace(total, count=len(found))


def without_history(known: Known) -> int:
    """Positions nothing is known to have been paid on: no dividend and no interest."""
    earning = {of.instrument_id for of in known.earnings}
    return sum(
        not (history := known.histories.get(key)) or not history.events
        for key in dict.fromkeys(key for _, key, _ in known.units if key not in earning)
    )

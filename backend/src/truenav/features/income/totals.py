"""What was received, added up in every way the page shows."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, TypeVar

from truenav.core.income.pattern import LATE, later
from truenav.core.income.received import NOTHING, VERSION, Amounts, Payment, in_base, summed
from truenav.core.money import exact, to_decimal_places
from truenav.features.income.gathering import Received
from truenav.features.income.schemas import (
    IncomeAmountsOut,
    IncomeConventionsOut,
    IncomeGroupOut,
    IncomeOut,
    PaymentOut,
)
from truenav.features.income.tested import Tester
from truenav.features.valuation.allocation import places

MOST = 500
Key = TypeVar("Key", bound=Hashable)
KIND_LABELS = {
    "dividend": "Dividends",
    "distribution": "Fund distributions",
    "interest": "Interest",
    "reward": "Staking and lending",
    "in_lieu": "Payments in lieu",
}


def conventions() -> IncomeConventionsOut:
    """How every figure of income is made."""
    return IncomeConventionsOut(
        rate_of="the day cash moved; of income to come the day of the answer",
        dated_by="the day cash moved; of income to come the pay date, else the ex-date",
        estimates="the last regular amount, on the ex-dates of the year before; of interest the"
        " last amount, on the days of the year before, or a bond's coupon where it is known",
        late_after_days=LATE.days,
        withholding="as seen for the instrument in the account over 400 days before",
        yields="before tax; trailing: ex-dates of 365 days; forward: last regular × a year's count",
        holding_test="US: more than 60 days of the 121 around the ex-date; of preferred stock whose"
        " dividend is for more than 366 days, more than 90 of the 181; days of diminished risk are"
        " not known and not taken out",
        calculation_version=VERSION.number,
    )


def amounts_out(found: Amounts) -> IncomeAmountsOut:
    """Amounts at the places of the wire."""
    return IncomeAmountsOut(
        gross=places(found.gross),
        withheld=places(found.withheld),
        fee=places(found.fee),
        net=places(found.net),
        count=found.count,
        reasons=list(found.reasons),
    )


def month_of(day: date) -> str:
    """Its month, as in "2026-03"."""
    return f"{day.year:04d}-{day.month:02d}"


def income_of(
    received: Received, first: date | None, last: date | None, tester: Tester
) -> IncomeOut:
    """Totals and groups of a span, and its newest payments."""
    scope = received.scope
    payments = received.between(first, last)

    def by(
        key: Callable[[Payment], str], label: Callable[[str], str], *, is_dated: bool = False
    ) -> list[IncomeGroupOut]:
        groups = summed(payments, received.fx, scope.currency, key)
        made = [
            IncomeGroupOut(key=name, label=label(name), amounts=amounts_out(amounts))
            for name, amounts in groups.items()
        ]
        return sorted(made, key=_dated if is_dated else _largest)

    symbols = {str(key): row.symbol for key, row in received.instruments.items()}
    accounts = {str(key): name for key, name in received.account_names.items()}
    return IncomeOut(
        slice=scope.told,
        currency=scope.currency,
        as_of=scope.as_of,
        from_date=first,
        to_date=min(last or scope.as_of, scope.as_of),
        total=amounts_out(total_of(received, payments)),
        kinds=by(lambda p: p.kind.value, lambda name: KIND_LABELS[name]),
        months=by(lambda p: month_of(p.paid_on), lambda name: name, is_dated=True),
        years=by(lambda p: f"{p.paid_on.year:04d}", lambda name: name, is_dated=True),
        instruments=by(
            lambda p: str(p.instrument_id or "cash"),
            lambda name: symbols.get(name, "No instrument"),
        ),
        accounts=by(lambda p: str(p.account_id), lambda name: accounts[name]),
        payments=[payment_out(received, payment, tester) for payment in payments[:MOST]],
        payment_count=len(payments),
        conventions=conventions(),
    )


def total_of(received: Received, payments: Sequence[Payment]) -> Amounts:
    """Everything together; nothing at all is zero."""
    groups = summed(payments, received.fx, received.scope.currency, lambda _: None)
    return groups.get(None, NOTHING)


def _dated(group: IncomeGroupOut) -> tuple[object, ...]:
    return (group.key,)


@exact
def _largest(group: IncomeGroupOut) -> tuple[object, ...]:
    net = group.amounts.net
    return (net is None, -(net or 0), group.label)


def payment_out(received: Received, payment: Payment, tester: Tester) -> PaymentOut:
    """One payment, in its own currency and, net, in the scope's."""
    base = in_base(payment, received.fx, received.scope.currency)
    sub_kind = payment.sub_kind.value if payment.sub_kind is not None else None
    return PaymentOut(
        transaction_id=payment.id,
        account_id=payment.account_id,
        instrument_id=payment.instrument_id,
        symbol=received.symbol(payment.instrument_id),
        kind=payment.kind.value,
        classification=sub_kind if sub_kind in CLASSES else None,
        paid_on=payment.paid_on,
        ex_date=payment.ex_date,
        currency=payment.currency,
        gross=stored(payment.gross),
        withheld=stored(payment.withheld),
        fee=stored(payment.fee),
        net=stored(payment.net),
        net_in_base=places(base.net),
        reason=next(iter(base.reasons), None),
        holding_test=tester.of_payment(payment),
    )


def stored(amount: Decimal) -> Decimal:
    """At the most places that are stored: a part of a payment has more."""
    return to_decimal_places(amount, 18)


CLASSES = frozenset(
    {"qualified", "ordinary", "special", "short_term", "long_term", "in_lieu", "withholding"}
)
Preset = Literal["YTD", "1Y", "3Y", "5Y", "Max"]
DAY = timedelta(days=1)
YEARS = {"1Y": 1, "3Y": 3, "5Y": 5}


def span_of(
    as_of: date, from_date: date | None, to_date: date | None, period: Preset
) -> tuple[date | None, date | None]:
    """The days named, or those of a period that ends with the last day; None for all."""
    last = min(to_date or as_of, as_of)
    if from_date is not None or period == "Max":
        return from_date, to_date
    if period == "YTD":
        return date(last.year, 1, 1), to_date
    return later(last, -YEARS[period]) + DAY, to_date

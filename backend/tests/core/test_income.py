"""Income: received, repeated, projected, measured; figures by hand or from the source named."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.ids import AccountId, InstrumentId, TransactionId
from truenav.core.income.pattern import (
    LATE,
    Distribution,
    in_currency,
    later,
    not_told_yet,
    pattern_of,
    per_unit_today,
    repeated,
)
from truenav.core.income.projection import Expected, Held, IncomeState, estimated, months_of
from truenav.core.income.received import (
    NOTHING,
    Amounts,
    IncomeKind,
    Payment,
    in_base,
    payment_of,
    summed,
    withheld_ratio,
)
from truenav.core.income.yields import Yield, yields_of
from truenav.core.ledger.transactions import CashPart, SubKind, Transaction, TransactionKind
from truenav.core.money import exact
from truenav.core.valuation.series import FxTable

D = Decimal
K = TransactionKind
ACCOUNT, ZQX = AccountId(UUID(int=1)), InstrumentId(UUID(int=2))
TODAY = date(2026, 3, 5)
DOLLARS = FxTable({"USD": ([date(2026, 2, 2), date(2026, 3, 2)], [D("1.25"), D("1.20")])})


def a_record(kind: K, amount: str | None, **changes: object) -> Transaction:
    """A record in dollars, of 2 February 2026."""
    record = Transaction(
        id=TransactionId(uuid4()), account_id=ACCOUNT, instrument_id=ZQX, kind=kind, sub_kind=None,
        trade_date=date(2026, 2, 2), settlement_date=None, sequence=1, quantity=None, price=None,
        multiplier=D(1), ratio=None, currency="USD",
        gross=None if amount is None else CashPart(amount=D(amount), currency="USD"),
        fee=None, tax=None, counter=None, is_external_flow=False,
    )  # fmt: skip
    return replace(record, **changes)  # type: ignore[arg-type]  # field by field


def quarterly(first: date, amounts: Sequence[str]) -> list[Distribution]:
    """A payment on the same day of every third month, cash ten days later."""
    days = []
    for place, _ in enumerate(amounts):
        month = first.month - 1 + 3 * place
        days.append(first.replace(year=first.year + month // 12, month=month % 12 + 1))
    return [
        Distribution(
            ex_date=day, pay_date=day + timedelta(days=10), per_unit=D(amount), currency="USD"
        )
        for day, amount in zip(days, amounts, strict=True)
    ]


class TestReceived:
    def test_gross_tax_and_fee_are_told_apart(self) -> None:
        record = a_record(
            K.DIVIDEND, "100", tax=CashPart(amount=D(15), currency="USD"),
            fee=CashPart(amount=D("0.50"), currency="USD"),
        )  # fmt: skip
        found = payment_of(record)
        assert found is not None
        assert (found.gross, found.withheld, found.fee, found.net) == (
            D(100), D(15), D("0.50"), D("84.50"),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("kind", "sub_kind", "wanted"),
        [
            (K.DIVIDEND, None, IncomeKind.DIVIDEND),
            (K.DIVIDEND, SubKind.QUALIFIED, IncomeKind.DIVIDEND),
            (K.DIVIDEND, SubKind.IN_LIEU, IncomeKind.IN_LIEU),
            (K.CAPITAL_GAIN_DISTRIBUTION, SubKind.LONG_TERM, IncomeKind.DISTRIBUTION),
            (K.INTEREST, None, IncomeKind.INTEREST),
            (K.INTEREST, SubKind.LENDING, IncomeKind.REWARD),
            (K.REWARD, SubKind.STAKING, IncomeKind.REWARD),
            (K.TAX, SubKind.WITHHOLDING, IncomeKind.DIVIDEND),
        ],
    )
    def test_each_record_is_of_one_kind(
        self, kind: K, sub_kind: SubKind | None, wanted: IncomeKind
    ) -> None:
        if kind is K.REWARD:
            record = a_record(kind, None, sub_kind=sub_kind, quantity=D(2), price=D(5))
        else:
            record = a_record(kind, "-10" if kind is K.TAX else "10", sub_kind=sub_kind)
        found = payment_of(record)
        assert found is not None
        assert found.kind is wanted
        assert found.net == (D(-10) if kind is K.TAX else D(10))

    @pytest.mark.parametrize("kind", [K.BUY, K.RETURN_OF_CAPITAL, K.DEPOSIT, K.FEE, K.TAX])
    def test_what_is_no_income_is_none(self, kind: K) -> None:
        assert payment_of(a_record(kind, "10")) is None

    def test_a_record_without_amounts_is_none(self) -> None:
        assert payment_of(a_record(K.DIVIDEND, None)) is None

    def test_tax_on_interest_needs_no_instrument(self) -> None:
        record = a_record(K.TAX, "-3", sub_kind=SubKind.WITHHOLDING, instrument_id=None)
        found = payment_of(record)
        assert found is not None
        assert (found.kind, found.gross, found.withheld) == (IncomeKind.INTEREST, D(0), D(3))

    def test_the_rate_is_of_the_day_cash_moved(self) -> None:
        found = payment_of(a_record(K.DIVIDEND, "100"))
        assert found is not None
        assert in_base(found, DOLLARS, "EUR").gross == D(80)  # 100 / 1.25

    def test_an_unknown_rate_hides_the_whole_sum_and_says_why(self) -> None:
        known, lost = payment_of(a_record(K.INTEREST, "10")), payment_of(
            a_record(K.INTEREST, "10", trade_date=date(2020, 1, 1))
        )  # fmt: skip
        assert known is not None
        assert lost is not None
        both = summed([known, lost], DOLLARS, "EUR", lambda _: "all")["all"]
        assert (both.gross, both.net, both.count) == (None, None, 2)
        assert both.reasons == ("fx_missing:USD",)

    def test_what_was_withheld_is_seen_in_records_of_their_own_too(self) -> None:
        paid = [
            payment_of(a_record(K.DIVIDEND, "200")),
            payment_of(a_record(K.TAX, "-30", sub_kind=SubKind.WITHHOLDING)),
            payment_of(a_record(K.DIVIDEND, "-500", sub_kind=SubKind.IN_LIEU)),
        ]
        seen = [p for p in paid if p is not None]
        (day,) = {p.paid_on for p in seen}
        assert withheld_ratio(seen, day) == D("0.15")
        assert withheld_ratio([], day) is None

    @pytest.mark.parametrize(
        ("days", "wanted"), [(-1, None), (0, D("0.1")), (399, D("0.1")), (400, None)]
    )
    def test_what_was_withheld_is_seen_of_400_days_and_never_of_later_ones(
        self, days: int, wanted: Decimal | None
    ) -> None:
        paid = payment_of(a_record(K.DIVIDEND, "200", tax=CashPart(amount=D(20), currency="USD")))
        assert paid is not None
        assert withheld_ratio([paid], paid.paid_on + timedelta(days=days)) == wanted


amounts = st.decimals("-1E9", "1E9", places=2)
payments = st.lists(
    st.builds(
        Payment, id=st.uuids().map(TransactionId), account_id=st.uuids().map(AccountId),
        instrument_id=st.none(), kind=st.sampled_from(IncomeKind), sub_kind=st.none(),
        paid_on=st.dates(date(2026, 2, 2), date(2026, 2, 9)), ex_date=st.none(),
        currency=st.sampled_from(("EUR", "USD")), gross=amounts, withheld=amounts, fee=amounts,
    ),
    max_size=12,
)  # fmt: skip


@given(payments)
def test_every_way_of_adding_up_comes_to_the_same(found: list[Payment]) -> None:
    @exact
    def together(key: Callable[[Payment], Hashable]) -> Amounts:
        whole = NOTHING
        for part in summed(found, DOLLARS, "EUR", key).values():
            whole = whole.plus(part)
        return whole

    def far(left: Decimal | None, right: Decimal | None) -> bool:
        return left is None or right is None or abs(left - right) > D("1E-40")

    by_kind, by_month = together(lambda p: p.kind), together(lambda p: p.paid_on.month)
    by_payment = together(lambda p: p.id)
    assert by_kind.count == by_month.count == by_payment.count == len(found)
    assert not far(by_kind.net, by_month.net)
    assert not far(by_kind.net, by_payment.net)
    assert not far(by_kind.gross, by_payment.gross)


@given(payments)
def test_gross_less_tax_less_fee_is_net(found: list[Payment]) -> None:
    @exact
    def rest(one: Payment) -> Decimal:
        made = in_base(one, DOLLARS, "EUR")
        assert made.gross is not None
        assert made.withheld is not None
        assert made.fee is not None
        assert made.net is not None
        return made.gross - made.withheld - made.fee - made.net

    assert all(abs(rest(one)) < D("1E-40") for one in found)


class TestPattern:
    def test_four_a_year_repeat_at_the_last_amount(self) -> None:
        history = quarterly(date(2025, 3, 10), ["0.20", "0.20", "0.22", "0.22"])
        pattern = pattern_of(history)
        assert pattern is not None
        assert pattern.frequency == 4
        found = repeated(pattern, TODAY, date(2027, 3, 5))
        assert [(d.ex_date.isoformat(), d.per_unit) for d in found] == [
            ("2026-03-10", D("0.22")), ("2026-06-10", D("0.22")), ("2026-09-10", D("0.22")),
            ("2026-12-10", D("0.22")),
        ]  # fmt: skip
        assert next(d.pay_date for d in found) == date(2026, 3, 20)

    def test_a_special_one_is_not_repeated(self) -> None:
        regular = quarterly(date(2025, 6, 10), ["0.20", "0.20", "0.20"])
        special = replace(regular[1], per_unit=D(5), is_special=True, ex_date=date(2025, 11, 1))
        pattern = pattern_of([*regular, special])
        assert pattern is not None
        assert {d.per_unit for d in repeated(pattern, TODAY, date(2027, 3, 5))} == {D("0.20")}
        assert pattern_of([special]) is None

    def test_it_stops_45_days_after_the_payment_that_did_not_come(self) -> None:
        history = quarterly(date(2025, 1, 10), ["0.20", "0.20", "0.20", "0.20"])
        pattern = pattern_of(history)  # the next is expected on 2026-01-10
        assert pattern is not None
        due = date(2026, 1, 10)
        assert pattern.next_expected == due
        assert not pattern.has_stopped(due + LATE)
        assert pattern.has_stopped(due + LATE + timedelta(days=1))
        assert repeated(pattern, due + LATE + timedelta(days=1), date(2027, 6, 1)) == []

    def test_a_payment_that_came_three_weeks_early_is_not_expected_again(self) -> None:
        history = quarterly(date(2025, 3, 25), ["1", "1", "1", "1"])
        early = replace(history[0], ex_date=date(2026, 3, 4), pay_date=None)
        pattern = pattern_of([*history, early])
        assert pattern is not None
        days = [d.ex_date for d in repeated(pattern, TODAY, date(2027, 3, 5))]
        assert days == [
            date(2026, 6, 25), date(2026, 9, 25), date(2026, 12, 25), date(2027, 3, 4),
        ]  # fmt: skip

    def test_two_uneven_payments_a_year_do_not_stop_in_the_longer_gap(self) -> None:
        days = (date(2025, 4, 20), date(2025, 8, 20))
        pattern = pattern_of(
            Distribution(ex_date=day, pay_date=None, per_unit=D(1), currency="USD") for day in days
        )
        assert pattern is not None
        assert not pattern.has_stopped(date(2026, 4, 19))
        assert pattern.frequency == 2

    def test_a_leap_day_comes_back_on_the_28th(self) -> None:
        assert later(date(2024, 2, 29), 1) == date(2025, 2, 28)
        assert later(date(2024, 2, 29), 4) == date(2028, 2, 29)

    def test_amounts_are_for_units_of_today(self) -> None:
        splits = [(date(2026, 1, 5), D(4)), (date(2026, 2, 5), D("0.5"))]
        assert per_unit_today(D(8), date(2025, 12, 1), splits) == D(4)  # 8 / 4 / 0.5
        assert per_unit_today(D(8), date(2026, 1, 5), splits) == D(16)  # that split came first
        assert per_unit_today(D(8), date(2026, 3, 1), splits) == D(8)

    def test_without_a_rate_there_is_no_history_in_another_currency(self) -> None:
        history = quarterly(date(2025, 3, 10), ["1.20"])
        turned = in_currency(history, DOLLARS, "EUR", TODAY)
        assert turned is not None
        assert turned[0].per_unit == D(1)
        assert in_currency(history, DOLLARS, "CHF", TODAY) is None


def held(**changes: object) -> Held:
    """Ten units of which 15 % are withheld."""
    base = Held(
        account_id=ACCOUNT, instrument_id=ZQX, units=D(10), multiplier=D(1),
        withheld_ratio=D("0.15"), price=D(20),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # field by field


def declared(ex_date: date, gross: str = "3") -> Expected:
    """What a company announced."""
    return Expected(
        state=IncomeState.DECLARED, account_id=ACCOUNT, instrument_id=ZQX, ex_date=ex_date,
        pay_date=ex_date + timedelta(days=10), currency="USD", per_unit=D("0.30"), units=D(10),
        gross=D(gross), withheld=D(0), is_net_known=True,
    )  # fmt: skip


THROUGH = date(2027, 3, 5)


class TestProjection:
    def test_an_estimate_is_todays_units_at_the_last_amount_less_what_was_withheld(self) -> None:
        history = quarterly(date(2025, 3, 10), ["0.20", "0.20", "0.20", "0.25"])
        found = estimated(held(), history, [], TODAY, THROUGH)
        assert [(one.gross, one.withheld, one.net) for one in found] == [
            (D("2.50"), D("0.3750"), D("2.1250"))
        ] * 4

    def test_where_no_tax_was_seen_it_is_said(self) -> None:
        history = quarterly(date(2025, 6, 10), ["0.20"])
        (one,) = estimated(held(withheld_ratio=None), history, [], TODAY, THROUGH)
        assert (one.net, one.is_net_known) == (D(2), False)

    def test_a_declared_payment_takes_the_place_of_its_estimate(self) -> None:
        history = quarterly(date(2025, 3, 10), ["0.20", "0.20", "0.20", "0.20"])
        found = estimated(held(), history, [declared(date(2026, 3, 17))], TODAY, THROUGH)
        assert [one.ex_date for one in found] == [
            date(2026, 6, 10), date(2026, 9, 10), date(2026, 12, 10),
        ]  # fmt: skip

    def test_reinvested_income_buys_units_that_earn(self) -> None:
        history = quarterly(date(2025, 6, 10), ["1", "1", "1"])
        found = estimated(
            held(is_reinvested=True, withheld_ratio=D(0)), history, [], TODAY, THROUGH
        )
        # 10 at 1 buys 0.5 at 20; 10.5 buys 0.525
        assert [one.units for one in found] == [D(10), D("10.5"), D("11.025")]

    def test_a_short_position_expects_nothing(self) -> None:
        history = quarterly(date(2025, 6, 10), ["1"])
        assert estimated(held(units=D(-10)), history, [], TODAY, THROUGH) == []

    def test_months_run_over_the_year(self) -> None:
        assert months_of(date(2025, 12, 31), date(2026, 2, 1)) == ["2025-12", "2026-01", "2026-02"]


histories = st.lists(
    st.builds(
        Distribution,
        ex_date=st.dates(date(2024, 1, 1), date(2026, 6, 1)),
        pay_date=st.none(),
        per_unit=st.decimals("0.01", "10", places=2),
        currency=st.just("USD"),
        is_special=st.booleans(),
    ),
    max_size=14,
    unique_by=lambda d: d.ex_date,
)


@given(histories, st.lists(st.dates(TODAY, THROUGH), max_size=5, unique=True))
def test_no_payment_is_both_declared_and_estimated(
    history: list[Distribution], announced: list[date]
) -> None:
    """Each announced day takes an estimate within the tolerance, if there is one."""
    pattern = pattern_of(history)
    found = estimated(held(), history, [declared(day) for day in announced], TODAY, THROUGH)
    if pattern is None:
        assert found == []
        return
    told = {d.ex_date for d in history if not d.is_special} | set(announced)
    all_of_them = repeated(pattern, TODAY, THROUGH)
    assert len(found) == len(not_told_yet(all_of_them, told, pattern.tolerance))
    assert not {one.ex_date for one in found} & told
    assert all(one.ex_date > TODAY and one.day <= THROUGH for one in found)


@given(histories)
def test_a_regular_payer_is_expected_no_more_often_than_it_paid(
    history: list[Distribution],
) -> None:
    pattern = pattern_of(history)
    if pattern is not None:
        assert len(repeated(pattern, TODAY, TODAY + timedelta(days=365))) <= pattern.frequency


class TestYields:
    """The first two after a wiki on dividend yields, the third after InvestingAnswers."""

    def test_trailing_is_a_year_over_the_price(self) -> None:
        history = quarterly(date(2025, 6, 1), ["0.25", "0.25", "0.25", "0.25"])
        found = yields_of(history, D(20), D(10), TODAY)
        assert found.trailing_yield == Yield(D("0.05"))
        assert found.yield_on_cost == Yield(D("0.1"))

    def test_forward_is_the_last_amount_times_four(self) -> None:
        history = quarterly(date(2025, 6, 1), ["0.25", "0.25", "0.25", "0.30"])
        assert yields_of(history, D(24), None, TODAY).forward_yield == Yield(D("0.05"))

    def test_a_raised_payment_tells_them_apart(self) -> None:
        # 0.50 + 0.50 + 0.50 + 1.00 over 50 is 5 %; 4 x 1.00 over 50 is 8 %
        history = quarterly(date(2025, 6, 1), ["0.50", "0.50", "0.50", "1.00"])
        found = yields_of(history, D(50), D(50), TODAY)
        assert found.trailing_yield == Yield(D("0.05"))
        assert found.forward_yield == Yield(D("0.08"))

    def test_a_special_one_counts_in_none_of_them(self) -> None:
        history = quarterly(date(2025, 6, 1), ["0.50", "0.50", "0.50", "0.50"])
        special = replace(history[-1], ex_date=date(2026, 1, 2), per_unit=D(10), is_special=True)
        assert yields_of([*history, special], D(50), D(50), TODAY) == yields_of(
            history, D(50), D(50), TODAY
        )

    def test_what_is_not_known_says_why(self) -> None:
        history = quarterly(date(2025, 6, 1), ["1", "1", "1", "1"])
        none = yields_of(history, None, None, TODAY)
        assert none.trailing_yield.reason == "price_missing"
        assert none.yield_on_cost.reason == "cost_unknown"
        assert yields_of([], D(1), D(1), TODAY).trailing_yield.reason == "no_dividends_known"
        assert yields_of(None, D(1), D(1), TODAY).forward_yield.reason == "fx_missing"
        assert yields_of(history, D(0), D(1), TODAY).trailing_yield.reason == "nothing_to_divide_by"
        old = quarterly(date(2023, 6, 1), ["1", "1"])
        late = yields_of(old, D(20), D(10), TODAY)
        assert late.trailing_yield == Yield(D(0))
        assert late.forward_yield.reason == "payments_stopped"
        special = [replace(history[0], is_special=True)]
        assert yields_of(special, D(1), D(1), TODAY).forward_yield.reason == "no_regular_dividends"

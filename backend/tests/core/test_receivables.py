"""Income due between an ex-date and its cash: no dip, nothing twice, back to nothing."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger_builders import ACCOUNT, a_purchase, a_record, an_instrument
from truenav.core.corporate_actions.actions import ActionKind, CorporateAction
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import InstrumentRef, SubKind, Transaction, TransactionKind
from truenav.core.money import exact
from truenav.core.performance.effects import Bar
from truenav.core.performance.twrr import return_index
from truenav.core.performance.waterfall import Books, Waterfall, waterfall
from truenav.core.valuation.columns import timeline
from truenav.core.valuation.nav import DayValue, Market, Unknown, value_days
from truenav.core.valuation.receivables import (
    LONGEST,
    Receivable,
    lapses_on,
    recorded_receivable,
)
from truenav.core.valuation.series import FxTable, PriceSeries

D = Decimal
K = TransactionKind
DAY = date(2024, 1, 1)
ZQX = an_instrument("ZQX")


def on(place: int) -> date:
    return DAY + timedelta(days=place)


def a_market(closes: dict[int, str], rates: dict[int, str] | None = None) -> Market:
    series = PriceSeries("USD", [on(p) for p in closes], [D(c) for c in closes.values()])
    fx = {"USD": ([on(p) for p in rates], [D(r) for r in rates.values()])} if rates else {}
    return Market(prices={ZQX: series}, multipliers={}, fx=FxTable(fx))


def deposit(amount: str) -> Transaction:
    return a_record(K.DEPOSIT, on(0), 1, symbol=None, gross=amount, is_external_flow=True)


def due(
    since: int, until: int, gross: str, withheld: str = "0", currency: str = "USD"
) -> Receivable:
    return Receivable(
        account_id=ACCOUNT, instrument_id=ZQX, currency=currency, gross=D(gross),
        withheld=D(withheld), fee=D(0), since=on(since), until=on(until), event_id=uuid4(),
    )  # fmt: skip


def valued(
    records: list[Transaction],
    found: list[Receivable],
    market: Market,
    count: int,
    currency: str = "USD",
) -> list[DayValue]:
    held = timeline(records, DAY, count, LotMethod.FIFO)
    held.due = found
    return value_days(held, market, currency, first_day=DAY, count=count)


HELD = [deposit("1000"), a_purchase(on(0), 2, "10", "100")]


class TestRecorded:
    def test_it_is_due_from_the_ex_date_to_the_day_before_cash(self) -> None:
        record = a_record(K.DIVIDEND, on(9), 3, gross="20", tax="3", fee="1")
        found = recorded_receivable(record, on(4))
        assert found is not None
        assert (found.gross, found.withheld, found.fee, found.net) == (D(20), D(3), D(1), D(16))
        assert [place for place in range(12) if found.counts_on(on(place))] == [4, 5, 6, 7, 8]
        assert found.transaction_id == record.id

    @pytest.mark.parametrize("ex_date", [None, on(9), on(12), on(9) - LONGEST - timedelta(days=1)])
    def test_it_is_due_on_no_day_without_an_ex_date_before_its_cash(
        self, ex_date: date | None
    ) -> None:
        assert recorded_receivable(a_record(K.DIVIDEND, on(9), 3, gross="20"), ex_date) is None

    def test_units_in_the_place_of_cash_count_at_what_they_were_taken_at(self) -> None:
        record = a_record(K.DIVIDEND, on(9), 3, quantity="2", price="10")
        found = recorded_receivable(replace(record, sub_kind=SubKind.REINVESTMENT), on(4))
        assert found is not None
        assert found.net == D(20)

    def test_returned_capital_is_due_and_no_income(self) -> None:
        found = recorded_receivable(a_record(K.RETURN_OF_CAPITAL, on(9), 3, gross="20"), on(4))
        assert found is not None
        assert (found.net, found.is_income) == (D(20), False)

    def test_what_is_kept_of_returned_capital_is_told_apart(self) -> None:
        record = a_record(K.RETURN_OF_CAPITAL, on(9), 3, gross="20", tax="3", fee="1")
        found = recorded_receivable(record, on(4))
        assert found is not None
        assert (found.gross, found.withheld, found.fee, found.net) == (D(20), D(3), D(1), D(16))

    def test_interest_and_purchases_are_never_due(self) -> None:
        assert recorded_receivable(a_record(K.INTEREST, on(9), 3, gross="20"), on(4)) is None
        assert recorded_receivable(a_record(K.BUY, on(9), 3, gross="-20"), on(4)) is None


class TestDeclared:
    def test_it_lapses_eleven_days_after_its_pay_date(self) -> None:
        action = CorporateAction(
            kind=ActionKind.CASH_DIVIDEND, instrument=InstrumentRef(name="zqx"),
            ex_date=on(0), pay_date=on(20), cash_amount=D(1), currency="USD",
        )  # fmt: skip
        assert lapses_on(action) == on(31)
        assert lapses_on(replace(action, pay_date=None)) == on(31)  # 30 days from the ex-date on


class TestValue:
    def test_a_price_that_falls_by_the_dividend_is_no_dip(self) -> None:
        # 10 units; 100 until the ex-date on day 3, 98 from then on; 20 come on day 6
        records = [*HELD, a_record(K.DIVIDEND, on(6), 3, gross="20")]
        found = [recorded_receivable(records[-1], on(3))]
        days = valued(records, [f for f in found if f], a_market({0: "100", 3: "98"}), 8)
        assert {day.nav for day in days} == {D(1000)}
        assert [day.receivable_value for day in days] == [0, 0, 0, 20, 20, 20, 0, 0]
        assert [day.cash_value for day in days] == [0, 0, 0, 0, 0, 0, 20, 20]
        index = return_index([d.as_of for d in days], [d.nav for d in days], [D(0)] * 8)
        assert index.total == 0

    def test_without_it_there_was_a_dip(self) -> None:
        records = [*HELD, a_record(K.DIVIDEND, on(6), 3, gross="20")]
        days = valued(records, [], a_market({0: "100", 3: "98"}), 8)
        assert [day.nav for day in days] == [1000, 1000, 1000, 980, 980, 980, 1000, 1000]

    def test_without_a_rate_the_value_is_unknown_and_says_why(self) -> None:
        found = [due(2, 4, "5", currency="THB")]
        days = valued(HELD, found, a_market({0: "100"}), 5)
        assert [day.nav for day in days] == [1000, 1000, None, None, 1000]
        assert days[2].receivable_value is None
        assert days[2].unknowns == (Unknown("fx_missing", "THB"),)


amounts = st.decimals("0.01", "1000", places=2)


@given(st.integers(1, 8), st.integers(1, 8), amounts, st.decimals("0", "0.5", places=2))
def test_it_comes_back_to_nothing_when_cash_comes(
    since: int, length: int, gross: Decimal, part: Decimal
) -> None:
    """NAV moves by prices alone, whenever cash comes; what is due ends with it."""
    tax = (gross * part).quantize(D("0.01"))
    record = a_record(K.DIVIDEND, on(since + length), 3, gross=str(gross), tax=str(tax))
    found = recorded_receivable(record, on(since))
    assert found is not None
    days = valued([*HELD, record], [found], a_market({0: "100"}), 20)
    wanted = [D(1000)] * since + [D(1000) + gross - tax] * (20 - since)
    assert [day.nav for day in days] == wanted
    assert days[-1].receivable_value == 0
    assert all((day.receivable_value != 0) == found.counts_on(day.as_of) or not found.net
               for day in days)  # fmt: skip


@exact
def added(found: Waterfall) -> Decimal:
    assert found.opening is not None
    amounts = [amount for amount in found.bars.values() if amount is not None]
    assert len(amounts) == len(Bar)
    return sum(amounts, found.opening)


def told(
    record: Transaction, one: Receivable, market: Market, span: tuple[int, int], currency: str
) -> Waterfall:
    records = [*HELD, record]
    books = Books([r for r in records if r.trade_date <= on(span[1])], due=[one])
    return waterfall([books], market, currency, first_day=on(span[0]), last_day=on(span[1]))


class TestWaterfall:
    RECORD = a_record(K.DIVIDEND, on(6), 3, gross="20", tax="3")
    MARKET = a_market({0: "100", 3: "98"})

    def change(self, first: int, last: int) -> dict[str, Decimal | None]:
        one = recorded_receivable(self.RECORD, on(3))
        assert one is not None
        found = told(self.RECORD, one, self.MARKET, (first, last), "USD")
        assert added(found) == found.closing
        return {bar.value: amount for bar, amount in found.bars.items() if amount}

    def test_the_dividend_stands_on_its_ex_date(self) -> None:
        whole = {"unrealized": D(-20), "dividends": D(20), "taxes": D(-3)}
        assert self.change(0, 4) == whole  # cash has not come, and the record is of a later day
        assert self.change(0, 7) == whole
        assert self.change(3, 7) == {}  # accrued before
        assert self.change(4, 5) == {}

    def test_a_declared_one_has_no_record(self) -> None:
        one = due(3, 30, "20", "3")
        found = waterfall(
            [Books(HELD, due=[one])], self.MARKET, "USD", first_day=on(0), last_day=on(5)
        )
        assert added(found) == found.closing
        assert found.bars[Bar.DIVIDENDS] == D(20)
        (effect,) = [e for e in found.effects if e.bar is Bar.DIVIDENDS]
        assert (effect.transaction_id, effect.day, effect.due) == (None, on(3), one)

    def test_what_rates_did_to_it_until_cash_came_is_of_the_rates(self) -> None:
        # due 20 dollars when a euro is 1.25, paid at 1.00: 16 became 20
        market = a_market({0: "100"}, {0: "1.25", 5: "1.00"})
        record = replace(self.RECORD, tax=None)
        one = recorded_receivable(record, on(3))
        assert one is not None
        found = told(record, one, market, (0, 7), "EUR")
        assert added(found) == found.closing
        assert found.bars[Bar.DIVIDENDS] == D(16)
        assert found.bars[Bar.FX] == D(204)  # of 1,000 held: 200; of what was due: 4


@given(
    st.integers(1, 6), st.integers(1, 6), amounts, st.integers(0, 8), st.integers(0, 8),
    st.sampled_from(("USD", "EUR")), st.lists(st.integers(50, 200), min_size=14, max_size=14),
)  # fmt: skip
def test_bars_add_up_to_the_value_wherever_a_span_cuts_what_is_due(
    since: int, length: int, gross: Decimal, first: int, more: int, currency: str, closes: list[int]
) -> None:
    market = a_market(
        {p: str(c) for p, c in enumerate(closes)},
        {p: str(D(c) / 100) for p, c in enumerate(closes)},
    )
    record = a_record(K.DIVIDEND, on(since + length), 3, gross=str(gross))
    one = recorded_receivable(record, on(since))
    assert one is not None
    last = min(first + more, 13)
    found = told(record, one, market, (first, last), currency)
    days = valued([*HELD, record], [one], market, 14, currency)
    assert found.opening is not None
    assert found.closing is not None
    assert days[first].nav is not None
    assert abs(found.opening - (days[first].nav or D(0))) < D("1E-15")
    assert abs(found.closing - (days[last].nav or D(0))) < D("1E-15")
    assert abs(added(found) - found.closing) < D("1E-30")

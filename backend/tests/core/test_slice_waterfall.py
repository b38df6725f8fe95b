"""A slice's change of value in bars: worked examples, and that all slices are the whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.ledger_builders import a_purchase, a_record, a_sale
from tests.core.slicing import (
    CURRENCIES,
    DAY,
    A,
    B,
    a_dividend_due,
    a_market,
    all_segments,
    histories_or_any,
    later,
    markets,
    slice_of,
)
from truenav.core.ids import AccountId
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.postings import postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind
from truenav.core.money import exact
from truenav.core.performance.effects import Bar
from truenav.core.performance.waterfall import Books, Waterfall, waterfall
from truenav.core.valuation.columns import timeline
from truenav.core.valuation.nav import Market
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.segments import Segment, moves_of
from truenav.core.valuation.series import FxTable
from truenav.core.valuation.slices import Slice, slice_days

D = Decimal
K = TransactionKind
IN_AND_OUT = (Bar.DEPOSITS, Bar.WITHDRAWALS)
BORNE = [bar for bar in Bar if bar not in IN_AND_OUT]


def told(
    records: Sequence[Transaction],
    market: Market,
    *segments: Segment,
    weight: str = "1",
    last: int = 5,
    due: Sequence[Receivable] = (),
) -> Waterfall:
    """From the day before the first record."""
    return waterfall(
        [Books(records, due=due)], market, "USD",
        first_day=later(-1), last_day=later(last), of=slice_of(*segments, weight=weight),
    )  # fmt: skip


def shown(found: Waterfall) -> dict[str, Decimal]:
    bars = {bar.value: amount for bar, amount in found.bars.items() if amount}
    assert found.opening is not None
    assert added(found) == found.closing
    return bars


@exact
def added(found: Waterfall) -> Decimal:
    amounts = [amount for amount in found.bars.values() if amount is not None]
    assert len(amounts) == len(Bar)
    return sum(amounts, found.opening or D(0))


def a_year() -> tuple[list[Transaction], Market]:
    """Ten bought with a fee, income less tax, four sold at a gain with a fee, and interest."""
    records = [
        a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="2000", is_external_flow=True),
        a_purchase(DAY, 2, "10", "100", fee="5", symbol="AAA"),
        a_record(K.DIVIDEND, later(1), 3, symbol="AAA", gross="60", tax="9"),
        a_sale(later(2), 4, "4", "130", fee="3", symbol="AAA"),
        a_record(K.INTEREST, later(3), 5, symbol=None, gross="7"),
        a_record(K.FEE, later(4), 6, symbol=None, gross="-2"),
    ]
    return records, a_market({"AAA": {0: "100", 1: "95", 2: "130", 5: "120"}})


def test_bars_of_an_instrument() -> None:
    found = told(*a_year(), A)
    assert shown(found) == {
        "deposits": D(1005),  # paid for it with the fee
        "withdrawals": D(-568),  # 51 of the dividend after tax, 517 of the sale after its fee
        "realized": D(120), "unrealized": D(120),
        "dividends": D(60), "taxes": D(-9), "fees": D(-8),
    }  # fmt: skip
    assert found.closing == D(720)
    assert {(e.bar, e.day) for e in found.effects if e.bar in IN_AND_OUT} == {
        (Bar.DEPOSITS, DAY), (Bar.WITHDRAWALS, later(1)), (Bar.WITHDRAWALS, later(2)),
    }  # fmt: skip


def test_cash_has_its_interest_and_its_fees_and_nothing_of_prices() -> None:
    assert shown(told(*a_year(), "USD")) == {
        "deposits": D(2568), "withdrawals": D(-1005), "interest": D(7), "fees": D(-2),
    }  # fmt: skip


def test_a_part_of_an_instrument_has_that_part_of_its_bars() -> None:
    assert shown(told(*a_year(), A, weight="0.6")) == {
        "deposits": D(603), "withdrawals": D("-340.8"), "realized": D(72), "unrealized": D(72),
        "dividends": D(36), "taxes": D("-5.4"), "fees": D("-4.8"),
    }  # fmt: skip


def test_of_a_conversion_the_currency_given_bears_what_it_cost() -> None:
    market = replace(a_market({}), fx=FxTable({"USD": ([later(-1), later(5)], [D(2), D(2)])}))
    records = [
        a_record(K.DEPOSIT, DAY, 1, symbol=None, gross="100", is_external_flow=True),
        a_record(K.FX_CONVERSION, later(1), 2, symbol=None, gross="-100", counter=("49", "EUR")),
    ]
    assert shown(told(records, market, "USD")) == {
        "deposits": D(100), "withdrawals": D(-98), "fx": D(-2),
    }  # fmt: skip
    assert shown(told(records, market, "EUR")) == {"deposits": D(98)}


def test_a_spin_off_that_is_income_is_the_parents() -> None:
    spun = replace(
        a_record(K.SPIN_OFF, later(1), 2, symbol="BBB", quantity="4", price="5",
                 sub_kind=SubKind.TAXABLE),
        source_instrument_id=A,
    )  # fmt: skip
    records = [a_purchase(DAY, 1, "10", "10", symbol="AAA"), spun]
    market = a_market({"AAA": {0: "10", 1: "8"}, "BBB": {1: "5"}})
    assert shown(told(records, market, A)) == {
        "deposits": D(100), "withdrawals": D(-20), "dividends": D(20), "unrealized": D(-20),
    }  # fmt: skip
    assert shown(told(records, market, B)) == {"deposits": D(20)}


def test_income_counts_when_it_is_due_and_moves_when_it_comes() -> None:
    records, due, market = a_dividend_due()
    at_half = {"deposits": D(500), "dividends": D(30), "taxes": D("-4.5"), "unrealized": D(-30)}
    assert shown(told(records, market, A, weight="0.5", last=2, due=[due])) == at_half
    assert shown(told(records, market, A, weight="0.5", due=[due])) == {
        **at_half, "withdrawals": D("-25.5"),
    }  # fmt: skip
    assert shown(told(records[1:], market, "USD", due=[due])) == {"deposits": D(51)}


def test_what_is_missing_elsewhere_hides_nothing() -> None:
    records = [
        a_purchase(DAY, 1, "1", "100", symbol="AAA"), a_purchase(DAY, 2, "1", "10", symbol="BBB"),
    ]  # fmt: skip
    market = a_market({"AAA": {0: "100", 3: "120"}})
    assert shown(told(records, market, A)) == {"deposits": D(100), "unrealized": D(20)}
    missing = told(records, market, A, B)
    assert (missing.closing, missing.bars[Bar.UNREALIZED]) == (None, None)
    assert [unknown.reason_code for unknown in missing.unknowns] == ["price_missing"]


def test_units_of_unknown_value_hide_what_moved_on_their_side() -> None:
    spun = replace(
        a_record(K.SPIN_OFF, later(1), 2, symbol="BBB", quantity="4"), source_instrument_id=A
    )
    records = [a_purchase(DAY, 1, "10", "10", symbol="AAA"), spun]
    found = told(records, a_market({"AAA": {0: "10", 1: "8"}}), A)
    assert (found.bars[Bar.DEPOSITS], found.bars[Bar.WITHDRAWALS]) == (D(100), None)
    crossed = [a_record(K.TRANSFER_IN, DAY, 1, symbol="BBB", quantity="3", is_external_flow=True)]
    assert told(crossed, a_market({}), B).bars[Bar.DEPOSITS] is None


def test_whole_and_segments_name_every_reason_of_a_record_that_crosses() -> None:
    # cash in a currency without a rate beside units without a price
    both = a_record(
        K.TRANSFER_IN, DAY, 1, symbol="BBB", quantity="3", gross="10", currency="CHF",
        is_external_flow=True,
    )  # fmt: skip
    reasons = {("fx_missing", "CHF"), ("price_missing", str(B))}
    books = [Books([both])]

    def of(of_slice: Slice | None) -> Waterfall:
        return waterfall(books, a_market({}), "USD", first_day=later(-1), last_day=DAY, of=of_slice)

    for found in (of(None), of(slice_of(B, "CHF"))):
        (effect,) = found.effects
        assert {(one.reason_code, one.subject) for one in effect.reasons} == reasons
        assert effect.reason is not None
        assert effect.reason.reason_code == "price_missing"  # where one is named, as before
        assert found.bars[Bar.DEPOSITS] is None
        assert reasons <= {(one.reason_code, one.subject) for one in found.unknowns}
    (of_cash,) = of(slice_of("CHF")).effects
    assert [one.reason_code for one in of_cash.reasons] == ["fx_missing"]


def test_a_transfer_among_own_accounts_moves_nothing_out_of_a_slice() -> None:
    link = UUID(int=5)
    left = replace(a_record(K.TRANSFER_OUT, later(1), 2, symbol="AAA", quantity="-4"), link_id=link)
    came = replace(
        a_record(K.TRANSFER_IN, later(1), 3, symbol="AAA", quantity="4"),
        link_id=link, account_id=AccountId(UUID(int=77)),
    )  # fmt: skip
    books = [Books([a_purchase(DAY, 1, "10", "10", symbol="AAA"), left]), Books([came])]
    market = a_market({"AAA": {0: "10", 5: "12"}})
    found = waterfall(books, market, "USD", first_day=later(-1), last_day=later(5), of=slice_of(A))
    assert shown(found) == {"deposits": D(100), "unrealized": D(20)}


@settings(max_examples=60)
@given(histories_or_any, st.data(), st.sampled_from(CURRENCIES), st.integers(0, 8))
def test_all_segments_are_the_whole_bar_by_bar(
    given_records: tuple[date, list[Transaction]], data: st.DataObject, base: str, eighths: int
) -> None:
    begin, records = given_records
    span = min((max(r.trade_date for r in records) - begin).days, 40)
    market = data.draw(markets(begin, span))
    count = data.draw(st.integers(1, span + 3))
    first = begin + timedelta(days=data.draw(st.integers(-1, 2)))
    last = first + timedelta(days=count - 1)
    books = [Books([r for r in records if r.trade_date <= last])]

    def of(of_slice: Slice | None) -> Waterfall:
        return waterfall(books, market, base, first_day=first, last_day=last, of=of_slice)

    whole, segments = of(None), all_segments(records)
    every = of(slice_of(*segments))
    assert (every.opening, every.closing) == (whole.opening, whole.closing)
    assert every.bars == whole.bars
    assert every.unknowns == whole.unknowns
    parts = [of(slice_of(segment)) for segment in segments]
    for bar in BORNE:
        amounts = [part.bars[bar] for part in parts]
        # of odd records the whole may know less than its parts do, one by one; never more
        if None not in amounts and whole.bars[bar] is not None:
            assert near(amounts, [whole.bars[bar]])
    moved = [part.bars[bar] for part in parts for bar in IN_AND_OUT]
    if None not in moved:
        assert near(moved, [whole.bars[bar] for bar in IN_AND_OUT])
    weight = str(D(eighths) / 8)
    for segment, part in zip(segments, parts, strict=True):
        adds_up(part, of(slice_of(segment, weight=weight)), D(weight))
        if isinstance(segment, str) and not any(trades_nothing(record) for record in records):
            # no price of its own: what it earned is interest, costs and rates
            # but for the last place to which lots round what units cost
            assert abs(part.price_result or D(0)) <= D("1E-17")
        as_the_series(books[0].records, market, (base, first, count), segment, part)


def trades_nothing(record: Transaction) -> bool:
    """Cash for units, or for their cost, of an instrument it does not name: what prices tell."""
    traded = {Leg.COST, Leg.PROCEEDS}
    return record.instrument_id is None and any(p.leg in traded for p in postings(record))


@exact
def near(some: Sequence[Decimal | None], others: Sequence[Decimal | None]) -> bool:
    """Whether known amounts come to the same, but for the last of sixty digits."""
    left = [amount for amount in some if amount is not None]
    right = [amount for amount in others if amount is not None]
    assert (len(left), len(right)) == (len(some), len(others))
    size = sum((abs(amount) for amount in (*left, *right)), D(1))
    return abs(sum(left, D(0)) - sum(right, D(0))) <= size * D("1E-40")


@exact
def adds_up(found: Waterfall, weighted: Waterfall, weight: Decimal) -> None:
    """Bars come to the closing value, and a part of a segment has that part of every one."""
    bars = list(found.bars.values())
    if None not in bars and found.opening is not None:
        assert near([found.opening, *bars], [found.closing])
    for bar in BORNE:
        amount, part = found.bars[bar], weighted.bars[bar]
        if amount is not None and part is not None:
            assert near([part], [amount * weight])


@exact
def as_the_series(
    records: Sequence[Transaction],
    market: Market,
    asked: tuple[str, date, int],
    segment: Segment,
    found: Waterfall,
) -> None:
    """Ends and flows are those of the series that returns are made of."""
    base, first, count = asked
    held = timeline(records, first, count, LotMethod.FIFO)
    days = slice_days(
        held, moves_of(records), slice_of(segment), market, base, first_day=first, count=count
    )
    for value, day in ((found.opening, days[0]), (found.closing, days[-1])):
        assert (value is None) == (day.nav is None)
        assert value is None or day.nav is None or abs(value - day.nav) <= D("1E-17")
    flows = [day.external_flow for day in days[1:]]
    moved = [found.bars[bar] for bar in IN_AND_OUT]
    if None not in flows and None not in moved:
        known = [flow for flow in flows if flow is not None]
        assert abs(sum(known, D(0)) - sum((m or D(0) for m in moved), D(0))) <= D("1E-15")

"""Slices of made-up records, valued day by day."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.core.any_records import any_records
from tests.core.histories import FIRST, SYMBOLS, histories
from tests.core.ledger_builders import a_purchase, a_record, an_instrument
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.performance.twrr import ReturnIndex, return_index
from truenav.core.valuation.columns import timeline
from truenav.core.valuation.consolidation import CurrencyDay, SeriesPoint
from truenav.core.valuation.nav import Market
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.segments import Segment, moves_of
from truenav.core.valuation.series import FxTable, PriceSeries
from truenav.core.valuation.slices import Slice, slice_days, without_empty_ends

D = Decimal
K = TransactionKind
DAY = date(2024, 1, 2)
A, B, C = (an_instrument(symbol) for symbol in SYMBOLS)
CURRENCIES = ("USD", "EUR", "CHF", "GBP")


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def a_market(closes: dict[str, dict[int, str]], currency: str = "USD") -> Market:
    prices = {
        an_instrument(symbol): PriceSeries(
            currency, [later(day) for day in of], [D(close) for close in of.values()]
        )
        for symbol, of in closes.items()
    }
    return Market(prices=prices, multipliers={}, fx=FxTable({}))


def a_dividend_due() -> tuple[list[Transaction], Receivable, Market]:
    """Ten units at 100, then 94; 60 less 9 withheld, due the next day and paid two days later."""
    paid = a_record(K.DIVIDEND, later(3), 2, symbol="AAA", gross="60", tax="9")
    due = Receivable(
        account_id=paid.account_id, instrument_id=A, currency="USD", gross=D(60), withheld=D(9),
        fee=D(0), since=later(1), until=later(3), transaction_id=paid.id,
    )  # fmt: skip
    records = [a_purchase(DAY, 1, "10", "100", symbol="AAA"), paid]
    return records, due, a_market({"AAA": {0: "100", 1: "94"}})


def slice_of(*segments: Segment, weight: str = "1") -> Slice:
    return Slice(
        {s: D(weight) for s in segments if not isinstance(s, str)},
        {s: D(weight) for s in segments if isinstance(s, str)},
    )


def sliced(
    records: Sequence[Transaction],
    market: Market,
    *segments: Segment,
    first: date = DAY,
    count: int = 6,
    base: str = "USD",
    weight: str = "1",
) -> list[CurrencyDay]:
    held = timeline(records, first, count, LotMethod.FIFO)
    of = slice_of(*segments, weight=weight)
    return slice_days(held, moves_of(records), of, market, base, first_day=first, count=count)


def flows(days: Sequence[CurrencyDay]) -> list[str | None]:
    return [None if d.external_flow is None else f"{d.external_flow.normalize():f}" for d in days]


def linked(days: Sequence[CurrencyDay]) -> ReturnIndex:
    before = SeriesPoint(days[0].as_of - timedelta(days=1), D(0), D(0))
    told = [SeriesPoint(d.as_of, d.nav, d.external_flow, d.unknowns, d.turned) for d in days]
    points = without_empty_ends([before, *told])
    return return_index(
        [p.as_of for p in points], [p.nav for p in points], [p.external_flow for p in points],
        turned=[p.turned for p in points],
    )  # fmt: skip


def near(found: Decimal | None, expected: Decimal) -> bool:
    return found is not None and abs(found - expected) < D("1E-25")


@st.composite
def markets(draw: st.DrawFn, first: date, span: int) -> Market:
    """Closes on some days, mostly from the first on; rates on every tenth day or so."""
    prices = {}
    for symbol in SYMBOLS:
        starts = draw(st.sampled_from([0, 0, 0, span // 2, span + 1]))
        days = sorted({starts, *draw(st.sets(st.integers(starts, span + 2), max_size=6))})
        closes = [D(draw(st.integers(1, 500))) / 10 for _ in days]
        currency = draw(st.sampled_from(CURRENCIES))
        prices[an_instrument(symbol)] = PriceSeries(
            currency, [first + timedelta(days=day) for day in days], closes
        )
    rates = {
        currency: (
            [first + timedelta(days=day) for day in range(-3, span, 5)],
            [D(draw(st.integers(5, 20))) / 8 for _ in range(-3, span, 5)],
        )
        for currency in CURRENCIES
        if currency != "EUR" and draw(st.integers(0, 5))
    }
    return Market(prices=prices, multipliers={C: D(100)}, fx=FxTable(rates))


def all_segments(records: Sequence[Transaction]) -> list[Segment]:
    named = {r.instrument_id for r in records} | {r.source_instrument_id for r in records}
    found: list[Segment] = [key for key in named if key is not None]
    cash = {r.currency for r in records} | {r.counter.currency for r in records if r.counter}
    return sorted(found, key=str) + sorted(cash)


histories_or_any = st.one_of(
    histories().map(lambda found: (FIRST, found)),
    any_records().map(lambda found: (min(r.trade_date for r in found), found)),
)

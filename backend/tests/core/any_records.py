"""Records of any kind and shape: what a broken file, a careless hand or a hostile one could state.

Signs are odd, fields are missing, amounts are zero, 1e-18 or 1e15, links tie what does not belong
together. Nothing here makes sense on purpose; the ledger must keep its promises all the same.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from tests.core.ledger_builders import a_record, an_instrument
from truenav.core.ledger.bookkeeper import own_lot_id
from truenav.core.ledger.methods import LotChoice, LotMethod
from truenav.core.ledger.transactions import (
    CarriedLot,
    CashPart,
    SubKind,
    Transaction,
    TransactionKind,
)

D = Decimal
FIRST = date(2024, 2, 27)  # a leap day is near
SYMBOLS = ("AAA", "BBB", "CCC")
LINKS = (UUID(int=91), UUID(int=92))
EXTREMES = ["0", "1E-18", "0.000000000000000003", "0.01", "1", "1000000000000000"]
# what decides which rule is asked is drawn more often than its neighbors
BUSY = [
    TransactionKind.BUY, TransactionKind.BUY, TransactionKind.SELL, TransactionKind.SELL,
    TransactionKind.MERGER, TransactionKind.SPLIT,
]  # fmt: skip

sizes = st.sampled_from([D(text) for text in EXTREMES]) | st.decimals(
    "0.01", "5000", places=2, allow_nan=False
)
signed = st.builds(lambda size, sign: size * sign, sizes, st.sampled_from([1, -1]))
instruments = st.sampled_from([an_instrument(symbol) for symbol in SYMBOLS])
currencies = st.sampled_from(["USD", "USD", "USD", "JPY"])
parts = st.none() | st.builds(
    lambda amount, currency, rate: CashPart(
        amount=amount, currency=currency, rate=D(1) if currency == "USD" else rate
    ),
    signed, st.sampled_from(["USD", "USD", "EUR"]), st.sampled_from([D("0.9"), D("1.1234567")]),
)  # fmt: skip
carried = st.builds(
    lambda days, quantity, cost: CarriedLot(
        acquired_date=FIRST - timedelta(days=days), quantity=quantity, cost=cost
    ),
    st.integers(0, 900), sizes.filter(bool), st.none() | sizes,
)  # fmt: skip


@st.composite
def any_record(draw: st.DrawFn, sequence: int, day: date) -> Transaction:
    """One record of one day; every field is there or not."""
    kind = draw(st.sampled_from(list(TransactionKind)) | st.sampled_from(BUSY))
    record = a_record(kind, day, sequence, currency=draw(currencies))
    choice = LotChoice(own_lot_id(a_record(kind, day, draw(st.integers(1, 9)))), draw(sizes))
    return replace(
        record,
        instrument_id=draw(st.none() | instruments | instruments),
        sub_kind=draw(st.none() | st.sampled_from(list(SubKind))),
        quantity=draw(st.none() | signed | signed | signed),
        price=draw(st.none() | sizes),
        multiplier=draw(st.sampled_from([D(1), D(100), D("0.01")])),
        ratio=draw(st.none() | st.sampled_from([D(2), D("0.1"), D("0.333333333333333333"), D(0)])),
        gross=draw(parts),
        fee=draw(parts),
        tax=draw(parts),
        counter=draw(st.none() | parts),
        is_external_flow=draw(st.booleans()),
        lot_method=draw(st.none() | st.sampled_from(list(LotMethod))),
        lot_choices=draw(st.just(()) | st.just((choice,))),
        link_id=draw(st.none() | st.sampled_from(LINKS)),
        source_instrument_id=draw(st.none() | instruments),
        basis_fraction=draw(st.none() | st.sampled_from([D(0), D("0.3"), D(1)])),
        acquired_date=draw(st.none() | st.just(day - timedelta(days=400))),
        carried_lots=tuple(draw(st.lists(carried, max_size=2))),
    )


@st.composite
def any_records(draw: st.DrawFn, most: int = 9) -> list[Transaction]:
    """Records of a few days around a leap day, several of them on the same one."""
    day, found = FIRST, list[Transaction]()
    for sequence in range(1, draw(st.integers(1, most)) + 1):
        day += timedelta(days=draw(st.sampled_from([0, 0, 1, 30, 366])))
        found.append(draw(any_record(sequence, day)))
    return found

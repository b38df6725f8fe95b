"""Random histories of one account: every kind that moves lots, sensible or not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from tests.core.ledger_builders import a_record, an_instrument
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind

K = TransactionKind
D = Decimal
FIRST = date(2020, 1, 6)
SYMBOLS = ("AAA", "BBB", "CCC")

units = st.integers(1, 400).map(lambda n: D(n) / 4)
prices = st.integers(1, 4_000).map(lambda n: D(n) / 100)
cents = st.integers(0, 500).map(lambda n: D(n) / 100)
Maker = Callable[[date, int, str, st.DrawFn], Transaction]


def _text(value: Decimal) -> str:
    return f"{value:f}"


def _bought(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    quantity, price = draw(units), draw(prices)
    return a_record(
        K.BUY, day, sequence, symbol=symbol, quantity=_text(quantity), price=_text(price),
        gross=_text(-(quantity * price).quantize(D("0.01"))), fee=_text(draw(cents)),
    )  # fmt: skip


def _sold(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    quantity, price = draw(units), draw(prices)
    return a_record(
        K.SELL, day, sequence, symbol=symbol, quantity=_text(-quantity), price=_text(price),
        gross=_text((quantity * price).quantize(D("0.01"))), fee=_text(draw(cents)),
    )  # fmt: skip


def _split(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    ratio = draw(st.sampled_from(["2", "3", "0.5", "0.1", "1.05"]))
    return a_record(K.SPLIT, day, sequence, symbol=symbol, ratio=ratio)


def _returned(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    return a_record(
        K.RETURN_OF_CAPITAL, day, sequence, symbol=symbol, gross=_text(draw(prices) * 10)
    )


def _spun(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    child = SYMBOLS[(SYMBOLS.index(symbol) + 1) % len(SYMBOLS)]
    record = a_record(K.SPIN_OFF, day, sequence, symbol=child, quantity=_text(draw(units)))
    part = draw(st.sampled_from([None, D("0.1"), D("0.25"), D(1)]))
    return replace(record, source_instrument_id=an_instrument(symbol), basis_fraction=part)


def _paid_in_units(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    price = draw(st.none() | prices)
    return a_record(
        K.DIVIDEND, day, sequence, symbol=symbol, quantity=_text(draw(units)),
        price=None if price is None else _text(price), sub_kind=SubKind.STOCK,
    )  # fmt: skip


def _dividend(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    return a_record(
        K.DIVIDEND, day, sequence, symbol=symbol, gross=_text(draw(prices)), tax=_text(draw(cents))
    )


def _worthless(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    return a_record(K.WORTHLESS, day, sequence, symbol=symbol, quantity=_text(-draw(units)))


def _arrived(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    price = draw(st.none() | prices)
    return a_record(
        K.TRANSFER_IN, day, sequence, symbol=symbol, quantity=_text(draw(units)),
        price=None if price is None else _text(price),
    )  # fmt: skip


def _left(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    return a_record(K.TRANSFER_OUT, day, sequence, symbol=symbol, quantity=_text(-draw(units)))


def _rewarded(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    return a_record(
        K.REWARD, day, sequence, symbol=symbol, quantity=_text(draw(units)),
        price=_text(draw(prices)),
    )  # fmt: skip


MAKERS: tuple[Maker, ...] = (
    _bought, _bought, _bought, _sold, _sold, _split, _returned, _spun, _paid_in_units, _dividend,
    _worthless, _arrived, _left, _rewarded,
)  # fmt: skip


def _merged(day: date, sequence: int, draw: st.DrawFn) -> list[Transaction]:
    """Two legs under one link, with or without cash and values."""
    old, new = draw(st.permutations(SYMBOLS))[:2]
    cash = draw(st.none() | prices)
    price = draw(st.none() | prices)
    sub_kind = draw(st.sampled_from([None, None, SubKind.TAXABLE]))
    legs = [
        a_record(
            K.MERGER, day, sequence, symbol=old, quantity=_text(-draw(units)),
            gross=None if cash is None else _text(cash), sub_kind=sub_kind,
        ),
        a_record(
            K.MERGER, day, sequence + 1, symbol=new, quantity=_text(draw(units)),
            price=None if price is None else _text(price),
        ),
    ]  # fmt: skip
    return [replace(leg, link_id=UUID(int=sequence)) for leg in legs]


@st.composite
def histories(draw: st.DrawFn, most: int = 14) -> list[Transaction]:
    """Records in the order of their days; several may share one."""
    day, found = FIRST, list[Transaction]()
    for _ in range(draw(st.integers(1, most))):
        day += timedelta(days=draw(st.sampled_from([0, 0, 1, 3, 40, 400])))
        sequence = 10 * (len(found) + 1)
        if draw(st.integers(0, 9)) == 0:
            found += _merged(day, sequence, draw)
            continue
        maker = draw(st.sampled_from(MAKERS))
        found.append(maker(day, sequence, draw(st.sampled_from(SYMBOLS)), draw))
    return found

"""Random histories of one account: every kind that moves lots, sensible or not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from tests.core.ledger_builders import a_record, an_instrument
from truenav.core.ledger.transactions import CarriedLot, SubKind, Transaction, TransactionKind

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


def _whole_split(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    """A broker states whole units beside the ratio; mostly they do not agree."""
    ratio = draw(st.sampled_from(["0.1", "0.5", "1.5"]))
    quantity = _text(draw(units) * draw(st.sampled_from([1, -1])))
    return a_record(K.SPLIT, day, sequence, symbol=symbol, ratio=ratio, quantity=quantity)


def _paid_in_lieu(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    quantity = draw(st.none() | units.map(lambda amount: _text(-amount)))
    return a_record(
        K.CASH_IN_LIEU, day, sequence, symbol=symbol, quantity=quantity, gross=_text(draw(prices))
    )


def _arrived_in_lots(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    """Lots of other days, one of them mostly of unknown cost; more or fewer units than stated."""
    lots = tuple(
        CarriedLot(
            acquired_date=day - timedelta(days=draw(st.integers(0, 800))), quantity=draw(units),
            cost=draw(st.none() | prices),
        )
        for _ in range(draw(st.integers(1, 2)))
    )  # fmt: skip
    record = a_record(K.TRANSFER_IN, day, sequence, symbol=symbol, quantity=_text(draw(units)))
    return replace(record, carried_lots=lots)


def _given_rights(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    rights = SYMBOLS[(SYMBOLS.index(symbol) + 1) % len(SYMBOLS)]
    record = a_record(K.RIGHTS, day, sequence, symbol=rights, quantity=_text(draw(units)))
    source = draw(st.sampled_from([None, an_instrument(symbol), an_instrument(symbol)]))
    part = draw(st.sampled_from([None, D("0.1"), D("0.25")]))
    return replace(record, source_instrument_id=source, basis_fraction=part)


def _lapsed(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    rights = SYMBOLS[(SYMBOLS.index(symbol) + 1) % len(SYMBOLS)]
    record = a_record(K.RIGHTS, day, sequence, symbol=rights, quantity=_text(-draw(units)))
    source = draw(st.sampled_from([None, an_instrument(symbol), an_instrument(symbol)]))
    return replace(record, source_instrument_id=source)


def _expired(day: date, sequence: int, symbol: str, draw: st.DrawFn) -> Transaction:
    quantity = _text(draw(units) * draw(st.sampled_from([1, -1])))
    return a_record(K.OPTION_EXPIRY, day, sequence, symbol=symbol, quantity=quantity)


def _only_cash(day: date, sequence: int, _symbol: str, draw: st.DrawFn) -> Transaction:
    kind = draw(st.sampled_from([K.DEPOSIT, K.WITHDRAWAL, K.INTEREST, K.FEE, K.TAX, K.UNKNOWN]))
    return a_record(kind, day, sequence, symbol=None, gross=_text(draw(prices)))


MAKERS: tuple[Maker, ...] = (
    _bought, _bought, _bought, _bought, _sold, _sold, _sold, _split, _returned, _spun,
    _paid_in_units, _dividend, _worthless, _arrived, _left, _rewarded, _whole_split,
    _paid_in_lieu, _arrived_in_lots, _given_rights, _lapsed, _expired, _only_cash,
)  # fmt: skip


def _used(day: date, sequence: int, draw: st.DrawFn) -> list[Transaction]:
    """An option or a right, and the trade it led to under one link; or no trade at all."""
    option, stock = draw(st.permutations(SYMBOLS))[:2]
    kind = draw(st.sampled_from([K.OPTION_EXERCISE, K.OPTION_ASSIGNMENT, K.RIGHTS]))
    quantity = draw(units) * draw(st.sampled_from([1, -1]))
    if kind is K.RIGHTS:
        quantity = -abs(quantity)
    used = a_record(kind, day, sequence, symbol=option, quantity=_text(quantity))
    trade = draw(st.sampled_from([_bought, _sold]))(day, sequence + 1, stock, draw)
    if draw(st.booleans()) and trade.kind is K.SELL:
        trade = replace(trade, sub_kind=SubKind.SHORT_OPEN)
    legs = [used, trade] if draw(st.integers(0, 4)) else [used]
    return [replace(leg, link_id=UUID(int=sequence)) for leg in legs]


def _renamed(day: date, sequence: int, draw: st.DrawFn) -> list[Transaction]:
    old, new = draw(st.permutations(SYMBOLS))[:2]
    quantity = draw(units)
    legs = [
        a_record(K.NAME_CHANGE, day, sequence, symbol=old, quantity=_text(-quantity)),
        a_record(K.NAME_CHANGE, day, sequence + 1, symbol=new, quantity=_text(quantity)),
    ]
    return [replace(leg, link_id=UUID(int=sequence)) for leg in legs]


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
        if draw(st.integers(0, 6)) == 0:
            found += draw(st.sampled_from([_merged, _merged, _used, _used, _renamed]))(
                day, sequence, draw
            )
            continue
        maker = draw(st.sampled_from(MAKERS))
        found.append(maker(day, sequence, draw(st.sampled_from(SYMBOLS)), draw))
    return found


@st.composite
def one_record(draw: st.DrawFn, day: date, sequence: int) -> Transaction:
    """One record of a day, of any kind that stands alone."""
    maker = draw(st.sampled_from(MAKERS))
    return maker(day, sequence, draw(st.sampled_from(SYMBOLS)), draw)


CONSERVING: tuple[Maker, ...] = (
    _bought, _bought, _bought, _sold, _sold, _split, _returned, _rewarded, _paid_in_lieu,
    _whole_split,
)  # fmt: skip


@st.composite
def conserving_histories(draw: st.DrawFn, most: int = 12) -> list[Transaction]:
    """Records that leave no cost unknown: trades, splits, fractions, capital that comes back."""
    day, found = FIRST, list[Transaction]()
    for sequence in range(1, draw(st.integers(1, most)) + 1):
        day += timedelta(days=draw(st.sampled_from([0, 0, 1, 3, 40, 400])))
        maker = draw(st.sampled_from(CONSERVING))
        found.append(maker(day, sequence, draw(st.sampled_from(SYMBOLS)), draw))
    return found


@st.composite
def trades_of_one(draw: st.DrawFn, most: int = 12) -> list[Transaction]:
    """Purchases and sales of one instrument, short ones too."""
    day, found = FIRST, list[Transaction]()
    for sequence in range(1, draw(st.integers(1, most)) + 1):
        day += timedelta(days=draw(st.sampled_from([0, 1, 3, 40, 400])))
        found.append(draw(st.sampled_from([_bought, _sold]))(day, sequence, SYMBOLS[0], draw))
    return found

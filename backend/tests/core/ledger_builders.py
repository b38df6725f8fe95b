"""Records of one account, in few words."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from truenav.core.ids import AccountId, InstrumentId, TransactionId
from truenav.core.ledger.transactions import CashPart, SubKind, Transaction, TransactionKind

SPACE = UUID(int=7)
ACCOUNT = AccountId(uuid5(SPACE, "account"))


def an_instrument(symbol: str) -> InstrumentId:
    """The same id for the same symbol."""
    return InstrumentId(uuid5(SPACE, symbol))


def a_record(
    kind: TransactionKind,
    day: date,
    sequence: int,
    *,
    symbol: str | None = "ZQX",
    quantity: str | None = None,
    price: str | None = None,
    gross: str | None = None,
    fee: str | None = None,
    tax: str | None = None,
    ratio: str | None = None,
    currency: str = "USD",
    sub_kind: SubKind | None = None,
    counter: tuple[str, str] | None = None,
    is_external_flow: bool = False,
) -> Transaction:
    """A record; amounts are decimal text, signs are the ledger's."""

    def part(amount: str | None) -> CashPart | None:
        return CashPart(amount=Decimal(amount), currency=currency) if amount else None

    return Transaction(
        id=TransactionId(uuid5(SPACE, f"record {sequence}")),
        account_id=ACCOUNT,
        instrument_id=an_instrument(symbol) if symbol else None,
        kind=kind,
        sub_kind=sub_kind,
        trade_date=day,
        settlement_date=None,
        sequence=sequence,
        quantity=Decimal(quantity) if quantity else None,
        price=Decimal(price) if price else None,
        multiplier=Decimal(1),
        ratio=Decimal(ratio) if ratio else None,
        currency=currency,
        gross=part(gross),
        fee=part(fee),
        tax=part(tax),
        counter=CashPart(amount=Decimal(counter[0]), currency=counter[1]) if counter else None,
        is_external_flow=is_external_flow,
    )


def a_purchase(
    day: date, sequence: int, quantity: str, price: str, fee: str | None = None, symbol: str = "ZQX"
) -> Transaction:
    """Units bought at a price."""
    gross = str(-Decimal(quantity) * Decimal(price))
    return a_record(
        TransactionKind.BUY, day, sequence, symbol=symbol, quantity=quantity, price=price,
        gross=gross, fee=fee,
    )  # fmt: skip


def a_sale(
    day: date, sequence: int, quantity: str, price: str, fee: str | None = None, symbol: str = "ZQX"
) -> Transaction:
    """Units (> 0) sold at a price."""
    gross = str(Decimal(quantity) * Decimal(price))
    return a_record(
        TransactionKind.SELL, day, sequence, symbol=symbol, quantity=f"-{quantity}", price=price,
        gross=gross, fee=fee,
    )  # fmt: skip

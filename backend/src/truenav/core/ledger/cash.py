"""What a transaction does to cash, and whether it crosses the portfolio's edge."""

from collections.abc import Iterator
from decimal import Decimal

from truenav.core.ledger.transactions import CashPart, Transaction, TransactionDraft
from truenav.core.money import exact, kept, quantize


def part_in_cash_currency(part: CashPart | None) -> Decimal:
    """Amount of one part in the transaction's cash currency; 0 for an absent part."""
    if part is None:
        return Decimal(0)
    return part.amount if part.rate == 1 else part.amount * part.rate


@exact
def worth(quantity: Decimal, price: Decimal, multiplier: Decimal) -> Decimal:
    """Units at a price, at 18 places at most: what can be kept as it is."""
    return kept(quantity * price * multiplier)


@exact
def net_cash(record: Transaction | TransactionDraft) -> Decimal | None:
    """Cash change in `record.currency`: gross - fee - tax, at the minor unit, + received.

    None when the record states no cash at all (a split, a transfer in kind).
    """
    gross, fee, tax = record.gross, record.fee, record.tax
    if gross is None and fee is None and tax is None:
        return None
    amount = part_in_cash_currency(gross)
    if fee is not None:
        amount -= part_in_cash_currency(fee)
    if tax is not None:
        amount -= part_in_cash_currency(tax)
    return quantize(amount, record.currency)


def cash_effects(
    record: Transaction | TransactionDraft,
) -> Iterator[tuple[str, Decimal]]:
    """Yield (currency, change) for each currency the record moves; both legs of a conversion."""
    net = net_cash(record)
    if net is not None:
        yield record.currency, net
    if record.counter is not None:
        yield (
            record.counter.currency,
            quantize(record.counter.amount, record.counter.currency),
        )

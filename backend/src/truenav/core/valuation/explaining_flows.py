"""What a record brought across the edge of a portfolio, as figures that prove themselves."""

from truenav.core.explanation import Node, constant, product, unknown
from truenav.core.ledger.explaining_records import cash_of, name_of, ref_of, stated
from truenav.core.ledger.transactions import Transaction
from truenav.core.money import exact
from truenav.core.valuation.explaining import Rates, price_node
from truenav.core.valuation.nav import Market


@exact
def cash_legs(record: Transaction) -> list[Node]:
    """What a record did to cash, leg by leg, each in its own currency."""
    legs = [cash_of(record)] if any((record.gross, record.fee, record.tax)) else []
    if record.counter is not None:
        legs.append(cash_of(record, 1))
    return [leg for leg in legs if leg.value]


@exact
def crossing(record: Transaction, market: Market, rates: Rates, currency: str) -> list[Node]:
    """What a record brought across the edge: cash, and units at the day's close."""
    day = record.trade_date
    found = [rates.converted(leg, currency, day) for leg in cash_legs(record)]
    if record.instrument_id is None or not record.quantity:
        return found
    series = market.prices.get(record.instrument_id)
    price = series.at(day) if series is not None else None
    label = f"Units of {name_of(record).lower()}"
    if series is None or price is None:
        return [*found, unknown(label, currency, "price_missing", ref_of(record))]
    parts = [
        stated(record, "Units", record.quantity, "units"),
        price_node(price, series.currency, record.instrument_id, day),
    ]
    multiplier = market.multiplier(record.instrument_id)
    if multiplier != 1:
        parts.append(constant(multiplier, "Units of one contract", "units"))
    worth = product(label, series.currency, parts, "units × close").told(ref=ref_of(record))
    return [*found, rates.converted(worth, currency, day)]

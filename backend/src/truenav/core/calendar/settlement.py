"""When a trade settles: business days after the trade, by market, kind of instrument and date.

Sources: SEC releases 34-33023 (T+3), 34-80295 (T+2) and 34-96930 (T+1); Regulation (EU) 909/2014
and its amendment for T+1 on 2027-10-11; ASX, JPX and NSE notices. A date a broker states wins;
this table is for records without one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from truenav.core.calendar.holidays import CURRENCIES, settles_on
from truenav.core.ledger.transactions import AssetClass, TransactionKind

Cycle = Sequence[tuple[date, int]]
DAY = timedelta(days=1)
EVER = date(1900, 1, 1)
LONGEST = timedelta(days=20)  # no trade settles later: T+5 and every holiday around a new year
US: Cycle = (
    (EVER, 5), (date(1995, 6, 7), 3), (date(2017, 9, 5), 2), (date(2024, 5, 28), 1),
)  # fmt: skip
EUROPE: Cycle = ((date(2014, 10, 6), 2), (date(2027, 10, 11), 1))
CYCLES: Mapping[str, Cycle] = {"US": US, "EU": EUROPE, "UK": EUROPE}
NEXT_DAY: Cycle = ((EVER, 1),)
OWN_CYCLES: Mapping[tuple[str, AssetClass], Cycle] = {("US", AssetClass.OPTION): NEXT_DAY}
FX_DAYS = 2
EXCHANGES: Mapping[str, str] = {
    **dict.fromkeys(
        ("NYSE", "NASDAQ", "ARCA", "AMEX", "BATS", "XNYS", "XNAS", "ARCX", "CBOE"), "US"
    ),
    **dict.fromkeys(("LSE", "XLON", "LON"), "UK"),
    **dict.fromkeys(
        ("XETR", "XETRA", "IBIS", "FWB", "XFRA", "XPAR", "SBF", "XAMS", "AEB", "XBRU", "XMIL",
         "BVME", "XMAD", "XLIS", "XDUB", "XHEL", "XWBO"),
        "EU",
    ),
}  # fmt: skip
BY_CURRENCY: Mapping[str, str] = {"USD": "US", "EUR": "EU", "GBP": "UK"}


@dataclass(frozen=True, slots=True)
class Settlement:
    """The day a trade settles and the rule that says so; None with a reason when no rule does."""

    day: date | None
    rule: str
    reason_code: str | None = None


def has_settled(found: Settlement, trade_date: date, day: date) -> bool:
    """Whether a record has settled by the end of `day`.

    A day no rule knows is not settled, but no longer than any trade can take (`LONGEST`): what was
    bought years ago is there, whatever the market.
    """
    if found.day is None:
        return trade_date <= day - LONGEST
    return found.day <= day


def market_of(exchange: str | None, currency: str) -> str | None:
    """The settlement market of an instrument: by its exchange, else by its currency's home."""
    known = EXCHANGES.get((exchange or "").upper())
    return known or BY_CURRENCY.get(currency)


def settlement_of_trade(
    trade_date: date, asset_class: AssetClass, exchange: str | None, currency: str
) -> Settlement:
    """When a purchase or sale settles.

    Args:
        trade_date: Day of the trade; need not be a settlement day.
        asset_class: Options settle the next day; crypto at once.
        exchange: Where it trades, if known.
        currency: What it trades in; names the market when the exchange does not.
    """
    if asset_class is AssetClass.CRYPTO:
        return Settlement(trade_date, "crypto T+0")
    market = market_of(exchange, currency)
    if market is None:
        return Settlement(None, f"{exchange or currency}", "settlement_market_unknown")
    days = _days(OWN_CYCLES.get((market, asset_class), CYCLES[market]), trade_date)
    if days is None:
        return Settlement(None, market, "settlement_cycle_unknown")
    return _after(trade_date, days, (market,), f"{market} T+{days}")


def settlement_of_conversion(trade_date: date, currencies: Sequence[str]) -> Settlement:
    """When a conversion settles: two days on which both currencies' banks work (spot)."""
    systems = tuple(sorted({CURRENCIES.get(currency, "") for currency in currencies}))
    if "" in systems:
        return Settlement(None, "spot", "settlement_calendar_unknown")
    return _after(trade_date, FX_DAYS, systems, f"spot T+{FX_DAYS}")


def settlement_date(
    kind: TransactionKind,
    trade_date: date,
    stated: date | None,
    asset_class: AssetClass | None,
    exchange: str | None,
    currencies: Sequence[str],
) -> Settlement:
    """When a record's cash and units settle.

    Args:
        kind: Only purchases, sales and conversions wait; other money is there on its day.
        trade_date: Day of the record.
        stated: What the broker says; it wins.
        asset_class: Of the instrument, if there is one.
        exchange: Of the instrument, if known.
        currencies: The record's, and for a conversion the other leg's.
    """
    if stated is not None:
        return Settlement(stated, "stated")
    if kind is TransactionKind.FX_CONVERSION:
        return settlement_of_conversion(trade_date, currencies)
    if kind in {TransactionKind.BUY, TransactionKind.SELL} and asset_class is not None:
        return settlement_of_trade(trade_date, asset_class, exchange, currencies[0])
    return Settlement(trade_date, "same day")


def _days(cycle: Cycle, day: date) -> int | None:
    found = None
    for begins, days in cycle:
        if begins <= day:
            found = days
    return found


def _after(trade_date: date, days: int, systems: Sequence[str], rule: str) -> Settlement:
    day, left = trade_date, days
    while left:
        day += DAY
        works = [settles_on(system, day) for system in systems]
        if None in works:
            return Settlement(None, rule, "settlement_calendar_unknown")
        left -= all(works)
    return Settlement(day, rule)

"""Holdings at the latest trades anybody told of, instead of the last closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.marketdata.quotes import Market as Trading
from truenav.core.marketdata.quotes import trade_day
from truenav.core.valuation.latest import Held, LatestValues, Trade
from truenav.features.marketdata.last_good import HeldQuote
from truenav.features.marketdata.quote_views import market_of
from truenav.features.valuation import repository
from truenav.features.valuation.holdings import with_items
from truenav.features.valuation.pages import GivenHoldings, given_holdings, told_of
from truenav.features.valuation.schemas import HoldingOut, HoldingsOut, LatestOut
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

Quotes = Mapping[UUID, HeldQuote]


@dataclass(frozen=True, slots=True)
class GivenLatest:
    """What is held, and where each of it trades."""

    holdings: GivenHoldings
    trading: Mapping[UUID, Trading]


async def given_latest(uow: UnitOfWork, scope: Scope) -> GivenLatest:
    """What the holdings of now are valued from, but for the trades."""
    given = await given_holdings(uow, scope, None)
    rows = await repository.instruments(uow.session, list(given.lots))
    return GivenLatest(given, {key: market_of(row) for key, row in rows.items()})


class LatestHoldings:
    """Holdings that follow the trades: one that comes revalues its own position alone."""

    def __init__(self, given: GivenLatest) -> None:
        self._given = given
        self._quotes: Quotes = {}
        of = given.holdings
        self._scope = Scope(accounts=(), currency=of.currency, as_of=of.day)
        held = Held(of.lots, of.market, of.currency, of.day)
        self._values = LatestValues(held)

    @property
    def instrument_ids(self) -> list[UUID]:
        """Of what is held."""
        return list(self._given.holdings.lots)

    def see(self, quotes: Quotes) -> bool:
        """Take these as the last trades there are; whether anything is valued anew."""
        self._quotes = quotes
        return self._values.see(self._trades(quotes))

    def page(self) -> HoldingsOut:
        """The page of holdings."""
        given = self._given.holdings
        items = self._values.items
        besides = (given.cash, given.due)
        holdings = with_items(self._scope, items, besides, given.market, given.day)
        at_trade: dict[UUID, HeldQuote] = {
            item.instrument_id: self._quotes[item.instrument_id]
            for item in items
            if self._values.at_trade(item)
        }
        page = told_of(given, holdings)
        told = [_told(item, at_trade.get(item.instrument_id)) for item in page.items]
        return page.model_copy(update={"items": told, "latest": _latest(at_trade)})

    def _trades(self, quotes: Quotes) -> dict[InstrumentId, Trade]:
        return {
            InstrumentId(key): Trade(
                price=held.quote.price,
                currency=held.quote.currency,
                day=trade_day(self._given.trading[key], held.quote.as_of),
                source=held.quote.source,
            )
            for key, held in quotes.items()
            if key in self._given.trading
        }


def _told(item: HoldingOut, held: HeldQuote | None) -> HoldingOut:
    if held is None:
        return item
    quote = held.quote
    return item.model_copy(
        update={"price_as_of": quote.as_of, "delay_minutes": quote.delay_minutes}
    )


def _latest(at_trade: Quotes) -> LatestOut:
    quotes = [held.quote for held in at_trade.values()]
    return LatestOut(
        count=len(quotes),
        newest_as_of=max((quote.as_of for quote in quotes), default=None),
        oldest_as_of=min((quote.as_of for quote in quotes), default=None),
        delay_minutes=max(
            (quote.delay_minutes for quote in quotes if quote.delay_minutes is not None),
            default=None,
        ),
        sources=sorted({quote.source for quote in quotes}),
    )

"""What the bars of prices and rates are made of, and every record of a bar, page by page."""

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.performance.change_parts import PricePart, RatePart, price_parts, rate_parts
from truenav.core.performance.effects import Bar, Effect
from truenav.core.performance.explaining_prices import held_of
from truenav.core.performance.explaining_records import Change
from truenav.core.performance.waterfall import VERSION, Waterfall, waterfall
from truenav.core.valuation.explaining import Rates
from truenav.features.performance.change_parts_schemas import (
    BarRecordsOut,
    ChangePartsOut,
    PricePartOut,
    RatePartOut,
)
from truenav.features.performance.changes import (
    GivenChange,
    change_of,
    given_change,
    rounded,
    told_records,
)
from truenav.features.performance.schemas import WaterfallOut
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.allocation import places
from truenav.features.valuation.series import Scope
from truenav.platform.pages import cut_page, page_request, plain_text, row_number
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)
RATE_PLACES = 12
Key = tuple[date, str, int]


async def change_parts_of(uow: UnitOfWork, scope: Scope, wanted: Wanted) -> ChangePartsOut:
    """Instrument by instrument and currency by currency."""
    given = await given_change(uow, scope, wanted)
    # a long history takes a while, and others wait for the loop
    return await asyncio.to_thread(_parts, given)


@exact
def _parts(given: GivenChange) -> ChangePartsOut:
    found = _found(given)
    page = change_of(given, found)
    instruments: list[PricePartOut] = []
    currencies: list[RatePartOut] = []
    # while snapshots wait to be rebuilt bars would be of other records than the values
    if found is not None and page.reason != "values_recomputing":
        change = _change(given)
        held = held_of(change)
        instruments = [_price(given, part) for part in price_parts(held, found.effects)]
        currencies = [_rate(part) for part in rate_parts(held, found.effects)]
    return ChangePartsOut(
        currency=page.currency,
        from_date=page.from_date,
        to_date=page.to_date,
        unrealized=_bar(page, Bar.UNREALIZED),
        unrealized_rest=_rest(_bar(page, Bar.UNREALIZED), [one.unrealized for one in instruments]),
        instruments=sorted(instruments, key=lambda one: (_size(one.unrealized), one.symbol)),
        fx=_bar(page, Bar.FX),
        fx_rest=_rest(_bar(page, Bar.FX), [one.amount for one in currencies]),
        currencies=sorted(currencies, key=lambda one: (_size(one.amount), one.currency)),
        reason=page.reason,
        slice=page.slice,
        calculation_version=VERSION.number,
    )


def _found(given: GivenChange) -> Waterfall | None:
    if given.first is None or given.last is None:
        return None
    return waterfall(
        given.books, given.market, given.currency,
        first_day=given.first.as_of, last_day=given.last.as_of, of=given.of,
    )  # fmt: skip


def _change(given: GivenChange) -> Change:
    assert given.first is not None  # noqa: S101  # there is a waterfall
    assert given.last is not None  # noqa: S101
    return Change(
        books=given.books, market=given.market, rates=Rates(given.market.fx),
        currency=given.currency, first_day=given.first.as_of, last_day=given.last.as_of,
        of=given.of,
    )  # fmt: skip


def _bar(page: WaterfallOut, bar: Bar) -> Decimal | None:
    return next((one.amount for one in page.bars if one.bar == bar.value), None)


def _size(amount: Decimal | None) -> tuple[bool, Decimal]:
    """What is not known goes last."""
    return (amount is None, -abs(amount or ZERO))


def _rest(bar: Decimal | None, parts: Sequence[Decimal | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    if bar is None or len(known) < len(parts):
        return None
    return bar - sum(known, ZERO)


def _price(given: GivenChange, part: PricePart) -> PricePartOut:
    named = given.names[part.instrument_id]
    return PricePartOut(
        instrument_id=part.instrument_id,
        symbol=named.symbol,
        instrument_name=named.name,
        opening_value=rounded(part.opening),
        moved=rounded(part.moved),
        borne=rounded(part.borne),
        price_result=rounded(part.price_result),
        rate_result=rounded(part.rate_result),
        closing_value=rounded(part.closing),
        realized=rounded(part.realized),
        unrealized=rounded(part.unrealized),
    )


def _rate(part: RatePart) -> RatePartOut:
    return RatePartOut(
        currency=part.currency,
        opening_amount=rounded(part.opening),
        opening_rate=places(part.opening_rate, RATE_PLACES),
        closing_amount=rounded(part.closing),
        closing_rate=places(part.closing_rate, RATE_PLACES),
        rate_result=rounded(part.rate_result),
        converted=rounded(part.converted),
        amount=rounded(part.amount),
    )


async def bar_records_of(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, bar: Bar, cursor: str | None, limit: int
) -> BarRecordsOut:
    """Every record of a bar; nothing is stored of them, so each page is worked out anew."""
    asked = f"bar {bar} {scope.filters} {scope.currency} {wanted}"
    page = page_request(cursor, limit, asked, (date.fromisoformat, plain_text, row_number))
    given = await given_change(uow, scope, wanted)
    found = await asyncio.to_thread(_found, given)
    effects = [] if found is None else _in_order(found.effects, bar)
    rows = [row for row in effects if page.after is None or _is_after(row[0], page.after)]
    kept, cut = cut_page(
        rows[: limit + 1], page, lambda row: (row[0][0].isoformat(), row[0][1], str(row[0][2]))
    )
    return BarRecordsOut(
        items=told_records(given, (effect for _, effect in kept)),
        total_count=len(effects),
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
    )


def _in_order(effects: Sequence[Effect], bar: Bar) -> list[tuple[Key, Effect]]:
    """Newest first; what one record says several times keeps its order."""
    found: list[tuple[Key, Effect]] = []
    seen: dict[tuple[date, str], int] = {}
    for effect in effects:
        if effect.bar is bar:
            name = effect.day, str(effect.transaction_id)
            seen[name] = seen.get(name, 0) + 1
            found.append(((*name, seen[name]), effect))
    return sorted(found, key=lambda row: (-row[0][0].toordinal(), row[0][1], row[0][2]))


def _is_after(key: Key, after: tuple[date, str, int]) -> bool:
    return (-key[0].toordinal(), *key[1:]) > (-after[0].toordinal(), *after[1:])

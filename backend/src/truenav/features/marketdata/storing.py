"""Storing what a provider told of one instrument: as traded, with a data version for each change.

A source that gives adjusted closes is un-adjusted with the events it was adjusted for, or refused:
nothing else than closes as traded is ever stored (ruling 11), so nothing is adjusted twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.marketdata.adjustment import PriceBasis, PriceEvent, unadjusted_closes
from truenav.core.marketdata.validation import Verdict, judge_bar
from truenav.core.money import exact
from truenav.features.marketdata.providers.quotes import Bar, EventOut, History
from truenav.features.marketdata.repository import note_version, store_prices
from truenav.features.marketdata.screening import (
    file_findings,
    in_major_units,
    known_of,
    screened,
    settle,
)
from truenav.platform.clock import new_id

Connection = psycopg.Connection[Any]
ONE = Decimal(1)
STORE_EVENT = """
INSERT INTO corporate_actions
  (id, instrument_id, type, ex_date, ratio, cash_amount, currency, source)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (instrument_id, type, ex_date, source) DO UPDATE
  SET ratio = excluded.ratio, cash_amount = excluded.cash_amount, currency = excluded.currency
  WHERE (corporate_actions.ratio, corporate_actions.cash_amount, corporate_actions.currency)
    IS DISTINCT FROM (excluded.ratio, excluded.cash_amount, excluded.currency)
RETURNING (xmax = 0)
"""


class BasisRefused(TruenavError):
    """Adjusted closes whose events nobody told: what was traded cannot be worked out."""

    kind = ErrorKind.UNPROCESSABLE
    code = "price_basis_refused"


def store_history(
    connection: Connection, instrument_id: UUID, source: str, history: History, today: date
) -> int:
    """Store the bars and events of one instrument; how many bars were new or different.

    Bars that are refused or held back are filed and not stored (screening.py).

    Raises:
        BasisRefused: adjusted closes that cannot be brought back to what was traded.
        SeriesRefused: bars came, and none may be stored; commit, so that it stays filed.
    """
    known = known_of(connection, instrument_id, source, history, today)
    history = in_major_units(history, known.currency)
    known = replace(known, told_currency=history.currency)
    if history.basis != PriceBasis.RAW:
        # figures that are none cannot be worked with: judged before, and again with the others
        odd = [found for bar in history.bars if (found := judge_bar(bar, today)) is not None]
        refused = [found for found in odd if found.verdict is Verdict.REFUSE]
        file_findings(connection, instrument_id, source, refused, known)
        days = {id(found.bar) for found in refused}
        history = replace(history, bars=[bar for bar in history.bars if id(bar) not in days])
    splits = [EventOut(ex_date=day, ratio=ratio) for day, ratio in known.splits]
    bars = screened(connection, instrument_id, source, as_traded(history, splits), known)
    changed = store_prices(
        connection,
        (
            (
                instrument_id, bar.price_date, source, PriceBasis.RAW.value,
                bar.open, bar.high, bar.low, bar.close, bar.volume, history.currency,
            )
            for bar in bars
        ),
    )  # fmt: skip
    settle(connection, instrument_id, source)
    store_events(connection, instrument_id, source, history.currency, history.events)
    return changed


def store_events(
    connection: Connection,
    instrument_id: UUID,
    source: str,
    currency: str,
    events: Iterable[EventOut],
) -> int:
    """Store splits and dividends; a restated amount replaces the earlier one of its source.

    Returns:
        How many were new or different. Each such call raises the data version, and snapshots from
        the earliest ex-date on are asked for anew.
    """
    added: list[date] = []
    restated: list[date] = []
    for event in events:
        values = (
            new_id(),
            instrument_id,
            "split" if event.ratio is not None else "cash_dividend",
            event.ex_date,
            event.ratio,
            event.cash_amount,
            currency if event.cash_amount is not None else None,
            source,
        )
        if (found := connection.execute(STORE_EVENT, values).fetchone()) is not None:
            (added if found[0] else restated).append(event.ex_date)
    for reason, days in (("event_added", added), ("event_restated", restated)):
        if days:
            note_version(connection, instrument_id, reason, source, days)
    return len(added) + len(restated)


@exact
def as_traded(history: History, known: Sequence[EventOut] = ()) -> Sequence[Bar]:
    """The bars as they were traded, whatever the source adjusted them for.

    Args:
        history: Bars oldest first, their basis, and the events the source tells.
        known: Splits already stored; of a day that the source tells of too, the source's counts.

    Raises:
        BasisRefused: adjusted for dividends, and the source tells no event at all.
        AdjustmentUndefined: the events are not those the closes were adjusted for.
    """
    if history.basis == PriceBasis.RAW:
        return history.bars
    own = {event.ex_date: event for event in history.events if event.ratio is not None}
    splits = [*own.values(), *(event for event in known if event.ex_date not in own)]
    if history.basis == PriceBasis.SPLIT:
        return [_scaled(bar, f := _later(splits, bar.price_date), f) for bar in history.bars]
    if not history.events:
        raise BasisRefused("closes adjusted for dividends came without the dividends")
    raw = unadjusted_closes(
        [bar.price_date for bar in history.bars],
        [bar.close for bar in history.bars],
        [PriceEvent(e.ex_date, e.ratio, e.cash_amount) for e in history.events],
        PriceBasis.TOTAL,
    )
    return [
        replace(_scaled(bar, close / bar.close, _later(splits, bar.price_date)), close=close)
        for bar, close in zip(history.bars, raw, strict=True)
    ]


def _later(splits: Iterable[EventOut], day: date) -> Decimal:
    """New units for one of a day: the product of the ratios of later splits."""
    factor = ONE
    for split in splits:
        if split.ex_date > day and split.ratio is not None:
            factor *= split.ratio
    return factor


def _scaled(bar: Bar, price_factor: Decimal, unit_factor: Decimal) -> Bar:
    def times(price: Decimal | None) -> Decimal | None:
        return price * price_factor if price is not None else None

    return replace(
        bar,
        open=times(bar.open),
        high=times(bar.high),
        low=times(bar.low),
        close=bar.close * price_factor,
        volume=bar.volume / unit_factor if bar.volume is not None else None,
    )

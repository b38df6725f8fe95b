"""Bodies of quotes."""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.platform.wire import Body, DecimalText, Instant

QuoteReason = Literal[
    "offline", "no_provider", "nobody_answered", "deadline", "not_found", "price_missing"
]
QuoteSession = Literal["pre", "regular", "post", "overnight", "closed", "unknown"]


class QuoteOut(Body):
    """The last trade that is known of an instrument, where it is from and how old it is.

    `session` is the part of the running trading day it was traded in, closed when that day's
    trading is over. `reason` says why it could not be refreshed, or why there is none; null when
    nothing was in the way. `price_date` is set where the price is a stored close, not a quote.
    `delay_minutes` is how late its source tells, null where the source does not say.
    """

    instrument_id: UUID
    symbol: str | None
    price: DecimalText | None
    previous_close: DecimalText | None
    currency: str | None
    as_of: Instant | None
    received_at: Instant | None
    price_date: date | None
    source: str | None
    delay_minutes: int | None
    session: QuoteSession
    is_stale: bool
    age_seconds: int | None
    reason: QuoteReason | None


class QuotesOut(Body):
    """One for each id asked for, in that order; what may not be seen is "not_found"."""

    items: list[QuoteOut]

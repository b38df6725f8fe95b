"""Live messages of market data."""

from typing import Literal
from uuid import UUID

from truenav.platform.live.topics import id_in
from truenav.platform.wire import Body, DecimalText, Instant


class QuoteTold(Body):
    """A quote as it came in, on the topic "instrument:<id>".

    `fresh_until` is when a newer one can be expected; `delay_minutes` how late its source tells.
    """

    price: DecimalText
    previous_close: DecimalText | None
    currency: str
    as_of: Instant
    received_at: Instant
    fresh_until: Instant
    source: str
    delay_minutes: int | None


QUOTE: Literal["quote"] = "quote"


def topic_of_instrument(instrument_id: UUID) -> str:
    """Where quotes of an instrument are told."""
    return f"instrument:{instrument_id}"


def instrument_of(topic: str) -> UUID | None:
    """The instrument a topic tells quotes of; None for a topic of something else."""
    return id_in(topic, "instrument")

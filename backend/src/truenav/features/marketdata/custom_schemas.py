"""Bodies of a tenant's own sources."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from truenav.platform.wire import LINE_PATTERN, Body, CurrencyCode, DecimalText, Instant, Version

Path = Annotated[str, Field(min_length=1, max_length=300, pattern=LINE_PATTERN)]
# A currency, or a hundredth of one: GBp, ZAc, ILA.
Unit = Annotated[str, Field(pattern=r"^[A-Za-z]{3}$")]


class CustomSourceTryIn(Body):
    """A URL and where in its JSON document the price stands, such as `data.quotes[0].price`.

    Either `currency` or `currency_path`. `factor` multiplies what stands there.
    """

    url: Annotated[str, Field(min_length=1, max_length=2000, pattern=LINE_PATTERN)]
    price_path: Path
    date_path: Path | None = None
    currency_path: Path | None = None
    currency: Unit | None = None
    factor: DecimalText = Decimal(1)


class CustomSourceIn(CustomSourceTryIn):
    """`version` is that of the source to replace; null sets up the first."""

    version: Version | None = None


class CustomSourceTriedOut(Body):
    """What would be stored, had this been a round."""

    price: DecimalText
    currency: CurrencyCode
    price_date: date


class CustomSourceOut(Body):
    """A source, and how its last fetch went: `last_error` is null after a success."""

    url: str
    price_path: str
    date_path: str | None
    currency_path: str | None
    currency: str | None
    factor: DecimalText
    version: int
    set_at: Instant
    tried_at: Instant | None
    last_error: str | None
    last_price: DecimalText | None
    last_price_date: date | None
    last_read_at: Instant | None


class CustomSourceStateOut(Body):
    """The portfolio's source of an instrument, null where there is none."""

    source: CustomSourceOut | None

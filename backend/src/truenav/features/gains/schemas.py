"""Bodies of gains: what was realized, what is not yet, and income beside them."""

from datetime import date
from uuid import UUID

from truenav.features.valuation.schemas import SliceOut, UnknownOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText


class GainOut(Body):
    """A gain in the answer's currency; null with `reasons` as soon as a part is not known.

    `from_prices` and `from_currency` come to it; both are null where it cannot be split.
    """

    gain: DecimalText | None
    from_prices: DecimalText | None
    from_currency: DecimalText | None
    count: int
    reasons: list[str]


class ReceivedOut(Body):
    """Income after tax withheld; null with `reasons`."""

    net: DecimalText | None
    count: int
    reasons: list[str]


class GainsRowOut(Body):
    """Gains of one instrument, or of all; without an instrument the income that names none.

    `unrealized` is as it stood on the last day, `unrealized_change` what the span changed of it:
    since ever the same. `total` is what was realized, that change, and income.
    """

    instrument_id: UUID | None
    symbol: str | None
    name: str
    asset_class: str
    realized: GainOut
    unrealized: GainOut
    unrealized_change: DecimalText | None
    income: ReceivedOut
    total: DecimalText | None
    reasons: list[str]


class GainsOut(Body):
    """Rows in order of the size of their total; `total` is of all of them.

    `is_realized_explained` says that `/explain/realized-gains` tells the realized ones, in the tax
    currency.
    """

    currency: CurrencyCode
    as_of: date
    year: int | None
    from_date: date | None
    to_date: date
    slice: SliceOut
    years: list[int]
    items: list[GainsRowOut]
    total: GainsRowOut
    is_realized_explained: bool
    unknowns: list[UnknownOut]
    is_recomputing: bool

"""Bodies of checks."""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.core.checks.rules import Code, Direction, Unit
from truenav.features.valuation.schemas import SliceOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText, Version


class SubjectOut(Body):
    """What the figure is of: a currency, an instrument, an account, a category."""

    key: str
    label: str


class CheckOut(Body):
    """One rule, its figure and what it says.

    `by` is the cut of the allocation it comes from, when it comes from one. `amount` is what a
    person states to be measured against, in `amount_currency`. Never set: `version` is null.
    """

    code: Code
    is_enabled: bool
    unit: Unit
    direction: Direction
    threshold: DecimalText
    figure: DecimalText | None
    verdict: Literal["ok", "look", "unknown", "off"]
    unknown_reason: str | None
    subject: SubjectOut | None
    by: str | None
    taxonomy_id: UUID | None
    taxonomy_name: str | None
    amount: DecimalText | None
    version: int | None


class ChecksOut(Body):
    """Of the part that `slice` says; thresholds are the portfolio's, whatever the part."""

    as_of: date
    currency: CurrencyCode
    amount_currency: CurrencyCode
    look_count: int
    items: list[CheckOut]
    slice: SliceOut


class CheckIn(Body):
    """`version` is the one seen; null while the check is as it comes."""

    version: Version | None = None
    is_enabled: bool = True
    threshold: DecimalText
    taxonomy_id: UUID | None = None
    amount: DecimalText | None = None

"""Bodies of accounts."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from truenav.core.ledger.methods import LotMethod
from truenav.platform.wire import LINE_PATTERN, Body, CurrencyCode, Instant, Version

# Spaces around a name are nobody's intention, and would let two accounts look alike.
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=LINE_PATTERN),
]
AccountKind = Literal["brokerage", "retirement", "cash", "crypto", "other"]
# What a person's sale of more than is held does. Files are kept whatever they say.
Oversell = Literal["open_short", "refuse"]
TaxTreatment = Literal["taxable", "tax_deferred", "tax_free"]


class AccountIn(Body):
    name: Name
    broker: Annotated[str, Field(max_length=80, pattern=LINE_PATTERN)] = ""
    base_currency: CurrencyCode
    kind: AccountKind = "brokerage"
    tax_treatment: TaxTreatment = "taxable"
    lot_method: LotMethod = LotMethod.FIFO
    tax_currency: CurrencyCode | None = None
    oversell: Oversell = "open_short"


class AccountPatchIn(Body):
    """`version` is the one the editor saw; another one answers 409 with the current state."""

    version: Version
    name: Name | None = None
    broker: Annotated[str, Field(max_length=80, pattern=LINE_PATTERN)] | None = None
    kind: AccountKind | None = None
    tax_treatment: TaxTreatment | None = None


class AccountOut(Body):
    id: UUID
    name: str
    broker: str
    base_currency: CurrencyCode
    kind: AccountKind
    tax_treatment: TaxTreatment
    lot_method: LotMethod
    tax_currency: CurrencyCode | None
    oversell: Oversell
    version: int
    created_at: Instant
    closed_at: Instant | None


class AccountPageOut(Body):
    items: list[AccountOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None

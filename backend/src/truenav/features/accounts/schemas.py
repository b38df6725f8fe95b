"""Bodies of accounts."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from truenav.core.ledger.methods import LotMethod
from truenav.platform.wire import LINE_PATTERN, Body, CurrencyCode, Instant, Version

# Spaces around a name are nobody's intention, and would let two accounts look alike.
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=LINE_PATTERN),
]
Group = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=60, pattern=LINE_PATTERN)
]
Tag = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=30, pattern=r"^[^\x00-\x1f\x7f,]*$"
    ),
]


def _once(tags: list[str]) -> list[str]:
    """Each tag once, in the order they were given."""
    return list(dict.fromkeys(tags))


Tags = Annotated[list[Tag], Field(max_length=20), AfterValidator(_once)]
AccountKind = Literal["brokerage", "retirement", "cash", "crypto", "other"]
# What a person's sale of more than is held does. Files are kept whatever they say.
Oversell = Literal["open_short", "refuse"]
TaxTreatment = Literal["taxable", "tax_deferred", "tax_free"]


class AccountIn(Body):
    name: Name
    broker: Annotated[str, Field(max_length=80, pattern=LINE_PATTERN)] = ""
    group_name: Group = ""
    tags: Tags = Field(default_factory=list)
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
    group_name: Group | None = None
    tags: Tags | None = None
    kind: AccountKind | None = None
    tax_treatment: TaxTreatment | None = None


class AccountOut(Body):
    id: UUID
    name: str
    broker: str
    group_name: str
    tags: list[str]
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

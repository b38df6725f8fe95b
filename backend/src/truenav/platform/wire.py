"""Types on the wire: decimals are text in both directions, bodies are strict, instants aware."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

DECIMAL_PATTERN = r"^-?\d{1,20}(\.\d{1,18})?$"
_PLAIN_DECIMAL = re.compile(DECIMAL_PATTERN, re.ASCII)


def _refuse_numbers(value: Any) -> Any:
    """Refuse JSON numbers: they have already been through binary floating point."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _PLAIN_DECIMAL.fullmatch(value):
        return value
    raise ValueError('send decimals as plain text such as "12.50"')


def _print_plain(value: Decimal) -> str:
    """No exponent, no superfluous zeros, no negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


DecimalText = Annotated[
    Decimal,
    BeforeValidator(_refuse_numbers),
    Field(max_digits=38, decimal_places=18, allow_inf_nan=False),
    PlainSerializer(_print_plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "decimal", "pattern": DECIMAL_PATTERN}),
]


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return value.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(_to_utc)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Body(BaseModel):
    """A request or response body: nothing extra, nothing coerced out of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)

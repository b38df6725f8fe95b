"""Types on the wire: decimals are text in both directions, bodies are strict, instants aware."""

import re
from datetime import UTC, date, datetime
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
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
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


def _refuse_timestamps(value: Any) -> Any:
    """Refuse what pydantic would take for seconds since 1970: a day has a year, month and day."""
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if is_day or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise ValueError('send days as text such as "2024-05-28"')


LocalDate = Annotated[date, BeforeValidator(_refuse_timestamps)]


def _refuse_far_days(value: date) -> date:
    """Calculations go some days to either side of a day that is asked about."""
    if not date(1900, 1, 1) <= value <= date(2200, 12, 31):
        raise ValueError("ask for a day from 1900 to 2200")
    return value


AskedDay = Annotated[LocalDate, AfterValidator(_refuse_far_days)]
# What an editor saw; PostgreSQL's integer ends there.
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
# One line of text: control characters are nobody's name, and PostgreSQL stores no NUL.
LINE_PATTERN = r"^[^\x00-\x1f\x7f]*$"
DecimalText = Annotated[
    Decimal,
    # directly on the type, where pydantic checks it in its compiled core: an eighth of the time
    Field(max_digits=38, decimal_places=18, allow_inf_nan=False),
    BeforeValidator(_refuse_numbers),
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

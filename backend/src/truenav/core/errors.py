"""Expected failures: what went wrong, as data, without a word of HTTP."""

from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """The few ways in which a request can fail on purpose."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    STALE = "stale"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA = "unsupported_media"
    UNPROCESSABLE = "unprocessable"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class TruenavError(Exception):
    """Root of every expected failure.

    `params` are public: they travel to the client beside the message, so they hold no secrets
    and no personal data of somebody else.
    """

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID
    code: ClassVar[str] = "error"

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message)
        self.params = params


class CurrencyMismatch(TruenavError):
    """Two amounts in different currencies were combined without a rate."""

    code = "currency_mismatch"


class UnknownCurrency(TruenavError):
    """A code that is no ISO 4217 currency and no minor unit we know."""

    code = "unknown_currency"


class UndefinedReturn(TruenavError):
    """A return asked of a period in which there was no capital, or less than none."""

    kind = ErrorKind.UNPROCESSABLE
    code = "undefined_return"


class InsufficientQuantity(TruenavError):
    """A sale asks for more units than the open lots hold."""

    kind = ErrorKind.CONFLICT
    code = "insufficient_quantity"


class UnreadableFile(TruenavError):
    """A file that no reader understands; nothing of it was kept."""

    kind = ErrorKind.UNPROCESSABLE
    code = "unreadable_file"


def printable(text: str) -> str:
    """The text with a question mark for what cannot be shown, or stored: controls, half signs."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)

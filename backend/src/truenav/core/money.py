"""Money, currencies, and the only place that rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, getcontext, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from truenav.core.errors import CurrencyMismatch, UnknownCurrency

P = ParamSpec("P")
R = TypeVar("R")

# 60 digits hold the product of two NUMERIC(38, 18) values without rounding to fewer than 18 places.
EXACT_DIGITS = 60
COST_STEP = Decimal("1E-18")
_EXACT = Context(prec=EXACT_DIGITS, rounding=ROUND_HALF_UP)  # entered as a copy, never changed

# ISO 4217, active codes and the ones a long history needs. Minor digits other than 2 stand below.
CURRENCIES = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD "
        "BTN BWP BYN BZD CAD CDF CHF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN "
        "ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD "
        "IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD "
        "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB "
        "PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
        "SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES "
        "VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL CYP EEK LTL LVL MTL SIT SKK ROL TRL"
    ).split()
)
MINOR_DIGITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
_STEPS = {digits: Decimal(1).scaleb(-digits) for digits in (0, 2, 3)}
# Quoted in a hundredth of the currency: a factor, not a currency.
MINOR_UNITS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ZAC": "ZAR", "ILA": "ILS"}


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Run a core calculation with 60 digits, whatever context the calling thread has."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        here = getcontext()
        # most calls come from a calculation that is exact already; entering again costs a third
        if here.prec == EXACT_DIGITS and here.rounding == ROUND_HALF_UP:
            return function(*args, **kwargs)
        with localcontext(_EXACT):
            return function(*args, **kwargs)

    return run


def check_currency(code: str) -> str:
    """Return `code` if it is a currency we know.

    Raises:
        UnknownCurrency: anything else, minor units included.
    """
    if code not in CURRENCIES:
        raise UnknownCurrency(f"unknown currency {code[:12]!r}", currency=code[:12])
    return code


def major_unit(code: str) -> tuple[str, Decimal]:
    """Return (currency, factor): a price of 250 in GBp is 250 * 0.01 GBP."""
    if code in MINOR_UNITS:
        return MINOR_UNITS[code], Decimal("0.01")
    return check_currency(code), Decimal(1)


@exact
def quantize(amount: Decimal, currency: str) -> Decimal:
    """Round a cash amount half up to the currency's minor unit; the last step only."""
    return amount.quantize(_STEPS[MINOR_DIGITS.get(currency, 2)], ROUND_HALF_UP)


@exact
def kept(value: Decimal) -> Decimal:
    """A quantity or cost at the 18 places it is kept at, half up; itself when it has no more."""
    rounded = value.quantize(COST_STEP)
    return value if value == rounded else rounded


@exact
def to_decimal_places(value: Decimal, places: int) -> Decimal:
    """Round a ratio or a displayed figure half up to `places` decimal places."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def parse_plain_decimal(text: str, *, digits: int = 38, places: int = 18) -> Decimal:
    """Read a plain decimal such as "-1234.50": no exponent, no NaN, bounded before it is a number.

    Raises:
        ValueError: any other text; "1e3000000" would otherwise cost minutes once made an integer.
    """
    head, _, tail = text.strip().removeprefix("-").partition(".")
    plain = head.isascii() and head.isdigit() and (not tail or (tail.isascii() and tail.isdigit()))
    if not plain or len(head) + len(tail) > digits or len(tail) > places:
        raise ValueError("not a plain decimal number")
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError("not a plain decimal number") from error


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; it refuses to meet another."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        check_currency(self.currency)
        if not self.amount.is_finite():
            raise ValueError("money is a finite number")

    @exact
    def __add__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    @exact
    def __sub__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(self.amount.copy_negate(), self.currency)

    def rounded(self) -> "Money":
        """The amount at the currency's minor unit, half up."""
        return Money(quantize(self.amount, self.currency), self.currency)

    def _require_same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(
                f"{self.currency} and {other.currency} need a rate",
                left=self.currency,
                right=other.currency,
            )

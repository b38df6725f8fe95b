"""The European Central Bank's reference rates, from the bank itself."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from truenav.core.money import CURRENCIES
from truenav.features.marketdata.providers.quotes import (
    Capability,
    Descriptor,
    Licence,
    Wanted,
)
from truenav.platform.http import Answered, BadPayload, Fetcher

NINETY_DAYS = "/stats/eurofxref/eurofxref-hist-90d.xml"
WHOLE_HISTORY = "/stats/eurofxref/eurofxref-hist.xml"


DESCRIPTOR = Descriptor(
    source="ecb",
    name="European Central Bank",
    capabilities=frozenset({Capability.FX}),
    basis="raw",
    delay_minutes=None,  # once a day, about 16:00 in Frankfurt
    currencies="some thirty, for one euro",
    licence=Licence(
        may_display=True, may_share=True, may_export=True, may_cache_days=None,
        attribution="Source: European Central Bank", terms="free with attribution",
    ),
)  # fmt: skip


class EcbProvider:
    """Units of a currency for one euro, on the days the bank publishes."""

    descriptor = DESCRIPTOR
    source = "ecb"

    def covers(self, wanted: Wanted) -> bool:
        """No instruments: only currencies."""
        del wanted
        return False

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def rates(self, path: str = NINETY_DAYS) -> list[tuple[str, date, Decimal]]:
        """The rates of the last ninety days, or all since 1999.

        Raises:
            ProviderUnavailable: the bank does not answer.
            BadPayload: it answers something else.
        """
        return self._fetcher.read("GET", path, None, self._rates)

    def _rates(self, found: Answered) -> list[tuple[str, date, Decimal]]:
        return list(parse_reference_rates(self._fetcher.accepted(found)))


def parse_reference_rates(reply: bytes) -> Iterator[tuple[str, date, Decimal]]:
    """(currency, day, units for one euro) of the bank's XML.

    Raises:
        BadPayload: no such document.
    """
    try:
        root = ElementTree.fromstring(reply, forbid_dtd=True)
        days = [cube for cube in root.iter() if cube.get("time")]
        found = [
            (
                str(rate.get("currency")),
                date.fromisoformat(str(day.get("time"))),
                str(rate.get("rate")),
            )
            for day in days
            for rate in day
            if rate.get("currency") in CURRENCIES
        ]
        rates = [(currency, day, Decimal(text)) for currency, day, text in found]
    except (DefusedXmlException, ElementTree.ParseError, ValueError, ArithmeticError) as error:
        raise BadPayload("the ECB sent something else than rates") from error
    if not rates or any(not (rate.is_finite() and 0 < rate < 10**9) for _, _, rate in rates):
        raise BadPayload("the ECB sent no usable rates")
    yield from rates

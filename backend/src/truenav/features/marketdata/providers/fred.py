"""FRED: yields for a risk-free rate, and consumer prices."""

from datetime import date
from decimal import Decimal

from truenav.features.marketdata.providers.quotes import (
    Capability,
    Descriptor,
    Licence,
    Wanted,
)
from truenav.features.marketdata.providers.reading import day, decimal, shaped, to_json
from truenav.platform.gates import Allowance
from truenav.platform.http import Answered, Fetcher, NotKnown, PlanForbids

SOURCE = "fred"
BASE_URL = "https://api.stlouisfed.org"
THREE_MONTH_BILL, CONSUMER_PRICES = "DTB3", "CPIAUCSL"
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="FRED, Federal Reserve Bank of St. Louis",
    capabilities=frozenset({Capability.SERIES}),
    basis="raw",
    delay_minutes=None,
    currencies="by series",
    licence=Licence(
        may_display=True, may_share=True, may_export=True, may_cache_days=None,
        attribution="Source: FRED, Federal Reserve Bank of St. Louis",
        terms="most series; some belong to third parties",
    ),
    allowances=(Allowance(120, 60),),
    needs_key=True,
)  # fmt: skip


class FredProvider:
    """One value a day or a month; None where the series says there is none."""

    descriptor = DESCRIPTOR

    def __init__(self, fetcher: Fetcher, key: str) -> None:
        self._fetcher = fetcher
        self._key = key

    def covers(self, wanted: Wanted) -> bool:
        """No instruments: series."""
        del wanted
        return False

    def series(self, name: str, first: date, last: date) -> list[tuple[date, Decimal | None]]:
        """(day, value) of a series, oldest first.

        Raises:
            ProviderUnavailable: it does not answer, or must not be asked now.
            ProviderRefused: an unknown series or key, or a reply that makes no sense.
        """
        asked = {
            "series_id": name, "api_key": self._key, "file_type": "json",
            "observation_start": first.isoformat(), "observation_end": last.isoformat(),
        }  # fmt: skip
        return self._fetcher.read("GET", "/fred/series/observations", asked, self._observations)

    @shaped
    def _observations(self, found: Answered) -> list[tuple[date, Decimal | None]]:
        if found.status == 400:
            said = str(to_json(found).get("error_message", ""))
            if "api_key" in said:
                raise PlanForbids("fred does not know the key")
            raise NotKnown("fred knows no such series")
        self._fetcher.accepted(found)
        return [
            (day(row["date"]), None if row["value"] == "." else decimal(row["value"]))
            for row in to_json(found)["observations"]
        ]

"""OpenFIGI: what an ISIN, a CUSIP or a SEDOL stands for."""

from collections.abc import Sequence
from typing import Any

from truenav.core.instrument_codes import is_isin
from truenav.features.marketdata.providers.quotes import (
    Capability,
    Descriptor,
    Found,
    Identified,
    Licence,
    Wanted,
)
from truenav.features.marketdata.providers.reading import shaped, to_json
from truenav.platform.gates import Allowance
from truenav.platform.http import Answered, BadPayload, Fetcher

SOURCE = "openfigi"
BASE_URL = "https://api.openfigi.com"
JOBS = 10  # of one request without a key
ID_TYPES = {"isin": "ID_ISIN", "cusip": "ID_CUSIP", "sedol": "ID_SEDOL", "figi": "ID_BB_GLOBAL"}
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="OpenFIGI",
    capabilities=frozenset({Capability.IDENTIFIERS, Capability.SEARCH}),
    basis="raw",
    delay_minutes=None,
    currencies="none",
    licence=Licence(
        may_display=True, may_share=True, may_export=True, may_cache_days=None,
        attribution=None, terms="FIGIs are open symbols",
    ),
    allowances=(Allowance(25, 60),),
)  # fmt: skip


class OpenFigiProvider:
    """Identifiers in, names and symbols out, in the same order."""

    descriptor = DESCRIPTOR

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def covers(self, wanted: Wanted) -> bool:
        """No prices."""
        del wanted
        return False

    def identify(self, names: Sequence[tuple[str, str]]) -> list[Identified | None]:
        """What each (scheme, identifier) stands for; None where nobody knows.

        Raises:
            ProviderUnavailable: it does not answer, or must not be asked now.
            ProviderRefused: a reply that makes no sense.
        """
        found: list[Identified | None] = []
        for start in range(0, len(names), JOBS):
            some = names[start : start + JOBS]
            jobs = [{"idType": ID_TYPES[scheme], "idValue": value} for scheme, value in some]
            part = self._fetcher.read("POST", "/v3/mapping", None, self._identified, json=jobs)
            if len(part) != len(some):
                raise BadPayload("openfigi answered another number of jobs")
            found += part
        return found

    def search(self, text: str) -> Sequence[Found]:
        """What an ISIN stands for; words are not its business. Its currency nobody says.

        Raises:
            ProviderUnavailable: it does not answer, or must not be asked now.
            ProviderRefused: a reply that makes no sense.
        """
        isin = text.strip().upper()
        if not is_isin(isin):
            return []
        return [
            Found(
                symbol=one.symbol,
                name=one.name,
                exchange=one.exchange,
                currency=None,
                asset_class="equity",
                source=SOURCE,
            )
            for one in self.identify([("isin", isin)])
            if one is not None
        ]

    @shaped
    def _identified(self, found: Answered) -> list[Identified | None]:
        self._fetcher.accepted(found)
        return [_first(entry) for entry in to_json(found)]


def _first(entry: dict[str, Any]) -> Identified | None:
    """The composite listing, if there is one; warnings and errors say that nobody knows."""
    rows = entry.get("data") or []
    if not rows:
        return None
    row = next((r for r in rows if r["figi"] == r.get("compositeFIGI")), rows[0])
    return Identified(
        figi=str(row["figi"]),
        symbol=str(row["ticker"]),
        name=str(row["name"]),
        exchange=row.get("exchCode"),
    )

"""The providers an installation has set up: those with a key, and those that need none."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from truenav.features.marketdata.providers import (
    alpaca,
    alpha_vantage,
    coingecko,
    csv_folder,
    massive,
    tiingo,
    yahoo,
)
from truenav.features.marketdata.providers.alpaca import AlpacaProvider
from truenav.features.marketdata.providers.alpha_vantage import AlphaVantageProvider
from truenav.features.marketdata.providers.coingecko import CoinGeckoProvider
from truenav.features.marketdata.providers.csv_folder import CsvFolderProvider
from truenav.features.marketdata.providers.massive import MassiveProvider
from truenav.features.marketdata.providers.quotes import Descriptor, HistoryProvider
from truenav.features.marketdata.providers.tiingo import TiingoProvider
from truenav.features.marketdata.providers.yahoo import YahooChartProvider
from truenav.platform.clock import Clock
from truenav.platform.gates import Gate
from truenav.platform.http import DEADLINE_SECONDS, Fetcher
from truenav.platform.settings import ProviderSettings, Settings

Make = Callable[[Fetcher, str, Clock], HistoryProvider]


@dataclass(frozen=True, slots=True)
class _Entry:
    descriptor: Descriptor
    base_url: str
    headers: Callable[[str], Mapping[str, str]]
    make: Make


def _nothing(_key: str) -> Mapping[str, str]:
    return {}


def _alpaca_headers(key: str) -> Mapping[str, str]:
    """The key is "id:secret"."""
    name, _, secret = key.partition(":")
    return {"APCA-API-KEY-ID": name, "APCA-API-SECRET-KEY": secret}


ENTRIES: Mapping[str, _Entry] = {
    entry.descriptor.source: entry
    for entry in (
        _Entry(
            tiingo.DESCRIPTOR, tiingo.BASE_URL, lambda key: {"Authorization": f"Token {key}"},
            lambda fetcher, _key, _clock: TiingoProvider(fetcher),
        ),
        _Entry(
            alpaca.DESCRIPTOR, alpaca.BASE_URL, _alpaca_headers,
            lambda fetcher, _key, clock: AlpacaProvider(fetcher, clock=clock),
        ),
        _Entry(
            massive.DESCRIPTOR, massive.BASE_URL, lambda key: {"Authorization": f"Bearer {key}"},
            lambda fetcher, _key, _clock: MassiveProvider(fetcher),
        ),
        _Entry(
            alpha_vantage.DESCRIPTOR, alpha_vantage.BASE_URL, _nothing,
            lambda fetcher, key, _clock: AlphaVantageProvider(fetcher, key),
        ),
        _Entry(
            coingecko.DESCRIPTOR, coingecko.BASE_URL, lambda key: {"x-cg-demo-api-key": key},
            lambda fetcher, _key, clock: CoinGeckoProvider(fetcher, clock),
        ),
        _Entry(
            yahoo.DESCRIPTOR, "", _nothing,
            lambda fetcher, _key, clock: YahooChartProvider(fetcher, clock),
        ),
    )
}  # fmt: skip


def may_serve(descriptor: Descriptor, settings: Settings) -> bool:
    """Whether its terms allow it: a hosted installation shares prices among its tenants."""
    is_for_others = not descriptor.is_personal_only and descriptor.licence.may_share
    return is_for_others or not settings.is_hosted


def has_key(descriptor: Descriptor, settings: Settings) -> bool:
    """Whether it can be asked: with a key, or because it needs none."""
    return not descriptor.needs_key or bool(settings.providers.keys.get(descriptor.source))


@contextmanager
def configured(
    settings: Settings,
    gate: Gate,
    clock: Clock,
    *,
    deadline_seconds: float = math.inf,
) -> Iterator[list[HistoryProvider]]:
    """The providers of history in the order of the settings, until the end of the block.

    Each of their requests ends within its provider's time, retries and all, or earlier where
    somebody waits. Offline these are files of
    this machine alone.
    """
    chosen = settings.providers
    with ExitStack() as stack:
        found: list[HistoryProvider] = []
        for source in chosen.order:
            if source == csv_folder.SOURCE and chosen.csv_folder is not None:
                found.append(CsvFolderProvider(chosen.csv_folder))
            entry = None if chosen.is_offline else ENTRIES.get(source)
            if entry is None or not may_serve(entry.descriptor, settings):
                continue
            if not has_key(entry.descriptor, settings):
                continue
            key = chosen.keys.get(source, "")
            fetcher = Fetcher(
                source,
                _address(chosen, source, entry),
                headers=entry.headers(key),
                allowances=entry.descriptor.allowances,
                gate=gate,
                deadline_seconds=min(
                    deadline_seconds, chosen.deadlines.get(source, DEADLINE_SECONDS)
                ),
            )
            stack.callback(fetcher.close)
            found.append(entry.make(fetcher, key, clock))
        yield found


def _address(chosen: ProviderSettings, source: str, entry: _Entry) -> str:
    if source == yahoo.SOURCE:
        return chosen.yahoo_base_url
    return chosen.base_urls.get(source, entry.base_url)

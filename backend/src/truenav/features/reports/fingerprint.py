"""What a report was made from, in few words that show whether it is the same today.

Of the records: how far each account's go. Of the market: which data version each instrument had,
and a hash of the closes and of the rates up to the report's day, as the valuation reads them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from truenav.core.canonical import canonical, fingerprint
from truenav.core.valuation.series import PriceSeries
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata.reads import fx_table, price_series
from truenav.features.performance.benchmarks import Benchmark
from truenav.features.reports import repository
from truenav.features.valuation.repository import ever_held
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

Json = dict[str, Any]


async def fingerprint_of(
    uow: UnitOfWork, scope: Scope, beside: Benchmark | None = None, since: date | None = None
) -> Json:
    """The fingerprint of the scope today, up to its day, and of what stands beside it.

    Closes and rates count from `since` on, or from the first record.
    """
    recorded = await repository.recorded(uow.session, scope.account_ids)
    held = await ever_held(uow.session, scope.account_ids)
    rows = {row.id: row for row in (*held.instruments, *_instruments_of(beside))}
    opened = min((one.first_day for one in recorded.values()), default=scope.as_of)
    first = since or min(opened, scope.as_of)
    closes = await price_series(uow.session, sorted(rows), first_day=first, last_day=scope.as_of)
    series: dict[UUID, PriceSeries] = dict(closes.items())
    used = {scope.currency, *(account.base_currency for account in scope.accounts)}
    used |= {*held.currencies, *(one.currency for one in series.values())}
    return {
        "first_day": first.isoformat(),
        "accounts": {
            str(account.id): {
                "name": account.name,
                "version": account.version,
                "last_sequence": one.last_sequence if one is not None else 0,
                "record_count": one.record_count if one is not None else 0,
            }
            for account in scope.accounts
            for one in [recorded.get(account.id)]
        },
        "benchmark": {"name": beside.name, "version": beside.version} if beside else None,
        "instruments": await _instruments(uow, rows, series),
        "rates": await _rates(uow, used, first, scope.as_of),
    }


def _instruments_of(beside: Benchmark | None) -> list[InstrumentRow]:
    parts = beside.parts if beside is not None else ()
    return [part.instrument for part in parts if part.instrument is not None]


async def _instruments(
    uow: UnitOfWork, rows: Mapping[UUID, InstrumentRow], series: Mapping[UUID, PriceSeries]
) -> dict[str, Json]:
    versions = await repository.data_versions(uow.session, list(rows))
    found = {}
    for key in sorted(rows):
        one = series.get(key)
        told = [one.currency, _listed(one.dates, one.closes)] if one is not None else None
        found[str(key)] = {
            "symbol": rows[key].symbol,
            "data_version": versions.get(key, 0),
            "closes": fingerprint(canonical(told)),
        }
    return found


async def _rates(uow: UnitOfWork, used: Collection[str], first: date, last: date) -> dict[str, str]:
    if len(used) < 2:
        return {}
    table = await fx_table(uow.session, used, first_day=first, last_day=last)
    return {
        currency: fingerprint(canonical(_listed(*series)))
        for currency, series in table.rates.items()
    }


def _listed(days: Sequence[date], values: Sequence[Decimal]) -> list[tuple[str, str]]:
    pairs = zip(days, values, strict=True)
    return [(day.isoformat(), format(value.normalize(), "f")) for day, value in pairs]


@dataclass(frozen=True, slots=True)
class ChangedInstrument:
    """One whose closes or events up to the report's day are not what they were."""

    instrument_id: UUID
    symbol: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between a kept fingerprint and today's.

    `settings`, `joined` and `left` name accounts; `benchmark` one that is put together otherwise.
    """

    last_sequences: dict[UUID, int]
    instruments: list[ChangedInstrument]
    currencies: list[str]
    settings: list[str]
    joined: list[str]
    left: list[str]
    benchmark: str | None


async def changes_since(uow: UnitOfWork, kept: Json, today: Json, last_day: date) -> Changes:
    """Which instruments and rates changed, and how far the records of each account went then."""
    accounts = kept["accounts"]
    instruments = []
    for key, before in kept["instruments"].items():
        now = today["instruments"].get(key, before)
        is_other = now["closes"] != before["closes"]
        if now["data_version"] > before["data_version"] and not is_other:
            is_other = await repository.has_new_events(
                uow.session, UUID(key), before["data_version"], last_day
            )
        if is_other:
            instruments.append(
                ChangedInstrument(
                    UUID(key), now["symbol"], before["data_version"], now["data_version"]
                )
            )
    return Changes(
        last_sequences={
            UUID(key): accounts.get(key, {"last_sequence": 0})["last_sequence"]
            for key in today["accounts"]
        },
        instruments=sorted(instruments, key=lambda one: one.symbol),
        currencies=sorted(
            currency
            for currency, before in kept["rates"].items()
            if today["rates"].get(currency, before) != before
        ),
        settings=sorted(
            one["name"]
            for key, one in today["accounts"].items()
            if key in accounts and accounts[key]["version"] != one["version"]
        ),
        joined=_only_in(today["accounts"], accounts),
        left=_only_in(accounts, today["accounts"]),
        benchmark=_other_benchmark(kept.get("benchmark"), today["benchmark"]),
    )


def _only_in(these: Mapping[str, Json], others: Mapping[str, Json]) -> list[str]:
    return sorted(one["name"] for key, one in these.items() if key not in others)


def _other_benchmark(before: Json | None, now: Json | None) -> str | None:
    if before is None or now is None or before["version"] == now["version"]:
        return None
    return str(now["name"])

"""What a report was made from, in few words that show whether it is the same today.

Of the records: how far each account's go. Of the market: which data version each instrument had,
and a hash of the closes and of the rates up to the report's day, as the valuation reads them. Of
what stands beside the accounts: how a benchmark is put together, values of published series, where
a taxonomy sorts things, how much of them is in the categories the report is of, what is done with
income.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from truenav.core.canonical import canonical, fingerprint
from truenav.core.valuation.series import PriceSeries
from truenav.features.instruments.settings import settings_of
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.preferences import preferences_of
from truenav.features.marketdata.reads import fx_table, price_series
from truenav.features.marketdata.reference_series import LONG_AGO, series_between
from truenav.features.performance.attribution_groups import Categories, categories_for
from truenav.features.performance.benchmarks import Benchmark
from truenav.features.reports import repository
from truenav.features.reports.beside import Beside
from truenav.features.reports.classified import classified
from truenav.features.valuation.repository import ever_held
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

Json = dict[str, Any]


async def fingerprint_of(
    uow: UnitOfWork, scope: Scope, beside: Beside, since: date | None = None
) -> Json:
    """The fingerprint of the scope today, up to its day, and of what stands beside it.

    Closes, rates and published values count from `since` on, or from the first record.
    """
    recorded = await repository.recorded(uow.session, scope.account_ids)
    held = await ever_held(uow.session, scope.account_ids)
    rows = {row.id: row for row in (*held.instruments, *beside.instruments)}
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
        "benchmark": _benchmark(beside.benchmark),
        "classified": await classified(uow, scope),
        "instruments": await _instruments(uow, rows, series),
        "preferences": await _said(uow, scope, rows) if beside.has_preferences else None,
        "taxonomy": await _taxonomy(uow, beside.taxonomy),
        "rates": await _rates(uow, used, first, scope.as_of),
        "series": {
            name: await _series(uow, name, first, scope.as_of) for name in sorted(beside.series)
        },
    }


def _benchmark(found: Benchmark | None) -> Json | None:
    return None if found is None else {"name": found.name, "version": found.version}


async def _said(uow: UnitOfWork, scope: Scope, instrument_ids: Collection[UUID]) -> str:
    """What is done with income, and what is said of the instruments that pay it."""
    words = await preferences_of(uow.session, scope.account_ids)
    of = await settings_of(uow.session, instrument_ids)
    told = [
        sorted((str(a), str(i) if i else "", handling) for (a, i), handling in words.rows.items()),
        sorted((str(key), row.version) for key, row in of.items()),
    ]
    return fingerprint(canonical(told))


async def _taxonomy(uow: UnitOfWork, named: tuple[UUID, str] | None) -> Json | None:
    """Where it sorts what, funds looked through: top categories and weights, as groups read it."""
    if named is None:
        return None
    found = await categories_for(uow, "taxonomy", named[0])
    told = TypeAdapter(Categories | None).dump_python(found, mode="json")
    return {"name": named[1], "content": fingerprint(canonical(told))}


async def _series(uow: UnitOfWork, name: str, first: date, last: date) -> str:
    """A value holds until the next one: the newest before the first day counts."""
    values = await series_between(uow.session, name, LONG_AGO, last)
    before = sum(day < first for day, _ in values)
    told = values[max(before - 1, 0) :]
    return fingerprint(canonical(_listed([d for d, _ in told], [value for _, value in told])))


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

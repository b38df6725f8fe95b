"""What a report was made from, in few words that show whether it is the same today.

Of the records: how far each account's go. Of the market: which data version each instrument had,
and a hash of the closes and of the rates up to the report's day, as the valuation reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from truenav.core.canonical import canonical, fingerprint
from truenav.features.marketdata.reads import fx_table, price_series
from truenav.features.reports import repository
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

Json = dict[str, Any]


async def fingerprint_of(
    uow: UnitOfWork, scope: Scope, extra: Sequence[UUID] = (), since: date | None = None
) -> Json:
    """The fingerprint of the scope today, up to its day; `extra` instruments are beside it.

    Closes and rates count from `since` on, or from the first record.
    """
    recorded = await repository.recorded(uow.session, scope.account_ids)
    ids = sorted({*await repository.held_ever(uow.session, scope.account_ids), *extra})
    opened = min((one.first_day for one in recorded.values()), default=scope.as_of)
    first = since or min(opened, scope.as_of)
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
        "instruments": await _instruments(uow, ids, first, scope.as_of),
        "rates": await _rates(uow, scope, first),
    }


async def _instruments(
    uow: UnitOfWork, ids: Sequence[UUID], first: date, last: date
) -> dict[str, Json]:
    series = await price_series(uow.session, ids, first_day=first, last_day=last)
    by_id: dict[UUID, Any] = dict(series.items())
    versions = await repository.data_versions(uow.session, ids)
    names = await repository.symbols(uow.session, ids)
    found = {}
    for key in ids:
        one = by_id.get(key)
        told = [one.currency, _listed(one.dates, one.closes)] if one is not None else None
        found[str(key)] = {
            "symbol": names.get(key, ""),
            "data_version": versions.get(key, 0),
            "closes": fingerprint(canonical(told)),
        }
    return found


async def _rates(uow: UnitOfWork, scope: Scope, first: date) -> dict[str, str]:
    used = {scope.currency, *(account.base_currency for account in scope.accounts)}
    used |= await repository.currencies_of(uow.session, scope.account_ids)
    if len(used) < 2:
        return {}
    table = await fx_table(uow.session, used, first_day=first, last_day=scope.as_of)
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
    """What differs between a kept fingerprint and today's."""

    last_sequences: dict[UUID, int]
    instruments: list[ChangedInstrument]
    currencies: list[str]
    settings: list[str]


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
    )

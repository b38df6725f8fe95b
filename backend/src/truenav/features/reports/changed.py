"""What differs between the fingerprint of a report and that of the same question today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from truenav.features.reports import repository
from truenav.features.reports.classified import reclassified
from truenav.features.reports.fingerprint import Json
from truenav.platform.unit_of_work import UnitOfWork


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

    `settings`, `joined` and `left` name accounts; `benchmark` one that is put together otherwise,
    `taxonomy` one that sorts otherwise, `reclassified` those that put another part in the slice.
    """

    last_sequences: dict[UUID, int]
    instruments: list[ChangedInstrument]
    currencies: list[str]
    series: list[str]
    settings: list[str]
    joined: list[str]
    left: list[str]
    benchmark: str | None
    taxonomy: str | None
    reclassified: list[str]
    is_preferred_otherwise: bool


async def changes_since(uow: UnitOfWork, kept: Json, today: Json, last_day: date) -> Changes:
    """Which instruments, rates and series changed, and how far the records of accounts went."""
    accounts = kept["accounts"]
    return Changes(
        last_sequences={
            UUID(key): accounts.get(key, {"last_sequence": 0})["last_sequence"]
            for key in today["accounts"]
        },
        instruments=await _instruments(uow, kept, today, last_day),
        currencies=_other(kept["rates"], today["rates"]),
        # reports kept before series counted have none to compare with
        series=_other(kept.get("series", {}), today["series"]),
        settings=sorted(
            one["name"]
            for key, one in today["accounts"].items()
            if key in accounts and accounts[key]["version"] != one["version"]
        ),
        joined=_only_in(today["accounts"], accounts),
        left=_only_in(accounts, today["accounts"]),
        benchmark=_otherwise(kept.get("benchmark"), today["benchmark"], "version"),
        taxonomy=_otherwise(kept.get("taxonomy"), today["taxonomy"], "content"),
        reclassified=reclassified(kept.get("classified", {}), today["classified"]),
        is_preferred_otherwise=kept.get("preferences", today["preferences"])
        != today["preferences"],
    )


async def _instruments(
    uow: UnitOfWork, kept: Json, today: Json, last_day: date
) -> list[ChangedInstrument]:
    found = []
    for key, before in kept["instruments"].items():
        now = today["instruments"].get(key, before)
        is_other = now["closes"] != before["closes"]
        if now["data_version"] > before["data_version"] and not is_other:
            is_other = await repository.has_new_events(
                uow.session, UUID(key), before["data_version"], last_day
            )
        if is_other:
            versions = before["data_version"], now["data_version"]
            found.append(ChangedInstrument(UUID(key), now["symbol"], *versions))
    return sorted(found, key=lambda one: one.symbol)


def _other(kept: Mapping[str, str], today: Mapping[str, str]) -> list[str]:
    """Names of what is not what it was; what is not read any more is told otherwise."""
    return sorted(name for name, before in kept.items() if today.get(name, before) != before)


def _only_in(these: Mapping[str, Json], others: Mapping[str, Json]) -> list[str]:
    return sorted(one["name"] for key, one in these.items() if key not in others)


def _otherwise(before: Json | None, now: Json | None, part: str) -> str | None:
    """Its name, where that part of it is another one by now."""
    if before is None or now is None or before[part] == now[part]:
        return None
    return str(now["name"])

"""A report beside the same question asked today: what changed, and through which cause.

Four answers stand in a row, each with one thing more of today than the one before:

    the report → today's prices, rates and settings, the records known then
               → today's records, too → the newest versions, too

What differs between two neighbours has one cause.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from truenav.core.calculations import CURRENT
from truenav.core.canonical import Difference, canonical, differences, fingerprint
from truenav.features.performance.wanted import NotOfThatVersion
from truenav.features.reports import repository
from truenav.features.reports.beside import Beside, TaxonomyGone, beside
from truenav.features.reports.changed import Changes, changes_since
from truenav.features.reports.fingerprint import fingerprint_of
from truenav.features.reports.kinds import KINDS, VersionRetired
from truenav.features.reports.parameters import Parameters
from truenav.features.reports.scopes import accounts_for, scope_for
from truenav.features.reports.service import PARAMETERS, again, is_intact, note_difference
from truenav.features.reports.tables import ReportRow
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.series import Scope
from truenav.features.valuation.service import show_values_as_known
from truenav.features.valuation.slicing import slice_of
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

MOST_TOLD = 20
MOST_RECORDS = 50
EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """Differences between two answers: how many, and the first of them."""

    count: int
    first: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since the report."""

    changes: Changes
    records: Sequence[Any]
    record_count: int


@dataclass(frozen=True, slots=True)
class Today:
    """The same question today, cause by cause; `reason` where it cannot be asked."""

    reason: str | None
    causes: dict[str, Told]
    since: Since | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A report worked out again from what was kept; `reason` says why nobody can tell."""

    answer: bytes | None
    is_equal: bool | None
    told: Told
    reason: str | None = None


def compare(before: bytes, after: bytes) -> Told:
    """What differs between two canonical answers; single figures stand before those of lists."""
    if before == after:
        return Told(0, ())
    found = list(differences(json.loads(before), json.loads(after)))
    ordered = sorted(found, key=lambda one: _is_listed(one.pointer))  # a stable sort
    return Told(len(found), ordered[:MOST_TOLD])


def _is_listed(pointer: str) -> bool:
    return any(part.isdigit() for part in pointer.split("/"))


async def recompute(uow: UnitOfWork, row: ReportRow) -> Recomputed:
    """From the kept inputs with the kept versions: must be equal bit for bit."""
    found = await again(row)
    is_whole = await asyncio.to_thread(is_intact, row)
    if found.answer is None and is_whole:
        return Recomputed(None, None, Told(0, ()), found.reason)
    is_equal = is_whole and found.answer == row.answer
    if not is_equal:
        await note_difference(uow, row)
    told = compare(row.answer, found.answer) if found.answer is not None else Told(0, ())
    return Recomputed(found.answer, is_equal, told)


async def ask_today(uow: UnitOfWork, row: ReportRow, today: date) -> Today:
    """The question of a report asked today, about the day it was asked about."""
    if await valuation.is_recomputing(uow.session):
        return Today("values_recomputing", {}, None)
    parameters = PARAMETERS.validate_python(row.parameters)
    try:
        now = await scope_for(uow, parameters, today)
    except NotFound:
        return await _without(uow, row, parameters, today)
    scope = replace(now, currency=row.currency, as_of=row.as_of)
    try:
        found = await beside(uow, parameters)
    except NotFound as error:
        gone = "taxonomy_gone" if isinstance(error, TaxonomyGone) else "benchmark_gone"
        return Today(gone, {}, await _since(uow, row, scope, Beside()))
    since = await _since(uow, row, scope, found)
    try:
        causes = await _causes(uow, row, parameters, scope, is_past=row.as_of < now.as_of)
    except (VersionRetired, NotOfThatVersion) as error:
        return Today(error.code, {}, since)
    return Today(None, causes, since)


async def _without(uow: UnitOfWork, row: ReportRow, parameters: Parameters, today: date) -> Today:
    """Nothing can be asked of an account that is gone, nor of a part that nobody can name."""
    try:
        whole = await accounts_for(uow, parameters, today)
    except NotFound:
        return Today("account_gone", {}, None)
    classes = replace(whole.filters, instrument_ids=())
    reason = "instrument_gone"
    try:
        await slice_of(uow, whole.account_ids, classes)
    except NotFound:
        reason = "taxonomy_gone"
    scope = replace(whole, currency=row.currency, as_of=row.as_of)
    return Today(reason, {}, await _since(uow, row, scope, Beside()))


async def _causes(
    uow: UnitOfWork, row: ReportRow, parameters: Parameters, scope: Scope, *, is_past: bool
) -> dict[str, Told]:
    kind, versions = KINDS[row.kind], row.calculation_versions
    newest = {name: CURRENT[name] for name in versions}
    # after that day records go on; what is asked is what was then
    through = row.as_of if is_past else None
    async with _laid_over(uow, scope, EVER if is_past else None, through):
        inputs_now = await kind.inputs(uow, scope, parameters)
    async with _laid_over(uow, scope, row.recorded_at, through):
        inputs_then = await kind.inputs(uow, scope, parameters)

    def told() -> dict[str, Told]:
        then = kind.answer(inputs_then, versions)
        same = kind.answer(inputs_now, versions)
        return {
            "data": compare(row.answer, _of_shape(row.answer, then)),
            "records": compare(then, same),
            "calculation": compare(same, kind.answer(inputs_now, newest)),
        }

    return await asyncio.to_thread(told)


def _of_shape(kept: bytes, answer: bytes) -> bytes:
    """An answer without what bodies of the kept one's time did not tell: no cause of today."""
    if kept == answer:
        return answer
    names, told = json.loads(kept).keys(), json.loads(answer)
    return canonical({name: one for name, one in told.items() if name in names})


@asynccontextmanager
async def _laid_over(
    uow: UnitOfWork, scope: Scope, known_before: datetime | None, through: date | None
) -> AsyncIterator[None]:
    """Show the records as known at an instant, and take it back on leaving."""
    nested = await uow.session.begin_nested()
    try:
        if known_before is not None:
            await show_values_as_known(
                uow, scope.accounts, known_before, scope.as_of, through=through
            )
        yield
    finally:
        await nested.rollback()


async def _since(uow: UnitOfWork, row: ReportRow, scope: Scope, found: Beside) -> Since:
    first = date.fromisoformat(row.fingerprint["first_day"])
    today = await fingerprint_of(uow, scope, found, first)
    changes = await changes_since(uow, row.fingerprint, today, row.as_of + KINDS[row.kind].ahead)
    records, count = await repository.later_records(
        uow.session, changes.last_sequences, MOST_RECORDS
    )
    return Since(changes, records, count)


def sha256_of(answer: bytes | None) -> str | None:
    """Its hash, if there is an answer."""
    return None if answer is None else fingerprint(answer)

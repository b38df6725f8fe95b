"""Keeping what a page says, and working it out again from what was kept."""

import asyncio
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter

from truenav.core.calculations import CURRENT
from truenav.core.canonical import canonical, fingerprint
from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.events import ReportDiffered
from truenav.features.reports import repository
from truenav.features.reports.beside import beside
from truenav.features.reports.fingerprint import fingerprint_of
from truenav.features.reports.kinds import KINDS, InputsUnreadable, Kind, VersionRetired
from truenav.features.reports.parameters import OfAccounts, Parameters
from truenav.features.reports.scopes import scope_for
from truenav.features.reports.tables import MOST_ANSWER, MOST_INPUTS, ReportRow
from truenav.features.valuation import repository as valuation
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

MOST_REPORTS = 500  # of one tenant
MOST_KEPT = 256 * 1024 * 1024  # bytes of inputs and answers, of one tenant
PARAMETERS: TypeAdapter[Parameters] = TypeAdapter(Parameters)


class ValuesRecomputing(TruenavError):
    """Values wait for records that were posted a moment ago: what is shown is of other records."""

    kind = ErrorKind.CONFLICT
    code = "values_recomputing"


class TooManyReports(TruenavError):
    """As many as are kept for one portfolio, or as large; some must be deleted first."""

    kind = ErrorKind.CONFLICT
    code = "too_many_reports"


class ReportTooLarge(TruenavError):
    """What it would be kept with is too much."""

    kind = ErrorKind.TOO_LARGE
    code = "report_too_large"


async def keep(uow: UnitOfWork, name: str, parameters: Parameters, today: date) -> UUID:
    """Store what the page these parameters ask for says now, with all it was worked out from.

    Raises:
        ValuesRecomputing: ask again in a moment.
        TooManyReports, ReportTooLarge: see there.
        NotFound: no such account or benchmark.
    """
    if await valuation.is_recomputing(uow.session):
        raise ValuesRecomputing("values are being worked out; keep the report in a moment")
    count, size = await repository.room(uow.session)
    if count >= MOST_REPORTS or size >= MOST_KEPT:
        raise TooManyReports("delete some reports first", most=str(MOST_REPORTS))
    kind = KINDS[parameters.kind]
    scope = await scope_for(uow, parameters, today)
    versions = versions_for(kind, parameters)
    inputs = await kind.inputs(uow, scope, parameters)
    # from the bytes that are kept, not from what they were made of
    answer = await asyncio.to_thread(kind.answer, inputs, versions)
    packed = await asyncio.to_thread(zlib.compress, inputs, 6)
    if len(packed) > MOST_INPUTS or len(answer) > MOST_ANSWER:
        raise ReportTooLarge("a report this large is not kept; ask for fewer days")
    told = await fingerprint_of(uow, scope, await beside(uow, parameters))
    row = ReportRow(
        tenant_id=uow.tenant_id,
        id=new_id(),
        kind=parameters.kind,
        name=name,
        kept_by=uow.user_id,
        as_of=scope.as_of,
        currency=scope.currency,
        parameters=parameters.model_dump(mode="json"),
        calculation_versions=versions,
        fingerprint=told,
        fingerprint_sha256=fingerprint(canonical(told)),
        inputs=packed,
        inputs_sha256=fingerprint(inputs),
        answer=answer,
        answer_sha256=fingerprint(answer),
    )
    uow.session.add(row)
    await uow.session.flush()  # its sizes are asked for next
    await record(uow, "report.kept", "report", row.id, new_value={"sha256": row.answer_sha256})
    return row.id


def versions_for(kind: Kind[Any, Any], parameters: OfAccounts) -> dict[str, str]:
    """The version of each calculation: the newest, but for one that was asked for by name."""
    versions = {name: CURRENT[name] for name in (*kind.calculations, *kind.upstream)}
    asked = getattr(parameters, "calculation_version", None)
    return versions if asked is None else {**versions, "twrr": asked}


async def whole(uow: UnitOfWork, report_id: UUID) -> ReportRow:
    """A report with its bytes.

    Raises:
        NotFound: no such report.
    """
    row = await repository.find_whole(uow.session, report_id)
    if row is None:
        raise NotFound("no such report")
    return row


async def rename(uow: UnitOfWork, report_id: UUID, version: int, name: str) -> None:
    """Name a report; `version` is the one the editor saw.

    Raises:
        NotFound: no such report.
        StaleVersion: somebody else named it first.
    """
    found = await repository.find(uow.session, report_id)
    if found is None:
        raise NotFound("no such report")
    old: ReportRow = found[0]
    if not await repository.rename(uow.session, report_id, version, name):
        current = {"version": old.version, "name": old.name}
        raise StaleVersion("somebody else named it first", current)
    await record(
        uow, "report.renamed", "report", report_id,
        old_value={"name": old.name}, new_value={"name": name},
    )  # fmt: skip


async def remove(uow: UnitOfWork, report_id: UUID) -> None:
    """Delete a report.

    Raises:
        NotFound: no such report.
    """
    if not await repository.remove(uow.session, report_id):
        raise NotFound("no such report")
    await record(uow, "report.deleted", "report", report_id)


@dataclass(frozen=True, slots=True)
class Again:
    """A report worked out once more; without an answer there is a reason."""

    answer: bytes | None
    reason: Literal["version_retired", "inputs_unreadable", "inputs_damaged"] | None = None


async def again(row: ReportRow) -> Again:
    """The answer from the inputs that were kept, by the versions."""
    kind = KINDS[row.kind]
    inputs = await asyncio.to_thread(unpacked, row)
    if inputs is None:
        return Again(None, "inputs_damaged")
    try:
        return Again(await asyncio.to_thread(kind.answer, inputs, row.calculation_versions))
    except VersionRetired:
        return Again(None, "version_retired")
    except InputsUnreadable:
        return Again(None, "inputs_unreadable")


def unpacked(row: ReportRow) -> bytes | None:
    """The inputs that were kept; None where their bytes are damaged."""
    try:
        return zlib.decompress(row.inputs)
    except zlib.error:
        return None


def is_intact(row: ReportRow) -> bool:
    """Whether what is stored is what was hashed."""
    inputs = unpacked(row)
    if inputs is None:
        return False
    return (fingerprint(inputs), fingerprint(row.answer)) == (
        row.inputs_sha256,
        row.answer_sha256,
    )


async def note_difference(uow: UnitOfWork, row: ReportRow) -> None:
    """Have it told to who operates this, once."""
    if await repository.mark_differed(uow.session, row.id):
        uow.emit(ReportDiffered(row.id))


class ReportDiffers(TruenavError):
    """A report that its own inputs do not give any more: a bug, or bytes that were changed."""

    code = "report_differs"


async def recheck(uow: UnitOfWork, report_id: UUID) -> None:
    """Work a report out once more, in another process than the one that found it different.

    Raises:
        ReportDiffers: so it is.
    """
    row = await repository.find_whole(uow.session, report_id)
    if row is None:
        return
    found = (await again(row)).answer
    if not is_intact(row) or (found is not None and found != row.answer):
        raise ReportDiffers("a report is not what its inputs give", report_id=str(report_id))

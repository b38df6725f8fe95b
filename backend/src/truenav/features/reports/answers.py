"""Rows of reports as bodies."""

from collections.abc import Iterable
from typing import Any

from truenav.core.calculations import CALCULATIONS, CURRENT
from truenav.core.canonical import Difference
from truenav.features.reports.comparing import Recomputed, Since, Today, Told, sha256_of
from truenav.features.reports.kinds import KINDS
from truenav.features.reports.schemas import (
    CalculationOut,
    CalculationsOut,
    CalculationVersionOut,
    CausedOut,
    ChangedInstrumentOut,
    DifferenceOut,
    FingerprintAccountOut,
    FingerprintInstrumentOut,
    FingerprintOut,
    LaterRecordOut,
    RecomputedOut,
    ReportDetailOut,
    ReportOut,
    SinceOut,
    TodayOut,
    UsedCalculationOut,
)
from truenav.features.reports.tables import ReportRow


def report_out(found: Any) -> ReportOut:
    """(report, inputs_size, answer_size) as a body."""
    return ReportOut.model_validate(_fields(found))


def detail_out(found: Any) -> ReportDetailOut:
    """The same with its fingerprint."""
    row: ReportRow = found[0]
    told = row.fingerprint
    return ReportDetailOut.model_validate(
        {
            **_fields(found),
            "fingerprint": FingerprintOut(
                first_day=told["first_day"],
                accounts=[
                    FingerprintAccountOut(
                        account_id=key,
                        name=one["name"],
                        last_sequence=one["last_sequence"],
                        record_count=one["record_count"],
                    )
                    for key, one in told["accounts"].items()
                ],
                instruments=[
                    FingerprintInstrumentOut(
                        instrument_id=key,
                        symbol=one["symbol"],
                        data_version=one["data_version"],
                        closes_sha256=one["closes"],
                    )
                    for key, one in told["instruments"].items()
                ],
                currencies=sorted(told["rates"]),
                series=sorted(told.get("series", {})),
            ),
        }
    )


def _fields(found: Any) -> dict[str, Any]:
    row: ReportRow = found[0]
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "version": row.version,
        "recorded_at": row.recorded_at,
        "as_of": row.as_of,
        "currency": row.currency,
        "parameters": {key: value for key, value in row.parameters.items() if key != "kind"},
        "calculations": used(row),
        "fingerprint_sha256": row.fingerprint_sha256,
        "inputs_sha256": row.inputs_sha256,
        "answer_sha256": row.answer_sha256,
        "inputs_size": found.inputs_size,
        "answer_size": found.answer_size,
        "differed_at": row.differed_at,
    }


def used(row: ReportRow) -> list[UsedCalculationOut]:
    """The calculations of a report, by the versions it was made with."""
    kind = KINDS[row.kind]
    return [
        UsedCalculationOut(
            name=name,
            version=version,
            current_version=CURRENT[name],
            is_live=kind.knows(name, version),
            is_upstream=name in kind.upstream,
        )
        for name, version in sorted(row.calculation_versions.items())
    ]


def recomputed_out(row: ReportRow, found: Recomputed, today: Today) -> RecomputedOut:
    """The verdict."""
    return RecomputedOut(
        report_id=row.id,
        is_equal=found.is_equal,
        reason=found.reason,
        answer_sha256=row.answer_sha256,
        recomputed_sha256=sha256_of(found.answer),
        difference_count=found.told.count,
        differences=_differences(found.told.first),
        today=TodayOut(
            is_equal=_is_equal(today),
            reason=today.reason,
            causes=[_caused(name, told) for name, told in today.causes.items()],
            since=_since(row, today.since) if today.since is not None else None,
        ),
    )


def _is_equal(today: Today) -> bool | None:
    if today.reason is not None:
        return None
    return not any(told.count for told in today.causes.values())


def _caused(cause: str, told: Told) -> CausedOut:
    return CausedOut.model_validate(
        {
            "cause": cause,
            "difference_count": told.count,
            "differences": _differences(told.first),
        }
    )


def _differences(found: Iterable[Difference]) -> list[DifferenceOut]:
    return [DifferenceOut(pointer=one.pointer, before=one.before, after=one.after) for one in found]


def _since(row: ReportRow, since: Since) -> SinceOut:
    return SinceOut(
        record_count=since.record_count,
        records=[
            LaterRecordOut(
                transaction_id=one.id,
                account_id=one.account_id,
                sequence=one.sequence,
                kind=one.kind,
                trade_date=one.trade_date,
                recorded_at=one.recorded_at,
            )
            for one in since.records
        ],
        instruments=[
            ChangedInstrumentOut(
                instrument_id=one.instrument_id,
                symbol=one.symbol,
                data_version=one.before,
                data_version_now=one.now,
            )
            for one in since.changes.instruments
        ],
        currencies=since.changes.currencies,
        series=since.changes.series,
        accounts=since.changes.settings,
        joined_accounts=since.changes.joined,
        left_accounts=since.changes.left,
        benchmark=since.changes.benchmark,
        taxonomy=since.changes.taxonomy,
        reclassified=since.changes.reclassified,
        is_preferred_otherwise=since.changes.is_preferred_otherwise,
        calculations=[one for one in used(row) if one.version != one.current_version],
    )


def calculations_out() -> CalculationsOut:
    """The list of calculations, as the code has it."""
    return CalculationsOut(
        items=[
            CalculationOut(
                name=one.name,
                title=one.title,
                about=one.about,
                docs=one.docs,
                current_version=one.current,
                versions=[
                    CalculationVersionOut(
                        version=known.version.number,
                        since=known.version.since,
                        change=known.version.change,
                        modules=list(known.modules),
                        is_live=known.is_live,
                    )
                    for known in one.versions
                ],
            )
            for one in CALCULATIONS
        ]
    )

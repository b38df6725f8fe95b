"""Bodies of reports and of calculations."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from truenav.features.reports.parameters import Parameters
from truenav.platform.wire import LINE_PATTERN, Body, CurrencyCode, Instant, Version

ReportKind = Literal["performance", "risk", "waterfall", "holdings", "nav", "attribution", "income"]
ReportName = Annotated[str, Field(min_length=1, max_length=120, pattern=LINE_PATTERN)]


class ReportIn(Body):
    """What is to be kept, in the words of its page, and under which name."""

    name: ReportName
    parameters: Parameters


class ReportPatchIn(Body):
    version: Version
    name: ReportName


class UsedCalculationOut(Body):
    """A calculation that had a part in a report, by the version it was made with.

    `is_live`: that version can be computed today. `is_upstream`: it made what was kept as inputs.
    """

    name: str
    version: str
    current_version: str
    is_live: bool
    is_upstream: bool


class ReportOut(Body):
    """A report without its figures. `recorded_at` says which records counted.

    `differed_at`: a recomputation from its own inputs once gave something else, which is a bug.
    """

    id: UUID
    kind: ReportKind
    name: str
    version: int
    recorded_at: Instant
    as_of: date
    currency: CurrencyCode
    parameters: dict[str, Any]
    calculations: list[UsedCalculationOut]
    fingerprint_sha256: str
    inputs_sha256: str
    answer_sha256: str
    inputs_size: int
    answer_size: int
    differed_at: Instant | None


class ReportPageOut(Body):
    items: list[ReportOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class FingerprintAccountOut(Body):
    account_id: UUID
    name: str
    last_sequence: int
    record_count: int


class FingerprintInstrumentOut(Body):
    instrument_id: UUID
    symbol: str
    data_version: int
    closes_sha256: str


class FingerprintOut(Body):
    """How far the records went, and which prices were used: data version, hash of the closes.

    `series` names the published series it read: consumer prices, yields of Treasury bills.
    """

    first_day: date
    accounts: list[FingerprintAccountOut]
    instruments: list[FingerprintInstrumentOut]
    currencies: list[str]
    series: list[str]


class ReportDetailOut(ReportOut):
    """The same with its fingerprint."""

    fingerprint: FingerprintOut


class DifferenceOut(Body):
    """A place in an answer (JSON pointer) and what stands there."""

    pointer: str
    before: str | None
    after: str | None


Cause = Literal["data", "records", "calculation"]


class CausedOut(Body):
    """What one cause alone changes, the others being as before; the first of its differences.

    `data` are prices, rates, names and settings of accounts; `records` what was recorded or taken
    back since; `calculation` a newer version of it.
    """

    cause: Cause
    difference_count: int
    differences: list[DifferenceOut]


class LaterRecordOut(Body):
    transaction_id: UUID
    account_id: UUID
    sequence: int
    kind: str
    trade_date: date
    recorded_at: Instant


class ChangedInstrumentOut(Body):
    instrument_id: UUID
    symbol: str
    data_version: int
    data_version_now: int


class SinceOut(Body):
    """What was recorded and what prices, rates and settings changed; the newest records first.

    `series` names published series of which values up to the day of the report are others;
    `taxonomy` one that sorts holdings otherwise, `reclassified` those that put another part of
    something into the categories it is of. `is_preferred_otherwise`: with income something else is
    done by now, or something else is said of what pays it.

    `accounts` changed their settings, `joined_accounts` are part of the question now and were not,
    `left_accounts` the other way round; `benchmark` is put together otherwise by now.
    """

    record_count: int
    records: list[LaterRecordOut]
    instruments: list[ChangedInstrumentOut]
    currencies: list[str]
    series: list[str]
    accounts: list[str]
    joined_accounts: list[str]
    left_accounts: list[str]
    benchmark: str | None
    taxonomy: str | None
    reclassified: list[str]
    is_preferred_otherwise: bool
    calculations: list[UsedCalculationOut]


class TodayOut(Body):
    """The same question asked today: first with the version of the report, then with the newest.

    `reason` says why it cannot be asked: `account_gone`, `instrument_gone`, `benchmark_gone`,
    `taxonomy_gone` (it, or a category), `version_retired`, `not_of_that_version` or
    `values_recomputing`.
    """

    is_equal: bool | None
    reason: str | None
    causes: list[CausedOut]
    since: SinceOut | None


class RecomputedOut(Body):
    """Whether the inputs that were kept, and the versions, still give the same bytes.

    They must: a difference is a bug, is told to who operates this, and stands in `differences`.
    `reason` is `version_retired` or `inputs_unreadable` where nobody can tell.
    """

    report_id: UUID
    is_equal: bool | None
    reason: str | None
    answer_sha256: str
    recomputed_sha256: str | None
    difference_count: int
    differences: list[DifferenceOut]
    today: TodayOut


class CalculationVersionOut(Body):
    """`modules` compute it; where there are none it cannot be asked for any more."""

    version: str
    since: date
    change: str
    modules: list[str]
    is_live: bool


class CalculationOut(Body):
    """A calculation; its versions the newest first. `docs` names its page in the documentation."""

    name: str
    title: str
    about: str
    docs: str
    current_version: str
    versions: list[CalculationVersionOut]


class CalculationsOut(Body):
    items: list[CalculationOut]

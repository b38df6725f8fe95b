"""Kinds of reports: what each gathers, and the pure calculation that answers from it.

A new kind is an entry here, a body in `parameters.py`, and its name in the table's check.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from truenav.core.calculations import CALCULATIONS, CURRENT
from truenav.core.canonical import canonical
from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.income.projection import AHEAD
from truenav.features.income.given import GivenIncome, given_income, income_page
from truenav.features.performance.attribution import attribution_from
from truenav.features.performance.attribution_given import (
    GivenAttribution,
    given_attribution,
)
from truenav.features.performance.attribution_groups import Grouped
from truenav.features.performance.attribution_schemas import AttributionOut
from truenav.features.performance.changes import GivenChange, change_of, given_change
from truenav.features.performance.given import GivenReturns, given_returns, returns_of
from truenav.features.performance.schemas import PerformanceOut
from truenav.features.performance.wanted import (
    PartsVersion,
    RateVersion,
    ReturnVersion,
    refuse_unknown_conventions,
)
from truenav.features.reports.parameters import (
    AttributionParameters,
    HoldingsParameters,
    IncomeParameters,
    NavParameters,
    OfAccounts,
    PerformanceParameters,
    RiskParameters,
    WaterfallParameters,
)
from truenav.features.risk.answer import risk_of
from truenav.features.risk.asked import LinkedVersion, RiskVersion
from truenav.features.risk.given import GivenRisk, given_risk
from truenav.features.risk.schemas import RiskOut
from truenav.features.valuation.pages import (
    GivenHoldings,
    GivenNav,
    given_holdings,
    given_nav,
    holdings_page,
    nav_page,
)
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork
from truenav.platform.wire import Body

P = TypeVar("P", bound=OfAccounts)
G = TypeVar("G")
Versions = Mapping[str, str]
LIVE: Final = {
    (known.version.name, known.version.number)
    for one in CALCULATIONS
    for known in one.versions
    if known.is_live
}


class VersionRetired(TruenavError):
    """A version nobody can compute any more."""

    kind = ErrorKind.UNPROCESSABLE
    code = "version_retired"


class InputsUnreadable(TruenavError):
    """Inputs of a report in a shape that nothing reads any more."""

    kind = ErrorKind.UNPROCESSABLE
    code = "inputs_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[P, G]):
    """How a report of one kind is made.

    `calculations` answer from the inputs; `upstream` are those that made the inputs what they are.
    Of those in `dispatched` the answer knows these older versions, too, and takes the one it is
    given; of others it knows the newest one alone. Events of instruments count until `ahead` of
    the report's day.
    """

    calculations: tuple[str, ...]
    dispatched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    upstream: tuple[str, ...] = ()
    parameters: type[P]
    given: TypeAdapter[G]
    gather: Callable[[UnitOfWork, Scope, P], Awaitable[G]]
    compute: Callable[[G, Versions], Body]
    ahead: timedelta = timedelta()

    async def inputs(self, uow: UnitOfWork, scope: Scope, parameters: P) -> bytes:
        """Canonical JSON of what the calculation is given today."""
        given = await self.gather(uow, scope, parameters)
        return canonical(self.given.dump_python(given, mode="json"))

    def knows(self, name: str, number: str) -> bool:
        """Whether it can compute that version of a calculation, and not only the newest one."""
        is_known = name in self.upstream or number in self.dispatched.get(name, ())
        return (name, number) in LIVE and (is_known or number == CURRENT[name])

    def answer(self, inputs: bytes, versions: Versions) -> bytes:
        """Canonical JSON of the body: of nothing but the inputs and the versions.

        Raises:
            VersionRetired: a version that cannot be computed any more.
            InputsUnreadable: they were kept in another shape.
        """
        for name in self.calculations:
            number = versions[name]
            if not self.knows(name, number):
                raise VersionRetired(f"{name} {number} is not computed any more", version=number)
        body = self.compute(self._read(inputs), versions)
        return canonical(body.model_dump(mode="json"))

    def _read(self, inputs: bytes) -> G:
        try:
            return self.given.validate_json(inputs)
        except ValidationError as error:
            raise InputsUnreadable("what was kept cannot be read any more") from error


def _gather_performance(
    uow: UnitOfWork, scope: Scope, of: PerformanceParameters
) -> Awaitable[GivenReturns]:
    wanted = of.wanted()
    refuse_unknown_conventions(wanted)
    return given_returns(uow, scope, wanted, (of.benchmark, of.benchmark_basis), of.max_points)


def _performance(given: GivenReturns, versions: Versions) -> PerformanceOut:
    wanted = replace(
        given.wanted,
        calculation_version=cast(ReturnVersion, versions["twrr"]),
        rate_version=cast(RateVersion, versions["mwrr"]),
    )
    return returns_of(replace(given, wanted=wanted))


def _risk(given: GivenRisk, versions: Versions) -> RiskOut:
    return risk_of(
        replace(
            given,
            return_version=cast(LinkedVersion, versions["twrr"]),
            risk_version=cast(RiskVersion, versions["risk"]),
        )
    )


def _attribution(given: GivenAttribution, versions: Versions) -> AttributionOut:
    wanted = replace(
        given.span.wanted,
        calculation_version=cast(ReturnVersion, versions["twrr"]),
        parts_version=cast(PartsVersion, versions["attribution"]),
    )
    return attribution_from(replace(given, span=replace(given.span, wanted=wanted)))


def _gather_risk(uow: UnitOfWork, scope: Scope, of: RiskParameters) -> Awaitable[GivenRisk]:
    days = of.wanted().days(scope.as_of)
    return given_risk(uow, scope, of.asked(), days, of.benchmark_id, of.max_points)


def _gather_attribution(
    uow: UnitOfWork, scope: Scope, of: AttributionParameters
) -> Awaitable[GivenAttribution]:
    grouped = Grouped(of.by, of.taxonomy_id)
    return given_attribution(uow, scope, of.wanted(), grouped, of.other)


def _gather_nav(uow: UnitOfWork, scope: Scope, of: NavParameters) -> Awaitable[GivenNav]:
    last = min(of.to_date or scope.as_of, scope.as_of)
    return given_nav(uow, scope, (of.from_date, last), of.max_points)


async def _gather_change(uow: UnitOfWork, scope: Scope, of: WaterfallParameters) -> GivenChange:
    given = await given_change(uow, scope, of.wanted())
    return replace(given, market=given.market.plain())


KINDS: Final[Mapping[str, Kind[Any, Any]]] = {
    "performance": Kind(
        calculations=("twrr", "mwrr", "drawdown", "benchmark"),
        dispatched={"twrr": ("2026.1", "2026.2"), "mwrr": ("2026.1",)},
        upstream=("valuation", "lots"),
        parameters=PerformanceParameters,
        given=TypeAdapter(GivenReturns),
        gather=_gather_performance,
        compute=_performance,
    ),
    "risk": Kind(
        calculations=("twrr", "drawdown", "risk"),
        dispatched={"twrr": ("2026.2",), "risk": ("2026.1",)},
        upstream=("valuation", "lots"),
        parameters=RiskParameters,
        given=TypeAdapter(GivenRisk),
        gather=_gather_risk,
        compute=_risk,
    ),
    "waterfall": Kind(
        calculations=("lots", "waterfall"),
        upstream=("valuation",),
        parameters=WaterfallParameters,
        given=TypeAdapter(GivenChange),
        gather=_gather_change,
        compute=lambda given, _: change_of(given),
    ),
    "holdings": Kind(
        calculations=("valuation",),
        upstream=("lots", "gains"),
        parameters=HoldingsParameters,
        given=TypeAdapter(GivenHoldings),
        gather=lambda uow, scope, of: given_holdings(uow, scope, of.as_of),
        compute=lambda given, _: holdings_page(given),
    ),
    "attribution": Kind(
        calculations=("twrr", "attribution"),
        dispatched={"twrr": ("2026.2",), "attribution": ("2026.1",)},
        upstream=("valuation", "lots"),
        parameters=AttributionParameters,
        given=TypeAdapter(GivenAttribution),
        gather=_gather_attribution,
        compute=_attribution,
    ),
    "income": Kind(
        calculations=("income",),
        upstream=("valuation", "lots"),
        parameters=IncomeParameters,
        given=TypeAdapter(GivenIncome),
        gather=lambda uow, scope, of: given_income(uow, scope, of.span(scope.as_of)),
        compute=lambda given, _: income_page(given),
        ahead=AHEAD,
    ),
    "nav": Kind(
        calculations=(),
        upstream=("valuation", "lots"),
        parameters=NavParameters,
        given=TypeAdapter(GivenNav),
        gather=_gather_nav,
        compute=lambda given, _: nav_page(given),
    ),
}

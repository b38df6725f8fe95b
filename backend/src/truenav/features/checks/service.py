"""Checks of a portfolio: measured, judged, and set by version."""

from uuid import UUID

from truenav.core.checks.rules import RULES, Code, Verdict, is_threshold, judge
from truenav.core.money import to_decimal_places
from truenav.features.checks import repository
from truenav.features.checks.measuring import (
    NEEDS_TAXONOMY,
    Found,
    Measured,
    chosen_taxonomy,
    figure_of,
)
from truenav.features.checks.schemas import CheckIn, CheckOut, ChecksOut, SubjectOut
from truenav.features.taxonomies import reads as taxonomies
from truenav.features.valuation.holdings import holdings_of
from truenav.features.valuation.series import Scope, household_of
from truenav.platform.audit import record
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

PLACES = 10


async def checks_of(uow: UnitOfWork, scope: Scope) -> ChecksOut:
    """Every check of a scope; one that is switched off is not measured."""
    household = await household_of(uow, scope.as_of)
    measured = Measured(
        uow=uow,
        holdings=await holdings_of(uow, scope),
        own_currency=household.currency,
        settings=await repository.settings(uow.session),
        taxonomies=await taxonomies.taxonomies(uow.session),
    )
    items = [await _checked(measured, code) for code in RULES]
    return ChecksOut(
        as_of=scope.as_of,
        currency=scope.currency,
        amount_currency=household.currency,
        look_count=sum(item.verdict == "look" for item in items),
        items=items,
        slice=scope.told,
    )


async def _checked(measured: Measured, code: Code) -> CheckOut:
    rule, setting = RULES[code], measured.settings.get(code)
    threshold = setting.threshold if setting is not None else rule.threshold
    is_enabled = setting is None or setting.is_enabled
    found = await figure_of(measured, code) if is_enabled else Found()
    verdict = judge(found.figure, threshold, rule.direction) if is_enabled else Verdict.OFF
    taxonomy = chosen_taxonomy(measured, code)
    return CheckOut(
        code=code,
        is_enabled=is_enabled,
        unit=rule.unit,
        direction=rule.direction,
        threshold=threshold,
        figure=to_decimal_places(found.figure, PLACES) if found.figure is not None else None,
        verdict=verdict.value,
        unknown_reason=found.reason,
        subject=SubjectOut(key=found.subject[0], label=found.subject[1]) if found.subject else None,
        by=found.by,
        taxonomy_id=taxonomy[0] if taxonomy is not None else None,
        taxonomy_name=taxonomy[1] if taxonomy is not None else None,
        amount=setting.amount if setting is not None else None,
        version=setting.version if setting is not None else None,
    )


async def set_check(uow: UnitOfWork, code: Code, body: CheckIn) -> None:
    """Set a check's threshold, whether it is asked, and what it needs to know besides.

    Raises:
        InvalidFields: a threshold or an amount that is none, or something the check has no use for.
        NotFound: no such taxonomy.
        StaleVersion: somebody set it since; carries the current version.
    """
    _refuse(code, body)
    if body.taxonomy_id is not None:
        await _require_taxonomy(uow, body.taxonomy_id)
    values = body.model_dump(exclude={"version"})
    kept = await repository.keep(uow.session, uow.tenant_id, code, body.version, values)
    if not kept:
        now = (await repository.settings(uow.session)).get(code)
        raise StaleVersion(
            "somebody else set this check", {"version": now.version if now else None}
        )
    new = body.model_dump(mode="json", exclude={"version"})
    await record(uow, f"check.{code}", "check", None, new_value=new)


def _refuse(code: Code, body: CheckIn) -> None:
    if not is_threshold(body.threshold, RULES[code].unit):
        raise InvalidFields([("/body/threshold", "this check has no such threshold")])
    if body.taxonomy_id is not None and code not in NEEDS_TAXONOMY:
        raise InvalidFields([("/body/taxonomy_id", "this check goes by no taxonomy")])
    if body.amount is not None and (code != "emergency_fund" or body.amount <= 0):
        raise InvalidFields([("/body/amount", "only monthly spending is an amount, above zero")])


async def _require_taxonomy(uow: UnitOfWork, taxonomy_id: UUID) -> None:
    if all(row.id != taxonomy_id for row in await taxonomies.taxonomies(uow.session)):
        raise NotFound("no such taxonomy")

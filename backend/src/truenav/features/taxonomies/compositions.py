"""What funds are made of, as a tenant states it; looked through wherever parts are shown."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from truenav.core.money import exact
from truenav.core.taxonomies.tree import ONE, ZERO, is_weight
from truenav.core.taxonomies.weights import BadComposition, check_parts
from truenav.features.instruments import reads as instruments
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.taxonomies import repository
from truenav.features.taxonomies.schemas import CompositionIn, CompositionOut, FundPartOut
from truenav.platform.audit import record
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork


async def get(uow: UnitOfWork, instrument_id: UUID) -> CompositionOut:
    """What is stated of a fund; nothing stated has no version.

    Raises:
        NotFound: no such instrument.
    """
    fund = await _instrument(uow, instrument_id)
    row = await repository.composition(uow.session, instrument_id)
    parts = (await repository.parts(uow.session)).get(instrument_id, {})
    named = await instruments.visible(uow.session, parts)
    return CompositionOut(
        instrument_id=fund.id,
        symbol=fund.symbol,
        name=fund.name,
        as_of=row.as_of if row is not None else None,
        version=row.version if row is not None else None,
        rest_ratio=_rest(parts.values()),
        parts=[
            FundPartOut(
                instrument_id=key, symbol=named[key].symbol, name=named[key].name,
                weight_ratio=weight,
            )
            for key, weight in parts.items()
            if key in named
        ],
    )  # fmt: skip


@exact
def _rest(weights: Iterable[Decimal]) -> Decimal:
    return ONE - sum(weights, ZERO)


async def _instrument(uow: UnitOfWork, instrument_id: UUID) -> InstrumentRow:
    found = await instruments.visible(uow.session, [instrument_id])
    if instrument_id not in found:
        raise NotFound("no such instrument")
    return found[instrument_id]


async def state(uow: UnitOfWork, instrument_id: UUID, body: CompositionIn) -> CompositionOut:
    """State the parts of a fund.

    Raises:
        NotFound: no such instrument.
        InvalidFields: a part that is unknown or stands twice, a weight that is none.
        BadComposition: more than the whole, a ring of funds, or too many above one another.
        StaleVersion: somebody stated it anew since; carries the current state.
    """
    await _instrument(uow, instrument_id)
    weights = {part.instrument_id: part.weight_ratio for part in body.parts}
    known = await instruments.visible(uow.session, weights)
    for index, part in enumerate(body.parts):
        if part.instrument_id not in known:
            raise InvalidFields([(f"/body/parts/{index}", "no such instrument")])
        if not is_weight(part.weight_ratio):
            raise InvalidFields([(f"/body/parts/{index}", "a weight is above 0 and at most 1")])
    if len(weights) < len(body.parts):
        raise InvalidFields([("/body/parts", "a part stands once")])
    if _rest(weights.values()) < 0:
        raise BadComposition("the parts come to more than the whole", fault="over_whole")
    await repository.lock_compositions(uow.session, uow.tenant_id)
    check_parts({**await repository.parts(uow.session), instrument_id: weights})
    stated = await repository.state_composition(
        uow.session, uow.tenant_id, instrument_id, body.as_of, body.version
    )
    if not stated:
        current = await get(uow, instrument_id)
        raise StaleVersion("it was stated anew", current.model_dump(mode="json"))
    await repository.replace_parts(uow.session, uow.tenant_id, instrument_id, weights)
    await record(
        uow, "composition.stated", "instrument", instrument_id,
        new_value={"as_of": body.as_of.isoformat(), "part_count": len(weights)},
    )  # fmt: skip
    return await get(uow, instrument_id)


async def forget(uow: UnitOfWork, instrument_id: UUID, version: int) -> None:
    """Look through a fund no more.

    Raises:
        NotFound: no such instrument, or nothing is stated of it.
        StaleVersion: somebody stated it anew since; carries the current state.
    """
    current = await get(uow, instrument_id)
    if current.version is None:
        raise NotFound("nothing is stated of it")
    if not await repository.remove_composition(uow.session, instrument_id, version):
        raise StaleVersion("it was stated anew", current.model_dump(mode="json"))
    await record(uow, "composition.forgotten", "instrument", instrument_id)

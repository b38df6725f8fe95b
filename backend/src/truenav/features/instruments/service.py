"""Which instrument a file means: by ISIN, CUSIP or FIGI first, then by symbol and currency."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import InstrumentRef
from truenav.features.instruments import repository
from truenav.features.instruments.tables import InstrumentAliasRow
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import UnitOfWork

# Aliases of files carry no dates; they hold from the beginning of what we keep.
ALWAYS = date(1900, 1, 1)
STRONG = ("isin", "cusip", "figi")


def names_of(ref: InstrumentRef) -> list[tuple[str, str]]:
    """(scheme, value) pairs a reference can be found by, the strongest first."""
    pairs = [
        ("isin", ref.isin),
        ("cusip", ref.cusip),
        ("figi", ref.figi),
        ("symbol", ref.symbol),
    ]
    found = [(scheme, value) for scheme, value in pairs if value]
    return found or ([("name", ref.name)] if ref.name else [])


async def find_known(
    uow: UnitOfWork, refs: Iterable[InstrumentRef], on: date
) -> dict[InstrumentRef, InstrumentId]:
    """The references that are known already; one query for all of them."""
    wanted = set(refs)
    names = {pair for ref in wanted for pair in names_of(ref)}
    by_name: dict[tuple[str, str], list[InstrumentAliasRow]] = {}
    for alias in await repository.find_aliases(uow.session, names, on):
        by_name.setdefault((alias.scheme, alias.value), []).append(alias)
    found = ((ref, _match(ref, by_name)) for ref in wanted)
    return {ref: instrument_id for ref, instrument_id in found if instrument_id is not None}


def _match(
    ref: InstrumentRef, by_name: Mapping[tuple[str, str], Sequence[InstrumentAliasRow]]
) -> InstrumentId | None:
    for scheme, value in names_of(ref):
        candidates = by_name.get((scheme, value), ())
        if scheme not in STRONG:
            # one ticker means different things in different currencies
            candidates = [a for a in candidates if a.currency in {None, ref.currency}]
        distinct = {alias.instrument_id for alias in candidates}
        if len(distinct) == 1:
            return InstrumentId(distinct.pop())
    return None


async def resolve(
    uow: UnitOfWork, refs: Sequence[InstrumentRef], on: date
) -> dict[InstrumentRef, InstrumentId]:
    """Find every reference, adding to the catalogue what nobody has met before.

    References that share a strong identifier, or symbol and currency, are one instrument.
    """
    known = await find_known(uow, refs, on)
    missing = [ref for ref in dict.fromkeys(refs) if ref not in known]
    if not missing:
        return known
    await repository.lock_catalogue(uow.session)
    known |= await find_known(uow, missing, on)  # somebody may have added them before the lock
    made: dict[tuple[str, str, str | None], UUID] = {}
    instruments: list[dict[str, Any]] = []
    aliases: list[dict[str, Any]] = []
    for ref in missing:
        if ref in known:
            continue
        keys = [_key(scheme, value, ref) for scheme, value in names_of(ref)]
        instrument_id = next((made[key] for key in keys if key in made), None)
        if instrument_id is None:
            instrument_id = new_id()
            instruments.append(_instrument(instrument_id, ref))
        for key in keys:
            if key not in made:
                made[key] = instrument_id
                aliases.append(_alias(instrument_id, key, ref))
        known[ref] = InstrumentId(instrument_id)
    await repository.add_instruments(uow.session, instruments)
    await repository.add_aliases(uow.session, aliases)
    return known


def _key(scheme: str, value: str, ref: InstrumentRef) -> tuple[str, str, str | None]:
    return scheme, value, None if scheme in STRONG else ref.currency


def _instrument(instrument_id: UUID, ref: InstrumentRef) -> dict[str, Any]:
    symbol = ref.symbol or ref.isin or ref.cusip or ref.figi or (ref.name or "?")[:80]
    return {
        "id": instrument_id,
        "symbol": symbol,
        "exchange": ref.exchange,
        "name": ref.name or symbol,
        "asset_class": ref.asset_class.value,
        "currency": ref.currency,
    }


def _alias(
    instrument_id: UUID, key: tuple[str, str, str | None], ref: InstrumentRef
) -> dict[str, Any]:
    scheme, value, currency = key
    return {
        "id": new_id(),
        "instrument_id": instrument_id,
        "scheme": scheme,
        "value": value,
        "exchange": ref.exchange if scheme == "symbol" else None,
        "currency": currency,
        "valid_from": ALWAYS,
    }

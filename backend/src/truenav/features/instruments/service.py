"""Which instrument a file means: by ISIN, CUSIP or FIGI first, then by symbol and currency."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import AssetClass, InstrumentRef
from truenav.features.instruments import repository
from truenav.features.instruments.matching import STRONG, Name, Names, match_all, names_of
from truenav.features.instruments.tables import InstrumentAliasRow
from truenav.platform.clock import new_id
from truenav.platform.unit_of_work import UnitOfWork

# Aliases of files carry no dates; they hold from the beginning of what we keep.
ALWAYS = date(1900, 1, 1)
# Shares one contract stands for; a file states it per trade, and it is the same for nearly all.
OPTION_MULTIPLIER = Decimal(100)


async def find_known(
    uow: UnitOfWork, refs: Iterable[InstrumentRef], on: date
) -> dict[InstrumentRef, InstrumentId]:
    """The references that are known already; two queries for all of them."""
    wanted = list(dict.fromkeys(refs))
    return match_all(wanted, await _names(uow, wanted, on))


async def _names(uow: UnitOfWork, refs: Iterable[InstrumentRef], on: date) -> Names:
    """Every name the references could be known by, and all identifiers of who has one."""
    pairs = {pair for ref in refs for pair in names_of(ref)}
    aliases = await repository.find_aliases(uow.session, pairs, on)
    # a name nobody has today still means who had it last: old files go on saying FB
    unheld = pairs - {(alias.scheme, alias.value) for alias in aliases}
    retired = await repository.find_retired(uow.session, unheld, on)
    holders = {alias.instrument_id for alias in (*aliases, *retired)}
    known = {alias.id: alias for alias in aliases}
    for alias in await repository.find_identifiers(uow.session, holders, on):
        known.setdefault(alias.id, alias)
    return Names(
        (_named(alias) for alias in known.values()),
        (_named(alias) for alias in retired),
        own=await repository.kept_among(uow.session, holders),
    )


def _named(alias: InstrumentAliasRow) -> tuple[UUID, Name]:
    return alias.instrument_id, Name(alias.scheme, alias.value, alias.currency)


async def resolve(
    uow: UnitOfWork, refs: Sequence[InstrumentRef], on: date
) -> dict[InstrumentRef, InstrumentId]:
    """Find every reference, adding to the catalogue what nobody has met before.

    References that share a strong identifier are one instrument, as are those that share symbol
    and currency while no identifier says otherwise.
    """
    wanted = list(dict.fromkeys(refs))
    known = match_all(wanted, await _names(uow, wanted, on))
    if len(known) == len(wanted):
        return known
    await repository.lock_catalogue(uow.session)
    names = await _names(uow, wanted, on)  # somebody may have added some before the lock
    known = match_all(wanted, names)
    made: set[UUID] = set()
    instruments: list[dict[str, Any]] = []
    aliases: list[dict[str, Any]] = []
    for ref in wanted:
        if ref in known:
            continue
        instrument_id: UUID | None = names.find(ref)
        if instrument_id is None:
            instrument_id = new_id()
            made.add(instrument_id)
            instruments.append(_instrument(instrument_id, ref))
        learned = names.learn(ref, instrument_id)
        if instrument_id in made:  # one tenant's file does not rename what others hold
            aliases += [_alias(instrument_id, name, ref) for name in learned]
        known[ref] = InstrumentId(instrument_id)
    await repository.add_instruments(uow.session, instruments)
    await repository.add_aliases(uow.session, aliases)
    return known


async def add_new(uow: UnitOfWork, ref: InstrumentRef) -> UUID:
    """Add an instrument although others may go by its ticker, too; nobody else learns of it."""
    instrument_id = new_id()
    await repository.add_instruments(uow.session, [_instrument(instrument_id, ref)])
    names = [
        Name(scheme, value, None if scheme in STRONG else ref.currency)
        for scheme, value in names_of(ref)
    ]
    rows = [_alias(instrument_id, name, ref) for name in names]
    await repository.add_aliases(uow.session, rows)
    return instrument_id


def _instrument(instrument_id: UUID, ref: InstrumentRef) -> dict[str, Any]:
    symbol = ref.symbol or ref.isin or ref.cusip or ref.figi or (ref.name or "?")[:80]
    return {
        "id": instrument_id,
        "symbol": symbol,
        "exchange": ref.exchange,
        "name": ref.name or symbol,
        "asset_class": ref.asset_class.value,
        "currency": ref.currency,
        "multiplier": OPTION_MULTIPLIER if ref.asset_class is AssetClass.OPTION else Decimal(1),
    }


def _alias(instrument_id: UUID, name: Name, ref: InstrumentRef) -> dict[str, Any]:
    scheme, value, currency = name
    return {
        "id": new_id(),
        "instrument_id": instrument_id,
        "scheme": scheme,
        "value": value,
        "exchange": ref.exchange if scheme == "symbol" else None,
        "currency": currency,
        "valid_from": ALWAYS,
    }

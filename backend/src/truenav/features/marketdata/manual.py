"""A tenant's own prices: set, replaced, removed, pasted; what follows from them is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from truenav.core.events import MarketChanged
from truenav.core.ids import AccountId
from truenav.core.marketdata.pasted import PasteFault, check_price_day, read_pasted
from truenav.core.marketdata.selection import MANUAL
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.marketdata import own_prices
from truenav.features.marketdata.schemas import ManualPriceIn
from truenav.features.marketdata.tables import ManualPriceRow
from truenav.platform.audit import record
from truenav.platform.problems import InvalidFields, NotFound, StaleVersion
from truenav.platform.unit_of_work import UnitOfWork

# Zones run ahead of UTC: somewhere it is tomorrow already.
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What became of pasted lines; with a fault nothing is stored."""

    stored: int = 0
    replaced: int = 0
    unchanged: int = 0
    faults: Sequence[PasteFault] = ()


def _check(instrument: InstrumentRow, currency: str, pointer: str) -> None:
    if currency != instrument.currency:
        why = f"{instrument.symbol} is priced in {instrument.currency}"
        raise InvalidFields([(pointer, why)])


async def set_price(
    uow: UnitOfWork, instrument: InstrumentRow, day: date, body: ManualPriceIn, today: date
) -> ManualPriceRow:
    """Set the tenant's own price of a day.

    Raises:
        InvalidFields: not above zero, another currency than the instrument's, a day to come.
        StaleVersion: the day has another price by now than the one that was seen.
    """
    _check(instrument, body.currency, "/body/currency")
    if body.close <= 0:
        raise InvalidFields([("/body/close", "a price is above zero")])
    try:
        check_price_day(day, today + AHEAD)
    except ValueError as error:
        raise InvalidFields([("/path/price_date", str(error))]) from error
    values = {
        "close": body.close, "currency": body.currency, "note": body.note or None,
        "source": MANUAL,
    }  # fmt: skip
    if body.version is None:
        row = {**values, **_key(uow, instrument.id, day)}
        done = bool(await own_prices.add(uow.session, [row]))
    else:
        values["set_by"] = uow.user_id
        done = await own_prices.change(uow.session, instrument.id, day, body.version, values)
    stored = await own_prices.find(uow.session, instrument.id, day)
    if not done or stored is None:
        seen = {"version": stored.version if stored is not None else None}
        raise StaleVersion("the price of this day is another by now", seen)
    await record(
        uow, "manual_price.set", "instrument", instrument.id,
        new_value={"price_date": day.isoformat(), "close": f"{body.close:f}"},
    )  # fmt: skip
    await announce(uow, instrument.id, day)
    return stored


def _key(uow: UnitOfWork, instrument_id: UUID, day: date) -> dict[str, object]:
    return {
        "tenant_id": uow.tenant_id,
        "instrument_id": instrument_id,
        "price_date": day,
        "set_by": uow.user_id,
    }


async def remove_price(uow: UnitOfWork, instrument: InstrumentRow, day: date, version: int) -> None:
    """Take the tenant's own price of a day out: what sources say counts again.

    Raises:
        NotFound: the day has none.
        StaleVersion: it is another by now than the one that was seen.
    """
    stored = await own_prices.find(uow.session, instrument.id, day)
    if stored is None:
        raise NotFound("no price of your own on this day")
    if not await own_prices.remove(uow.session, instrument.id, day, version):
        raise StaleVersion("the price of this day is another by now", {"version": stored.version})
    await record(
        uow, "manual_price.remove", "instrument", instrument.id,
        old_value={"price_date": day.isoformat(), "close": f"{stored.close:f}"},
    )  # fmt: skip
    await announce(uow, instrument.id, day)


async def paste_prices(
    uow: UnitOfWork, instrument: InstrumentRow, text: str, currency: str, today: date
) -> Pasted:
    """Store pasted prices, all or none; of a day that has an own price, the pasted one counts.

    Raises:
        InvalidFields: another currency than the instrument's.
    """
    _check(instrument, currency, "/body/currency")
    found, faults = read_pasted(text, today + AHEAD)
    if faults:
        return Pasted(faults=faults)
    rows = [
        {**_key(uow, instrument.id, day), "close": close, "currency": currency, "note": None}
        for day, close in found.items()
    ]
    added = set(await own_prices.add(uow.session, rows))
    changed = await _replace(
        uow, instrument, currency, {d: c for d, c in found.items() if d not in added}
    )
    if added or changed:
        await record(
            uow, "manual_price.paste", "instrument", instrument.id,
            new_value={"stored": len(added), "replaced": len(changed)},
        )  # fmt: skip
        await announce(uow, instrument.id, min({*added, *changed}))
    return Pasted(
        stored=len(added),
        replaced=len(changed),
        unchanged=len(found) - len(added) - len(changed),
    )


async def _replace(
    uow: UnitOfWork, instrument: InstrumentRow, currency: str, closes: dict[date, Decimal]
) -> list[date]:
    changed = []
    for day, close in closes.items():
        stored = await own_prices.find(uow.session, instrument.id, day)
        if stored is None or (stored.close, stored.currency) == (close, currency):
            continue
        values = {
            "close": close, "currency": currency, "set_by": uow.user_id, "source": MANUAL,
        }  # fmt: skip
        if await own_prices.change(uow.session, instrument.id, day, stored.version, values):
            changed.append(day)
    return changed


async def announce(uow: UnitOfWork, instrument_id: UUID, earliest: date) -> None:
    """Ask for the snapshots that follow, of every account that has records of the instrument."""
    for account_id, first in await own_prices.holders(uow.session, instrument_id):
        uow.emit(MarketChanged(AccountId(account_id), max(earliest, first)))

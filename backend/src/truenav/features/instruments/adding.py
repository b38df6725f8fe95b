"""Adding an instrument by hand, and renaming one; by the catalogue's functions only."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.instrument_codes import is_isin
from truenav.core.ledger.transactions import AssetClass, InstrumentRef
from truenav.core.money import CURRENCIES
from truenav.features.instruments import repository
from truenav.features.instruments.service import add_new
from truenav.features.instruments.tables import InstrumentRow
from truenav.platform.audit import record
from truenav.platform.clock import new_id
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork

MOST_KEPT = 1000  # of one tenant
RENAME = text("SELECT catalogue.rename_instrument(:id, :alias_id, :symbol, :from_day)")


class TickerTaken(TruenavError):
    """The ticker is another instrument's on that exchange, or a later name stands already."""

    kind = ErrorKind.CONFLICT
    code = "ticker_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An instrument as somebody typed it."""

    symbol: str
    name: str
    exchange: str | None
    currency: str
    asset_class: str
    isin: str | None


async def add(uow: UnitOfWork, typed: Typed) -> InstrumentRow:
    """The instrument that was meant, which the tenant may know of from now on.

    It is one that is there already when it has the ISIN, or the ticker on that exchange, or when
    the tenant knows it by its ticker. What only other tenants know by a bare ticker stays unknown:
    an instrument of its own is added.

    Raises:
        InvalidFields: a currency or an ISIN that is none, or too many added already.
    """
    _check(typed)
    if await repository.count_kept(uow.session) >= MOST_KEPT:
        raise InvalidFields([("/body/symbol", f"{MOST_KEPT} were added already")])
    # two adders of one thing: the second finds what the first has added
    await repository.lock_catalogue(uow.session)
    found = await _meant(uow, typed)
    if found is None:
        found = await add_new(
            uow,
            InstrumentRef(
                symbol=typed.symbol, isin=typed.isin, name=typed.name, exchange=typed.exchange,
                currency=typed.currency, asset_class=AssetClass(typed.asset_class),
            ),
        )  # fmt: skip
    await repository.keep(uow.session, uow.tenant_id, found, uow.user_id)
    await record(uow, "instrument.add", "instrument", found, new_value={"symbol": typed.symbol})
    made = await repository.find_visible(uow.session, found)
    if made is None:
        raise NotFound("no such instrument")
    return made


def _check(typed: Typed) -> None:
    wrong = []
    if typed.currency not in CURRENCIES:
        wrong.append(("/body/currency", "this is no currency"))
    if typed.isin is not None and not is_isin(typed.isin):
        wrong.append(("/body/isin", "its check digit does not fit; an ISIN has twelve signs"))
    if wrong:
        raise InvalidFields(wrong)


async def _meant(uow: UnitOfWork, typed: Typed) -> UUID | None:
    session = uow.session
    if typed.isin is not None:
        by_isin = await repository.find_holder(session, "isin", typed.isin)
        if by_isin is not None:
            return by_isin
    if typed.exchange is not None:
        listed = await repository.find_holder(
            session, "symbol", typed.symbol, exchange=typed.exchange, currency=typed.currency
        )
        if listed is not None:
            return listed
    known = await repository.find_known_symbol(session, typed.symbol, typed.currency)
    if known is None or typed.isin is None:
        return known
    # the same ticker with another ISIN is another thing
    others = await repository.identifiers_of(session, known, "isin")
    return None if others else known


async def rename(uow: UnitOfWork, instrument_id: UUID, symbol: str, from_day: date) -> None:
    """Give an instrument another ticker from a day on, as the operator who asks.

    The old one stays its name before that day. History, records and identifiers are untouched.

    Raises:
        NotFound: there is no such instrument.
        TickerTaken: by another on that exchange; or it has a name that began later, or this one.
    """
    old = await repository.symbol_of(uow.session, instrument_id)
    if old is None:
        raise NotFound("no such instrument")
    values = {
        "id": instrument_id, "alias_id": new_id(), "symbol": symbol, "from_day": from_day,
    }  # fmt: skip
    try:
        async with uow.session.begin_nested():
            is_done = await uow.session.scalar(RENAME, values)
    except IntegrityError as error:
        raise TickerTaken(f"{symbol} is another instrument's then") from error
    if not is_done:
        raise TickerTaken("it is called so already, or by a name that began on a later day")
    await record(
        uow, "instrument.rename", "instrument", instrument_id,
        old_value={"symbol": old},
        new_value={"symbol": symbol, "from_date": from_day.isoformat()},
    )  # fmt: skip

"""Which instrument a file means, when names repeat, change or say too little."""

from datetime import date
from uuid import UUID

from tests.builders import Member, add_instrument
from tests.conftest import Connection
from tests.features.importing import a_symbol, an_isin
from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import AssetClass, InstrumentRef
from truenav.features.instruments.service import find_known, resolve
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

TODAY = date(2026, 3, 5)


def a_ref(
    symbol: str | None = None, isin: str | None = None, currency: str = "USD"
) -> InstrumentRef:
    return InstrumentRef(symbol=symbol, isin=isin, name="ACME", currency=currency)


async def resolved(sessions: Sessions, member: Member, *refs: InstrumentRef) -> list[InstrumentId]:
    """What a file of these references ends up with; its preview must have said the same."""
    async with open_unit_of_work(sessions, member.tenant_id) as uow:
        previewed = await find_known(uow, refs, TODAY)
        found = await resolve(uow, list(refs), TODAY)
        again = await find_known(uow, refs, TODAY)
    assert {ref: found[ref] for ref in previewed} == previewed
    assert again == found
    return [found[ref] for ref in refs]


def add_isin(connection: Connection, instrument_id: UUID, isin: str) -> None:
    connection.execute(
        "INSERT INTO instrument_aliases (id, instrument_id, scheme, value, valid_from)"
        " VALUES (gen_random_uuid(), %s, 'isin', %s, '1900-01-01')",
        (instrument_id, isin),
    )


async def test_a_name_nobody_has_met_is_added_once(sessions: Sessions, member: Member) -> None:
    symbol = a_symbol()
    first = await resolved(sessions, member, a_ref(symbol))
    assert await resolved(sessions, member, a_ref(symbol)) == first


async def test_one_isin_is_one_instrument_under_any_ticker(
    sessions: Sessions, member: Member
) -> None:
    isin = an_isin()
    first, old = await resolved(sessions, member, a_ref(a_symbol(), isin), a_ref(a_symbol(), isin))
    (later,) = await resolved(sessions, member, a_ref(a_symbol(), isin))
    assert first == old == later


async def test_one_ticker_with_two_isins_is_two_instruments(
    sessions: Sessions, member: Member
) -> None:
    # a reverse split: the same ticker goes on under a new ISIN
    symbol, before, after = a_symbol(), an_isin(), an_isin()
    old, new = await resolved(sessions, member, a_ref(symbol, before), a_ref(symbol, after))
    assert old != new
    # the same on another day, whichever comes alone
    assert await resolved(sessions, member, a_ref(symbol, after)) == [new]
    assert await resolved(sessions, member, a_ref(symbol, before)) == [old]


async def test_a_new_isin_of_a_known_ticker_is_another_instrument(
    sessions: Sessions, member: Member
) -> None:
    symbol = a_symbol()
    (old,) = await resolved(sessions, member, a_ref(symbol, an_isin()))
    (new,) = await resolved(sessions, member, a_ref(symbol, an_isin()))
    assert old != new


async def test_a_ticker_alone_means_the_same_instrument_every_time(
    sessions: Sessions, member: Member
) -> None:
    symbol = a_symbol()
    old, _ = await resolved(sessions, member, a_ref(symbol, an_isin()), a_ref(symbol, an_isin()))
    assert await resolved(sessions, member, a_ref(symbol)) == [old]
    assert await resolved(sessions, member, a_ref(symbol)) == [old]


async def test_of_two_listed_under_one_ticker_the_same_is_taken_every_time(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    # ids made within a millisecond are in no order
    first, _ = sorted(add_instrument(admin_connection, symbol=symbol) for _ in range(2))
    assert await resolved(sessions, member, a_ref(symbol)) == [first]


async def test_what_a_ticker_tells_about_an_isin_counts_for_the_whole_file(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    # known by ticker alone; the file has its ISIN beside the ticker, and beside an old ticker
    symbol, isin = a_symbol(), an_isin()
    listed = add_instrument(admin_connection, symbol=symbol)
    for refs in (
        [a_ref(symbol, isin), a_ref(f"{symbol}.OLD", isin)],
        [a_ref(f"{symbol}.OLD", isin), a_ref(symbol, isin)],
    ):
        assert await resolved(sessions, member, *refs) == [listed, listed]


async def test_two_isins_cannot_both_be_the_one_known_by_ticker(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    listed = add_instrument(admin_connection, symbol=symbol)
    first, second = await resolved(
        sessions, member, a_ref(symbol, an_isin()), a_ref(symbol, an_isin())
    )
    assert first == listed
    assert second != listed


async def test_a_ticker_never_overrules_an_isin(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    symbol, isin = a_symbol(), an_isin()
    add_isin(admin_connection, add_instrument(admin_connection, symbol=symbol), isin)
    renamed = add_instrument(admin_connection, symbol=a_symbol())
    add_isin(admin_connection, renamed, other := an_isin())
    assert await resolved(sessions, member, a_ref(symbol, other)) == [renamed]


async def test_one_ticker_in_two_currencies_is_two_instruments(
    sessions: Sessions, member: Member
) -> None:
    symbol = a_symbol()
    dollars, pounds = await resolved(sessions, member, a_ref(symbol), a_ref(symbol, currency="GBP"))
    assert dollars != pounds


async def test_one_tenants_file_gives_no_names_to_what_others_hold(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    symbol, isin = a_symbol(), an_isin()
    listed = add_instrument(admin_connection, symbol=symbol)
    await resolved(sessions, member, a_ref(symbol, isin))
    names = admin_connection.execute(
        "SELECT scheme, value FROM instrument_aliases WHERE instrument_id = %s", (listed,)
    ).fetchall()
    assert names == [("symbol", symbol)]


async def test_an_option_stands_for_a_hundred_shares(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    option = InstrumentRef(symbol=a_symbol(), currency="USD", asset_class=AssetClass.OPTION)
    found = await resolved(sessions, member, option, a_ref(a_symbol()))
    multipliers = admin_connection.execute(
        "SELECT asset_class, multiplier::int FROM instruments WHERE id = ANY(%s) ORDER BY 2 DESC",
        (found,),
    ).fetchall()
    assert multipliers == [("option", 100), ("other", 1)]

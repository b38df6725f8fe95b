"""Which instrument a file means, when names repeat, change or say too little."""

from datetime import date
from uuid import UUID

import psycopg
import pytest

from tests.builders import Member, add_instrument, add_member
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


def rename_instrument(connection: Connection, made: UUID, symbol: str, on: date) -> None:
    """As an operator does."""
    who = add_member(connection)
    connection.execute("UPDATE users SET is_operator = true WHERE id = %s", (who.user_id,))
    with connection.transaction():
        connection.execute("SELECT set_config('app.user', %s, true)", (str(who.user_id),))
        connection.execute(
            "SELECT catalogue.rename_instrument(%s, gen_random_uuid(), %s, %s)", (made, symbol, on)
        )


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


class TestRenames:
    """Facebook became Meta on 2022-06-09; tickers are reused, identities are not."""

    before, since = date(2022, 6, 8), date(2022, 6, 9)

    def listed(self, connection: Connection, symbol: str, exchange: str = "XNAS") -> UUID:
        made = add_instrument(connection, symbol=symbol)
        connection.execute("UPDATE instruments SET exchange = %s WHERE id = %s", (exchange, made))
        connection.execute(
            "UPDATE instrument_aliases SET exchange = %s WHERE instrument_id = %s AND"
            " scheme = 'symbol'",
            (exchange, made),
        )
        return made

    async def known(
        self, sessions: Sessions, member: Member, symbol: str, on: date
    ) -> InstrumentId | None:
        async with open_unit_of_work(sessions, member.tenant_id) as uow:
            return (await find_known(uow, [a_ref(symbol)], on)).get(a_ref(symbol))

    async def test_each_name_means_it_in_its_time_and_old_files_go_on_finding_it(
        self, sessions: Sessions, member: Member, admin_connection: Connection
    ) -> None:
        old, new = a_symbol(), a_symbol()
        made = self.listed(admin_connection, old)

        for _ in range(2):  # safe to repeat
            rename_instrument(admin_connection, made, new, self.since)

        assert await self.known(sessions, member, old, self.before) == made
        assert await self.known(sessions, member, new, self.before) is None
        assert await self.known(sessions, member, new, self.since) == made
        # a file of today that still says the old ticker, which nobody else has
        assert await self.known(sessions, member, old, TODAY) == made
        names = admin_connection.execute(
            "SELECT value, valid_to FROM instrument_aliases WHERE instrument_id = %s"
            " AND scheme = 'symbol' ORDER BY valid_from",
            (made,),
        ).fetchall()
        assert names == [(old, self.since), (new, None)]

    async def test_one_ticker_is_two_companies_over_time(
        self, sessions: Sessions, member: Member, admin_connection: Connection
    ) -> None:
        ticker = a_symbol()
        first = self.listed(admin_connection, ticker)
        rename_instrument(admin_connection, first, a_symbol(), self.since)
        second = self.listed(admin_connection, a_symbol())
        rename_instrument(admin_connection, second, ticker, date(2024, 1, 2))

        assert await self.known(sessions, member, ticker, self.before) == first
        assert await self.known(sessions, member, ticker, date(2023, 6, 1)) == first
        assert await self.known(sessions, member, ticker, TODAY) == second

    def test_at_one_time_a_ticker_of_an_exchange_is_one_instrument(
        self, admin_connection: Connection
    ) -> None:
        taken = a_symbol()
        self.listed(admin_connection, taken)
        other = self.listed(admin_connection, a_symbol())
        elsewhere = self.listed(admin_connection, a_symbol(), exchange="XLON")

        with pytest.raises(psycopg.errors.ExclusionViolation, match="another instrument then"):
            rename_instrument(admin_connection, other, taken, self.since)
        rename_instrument(admin_connection, elsewhere, taken, self.since)

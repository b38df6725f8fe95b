"""Watchlists: made, ordered, noted and quickly added to; by version, within limits, one's own."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.builders import Member, a_key, a_purchase, add_instrument, add_member, create_account
from tests.conftest import ClientMaker, Connection
from tests.features.importing import problem

Body = dict[str, Any]
PATH = "/api/v1/watchlists"
SYMBOLS = ("WATCHA", "WATCHB", "WATCHC")


@pytest.fixture
def member(admin_connection: Connection) -> Member:
    return add_member(admin_connection)


@pytest.fixture
def client(make_client: ClientMaker, member: Member) -> httpx.AsyncClient:
    return make_client(member)


@pytest.fixture
def three(admin_connection: Connection) -> list[UUID]:
    """Instruments that everybody may know of."""
    return [add_instrument(admin_connection, symbol=symbol) for symbol in SYMBOLS]


def done(answer: httpx.Response) -> Body:
    assert answer.status_code in {200, 201}, answer.text
    body: Body = answer.json()
    return body


async def make(client: httpx.AsyncClient, name: str) -> Body:
    return done(await client.post(PATH, json={"name": name}, headers=a_key()))


async def watch(
    client: httpx.AsyncClient, made: Body, instrument_id: UUID, **more: Any
) -> httpx.Response:
    body = {"instrument_id": str(instrument_id), **more}
    return await client.post(f"{PATH}/{made['id']}/items", json=body)


async def filled(client: httpx.AsyncClient, three: list[UUID], name: str = "Ideas") -> Body:
    made = await make(client, name)
    for one in three:
        made = done(await watch(client, made, one))
    return made


async def lists(client: httpx.AsyncClient) -> list[Body]:
    items: list[Body] = done(await client.get(PATH))["items"]
    return items


def symbols(made: Body) -> list[str]:
    return [item["symbol"] for item in made["items"]]


def audited(connection: Connection, member: Member) -> list[str]:
    rows = connection.execute(
        "SELECT action FROM audit_log WHERE tenant_id = %s AND action LIKE 'watchlist%%'"
        " ORDER BY sequence",
        (member.tenant_id,),
    )
    return [str(row[0]) for row in rows]


class TestLists:
    async def test_at_first_there_is_none(self, client: httpx.AsyncClient) -> None:
        assert await lists(client) == []

    async def test_a_new_one_is_the_last_and_empty(self, client: httpx.AsyncClient) -> None:
        for name in ("Zebras", "Apples"):
            made = await make(client, f"  {name} ")

        assert [(one["name"], one["version"]) for one in await lists(client)] == [
            ("Zebras", 1), ("Apples", 1),
        ]  # fmt: skip
        assert made["items"] == []

    async def test_the_same_attempt_makes_one(self, client: httpx.AsyncClient) -> None:
        key = a_key()
        made = [done(await client.post(PATH, json={"name": "Once"}, headers=key)) for _ in range(2)]

        assert made[0] == made[1]
        assert len(await lists(client)) == 1

    @pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines", "a\x00b"])
    async def test_a_name_is_one_line_of_80_at_most(
        self, client: httpx.AsyncClient, name: str
    ) -> None:
        answer = await client.post(PATH, json={"name": name}, headers=a_key())

        assert problem(answer) == (422, "invalid_request")
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/body/name"]

    async def test_two_cannot_share_a_name(self, client: httpx.AsyncClient) -> None:
        await make(client, "Ideas")
        other = await make(client, "Others")
        again = await client.post(PATH, json={"name": "Ideas"}, headers=a_key())
        renamed = await client.patch(f"{PATH}/{other['id']}", json={"version": 1, "name": "Ideas"})

        assert problem(again) == problem(renamed) == (409, "watchlist_name_taken")
        assert again.json()["params"] == {"name": "Ideas"}

    async def test_renamed_by_who_saw_it(self, client: httpx.AsyncClient) -> None:
        path = f"{PATH}/{(await make(client, 'Ideas'))['id']}"
        first = done(await client.patch(path, json={"version": 1, "name": "Plans"}))
        second = await client.patch(path, json={"version": 1, "name": "Mine"})
        same = done(await client.patch(path, json={"version": 2, "name": "Plans"}))

        assert (first["name"], first["version"]) == ("Plans", 2)
        assert problem(second) == (409, "stale_version")
        assert second.json()["current"] == first
        assert same["version"] == 3

    async def test_fifty_and_no_more(self, client: httpx.AsyncClient) -> None:
        for number in range(50):
            await make(client, f"List {number}")
        answer = await client.post(PATH, json={"name": "One more"}, headers=a_key())

        assert problem(answer) == (409, "too_many_watchlists")
        assert answer.json()["params"] == {"most": "50"}
        assert len(await lists(client)) == 50

    async def test_two_made_at_once_have_places_of_their_own(
        self, client: httpx.AsyncClient
    ) -> None:
        await asyncio.gather(*(make(client, name) for name in "abcdef"))

        assert sorted(one["name"] for one in await lists(client)) == list("abcdef")

    async def test_reordered_as_a_whole(self, client: httpx.AsyncClient) -> None:
        a, b, c = [await make(client, name) for name in "abc"]
        seen = [{"id": one["id"], "version": 1} for one in (c, b, a)]
        after = done(await client.put(f"{PATH}/order", json={"items": seen}))

        # b stands where it stood
        assert [(one["name"], one["version"]) for one in after["items"]] == [
            ("c", 2), ("b", 1), ("a", 2),
        ]  # fmt: skip
        assert await lists(client) == after["items"]

    async def test_who_did_not_see_the_last_order_is_told_of_it(
        self, client: httpx.AsyncClient
    ) -> None:
        a, b = [await make(client, name) for name in "ab"]
        path, seen = f"{PATH}/order", {one["id"]: {"id": one["id"], "version": 1} for one in (a, b)}
        wanted = {"items": [seen[b["id"]], seen[a["id"]]]}
        done(await client.put(path, json=wanted))
        again = await client.put(path, json=wanted)
        without_one = await client.put(path, json={"items": [{"id": a["id"], "version": 2}]})
        twice = await client.put(path, json={"items": [{"id": a["id"], "version": 2}] * 2})

        assert problem(again) == problem(without_one) == (409, "stale_version")
        assert [one["name"] for one in again.json()["current"]["items"]] == ["b", "a"]
        assert problem(twice) == (422, "invalid_fields")

    async def test_a_removed_one_is_gone_with_what_was_on_it(
        self, client: httpx.AsyncClient, three: list[UUID], admin_connection: Connection
    ) -> None:
        made = await filled(client, three)
        kept = await make(client, "Kept")
        path = f"{PATH}/{made['id']}"
        stale = await client.delete(path, params={"version": "1"})
        gone = await client.delete(path, params={"version": str(made["version"])})

        assert problem(stale) == (409, "stale_version")
        assert stale.json()["current"] == made
        assert gone.status_code == 204
        assert await lists(client) == [kept]
        left = admin_connection.execute(
            "SELECT count(*) FROM watchlist_items WHERE watchlist_id = %s", (made["id"],)
        ).fetchone()
        assert left == (0,)
        assert problem(await client.delete(path, params={"version": "4"})) == (404, "not_found")
        assert problem(await watch(client, made, three[0])) == (404, "not_found")
        # its name is free, and a new one comes last
        await make(client, "Ideas")
        assert [one["name"] for one in await lists(client)] == ["Kept", "Ideas"]


class TestItems:
    async def test_quickly_added_at_the_end_named_and_counted(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three)

        assert symbols(made) == list(SYMBOLS)
        assert made["version"] == 4
        assert made["items"][0] == {
            "instrument_id": str(three[0]), "symbol": "WATCHA", "name": "WATCHA Inc.",
            "currency": "USD", "note": "",
        }  # fmt: skip
        assert await lists(client) == [made]

    async def test_put_back_where_it_stood_with_its_note(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three)
        path = f"{PATH}/{made['id']}/items/{three[1]}"
        without = done(await client.delete(path, params={"version": "4"}))
        back = done(await watch(client, made, three[1], place=1, note="dear"))
        beyond = await make(client, "Other")
        beyond = done(await watch(client, beyond, three[0], place=7))

        assert symbols(without) == ["WATCHA", "WATCHC"]
        assert symbols(back) == list(SYMBOLS)
        assert back["items"][1]["note"] == "dear"
        assert symbols(beyond) == ["WATCHA"]

    async def test_after_one_was_taken_from_the_end_the_next_comes_last(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three[:2])
        path = f"{PATH}/{made['id']}/items/{three[0]}"
        done(await client.delete(path, params={"version": "3"}))
        after = done(await watch(client, made, three[2]))

        assert symbols(after) == ["WATCHB", "WATCHC"]

    async def test_twice_is_refused_by_name(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three)
        answer = await watch(client, made, three[1])

        assert problem(answer) == (409, "already_watched")
        assert answer.json()["detail"] == "WATCHB is on this list already"
        assert answer.json()["params"] == {"symbol": "WATCHB"}
        assert await lists(client) == [made]

    async def test_one_instrument_can_be_on_several_lists(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        for name in ("Ideas", "Others"):
            await filled(client, three[:1], name)

        assert [symbols(one) for one in await lists(client)] == [["WATCHA"], ["WATCHA"]]

    async def test_an_unknown_one_is_not_there_and_the_field_is_named(
        self, client: httpx.AsyncClient
    ) -> None:
        made = await make(client, "Ideas")
        answer = await watch(client, made, uuid4())

        assert problem(answer) == (404, "not_found")
        assert answer.json()["errors"] == [
            {"pointer": "/body/instrument_id", "detail": "no such instrument"}
        ]
        assert await lists(client) == [made]

    async def test_added_at_once_all_are_there(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await make(client, "Ideas")
        answers = await asyncio.gather(*(watch(client, made, one) for one in [*three, three[0]]))

        assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 409]
        (after,) = await lists(client)
        assert sorted(symbols(after)) == list(SYMBOLS)
        assert after["version"] == 4

    async def test_five_hundred_and_no_more(
        self, client: httpx.AsyncClient, admin_connection: Connection, three: list[UUID]
    ) -> None:
        made = await make(client, "Ideas")
        # what the catalogue would take minutes to be asked for
        admin_connection.execute(
            "WITH made AS (INSERT INTO instruments (id, symbol, name, asset_class, currency)"
            " SELECT gen_random_uuid(), 'MANY' || n, 'Many', 'equity', 'USD'"
            " FROM generate_series(1, 500) n RETURNING id)"
            " INSERT INTO watchlist_items (tenant_id, watchlist_id, instrument_id, place)"
            " SELECT l.tenant_id, l.id, made.id, row_number() OVER () FROM made, watchlists l"
            " WHERE l.id = %s",
            (made["id"],),
        )
        answer = await watch(client, made, three[0])

        assert problem(answer) == (409, "watchlist_full")
        assert answer.json()["params"] == {"most": "500"}
        (full,) = await lists(client)
        ids = [item["instrument_id"] for item in full["items"]]
        turned = {"version": 1, "instrument_ids": ids[::-1]}
        after = done(await client.put(f"{PATH}/{made['id']}/order", json=turned))
        assert [item["instrument_id"] for item in after["items"]] == ids[::-1]

    async def test_prices_of_what_is_watched_are_followed(
        self, client: httpx.AsyncClient, admin_connection: Connection, three: list[UUID]
    ) -> None:
        admin_connection.execute(
            "UPDATE instruments SET wanted_at = NULL WHERE id = ANY (%s)", (three,)
        )
        await filled(client, three[:2])

        wanted = admin_connection.execute(
            "SELECT id FROM instruments WHERE wanted_at IS NOT NULL AND id = ANY (%s)", (three,)
        ).fetchall()
        assert {row[0] for row in wanted} == set(three[:2])

    async def test_a_note_is_kept_changed_and_emptied(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three)
        path = f"{PATH}/{made['id']}/items/{three[2]}"
        for version, said in ((4, " below 90 "), (5, "below 80"), (6, "")):
            made = done(await client.patch(path, json={"version": version, "note": said}))

            assert made["items"][2]["note"] == said.strip()
            assert made["version"] == version + 1
        assert await lists(client) == [made]

    @pytest.mark.parametrize("note", ["x" * 501, "two\nlines", "a\x00b"])
    async def test_a_note_is_one_line_of_500_at_most(
        self, client: httpx.AsyncClient, three: list[UUID], note: str
    ) -> None:
        made = await filled(client, three[:1])
        path = f"{PATH}/{made['id']}/items/{three[0]}"
        answer = await client.patch(path, json={"version": 2, "note": note})

        assert problem(answer) == (422, "invalid_request")

    async def test_who_did_not_see_the_last_change_overwrites_nothing(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three)
        one = f"{PATH}/{made['id']}"
        path = f"{one}/items/{three[0]}"
        now = done(await client.patch(path, json={"version": 4, "note": "first"}))
        ids = [str(key) for key in reversed(three)]
        late = [
            await client.patch(path, json={"version": 4, "note": "second"}),
            await client.delete(path, params={"version": "4"}),
            await client.put(f"{one}/order", json={"version": 4, "instrument_ids": ids}),
        ]

        assert [problem(answer) for answer in late] == [(409, "stale_version")] * 3
        assert [answer.json()["current"] for answer in late] == [now] * 3
        assert await lists(client) == [now]

    async def test_what_is_not_on_the_list_cannot_be_noted_or_taken_away(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three[:1])
        path = f"{PATH}/{made['id']}/items/{three[1]}"
        noted = await client.patch(path, json={"version": 2, "note": "x"})
        taken = await client.delete(path, params={"version": "2"})

        assert problem(noted) == problem(taken) == (404, "not_found")

    async def test_reordered_as_a_whole(self, client: httpx.AsyncClient, three: list[UUID]) -> None:
        made = await filled(client, three)
        await filled(client, three, "Others")
        path, ids = f"{PATH}/{made['id']}/order", [str(three[place]) for place in (2, 0, 1)]
        after = done(await client.put(path, json={"version": 4, "instrument_ids": ids}))

        assert (symbols(after), after["version"]) == (["WATCHC", "WATCHA", "WATCHB"], 5)
        assert [symbols(one) for one in await lists(client)] == [symbols(after), list(SYMBOLS)]

    async def test_an_order_names_each_once(
        self, client: httpx.AsyncClient, three: list[UUID]
    ) -> None:
        made = await filled(client, three)
        for wrong in (three[:2], [*three, three[0]], [*three[:2], uuid4()], []):
            body = {"version": 4, "instrument_ids": [str(key) for key in wrong]}
            answer = await client.put(f"{PATH}/{made['id']}/order", json=body)

            assert problem(answer) == (422, "invalid_fields")
            assert answer.json()["errors"][0]["pointer"] == "/body/instrument_ids"
        assert await lists(client) == [made]


class TestWhoMay:
    async def test_an_instrument_only_another_holds_is_no_more_than_none(
        self, client: httpx.AsyncClient, make_client: ClientMaker, admin_connection: Connection
    ) -> None:
        held = add_instrument(admin_connection)
        holder = make_client(add_member(admin_connection))
        bought = a_purchase(await create_account(holder), held)
        done(await holder.post("/api/v1/transactions", json=bought, headers=a_key()))
        # from here on only its holder may know of it
        admin_connection.execute("UPDATE instruments SET is_listed = false WHERE id = %s", (held,))
        theirs, mine = await make(holder, "Ideas"), await make(client, "Ideas")
        refused = [await watch(client, mine, key) for key in (held, uuid4())]

        assert [problem(answer) for answer in refused] == [(404, "not_found")] * 2
        assert refused[0].json()["errors"] == refused[1].json()["errors"]
        assert len(done(await watch(holder, theirs, held))["items"]) == 1

    async def test_an_instrument_of_ones_own_can_be_watched(
        self, client: httpx.AsyncClient, make_client: ClientMaker, admin_connection: Connection
    ) -> None:
        typed = {
            "symbol": "HOUSE", "name": "The house", "currency": "USD", "asset_class": "other",
        }  # fmt: skip
        added = done(await client.post("/api/v1/instruments", json=typed, headers=a_key()))
        made = done(await watch(client, await make(client, "Ideas"), UUID(added["id"])))
        stranger = make_client(add_member(admin_connection))
        refused = await watch(stranger, await make(stranger, "Ideas"), UUID(added["id"]))

        assert symbols(made) == ["HOUSE"]
        assert problem(refused) == (404, "not_found")

    async def test_lists_of_another_are_not_seen_nor_changed(
        self,
        client: httpx.AsyncClient,
        make_client: ClientMaker,
        admin_connection: Connection,
        three: list[UUID],
    ) -> None:
        theirs = await filled(client, three)
        other = make_client(add_member(admin_connection))
        one = f"{PATH}/{theirs['id']}"
        ids = [str(key) for key in three]
        answers = [
            await other.patch(one, json={"version": 4, "name": "Mine"}),
            await other.delete(one, params={"version": "4"}),
            await other.put(f"{one}/order", json={"version": 4, "instrument_ids": ids}),
            await other.patch(f"{one}/items/{three[0]}", json={"version": 4, "note": "x"}),
            await other.delete(f"{one}/items/{three[0]}", params={"version": "4"}),
        ]
        order = await other.put(
            f"{PATH}/order", json={"items": [{"id": theirs["id"], "version": 4}]}
        )

        assert await lists(other) == []
        assert [problem(answer) for answer in answers] == [(404, "not_found")] * 5
        assert problem(order) == (409, "stale_version")
        assert order.json()["current"] == {"items": []}
        # the same name is nobody's but one's own
        assert (await make(other, "Ideas"))["name"] == "Ideas"
        assert await lists(client) == [theirs]

    async def test_a_viewer_reads_and_changes_nothing(
        self,
        client: httpx.AsyncClient,
        make_client: ClientMaker,
        admin_connection: Connection,
        member: Member,
        three: list[UUID],
    ) -> None:
        made = await filled(client, three[:1])
        viewer = make_client(
            add_member(admin_connection, role="viewer", tenant_id=member.tenant_id)
        )

        assert await lists(viewer) == [made]
        assert problem(await watch(viewer, made, three[1])) == (403, "forbidden")
        assert await lists(client) == [made]

    async def test_each_change_is_on_record(
        self,
        client: httpx.AsyncClient,
        admin_connection: Connection,
        member: Member,
        three: list[UUID],
    ) -> None:
        made = await filled(client, three[:2])
        one = f"{PATH}/{made['id']}"
        ids = [str(key) for key in reversed(three[:2])]
        done(await client.put(f"{one}/order", json={"version": 3, "instrument_ids": ids}))
        done(await client.patch(f"{one}/items/{three[0]}", json={"version": 4, "note": "x"}))
        done(await client.delete(f"{one}/items/{three[0]}", params={"version": "5"}))
        done(await client.patch(one, json={"version": 6, "name": "Plans"}))
        seen = {"items": [{"id": made["id"], "version": 7}]}
        done(await client.put(f"{PATH}/order", json=seen))
        await client.delete(one, params={"version": "6"})  # refused: not on record
        await client.delete(one, params={"version": "7"})

        assert audited(admin_connection, member) == [
            "watchlist.create", "watchlist.watch", "watchlist.watch", "watchlist.reorder",
            "watchlist.note", "watchlist.unwatch", "watchlist.rename",
            "watchlist.reorder_lists", "watchlist.remove",
        ]  # fmt: skip

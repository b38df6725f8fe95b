"""Taxonomies through the API: edited by version, taken back, carried to another portfolio."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.builders import Member, a_key, add_instrument
from tests.conftest import Connection
from tests.features.importing import a_symbol, problem
from tests.features.ledgering import get

Body = dict[str, Any]
PATH = "/api/v1/taxonomies"


async def make(client: httpx.AsyncClient, name: str = "Own", **more: str) -> Body:
    """A taxonomy made through the API."""
    answer = await client.post(PATH, json={"name": name, **more}, headers=a_key())
    assert answer.status_code == 201, answer.text
    found: Body = answer.json()
    return found


async def change(
    client: httpx.AsyncClient, method: str, path: str, body: Body | None = None, **query: str
) -> Body:
    """The taxonomy after an edit."""
    answer = await client.request(method, f"{PATH}/{path}", json=body, params=query)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


async def grown(client: httpx.AsyncClient, *names: str) -> tuple[Body, dict[str, str]]:
    """A taxonomy with these categories at its top, and their ids."""
    made = await make(client)
    for name in names:
        body = {"version": made["version"], "name": name}
        made = await change(client, "POST", f"{made['id']}/categories", body)
    return made, {c["name"]: c["id"] for c in made["categories"]}


def put(instrument_id: UUID, *weights: tuple[str, str]) -> Body:
    """Weights of one instrument: (category, ratio)."""
    parts = [{"category_id": key, "weight_ratio": ratio} for key, ratio in weights]
    return {"instrument_id": str(instrument_id), "weights": parts}


async def test_ready_trees_are_the_tenants_own_once_made(client: httpx.AsyncClient) -> None:
    assert (await get(client, "taxonomies")) == {"items": [], "starters": ["sectors", "regions"]}
    sectors = await make(client, "Sectors", starter="sectors")
    top = [c for c in sectors["categories"] if c["parent_id"] is None]

    assert [c["position"] for c in top] == list(range(11))
    assert sectors["categories"][1]["parent_id"] == sectors["categories"][0]["id"]
    listed = (await get(client, "taxonomies"))["items"]
    assert [(t["name"], t["starter"], t["instrument_count"]) for t in listed] == [
        ("Sectors", "sectors", 0)
    ]
    taken = await client.post(PATH, json={"name": "Sectors"}, headers=a_key())
    assert problem(taken) == (409, "taxonomy_name_taken")


async def test_an_edit_names_the_version_it_saw(client: httpx.AsyncClient) -> None:
    made, ids = await grown(client, "Steel", "Bank")
    path = f"{made['id']}/categories/{ids['Steel']}"
    renamed = await change(client, "PATCH", path, {"version": 3, "name": "Iron"})
    stale = await client.patch(f"{PATH}/{path}", json={"version": 3, "name": "Tin"})

    assert (made["version"], renamed["version"]) == (3, 4)
    assert problem(stale) == (409, "stale_version")
    assert stale.json()["current"] == renamed
    assert (await get(client, f"taxonomies/{made['id']}")) == renamed


async def test_moving_and_removing_with_where_instruments_go(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    held, other = add_instrument(admin_connection), add_instrument(admin_connection)
    made, ids = await grown(client, "Energy", "Oil", "Health")
    path = f"{made['id']}/categories"
    place = {"parent_id": ids["Energy"], "position": 0}
    made = await change(client, "PATCH", f"{path}/{ids['Oil']}", {"version": 4, "place": place})
    assert [(c["name"], c["position"]) for c in made["categories"]] == [
        ("Energy", 0), ("Oil", 0), ("Health", 1),
    ]  # fmt: skip
    items = [put(held, (ids["Oil"], "0.5"), (ids["Health"], "0.25")), put(other, (ids["Oil"], "1"))]
    body = {"version": 5, "items": items}
    made = await change(client, "PUT", f"{made['id']}/assignments", body)
    assert len(made["assignments"]) == 3
    before = made
    made = await change(
        client, "DELETE", f"{path}/{ids['Energy']}", version="6", move_to=ids["Health"]
    )

    assert [c["name"] for c in made["categories"]] == ["Health"]
    assert sorted((a["instrument_id"], a["weight_ratio"]) for a in made["assignments"]) == sorted(
        [(str(held), "0.75"), (str(other), "1")]
    )
    # taken back: everything as it was, under a new version
    state = {key: before[key] for key in ("categories", "assignments")}
    back = await change(client, "PUT", f"{made['id']}/content", {"version": 7, **state})
    assert {**back, "version": 6} == before


async def test_a_category_is_never_taken_from_another_taxonomy(client: httpx.AsyncClient) -> None:
    first, _ = await grown(client, "Steel")
    second = await make(client, "Second")
    body = {"version": 1, "categories": first["categories"], "assignments": []}
    refused = await client.put(f"{PATH}/{second['id']}/content", json=body)

    assert problem(refused) == (422, "invalid_fields")
    assert refused.json()["errors"][0]["pointer"] == "/body/categories"
    assert await get(client, f"taxonomies/{first['id']}") == first
    assert await get(client, f"taxonomies/{second['id']}") == second


async def test_weights_above_the_whole_are_refused_and_change_nothing(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    held = add_instrument(admin_connection)
    made, ids = await grown(client, "Steel", "Bank")
    path = f"{PATH}/{made['id']}/assignments"
    items = [put(held, (ids["Steel"], "0.6"), (ids["Bank"], "0.5"))]
    over = await client.put(path, json={"version": 3, "items": items})
    strange = await client.put(path, json={"version": 3, "items": [put(uuid4())]})
    nowhere = await client.put(path, json={"version": 4, "items": [put(held, (str(uuid4()), "1"))]})

    assert problem(over) == (422, "bad_taxonomy")
    assert over.json()["params"] == {"fault": "over_whole"}
    assert strange.status_code == 200  # no weights: nothing is said of it
    assert problem(nowhere) == (422, "bad_taxonomy")
    stored = await client.put(
        path, json={"version": 4, "items": [put(uuid4(), (ids["Bank"], "1"))]}
    )
    assert problem(stored) == (404, "not_found")
    assert (await get(client, f"taxonomies/{made['id']}"))["version"] == 4


async def test_lines_classify_and_make_what_is_missing(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    first, second = a_symbol(), a_symbol()
    held = add_instrument(admin_connection, symbol=first)
    add_instrument(admin_connection, symbol=second)
    made, _ = await grown(client, "Energy")
    path = f"{PATH}/{made['id']}/classify"
    text = f"{first}, energy > Oil, 40 %\n{first}, Health, 0.5\n{second}, Health\n"
    preview = await client.post(path, json={"version": 2, "text": text, "is_preview": True})
    assert (preview.json()["is_done"], preview.json()["new_category_count"]) == (False, 2)
    wrong = await client.post(path, json={"version": 2, "text": text + "NOBODY-HERE, Health"})
    assert [(f["line"], wrong.json()["is_done"]) for f in wrong.json()["faults"]] == [(4, False)]
    done = (await client.post(path, json={"version": 2, "text": text})).json()

    assert (done["is_done"], done["instrument_count"]) == (True, 2)
    names = {c["id"]: c["name"] for c in done["taxonomy"]["categories"]}
    assert sorted(names.values()) == ["Energy", "Health", "Oil"]
    assert sorted(
        (names[a["category_id"]], a["weight_ratio"])
        for a in done["taxonomy"]["assignments"]
        if a["instrument_id"] == str(held)
    ) == [("Health", "0.5"), ("Oil", "0.4")]
    stale = await client.post(path, json={"version": 2, "text": text})
    assert problem(stale) == (409, "stale_version")


async def test_a_file_says_all_there_is(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    held = add_instrument(admin_connection)
    hidden = add_instrument(admin_connection)
    made = await make(client, "Regions", starter="regions")
    japan = next(c["id"] for c in made["categories"] if c["name"] == "Japan")
    europe = next(c["id"] for c in made["categories"] if c["name"] == "Europe")
    items = [put(held, (japan, "0.4"), (europe, "0.1")), put(hidden, (japan, "1"))]
    await change(client, "PUT", f"{made['id']}/assignments", {"version": 1, "items": items})
    file = await get(client, f"taxonomies/{made['id']}/export")
    admin_connection.execute("UPDATE instruments SET is_listed = false WHERE id = %s", (hidden,))
    read = await other_client.post(f"{PATH}/import", json=file, headers=a_key())
    assert read.status_code == 201, read.text
    again = await get(other_client, f"taxonomies/{read.json()['taxonomy']['id']}/export")

    assert len(read.json()["unmatched"]) == 1  # the other one may not know of the hidden one
    symbol = read.json()["unmatched"][0]
    kept = [a for a in file["assignments"] if a["instrument"]["symbol"] != symbol]
    assert again == {**file, "assignments": kept}
    assert len(kept) == 2
    bad = {**file, "name": "Bad", "assignments": [{**kept[0], "path": ["Atlantis"]}]}
    refused = await other_client.post(f"{PATH}/import", json=bad, headers=a_key())
    assert problem(refused) == (422, "invalid_fields")


async def test_one_ticker_in_two_currencies_stays_two_instruments(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    symbol = a_symbol()
    held = [add_instrument(admin_connection, symbol=symbol, currency=c) for c in ("USD", "EUR")]
    made, ids = await grown(client, "Steel")
    items = [put(held[0], (ids["Steel"], "0.4")), put(held[1], (ids["Steel"], "0.7"))]
    made = await change(client, "PUT", f"{made['id']}/assignments", {"version": 2, "items": items})
    file = {**await get(client, f"taxonomies/{made['id']}/export"), "name": "Read back"}
    read = await client.post(f"{PATH}/import", json=file, headers=a_key())

    assert read.status_code == 201, read.text
    assert read.json()["unmatched"] == []
    weights = {a["instrument_id"]: a["weight_ratio"] for a in made["assignments"]}
    back = read.json()["taxonomy"]["assignments"]
    assert {a["instrument_id"]: a["weight_ratio"] for a in back} == weights
    assert len(weights) == 2


class TestCompositions:
    async def test_stated_read_back_and_forgotten(
        self, client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        fund = add_instrument(admin_connection, asset_class="fund")
        symbol = a_symbol()
        share = add_instrument(admin_connection, symbol=symbol)
        path = f"instruments/{fund}/composition"
        assert (await get(client, path))["version"] is None
        read = await client.post(f"/api/v1/{path}/read", json={"text": f"{symbol},60%\nNOPE,1%"})
        assert [f["line"] for f in read.json()["faults"]] == [2]
        parts = [
            {key: part[key] for key in ("instrument_id", "weight_ratio")}
            for part in read.json()["parts"]
        ]
        assert parts == [{"instrument_id": str(share), "weight_ratio": "0.6"}]
        body = {"as_of": "2026-02-27", "parts": parts}
        stated = await client.put(f"/api/v1/{path}", json=body)

        assert (stated.json()["version"], stated.json()["rest_ratio"]) == (1, "0.4")
        again = await client.put(f"/api/v1/{path}", json=body)
        assert problem(again) == (409, "stale_version")
        gone = await client.delete(f"/api/v1/{path}", params={"version": "1"})
        assert gone.status_code == 204
        assert (await get(client, path))["parts"] == []

    async def test_rings_and_more_than_the_whole_are_refused(
        self, client: httpx.AsyncClient, admin_connection: Connection
    ) -> None:
        one, two = add_instrument(admin_connection), add_instrument(admin_connection)

        def of(fund: UUID, part: UUID, ratio: str) -> Body:
            parts = [{"instrument_id": str(part), "weight_ratio": ratio}]
            path = f"/api/v1/instruments/{fund}/composition"
            return {"url": path, "json": {"as_of": "2026-02-27", "parts": parts}}

        assert (await client.put(**of(one, two, "1"))).status_code == 200
        ring = await client.put(**of(two, one, "0.1"))
        itself = await client.put(**of(two, two, "0.1"))
        over = await client.put(**of(two, one, "1.1"))

        assert problem(ring) == (422, "bad_composition")
        assert ring.json()["params"] == {"fault": "cycle"}
        assert problem(itself) == (422, "bad_composition")
        assert problem(over) == (422, "invalid_fields")

    async def test_one_tenants_word_is_not_anothers(
        self,
        client: httpx.AsyncClient,
        other_client: httpx.AsyncClient,
        admin_connection: Connection,
        other_member: Member,
    ) -> None:
        del other_member
        fund, share = add_instrument(admin_connection), add_instrument(admin_connection)
        parts = [{"instrument_id": str(share), "weight_ratio": "1"}]
        path = f"/api/v1/instruments/{fund}/composition"
        await client.put(path, json={"as_of": "2026-02-27", "parts": parts})

        assert (await get(other_client, f"instruments/{fund}/composition"))["parts"] == []

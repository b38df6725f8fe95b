"""Reports: kept with what they were made from, worked out again, told apart by cause."""

import hashlib
import json
import zlib
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.builders import Member, a_key, add_fx_rate, add_member
from tests.conftest import ClientMaker, Connection
from tests.features.conftest import Work, requested, run_request
from tests.features.ledgering import bought, get, post
from tests.features.reporting import (
    KINDS,
    REPORTS,
    Household,
    again,
    by_cause,
    keep,
    reported,
    said,
)
from truenav.core.canonical import canonical, fingerprint


@pytest.fixture
async def household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    """What reports are of."""
    return await reported(client, admin_connection, work)


PATHS = {
    "performance": "performance", "risk": "risk", "waterfall": "performance/waterfall",
    "holdings": "holdings", "nav": "nav", "attribution": "attribution",
}  # fmt: skip


async def page_of(client: httpx.AsyncClient, kind: str) -> dict[str, Any]:
    """What the page of a kind says: that of income is told by three answers."""
    if kind != "income":
        told: dict[str, Any] = await get(client, PATHS[kind])
        return told
    return {
        "received": await get(client, "income"),
        "projection": await get(client, "income/projection"),
        "yields": await get(client, "income/yields"),
    }


@pytest.mark.usefixtures("household")
@pytest.mark.parametrize("kind", KINDS)
async def test_a_report_says_what_its_page_says_and_is_made_again_bit_for_bit(
    client: httpx.AsyncClient, kind: str
) -> None:
    report = await keep(client, kind)
    body = await said(client, report)
    assert json.loads(body) == await page_of(client, kind)
    assert hashlib.sha256(body).hexdigest() == report["answer_sha256"]
    assert len(body) == report["answer_size"]
    found = await again(client, report)
    assert (found["is_equal"], found["recomputed_sha256"]) == (True, report["answer_sha256"])
    assert by_cause(found) == {"data": 0, "records": 0, "calculation": 0}
    assert found["today"]["is_equal"] is True
    since = found["today"]["since"]
    assert (since["record_count"], since["instruments"], since["accounts"]) == (0, [], [])


async def test_every_parameter_is_kept_and_asked_again(
    client: httpx.AsyncClient, household: Household, admin_connection: Connection
) -> None:
    account, of, _ = household
    add_fx_rate(admin_connection, "USD", date(2026, 1, 5), "1.1")
    report = await keep(
        client, "performance", account_id=str(account), period="1M", flow_timing="end_of_day",
        gaps="modified_dietz", fees="gross", taxes="gross", benchmark=str(of), max_points=5,
    )  # fmt: skip
    assert report["parameters"]["benchmark"] == str(of)
    page = await get(
        client, "performance", account_id=str(account), period="1M", flow_timing="end_of_day",
        gaps="modified_dietz", fees="gross", taxes="gross", benchmark=str(of), max_points="5",
    )  # fmt: skip
    assert json.loads(await said(client, report)) == page
    assert (await again(client, report))["today"]["is_equal"] is True
    risk = await keep(
        client, "risk", account_id=str(account), benchmark_id=str(of), confidence="0.99",
        method="lower", window=20, risk_free_ratio="0.03", allow_few=True,
        from_date="2026-01-10", to_date="2026-02-20",
    )  # fmt: skip
    found = await again(client, risk)
    assert (found["is_equal"], found["today"]["is_equal"]) == (True, True)
    detail = await get(client, f"reports/{risk['id']}")
    assert [one["instrument_id"] for one in detail["fingerprint"]["instruments"]] == [str(of)]
    assert [one["last_sequence"] for one in detail["fingerprint"]["accounts"]] == [4]


@pytest.mark.usefixtures("household", "jobs")
async def test_changed_bytes_are_found_told_once_and_stand_on_the_jobs_page(
    client: httpx.AsyncClient, admin_connection: Connection, member: Member
) -> None:
    report = await keep(client, "nav")
    row = admin_connection.execute(
        "SELECT inputs FROM reports WHERE id = %s", (report["id"],)
    ).fetchone()
    assert row is not None
    assert isinstance(row[0], bytes)
    changed = zlib.decompress(row[0]).replace(b'"nav":"2000', b'"nav":"2001', 1)
    admin_connection.execute(
        "UPDATE reports SET inputs = %s WHERE id = %s", (zlib.compress(changed), report["id"])
    )
    found = await again(client, report)
    assert found["is_equal"] is False
    assert found["differences"][0]["pointer"] == "/items/0/nav"
    assert (found["differences"][0]["before"], found["differences"][0]["after"]) == (
        "2000",
        "2001",
    )
    assert (await get(client, f"reports/{report['id']}"))["differed_at"] is not None
    await again(client, report)
    (request,) = requested(admin_connection, member)
    await run_request(request)
    error = admin_connection.execute(
        "SELECT last_error FROM outbox WHERE tenant_id = %s AND topic = %s",
        (member.tenant_id, "reports.difference_found"),
    ).fetchall()
    assert len(error) == 1
    assert str(error[0][0]).startswith("report_differs")


@pytest.mark.usefixtures("household", "jobs")
async def test_damaged_bytes_are_told_and_hide_no_other_answer(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    report = await keep(client, "nav")
    admin_connection.execute(
        "UPDATE reports SET inputs = %s WHERE id = %s", (b"no longer packed", report["id"])
    )
    found = await again(client, report)
    assert (found["is_equal"], found["reason"], found["recomputed_sha256"]) == (False, None, None)
    assert (await get(client, f"reports/{report['id']}"))["differed_at"] is not None
    assert json.loads(await said(client, report)) == await get(client, "nav")


def kept_as(
    connection: Connection, report: dict[str, Any], inputs: dict[str, Any], answer: dict[str, Any]
) -> None:
    """Have a report be what another time kept, with hashes that fit."""
    packed, said = canonical(inputs), canonical(answer)
    connection.execute(
        "UPDATE reports SET inputs = %s, inputs_sha256 = %s, answer = %s, answer_sha256 = %s"
        " WHERE id = %s",
        (zlib.compress(packed), fingerprint(packed), said, fingerprint(said), report["id"]),
    )


def inputs_of(connection: Connection, report: dict[str, Any]) -> dict[str, Any]:
    row = connection.execute("SELECT inputs FROM reports WHERE id = %s", (report["id"],)).fetchone()
    assert row is not None
    assert isinstance(row[0], bytes)
    found: dict[str, Any] = json.loads(zlib.decompress(row[0]))
    return found


@pytest.mark.usefixtures("household")
async def test_holdings_kept_before_they_could_be_of_a_part_are_checked_as_ever(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    report = await keep(client, "holdings")
    inputs, answer = inputs_of(admin_connection, report), json.loads(await said(client, report))
    del inputs["slice"], answer["slice"]
    kept_as(admin_connection, report, inputs, answer)
    found = await again(client, report)
    assert (found["is_equal"], found["reason"]) == (True, None)
    # that the page tells more today is no change of what it told
    assert by_cause(found) == {"data": 0, "records": 0, "calculation": 0}


@pytest.mark.usefixtures("household")
async def test_inputs_of_a_shape_nothing_reads_are_told_and_hide_no_other_answer(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    report = await keep(client, "holdings")
    inputs, answer = inputs_of(admin_connection, report), json.loads(await said(client, report))
    kept_as(admin_connection, report, {**inputs, "day": "tomorrow"}, answer)
    found = await again(client, report)
    assert (found["is_equal"], found["reason"]) == (None, "inputs_unreadable")
    assert found["recomputed_sha256"] is None
    assert found["today"]["is_equal"] is True


@pytest.mark.usefixtures("household")
async def test_what_was_reported_on_a_day(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    first = await keep(client, "nav")
    second = await keep(client, "holdings")
    admin_connection.execute(
        "UPDATE reports SET recorded_at = '2026-02-01 23:59:59+00' WHERE id = %s", (first["id"],)
    )
    listed = await get(client, "reports")
    assert [one["id"] for one in listed["items"]] == [second["id"], first["id"]]
    then = await get(client, "reports", as_reported_on="2026-02-01")
    assert [one["id"] for one in then["items"]] == [first["id"]]
    assert (await get(client, "reports", as_reported_on="2026-01-31"))["items"] == []
    page = await get(client, "reports", limit="1")
    rest = await get(client, "reports", limit="1", cursor=page["next_cursor"])
    assert [one["id"] for one in rest["items"]] == [first["id"]]
    assert (await get(client, "reports", kind="risk"))["items"] == []


@pytest.mark.usefixtures("household")
async def test_a_report_can_be_named_and_deleted_and_otherwise_never_changes(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    report = await keep(client, "nav")
    one = f"{REPORTS}/{report['id']}"
    answer = await client.patch(one, json={"version": 1, "name": "End of February"})
    assert (answer.status_code, answer.json()["name"]) == (200, "End of February")
    stale = await client.patch(one, json={"version": 1, "name": "Mine"})
    assert (stale.status_code, stale.json()["current"]["name"]) == (409, "End of February")
    granted = admin_connection.execute(
        "SELECT column_name FROM information_schema.column_privileges WHERE table_name = 'reports'"
        " AND privilege_type = 'UPDATE' AND grantee LIKE 'truenav%' AND grantee <> 'truenav_owner'"
    ).fetchall()
    assert {str(row[0]) for row in granted} == {"name", "version", "differed_at"}
    assert (await client.delete(one)).status_code == 204
    assert (await client.delete(one)).status_code == 404
    assert (await client.get(f"{one}/body")).status_code == 404
    assert (await client.post(f"{one}/recompute")).status_code == 404


async def test_nothing_is_kept_while_values_are_worked_out(
    client: httpx.AsyncClient, household: Household, work: Work
) -> None:
    account, of, _ = household
    await post(client, bought(account, of, "2026-02-20", "1", "60"))
    body = {"name": "Now", "parameters": {"kind": "nav"}}
    answer = await client.post(REPORTS, json=body, headers=a_key())
    assert (answer.status_code, answer.json()["code"]) == (409, "values_recomputing")
    await work(None)
    key = a_key()
    made = await client.post(REPORTS, json=body, headers=key)
    assert made.status_code == 201
    assert (await client.post(REPORTS, json=body, headers=key)).json() == made.json()


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({"kind": "taxes"}, 422, "invalid_request"),
        ({"kind": "nav", "window": 5}, 422, "invalid_request"),
        ({"kind": "nav", "account_id": str(uuid4())}, 404, "not_found"),
        ({"kind": "performance", "benchmark": str(uuid4())}, 404, "not_found"),
        ({"kind": "risk", "confidence": 0.95}, 422, "invalid_request"),
        (
            {"kind": "performance", "calculation_version": "2026.1", "fees": "gross"},
            422,
            "not_of_that_version",
        ),
    ],
)
async def test_what_cannot_be_asked_cannot_be_kept(
    client: httpx.AsyncClient, parameters: dict[str, Any], status: int, code: str
) -> None:
    body = {"name": "Never", "parameters": parameters}
    answer = await client.post(REPORTS, json=body, headers=a_key())
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@pytest.mark.usefixtures("household")
async def test_a_viewer_reads_and_keeps_nothing(
    client: httpx.AsyncClient,
    member: Member,
    admin_connection: Connection,
    make_client: ClientMaker,
) -> None:
    report = await keep(client, "nav")
    viewer = make_client(add_member(admin_connection, role="viewer", tenant_id=member.tenant_id))
    assert (await viewer.get(f"{REPORTS}/{report['id']}/body")).status_code == 200
    assert (await viewer.delete(f"{REPORTS}/{report['id']}")).status_code == 403


async def test_calculations_are_listed_with_what_changed(client: httpx.AsyncClient) -> None:
    found = await get(client, "calculations")
    of = {one["name"]: one for one in found["items"]}
    assert [v["version"] for v in of["twrr"]["versions"]] == ["2026.3", "2026.2", "2026.1"]
    assert [v["is_live"] for v in of["twrr"]["versions"]] == [True] * 3
    assert [v["version"] for v in of["attribution"]["versions"]] == ["2026.2", "2026.1"]
    assert [v["is_live"] for v in of["lots"]["versions"]] == [True, *[False] * 4]
    assert "less than one unit" in of["twrr"]["versions"][0]["change"]
    assert "breaks no chain" in of["twrr"]["versions"][1]["change"]

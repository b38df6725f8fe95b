"""Income due in the value: every page agrees, nothing dips, nothing counts twice."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from tests.builders import Member, add_instrument, create_account
from tests.conftest import Connection
from tests.features.acting import add_event, done, own
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, get, post, reverse
from tests.servers import Servers
from truenav.entrypoints.worker.nightly import announce_outdated
from truenav.features.valuation.service import CALCULATION_VERSION

D = Decimal
EX, PAY = "2026-02-20", "2026-03-20"


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client, name="Broker")


@pytest.fixture
def zqx(admin_connection: Connection) -> UUID:
    """100, and 98 from its ex-date on."""
    closes = {date(2026, 2, 2): "100", date(2026, 2, 20): "98", date(2026, 3, 5): "98"}
    return add_instrument(admin_connection, prices=closes)


def dividend(connection: Connection, instrument_id: UUID, pay: str | None = PAY) -> UUID:
    return add_event(
        connection, instrument_id, EX, type="cash_dividend", cash_amount="2", currency="USD",
        pay_date=pay,
    )  # fmt: skip


@pytest.fixture
async def household(client: httpx.AsyncClient, account_id: UUID, zqx: UUID, work: Work) -> UUID:
    """Ten units bought with all there was, on 2 February."""
    await post(
        client,
        a_record(account_id, "deposit", "2026-02-02", gross=cash("1000")),
        bought(account_id, zqx, "2026-02-02", "10", "100"),
    )
    await work(None)
    return account_id


async def navs(client: httpx.AsyncClient) -> list[str]:
    """NAV on some days around the ex-date, and on the last one."""
    items = {i["as_of"]: i["nav"] for i in (await get(client, "nav"))["items"]}
    days = ("2026-02-19", "2026-02-20", "2026-03-01", "2026-03-05")
    return [items[day] for day in days]


async def agreed(client: httpx.AsyncClient) -> tuple[str, str]:
    """(NAV, what is due of it), the same on every page and in every explanation."""
    overview, holdings = await get(client, "overview"), await get(client, "holdings")
    past = await get(client, "holdings", as_of="2026-03-05")
    series = (await navs(client))[-1]
    assert overview["nav"] == holdings["nav"] == past["nav"] == series
    assert overview["receivable"] == holdings["total_receivable"]
    for cut in ("instrument", "asset_class", "currency"):
        parts = overview[f"allocation_by_{cut}"]
        assert sum(D(part["value"]) for part in parts) == D(overview["nav"])
    assert (await explain(client, "holdings"))[0] == overview["nav"]
    assert (await explain(client, "nav?on=2026-03-05"))[0] == overview["nav"]
    due, _ = await explain(client, "holdings?figure=receivable")
    assert due == overview["receivable"]
    for cut in ("instrument", "asset_class", "currency", "account"):
        found = await get(client, "allocation", by=cut)
        tops = [node for node in found["nodes"] if node["parent_key"] is None]
        assert sum(D(node["value"]) for node in tops) == D(overview["nav"])
    return overview["nav"], overview["receivable"]


async def bars(client: httpx.AsyncClient, **span: str) -> dict[str, str]:
    """The bars that are not nothing; they add up."""
    found = await get(client, "performance/waterfall", **span)
    assert found["reason"] is None
    amounts = {bar["bar"]: bar["amount"] for bar in found["bars"]}
    whole = D(found["opening_nav"]) + sum(D(amount) for amount in amounts.values())
    assert whole == D(found["closing_nav"])
    return {bar: amount for bar, amount in amounts.items() if D(amount)}


async def test_a_declared_dividend_keeps_the_value_from_dipping(
    client: httpx.AsyncClient, admin_connection: Connection, household: UUID, zqx: UUID, work: Work
) -> None:
    assert await navs(client) == ["1000", "980", "980", "980"]
    event = dividend(admin_connection, zqx)
    await rebuilt(admin_connection, household, work)
    assert await navs(client) == ["1000"] * 4
    assert await agreed(client) == ("1000", "20")
    (item,) = (await get(client, "holdings"))["receivables"]
    assert (item["event_id"], item["net"], item["until"]) == (str(event), "20", "2026-03-31")
    assert (await get(client, "performance"))["time_weighted"]["ratio"] == "0"
    span = {"from": "2026-02-10", "to": "2026-03-05"}
    assert await bars(client, **span) == {"unrealized": "-20", "dividends": "20"}
    waterfall = await get(client, "performance/waterfall", **span)
    (told,) = next(b["records"] for b in waterfall["bars"] if b["bar"] == "dividends")
    assert (told["transaction_id"], told["kind"], told["day"]) == (None, "declared", EX)
    for part in ("by=asset_class&key=receivable", "by=currency&key=USD"):
        await explain_all(client, f"allocation/node?{part}&figure=weight_ratio", most=5)


async def rebuilt(connection: Connection, account_id: UUID, work: Work) -> None:
    """What a new event of the catalogue asks for, as the scheduler would."""
    row = connection.execute(
        "SELECT tenant_id FROM accounts WHERE id = %s", (account_id,)
    ).fetchone()
    assert row is not None
    connection.execute(
        "INSERT INTO outbox (tenant_id, id, topic, payload) VALUES (%s, gen_random_uuid(),"
        " 'valuation.market_changed',"
        " jsonb_build_object('account_id', %s::text, 'earliest', %s::text))",
        (row[0], str(account_id), EX),
    )
    await work(None)


async def test_when_it_is_recorded_it_counts_once_and_the_past_stays(
    client: httpx.AsyncClient, admin_connection: Connection, household: UUID, zqx: UUID, work: Work
) -> None:
    dividend(admin_connection, zqx, "2026-03-02")
    # the broker states no ex-date: that is the event's
    made = await post(
        client,
        a_record(
            household, "dividend", "2026-03-03", instrument_id=zqx, gross=cash("20"),
            tax=cash("3"),
        ),
    )  # fmt: skip
    await work(None)
    assert await navs(client) == ["1000", "997", "997", "997"]
    assert await agreed(client) == ("997", "0")
    assert await bars(client, **{"from": "2026-02-25", "to": "2026-03-05"}) == {}
    whole = await bars(client, **{"from": "2026-02-10", "to": "2026-03-05"})
    assert whole == {"unrealized": "-20", "dividends": "20", "taxes": "-3"}
    gross = await get(client, "performance", fees="gross", taxes="gross")
    assert gross["time_weighted"]["ratio"] == "0"
    await reverse(client, made[0])
    await work(None)
    # declared again, without anything seen withheld
    assert await navs(client) == ["1000"] * 4


async def test_an_amount_that_does_not_agree_is_not_counted_beside_the_event(
    client: httpx.AsyncClient, admin_connection: Connection, household: UUID, zqx: UUID, work: Work
) -> None:
    dividend(admin_connection, zqx, "2026-03-02")
    await post(
        client, a_record(household, "dividend", "2026-03-03", instrument_id=zqx, gross=cash("17"))
    )
    await work(None)
    assert await agreed(client) == ("997", "0")
    assert await navs(client) == ["1000", "997", "997", "997"]


async def test_what_is_expected_of_an_amount_due_is_never_what_was_withheld_later(
    client: httpx.AsyncClient, admin_connection: Connection, household: UUID, zqx: UUID, work: Work
) -> None:
    dividend(admin_connection, zqx)
    before = a_record(
        household, "dividend", "2026-02-10", instrument_id=zqx, gross=cash("10"), tax=cash("1.5")
    )
    await post(client, before)
    await work(None)
    assert await navs(client) == ["1008.5", "1005.5", "1005.5", "1005.5"]  # 20 less 15%
    assert (await get(client, "income/projection"))["declared"]["withheld"] == "3"
    later = a_record(
        household, "tax", "2026-03-03", instrument_id=zqx, gross=cash("-5"), sub_kind="withholding"
    )
    await post(client, later)
    await work(None)
    assert await navs(client) == ["1008.5", "1005.5", "1005.5", "1000.5"]
    assert await agreed(client) == ("1000.5", "17")
    assert (await get(client, "income/projection"))["declared"]["withheld"] == "3"


async def test_a_record_with_its_own_ex_date_needs_no_event(
    client: httpx.AsyncClient, household: UUID, zqx: UUID, work: Work
) -> None:
    await post(
        client,
        a_record(
            household, "dividend", "2026-03-03", instrument_id=zqx, gross=cash("20"), ex_date=EX
        ),
        a_record(
            household, "tax", "2026-03-03", instrument_id=zqx, gross=cash("-5"),
            sub_kind="withholding",
        ),
    )  # fmt: skip
    await work(None)
    assert await navs(client) == ["1000", "995", "995", "995"]


async def test_what_nobody_records_lapses_and_what_is_dismissed_never_counts(
    client: httpx.AsyncClient, admin_connection: Connection, household: UUID, zqx: UUID, work: Work
) -> None:
    event = dividend(admin_connection, zqx, "2026-02-21")  # until 3 March: ex + 10, pay + 10
    await rebuilt(admin_connection, household, work)
    assert await navs(client) == ["1000", "1000", "1000", "980"]
    await done(client, event, "dismiss")
    await work(None)
    assert await navs(client) == ["1000", "980", "980", "980"]
    await done(client, event, "undismiss")
    await work(None)
    assert await navs(client) == ["1000", "1000", "1000", "980"]


async def test_an_own_event_counts_when_it_is_told_and_not_when_it_is_removed(
    client: httpx.AsyncClient, household: UUID, zqx: UUID, work: Work
) -> None:
    del household
    made = await own(
        client, zqx, "cash_dividend", ex_date=EX, pay_date=PAY, cash_amount="2", currency="USD"
    )
    await work(None)
    assert await agreed(client) == ("1000", "20")
    gone = await client.delete(f"/api/v1/corporate-actions/{made['id']}")
    assert gone.status_code == 204
    await work(None)
    assert await agreed(client) == ("980", "0")


async def test_a_rate_nobody_knows_hides_the_value_and_says_why(
    client: httpx.AsyncClient, household: UUID, zqx: UUID, work: Work
) -> None:
    del household
    await own(
        client, zqx, "cash_dividend", ex_date=EX, pay_date=PAY, cash_amount="2", currency="THB"
    )
    await work(None)
    overview = await get(client, "overview")
    assert (overview["nav"], overview["receivable"]) == (None, None)
    assert {u["reason_code"] for u in overview["unknowns"]} == {"fx_missing"}
    assert (await get(client, "holdings"))["receivables"][0]["unknown_reasons"] == ["fx_missing"]


async def test_snapshots_of_another_version_are_made_again(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    servers: Servers,
    database: str,
    member: Member,
    household: UUID,
    zqx: UUID,
    work: Work,
) -> None:
    dividend(admin_connection, zqx)
    admin_connection.execute(
        "UPDATE snapshots SET calculation_version = '2026.1', receivable_value = NULL"
        " WHERE account_id = %s",
        (household,),
    )
    with psycopg.connect(servers.dsn(database, "truenav_worker"), autocommit=True) as worker:
        assert announce_outdated(worker) >= 1
        announce_outdated(worker)  # asking twice asks once
    await work(member)
    assert await navs(client) == ["1000"] * 4
    left: Any = admin_connection.execute(
        "SELECT count(*) FILTER (WHERE calculation_version <> %s), count(*) FROM snapshots"
        " WHERE account_id = %s",
        (CALCULATION_VERSION, household),
    ).fetchone()
    assert left[0] == 0
    assert left[1] == 32  # 2 February to 5 March

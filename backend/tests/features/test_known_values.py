"""Values and returns as they were known on a day are what was answered on that day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import a_key, add_instrument, create_account
from tests.conftest import Connection, Kept
from tests.features.conftest import Work
from tests.features.explaining import explain_all
from tests.features.ledgering import (
    TRANSACTIONS,
    a_record,
    bought,
    cash,
    get,
    post,
    recorded_yesterday,
    reverse,
    sold,
)

NOW = datetime.now(UTC)
YESTERDAY = (NOW - timedelta(days=1)).date().isoformat()
BEFORE = (NOW - timedelta(days=2)).date().isoformat()
PAGES = ("overview", "holdings", "holdings?as_of=2026-01-20", "nav", "nav?from=2026-02-01",
         "performance", "performance?flow_timing=end_of_day", "performance/waterfall",
         "performance/monthly", "performance/rolling?window=1")  # fmt: skip
EXPLAINED = (
    "holdings?figure=nav", "overview?figure=day_change", "overview?figure=realized_gain",
    "overview?figure=net_contributions", "overview?figure=income_ytd",
    "overview?figure=total_gain", "performance?figure=time_weighted",
    "performance?figure=money_weighted", "performance?figure=gain",
)  # fmt: skip
CLOSES = {"2026-01-05": "50", "2026-01-15": "55", "2026-02-10": "60", "2026-02-20": "66"}


class Household:
    """Two accounts of one person, and what was recorded in them."""

    def __init__(self, first: UUID, second: UUID, records: list[dict[str, Any]]) -> None:
        self.first, self.second, self.records = first, second, records
        self.instrument = UUID(records[1]["instrument_id"])


@pytest.fixture
async def household(
    kept: Kept, client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    return await kept.built("household", lambda: _household(client, admin_connection, work))


async def _household(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> Household:
    first, second = await create_account(client), await create_account(client)
    prices = {date.fromisoformat(day): close for day, close in CLOSES.items()}
    instrument = add_instrument(admin_connection, prices=prices)
    other = add_instrument(admin_connection, prices=prices)
    records = await post(
        client,
        a_record(first, "deposit", "2026-01-05", gross=cash("2000")),
        bought(first, instrument, "2026-01-06", "20", "50"),
        a_record(second, "deposit", "2026-01-12", gross=cash("500")),
        bought(second, other, "2026-01-13", "5", "52"),
        sold(first, instrument, "2026-01-16", "4", "55"),
        a_record(first, "dividend", "2026-02-10", instrument_id=instrument, gross=cash("12.50")),
        a_record(first, "withdrawal", "2026-02-12", gross=cash("-100")),
    )
    await work(None)
    return Household(first, second, records)


async def change_everything(client: httpx.AsyncClient, household: Household) -> None:
    """A correction, a reversal, a late deposit and a late purchase of something else."""
    answer = await client.put(
        f"{TRANSACTIONS}/{household.records[1]['id']}",
        json=bought(household.first, household.instrument, "2026-01-06", "30", "51"),
        headers=a_key(),
    )
    assert answer.status_code == 200, answer.text
    assert (await reverse(client, household.records[5])).status_code == 201
    await post(
        client,
        a_record(household.second, "deposit", "2026-01-20", gross=cash("300")),
        bought(household.second, household.instrument, "2026-01-21", "3", "56"),
    )


async def asked(client: httpx.AsyncClient, path: str, **query: str) -> dict[str, Any]:
    """An answer without what is about the machine and not the money."""
    base, _, more = path.partition("?")
    words = dict(pair.split("=") for pair in more.split("&")) if more else {}
    found: dict[str, Any] = await get(client, base, **words, **query)
    found.pop("is_recomputing")
    return found


async def test_pages_say_what_they_said_then(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work, household: Household
) -> None:
    then = {path: await asked(client, path) for path in PAGES}
    alone = await asked(client, "performance", account_id=str(household.first))
    recorded_yesterday(admin_connection, household.first, household.second)
    await change_everything(client, household)
    await work(None)

    for path in PAGES:
        assert await asked(client, path) != then[path], f"{path}: the change changed nothing"
        assert await asked(client, path, as_known_on=YESTERDAY) == then[path], path
    # of one account, too
    one = {"account_id": str(household.first), "as_known_on": YESTERDAY}
    assert await asked(client, "performance", **one) == alone
    # and looking has changed nothing
    now = await asked(client, "overview")
    assert now == await asked(client, "overview", as_known_on=NOW.date().isoformat())


async def test_before_anything_was_known_there_was_nothing(
    client: httpx.AsyncClient, admin_connection: Connection, household: Household
) -> None:
    recorded_yesterday(admin_connection, household.first, household.second)
    overview = await asked(client, "overview", as_known_on=BEFORE)
    assert (overview["nav"], overview["is_empty"]) == ("0", True)
    assert (await asked(client, "nav", as_known_on=BEFORE))["items"] == []
    performance = await asked(client, "performance", as_known_on=BEFORE)
    assert performance["time_weighted"]["ratio"] is None


@pytest.mark.parametrize("path", EXPLAINED)
async def test_explanations_and_their_ways_on_are_of_that_day(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    work: Work,
    household: Household,
    path: str,
) -> None:
    then, _ = await explain_all(client, path)
    recorded_yesterday(admin_connection, household.first, household.second)
    await change_everything(client, household)
    await work(None)

    known, ways = await explain_all(client, f"{path}&as_known_on={YESTERDAY}")

    assert known == then
    assert ways > 0 or path == "overview?figure=income_ytd"


async def test_others_see_nothing_of_it(
    other_client: httpx.AsyncClient, household: Household
) -> None:
    theirs = await asked(other_client, "overview", as_known_on=YESTERDAY)
    assert theirs["is_empty"] is True
    answer = await other_client.get(
        "/api/v1/performance",
        params={"account_id": str(household.first), "as_known_on": YESTERDAY},
    )
    assert answer.status_code == 404

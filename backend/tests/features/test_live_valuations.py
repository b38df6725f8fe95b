"""Whoever looks at a portfolio is told when its values are other than before."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from redis import Redis

from tests.builders import Member, create_account
from tests.features.conftest import Work
from tests.features.ledgering import a_record, cash, post
from tests.features.living import a_ticket, listening
from truenav.features.valuation import service
from truenav.platform.live.topics import keys_of
from truenav.platform.queue import connect


def of(member: Member) -> str:
    return f"valuation:{member.tenant_id}"


def deposited(account_id: UUID, day: str) -> dict[str, Any]:
    return a_record(account_id, "deposit", day, gross=cash("100"))


async def test_values_that_are_worked_out_anew_are_told(
    client: httpx.AsyncClient, member: Member, live_place: str, work: Work
) -> None:
    account_id = await create_account(client)
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(of(member))
        await post(client, deposited(account_id, "2026-02-03"))
        await work(None)
        told = await one.until(lambda message: message["kind"] == "rebuilt")
        assert told["data"] == {"account_id": str(account_id), "from_date": "2026-02-03"}
        # what it hears of can be read by then
        nav = (await client.get("/api/v1/nav")).json()
        assert (nav["items"][0]["as_of"], nav["is_recomputing"]) == ("2026-02-03", False)


async def test_of_another_portfolio_nobody_is_told(
    client: httpx.AsyncClient, member: Member, other_member: Member, live_place: str
) -> None:
    assert member.tenant_id != other_member.tenant_id
    async with listening(live_place, await a_ticket(client)) as one:
        await one.subscribe(of(other_member), f"valuation:{UUID(int=1)}", "valuation")
        refused = [told["reason"] for told in one.told if told["kind"] == "refused"]
        assert refused == ["not_found"] * 3


async def test_values_that_were_not_kept_are_not_told(
    client: httpx.AsyncClient,
    member: Member,
    redis_url: str,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account_id = await create_account(client)
    await post(client, deposited(account_id, "2026-02-03"))
    rebuild = service.rebuild_nav

    async def fails_late(*given: Any) -> int:
        await rebuild(*given)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(service, "rebuild_nav", fails_late)
    with pytest.raises(AssertionError, match="the disk is full"):
        await work(None)
    with connect(redis_url) as redis:
        assert not _is_told(redis, of(member))


def _is_told(redis: Redis, topic: str) -> bool:
    return bool(redis.exists(keys_of(topic).state))

"""A change is worked out from its day on; what is stored equals a rebuild at all times."""

import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import Member, a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.ledgering import Body, a_record, bought, cash, post, reverse, sold
from truenav.core.ids import AccountId
from truenav.features.ledger import proof
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

FIRST = date(2020, 1, 2)
BULK = "/api/v1/transactions/bulk"
FEW = settings(
    max_examples=7,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed shrinks to nothing simpler
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Prove = Callable[[UUID], Awaitable[int]]


@pytest.fixture
def prove(worker_sessions: Sessions, member: Member) -> Prove:
    """How many stored rows and checkpoints of an account a rebuild from nothing contradicts."""

    async def differences(account_id: UUID) -> int:
        async with open_unit_of_work(worker_sessions, member.tenant_id) as uow:
            return await proof.prove(uow, AccountId(account_id), FIRST)

    return differences


def checkpoints(connection: Connection, account_id: UUID) -> list[tuple[date, int]]:
    """Days and record counts of the account's checkpoints."""
    found = connection.execute(
        "SELECT through, record_count FROM ledger_checkpoints WHERE account_id = %s"
        " ORDER BY through",
        (account_id,),
    ).fetchall()
    return [(row[0], row[1]) for row in found]  # type: ignore[misc]  # a day and a number


def day_of(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def trades(account_id: UUID, instrument_id: UUID, count: int) -> list[Body]:
    """A purchase a day, and a sale of what is left of some of them every third."""
    return [
        sold(account_id, instrument_id, day_of(n), "3", "12")
        if n % 3 == 2
        else bought(account_id, instrument_id, day_of(n), "2", "10")
        for n in range(count)
    ]


async def bulk(client: httpx.AsyncClient, operations: list[Body]) -> list[dict[str, Any]]:
    """Do many things at once; the records they were about."""
    answer = await client.post(BULK, json={"operations": operations}, headers=a_key())
    assert answer.status_code == 200, answer.text
    return [result["record"] for result in answer.json()["results"]]


async def create(client: httpx.AsyncClient, bodies: list[Body]) -> list[dict[str, Any]]:
    """Post many records at once."""
    return await bulk(client, [{"op": "create", "body": body} for body in bodies])


async def test_checkpoints_come_with_records_and_go_with_changes_before_them(
    client: httpx.AsyncClient, admin_connection: Connection, prove: Prove
) -> None:
    account = await create_account(client)
    instrument = add_instrument(admin_connection)
    records = await create(client, trades(account, instrument, 650))
    assert [count for _, count in checkpoints(admin_connection, account)] == [200, 400, 600]
    assert await prove(account) == 0

    # the day after the last: continued from the last checkpoint, which stays
    await post(client, bought(account, instrument, day_of(650), "1", "11"))
    assert [count for _, count in checkpoints(admin_connection, account)] == [200, 400, 600]
    assert await prove(account) == 0

    # in the middle: what came after it is worked out again, one record later than before
    await post(client, bought(account, instrument, day_of(300), "1", "9"))
    assert [count for _, count in checkpoints(admin_connection, account)] == [200, 400, 600]
    days = {count: day for day, count in checkpoints(admin_connection, account)}
    assert days[200] == FIRST + timedelta(days=199)
    assert days[400] == FIRST + timedelta(days=398)
    assert await prove(account) == 0

    # before all of them, and taken back again
    first = await post(client, bought(account, instrument, "2019-12-30", "5", "8"))
    assert await prove(account) == 0
    assert (await reverse(client, first[0])).status_code == 201
    assert (await reverse(client, records[640])).status_code == 201
    assert await prove(account) == 0


async def test_an_append_rewrites_only_what_it_changes(
    client: httpx.AsyncClient, admin_connection: Connection
) -> None:
    account = await create_account(client)
    instrument, other = (add_instrument(admin_connection) for _ in range(2))
    await create(client, trades(account, instrument, 300) + trades(account, other, 30))

    def stored(table: str) -> dict[str, str]:
        rows = admin_connection.execute(
            f"SELECT id::text, xmin::text FROM {table} WHERE account_id = %s", (account,)
        ).fetchall()
        return {str(row[0]): str(row[1]) for row in rows}

    lots, closures = stored("lots"), stored("lot_closures")
    await post(client, sold(account, instrument, day_of(400), "3", "13"))
    # two lots of two units: the first is closed, half of the second
    assert len(stored("lot_closures").items() - closures.items()) == 2
    assert closures.items() <= stored("lot_closures").items()
    assert len(lots.items() - stored("lots").items()) == 2
    assert len(stored("lots").items() - lots.items()) == 1


async def test_what_does_not_agree_with_its_records_is_worked_out_from_nothing(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    prove: Prove,
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = await create_account(client)
    instrument = add_instrument(admin_connection)
    await create(client, trades(account, instrument, 10))
    admin_connection.execute("DELETE FROM lots WHERE account_id = %s", (account,))
    await post(client, sold(account, instrument, day_of(20), "1", "13"))
    assert "was not what its records say" in caplog.text
    assert await prove(account) == 0


async def test_an_older_engines_work_is_done_again_at_the_next_change(
    client: httpx.AsyncClient, admin_connection: Connection, prove: Prove
) -> None:
    account = await create_account(client)
    instrument = add_instrument(admin_connection)
    await create(client, trades(account, instrument, 10))
    admin_connection.execute(
        "UPDATE ledger_builds SET engine = 'older' WHERE account_id = %s", (account,)
    )
    admin_connection.execute("UPDATE lots SET cost = 1 WHERE account_id = %s", (account,))
    await post(client, a_record(account, "deposit", day_of(3), gross=cash("5")))
    assert await prove(account) == 0


async def test_a_proof_finds_a_checkpoint_that_is_wrong(
    client: httpx.AsyncClient, admin_connection: Connection, prove: Prove
) -> None:
    account = await create_account(client)
    instrument = add_instrument(admin_connection)
    await create(client, trades(account, instrument, 210))
    admin_connection.execute(
        "UPDATE ledger_checkpoints SET state = replace(state, 'USD', 'EUR') WHERE account_id = %s",
        (account,),
    )
    assert await prove(account) == 1


class Household:
    """Two accounts that send lots to each other, and what happens to them."""

    def __init__(self, client: httpx.AsyncClient, accounts: list[UUID], held: list[UUID]) -> None:
        self.client = client
        self.accounts = accounts
        self.held = held
        self.records: list[dict[str, Any]] = []
        self.gone: list[dict[str, Any]] = []

    def body(self, chance: random.Random) -> Body:
        """Something that may have happened on a day of the history."""
        account = chance.choice(self.accounts)
        one, other = chance.sample(self.held, 2)
        day = day_of(chance.randrange(0, 320))
        units, price = str(chance.randrange(1, 9)), str(chance.randrange(1, 30))
        match chance.randrange(8):
            case 0 | 1:
                return bought(account, one, day, units, price)
            case 2 | 3:
                return sold(account, one, day, units, price)
            case 4:
                return a_record(account, "split", day, instrument_id=one, ratio="2")
            case 5:
                return a_record(
                    account, "spin_off", day, instrument_id=one, quantity=units,
                    source_instrument_id=other, basis_fraction="0.25",
                )  # fmt: skip
            case 6:
                return a_record(
                    account, "return_of_capital", day, instrument_id=one, gross=cash(price)
                )
            case _:
                return a_record(account, "deposit", day, gross=cash(price))

    def pair(self, chance: random.Random) -> list[Body]:
        """Records that belong together: a transfer between the accounts, or a merger."""
        link = str(uuid4())
        day = day_of(chance.randrange(0, 320))
        units = str(chance.randrange(1, 40))
        one, other = chance.sample(self.held, 2)
        here, there = chance.sample(self.accounts, 2)
        if chance.random() < 0.6:
            return [
                a_record(
                    here, "transfer_out", day, instrument_id=one, quantity=f"-{units}", link_id=link
                ),
                a_record(
                    there, "transfer_in", day, instrument_id=one, quantity=units, link_id=link
                ),
            ]
        return [
            a_record(here, "merger", day, instrument_id=one, quantity=f"-{units}", link_id=link),
            a_record(here, "merger", day, instrument_id=other, quantity=units, link_id=link),
        ]

    async def step(self, chance: random.Random) -> None:
        """Add, correct, take back or bring back."""
        choice = chance.random()
        if choice < 0.45 or not self.records:
            self.records += await create(self.client, [self.body(chance)])
        elif choice < 0.65:
            self.records += await create(self.client, self.pair(chance))
        elif choice < 0.8:
            gone = self.records.pop(chance.randrange(len(self.records)))
            await bulk(self.client, [{"op": "reverse", "id": gone["id"]}])
            self.gone.append(gone)
        elif choice < 0.9 and self.gone:
            back = self.gone.pop()
            self.records += await bulk(self.client, [{"op": "restore", "id": back["id"]}])
        else:
            old = self.records.pop(chance.randrange(len(self.records)))
            body = {**self.body(chance), "account_id": old["account_id"]}
            operation = {"op": "correct", "id": old["id"], "body": body}
            self.records += await bulk(self.client, [operation])


@FEW
@given(seed=st.integers(0, 2**32))
async def test_after_any_change_a_rebuild_contradicts_nothing(
    client: httpx.AsyncClient, admin_connection: Connection, prove: Prove, seed: int
) -> None:
    chance = random.Random(seed)  # a history, not a secret
    accounts = [await create_account(client) for _ in range(2)]
    held = [add_instrument(admin_connection) for _ in range(3)]
    # enough for checkpoints on both sides
    for account in accounts:
        await create(client, trades(account, held[0], 260))
    household = Household(client, accounts, held)
    for _ in range(8):
        await household.step(chance)
        for account in accounts:
            assert await prove(account) == 0

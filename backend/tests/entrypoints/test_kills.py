"""Killed in the middle of ten thousand rows: nothing lost, nothing twice."""

import random
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.entrypoints.stack import (
    Process,
    Stack,
    a_stack,
    descendants,
    eventually,
    open_account,
    sign_up,
)

pytestmark = pytest.mark.xdist_group("stack")
ROWS = 10_000
SYMBOLS = 20


@dataclass(frozen=True)
class MadeUp:
    """A Schwab file, and what it adds up to."""

    content: bytes
    cash: Decimal
    units: dict[str, Decimal]


def a_large_file() -> MadeUp:
    """Ten thousand purchases, sales and dividends whose sums are kept while they are written."""
    source = random.Random(7)
    lines = ['"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"']
    cash = Decimal(0)
    units: dict[str, Decimal] = defaultdict(Decimal)
    for index in range(ROWS):
        day = f"{source.randint(1, 12):02d}/{source.randint(1, 28):02d}/{2020 + index % 3}"
        symbol = f"KLL{index % SYMBOLS:02d}"
        quantity = source.randint(1, 90)
        price = Decimal(source.randint(100, 9_999)) / 100
        if index % 3 == 2:
            amount = price
            lines.append(f'"{day}","Cash Dividend","{symbol}","KILL INC","","","","${price}"')
        else:
            is_sale = index % 7 == 0
            amount = (quantity * price - 1) if is_sale else -(quantity * price + 1)
            units[symbol] += -quantity if is_sale else quantity
            sign = "-" if amount < 0 else ""
            lines.append(
                f'"{day}","{"Sell" if is_sale else "Buy"}","{symbol}","KILL INC","{quantity}",'
                f'"${price}","$1.00","{sign}${abs(amount)}"'
            )
        cash += amount
    return MadeUp("\n".join(lines).encode(), cash, {s: n for s, n in units.items() if n})


@pytest.fixture(scope="module")
def made_up() -> MadeUp:
    """Made once; every test puts it into an account of its own."""
    return a_large_file()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One installation for all the killing: it has to live with it."""
    directory = Path(tempfile.mkdtemp(prefix="tn-"))
    with a_stack(directory / "home") as started:
        started.start()
        yield started
    shutil.rmtree(directory, ignore_errors=True)


def patiently(call: Any) -> Any:
    """What a browser does: ask again while a server is away."""
    deadline = time.monotonic() + 40
    while True:
        try:
            answer = call()
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code < 500:
            return answer
        assert time.monotonic() < deadline, answer
        time.sleep(0.1)


@dataclass
class Import:
    """One file on its way into one account."""

    client: httpx.Client
    account_id: str
    id: str = ""

    def upload(self, content: bytes) -> None:
        """Send the file."""
        key = {"Idempotency-Key": str(uuid4())}
        answer = patiently(
            lambda: self.client.post(
                "/api/v1/imports",
                params={"account_id": self.account_id, "file_name": "large.csv"},
                content=content,
                headers={**key, "Content-Type": "application/octet-stream"},
            )
        )
        assert answer.status_code == 202, answer.text
        self.id = answer.json()["id"]

    def commit(self) -> None:
        """Accept the preview."""
        key = {"Idempotency-Key": str(uuid4())}
        answer = patiently(
            lambda: self.client.post(
                f"/api/v1/imports/{self.id}/commit", json={"accept_failed": False}, headers=key
            )
        )
        assert answer.status_code == 202, answer.text

    def look(self) -> dict[str, Any]:
        """The batch now."""
        found: dict[str, Any] = patiently(
            lambda: self.client.get(f"/api/v1/imports/{self.id}")
        ).json()
        return found

    def wait_for(self, status: str) -> dict[str, Any]:
        """The batch, once it has the status; a failed one fails at once."""

        def reached() -> dict[str, Any] | None:
            found = self.look()
            assert found["status"] != "failed", found
            return found if found["status"] == status else None

        batch = eventually(reached, 60, f"the import is {status}")
        assert isinstance(batch, dict)
        return batch


def at_work(stack: Stack, queue: str) -> set[Process]:
    """What a worker has forked: a process for the job at hand, and perhaps one that stays."""
    return set(descendants(stack.child(f"--queue {queue}").pid))


def kill_at_work(
    stack: Stack, victim: str, queue: str = "high", idle: frozenset[Process] = frozenset()
) -> None:
    """Wait until a job is being worked on, then kill; `idle` works on none."""
    horses = eventually(lambda: at_work(stack, queue) - idle, 20, "a job is at work")
    match victim:
        case "work horse":
            stack.kill(*horses)
        case "worker":
            stack.kill(stack.child(f"--queue {queue}"), *horses)
        case _:
            stack.kill(stack.child(victim))


def totals(client: httpx.Client, account_id: str) -> tuple[int, Decimal, dict[str, Decimal]]:
    """(records, cash, units by symbol) of an account."""
    page = patiently(
        lambda: client.get(
            "/api/v1/transactions",
            params={"account_id": account_id, "limit": 1, "include_total": True},
        )
    ).json()
    holdings = patiently(
        lambda: client.get("/api/v1/holdings", params={"account_id": account_id})
    ).json()
    cash = sum((Decimal(item["amount"]) for item in holdings["cash"]), Decimal(0))
    return (
        page["total_count"],
        cash,
        {item["symbol"]: Decimal(item["quantity"]) for item in holdings["items"]},
    )


@pytest.mark.parametrize("victim", ["work horse", "worker", "valkey-server", "postgres -D"])
def test_an_import_survives_a_kill_while_it_is_committed(
    stack: Stack, made_up: MadeUp, victim: str
) -> None:
    _, client = sign_up(stack)
    work = Import(client, open_account(client))
    work.upload(made_up.content)
    preview = work.wait_for("preview")
    assert preview["imported_count"] == ROWS

    work.commit()
    kill_at_work(stack, victim)
    assert work.look()["status"] == "committing"  # killed before it was done

    work.wait_for("committed")
    assert totals(client, work.account_id) == (ROWS, made_up.cash, made_up.units)


def test_reading_and_rebuilding_survive_kills_and_the_file_again_adds_nothing(
    stack: Stack, made_up: MadeUp
) -> None:
    _, client = sign_up(stack)
    work = Import(client, open_account(client))
    idle = frozenset(at_work(stack, "default"))
    work.upload(made_up.content)
    kill_at_work(stack, "worker")  # while the file is read
    work.wait_for("preview")
    work.commit()
    work.wait_for("committed")
    kill_at_work(stack, "worker", queue="default", idle=idle)  # while snapshots are rebuilt

    def is_rebuilt() -> bool:
        overview = patiently(lambda: client.get("/api/v1/overview")).json()
        return not overview["is_recomputing"]

    eventually(is_rebuilt, 60, "snapshots are rebuilt")
    series = patiently(lambda: client.get("/api/v1/nav", params={"to": "2022-12-31"})).json()
    assert series["to_date"] == "2022-12-31"
    assert totals(client, work.account_id) == (ROWS, made_up.cash, made_up.units)

    again = Import(client, work.account_id)
    again.upload(made_up.content)
    preview = again.wait_for("preview")
    assert (preview["imported_count"], preview["duplicate_count"]) == (0, ROWS)
    assert totals(client, work.account_id) == (ROWS, made_up.cash, made_up.units)

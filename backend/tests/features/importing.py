"""Imports in few words: upload, read, commit, undo, and what the rows say."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg

from tests.builders import Member
from tests.features.conftest import Work
from truenav.platform.clock import new_id

FILES = Path(__file__).parents[1] / "core" / "imports" / "files"
SCHWAB = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"'
IMPORTS = "/api/v1/imports"
TABLES = ("transactions", "import_rows", "lots", "positions", "cash_balances")


LETTERS = str.maketrans("0123456789", "ghijklmnop")


def a_symbol() -> str:
    """A ticker nobody has met: instruments are shared by all tenants of a test run.

    Of letters only: T123456C12 would be read as an option.
    """
    return f"T{new_id().hex[-9:].translate(LETTERS).upper()}"


def an_isin() -> str:
    """Twelve characters of the form of an ISIN that nobody has met."""
    return f"XS{new_id().hex[-9:].upper()}0"


def schwab(*rows: str) -> bytes:
    """A Schwab export of these rows; write `|` between cells."""
    lines = [",".join(f'"{cell}"' for cell in row.split("|")) for row in rows]
    return "\n".join([SCHWAB, *lines, ""]).encode()


async def upload(
    client: httpx.AsyncClient, account_id: UUID, content: bytes, file_name: str = "trades.csv"
) -> dict[str, Any]:
    """The batch of an upload that was taken."""
    answer = await client.post(
        IMPORTS,
        params={"account_id": str(account_id), "file_name": file_name},
        content=content,
    )
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


async def preview(
    client: httpx.AsyncClient,
    work: Work,
    account_id: UUID,
    content: bytes,
    file_name: str = "trades.csv",
) -> dict[str, Any]:
    """The batch once its file was read."""
    batch = await upload(client, account_id, content, file_name)
    await work(None)
    return await look(client, batch)


async def look(client: httpx.AsyncClient, batch: dict[str, Any]) -> dict[str, Any]:
    """The batch as it is now."""
    answer = await client.get(f"{IMPORTS}/{batch['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def step(
    client: httpx.AsyncClient, work: Work, batch: dict[str, Any], name: str, **query: str
) -> dict[str, Any]:
    """Commit or undo, and do what follows."""
    answer = await client.post(f"{IMPORTS}/{batch['id']}/{name}", params=query)
    assert answer.status_code in {200, 202}, answer.text
    await work(None)
    return await look(client, batch)


async def import_file(
    client: httpx.AsyncClient, work: Work, account_id: UUID, content: bytes
) -> dict[str, Any]:
    """The batch of a file that was read and committed."""
    batch = await preview(client, work, account_id, content)
    assert batch["status"] == "preview", batch
    done = await step(client, work, batch, "commit", accept_failed="true")
    assert done["status"] == "committed", done
    return done


async def rows_of(
    client: httpx.AsyncClient, batch: dict[str, Any], **query: str
) -> list[dict[str, Any]]:
    """Every row of a batch, over all its pages."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await client.get(
            f"{IMPORTS}/{batch['id']}/rows", params={"limit": "200", **query, **cursor}
        )
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if not page["has_more"]:
            return found
        cursor = {"cursor": page["next_cursor"]}


def counts(batch: dict[str, Any]) -> tuple[int, int, int, int]:
    """(imported, duplicate, skipped, failed); they add up to the rows of the file."""
    found = tuple(batch[f"{name}_count"] for name in ("imported", "duplicate", "skipped", "failed"))
    assert sum(found) == batch["row_count"], batch
    return found[0], found[1], found[2], found[3]


def stored(connection: psycopg.Connection[Any], member: Member) -> dict[str, int]:
    """Rows the tenant has per table, looked at from behind."""
    found = {}
    for table in TABLES:
        row = connection.execute(
            f"SELECT count(*) FROM {table} WHERE tenant_id = %s",
            (member.tenant_id,),
        ).fetchone()
        assert row is not None
        found[table] = int(row[0])
    return found


async def listed(client: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    """The first page of transactions that count, newest first."""
    answer = await client.get("/api/v1/transactions", params={"limit": "200", **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def positions(client: httpx.AsyncClient) -> dict[str, str]:
    """Units held by symbol, and cash by currency."""
    answer = await client.get("/api/v1/positions")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    held = {item["symbol"]: item["quantity"] for item in body["items"]}
    return {**held, **{cash["currency"]: cash["amount"] for cash in body["cash"]}}


def a_file(symbol: str) -> bytes:
    """Seven rows, one of each fate; cash of the good ones: 10000 - 2001 + 839 + 6 + 5 = 8849."""
    return schwab(
        "Transactions Total|||||||$8,849.00",
        f"02/32/2026|Buy|{symbol}|ACME|1|$1.00||-$1.00",
        "02/08/2026|Quantum Leap||SOMETHING NEW||||$5.00",
        f"02/07/2026|Cash Dividend|{symbol}|ACME||||$6.00",
        f"02/06/2026|Sell|{symbol}|ACME|4|$210.00|$1.00|$839.00",
        f"02/05/2026|Buy|{symbol}|ACME|10|$200.00|$1.00|-$2,001.00",
        "02/01/2026|MoneyLink Transfer||Tfr BANK||||$10,000.00",
    )


def fills(symbol: str, count: int) -> bytes:
    """So many identical purchases of one unit."""
    return schwab(*[f"02/05/2026|Buy|{symbol}|ACME|1|$20.00||-$20.00"] * count)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem document."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]

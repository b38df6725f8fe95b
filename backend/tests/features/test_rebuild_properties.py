"""Whatever is posted, imported, repeated or taken back: the same records give the same figures."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Member, add_instrument, create_account
from tests.conftest import NOON, Connection
from tests.features.conftest import Work
from tests.features.importing import a_symbol, counts, import_file
from tests.features.ledgering import a_record, bought, cash, get, post, reverse, sold
from truenav.core.ids import AccountId
from truenav.features.ledger.service import rebuild_account
from truenav.features.valuation.service import rebuild_nav
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

FIRST = date(2026, 2, 1)
PRICES = {FIRST + timedelta(days=n): str(10 + n) for n in (-3, 4, 11, 19)}
DERIVED = (
    "lots", "lot_closures", "lot_adjustments", "positions", "position_changes", "cash_balances",
    "review_notes", "snapshots",
)  # fmt: skip
# few, because each goes through the API, the jobs and the database
FEW = settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Row(NamedTuple):
    """One row of a file, or one record."""

    day: int
    kind: str
    of: int  # which of two instruments
    quantity: int
    cents: int

    @property
    def date(self) -> str:
        return (FIRST + timedelta(days=self.day)).isoformat()

    @property
    def price(self) -> str:
        return f"{Decimal(self.cents) / 100:.2f}"

    def line(self, symbols: Sequence[str]) -> str:
        """As a line of a CSV."""
        symbol = symbols[self.of]
        return {
            "buy": f"{self.date},buy,{symbol},{self.quantity},{self.price},",
            "sell": f"{self.date},sell,{symbol},{self.quantity},{self.price},",
            "split": f"{self.date},split,{symbol},{self.quantity},,",
            "dividend": f"{self.date},dividend,{symbol},,,{self.price}",
            "deposit": f"{self.date},deposit,,,,{self.price}",
        }[self.kind]

    def body(self, account_id: UUID, ids: Sequence[UUID]) -> dict[str, Any]:
        """As a body to post."""
        of, units = ids[self.of], str(self.quantity)
        if self.kind == "buy":
            return bought(account_id, of, self.date, units, self.price)
        if self.kind == "sell":
            return sold(account_id, of, self.date, units, self.price)
        if self.kind == "split":
            return a_record(account_id, "split", self.date, instrument_id=of, ratio=units)
        return a_record(account_id, self.kind, self.date, gross=cash(self.price))


ROWS = st.builds(
    Row,
    st.integers(0, 20),
    st.sampled_from(["buy", "buy", "buy", "sell", "sell", "split", "dividend", "deposit"]),
    st.integers(0, 1),
    st.integers(1, 5),
    st.integers(1, 5000),
)
# few days and figures, so that days and whole rows repeat
CROWDED = st.builds(
    Row,
    st.integers(0, 2),
    st.sampled_from(["buy", "buy", "sell", "sell", "split", "dividend", "deposit"]),
    st.integers(0, 1),
    st.integers(1, 3),
    st.sampled_from([500, 700]),
)


class Instruments(NamedTuple):
    """Two that can be held, with prices that change within the days of a history."""

    symbols: tuple[str, str]
    ids: tuple[UUID, UUID]

    def file(self, rows: Sequence[Row]) -> bytes:
        """A CSV of the rows, in their order."""
        lines = [row.line(self.symbols) for row in rows]
        return "\n".join(["date,type,symbol,quantity,price,amount", *lines, ""]).encode()


@pytest.fixture
def two(admin_connection: Connection) -> Instruments:
    first, second = a_symbol(), a_symbol()
    ids = [add_instrument(admin_connection, symbol=s, prices=PRICES) for s in (first, second)]
    return Instruments((first, second), (ids[0], ids[1]))


def derived(connection: Connection, account_id: UUID) -> dict[str, list[str]]:
    """Everything that follows from an account's records, but not when it was worked out."""
    found = {}
    for table in DERIVED:
        rows = connection.execute(
            f"SELECT (to_jsonb(t) - '{{updated_at,computed_at}}'::text[])::text FROM {table} t"
            " WHERE account_id = %s",
            (account_id,),
        ).fetchall()
        found[table] = sorted(str(row[0]) for row in rows)
    return found


async def totals(
    client: httpx.AsyncClient, account_id: UUID, ids: Sequence[UUID]
) -> dict[str, Any]:
    """What a person sees of an account: units, cost, cash, gains, and its worth day by day."""
    one = {"account_id": str(account_id)}
    positions = await get(client, "positions", **one)
    lots = [await get(client, "lots", instrument_id=str(of), **one) for of in ids]
    nav = (await get(client, "nav", **one))["items"]
    return {
        "positions": [(p["symbol"], p["quantity"], p["cost"]) for p in positions["items"]],
        "cash": [(c["currency"], c["amount"]) for c in positions["cash"]],
        "gains": [answer["traded_gain"] for answer in lots],
        "nav": [(point["as_of"], point["nav"], point["external_flow"]) for point in nav],
    }


@FEW
@given(rows=st.lists(CROWDED, min_size=1, max_size=10))
async def test_importing_twice_is_importing_once(
    client: httpx.AsyncClient,
    work: Work,
    admin_connection: Connection,
    two: Instruments,
    rows: list[Row],
) -> None:
    account_id = await create_account(client)
    await import_file(client, work, account_id, two.file(rows))
    once = derived(admin_connection, account_id)

    again = await import_file(client, work, account_id, two.file(rows))

    assert counts(again) == (0, len(rows), 0, 0)
    assert derived(admin_connection, account_id) == once


@FEW
@given(rows=st.lists(CROWDED, min_size=1, max_size=10), data=st.data())
async def test_importing_a_part_and_then_the_whole_is_importing_the_whole(
    client: httpx.AsyncClient, work: Work, two: Instruments, rows: list[Row], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    part = [row for row, is_kept in zip(rows, kept, strict=True) if is_kept]
    at_once, in_parts = await create_account(client), await create_account(client)

    await import_file(client, work, at_once, two.file(rows))
    if part:
        await import_file(client, work, in_parts, two.file(part))
    await import_file(client, work, in_parts, two.file(rows))

    assert await totals(client, in_parts, two.ids) == await totals(client, at_once, two.ids)


@FEW
@given(rows=st.lists(CROWDED, min_size=2, max_size=10), data=st.data())
async def test_the_order_of_rows_is_irrelevant_to_totals(
    client: httpx.AsyncClient, work: Work, two: Instruments, rows: list[Row], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))
    first, second = await create_account(client), await create_account(client)

    await import_file(client, work, first, two.file(rows))
    await import_file(client, work, second, two.file(shuffled))

    assert await totals(client, first, two.ids) == await totals(client, second, two.ids)


@FEW
@given(
    steps=st.lists(
        st.one_of(ROWS, ROWS, ROWS, st.floats(0, 1, exclude_max=True), st.none()),
        min_size=1,
        max_size=10,
    )
)
async def test_rebuilding_from_scratch_is_what_was_kept_up_to_date(
    client: httpx.AsyncClient,
    work: Work,
    member: Member,
    admin_connection: Connection,
    worker_sessions: Sessions,
    two: Instruments,
    steps: list[Row | float | None],
) -> None:
    """A row is posted, whatever day it is of; a number takes back one of the records that count;
    None lets the worker catch up."""
    account_id = await create_account(client)
    live: list[dict[str, Any]] = []
    for step in steps:
        if isinstance(step, Row):
            live += await post(client, step.body(account_id, two.ids))
        elif step is not None and live:
            answer = await reverse(client, live.pop(int(step * len(live))))
            assert answer.status_code == 201, answer.text
        else:
            await work(None)
    await work(None)
    kept = derived(admin_connection, account_id)

    for table in DERIVED:
        admin_connection.execute(f"DELETE FROM {table} WHERE account_id = %s", (account_id,))
    async with open_unit_of_work(worker_sessions, member.tenant_id) as uow:
        await rebuild_account(uow, AccountId(account_id))
        await rebuild_nav(uow, AccountId(account_id), FIRST, NOON.date())

    assert derived(admin_connection, account_id) == kept
    assert bool(kept["snapshots"]) is bool(live)


@FEW
@given(rows=st.lists(ROWS, min_size=1, max_size=10))
async def test_units_cost_and_cash_are_conserved(
    client: httpx.AsyncClient,
    admin_connection: Connection,
    two: Instruments,
    rows: list[Row],
) -> None:
    # without splits units add up; the last word on cost is what was paid for purchases
    trades = [row for row in rows if row.kind != "split"]
    account_id = await create_account(client)
    await post(client, *[row.body(account_id, two.ids) for row in trades])
    for index, instrument_id in enumerate(two.ids):
        of_it = [row for row in trades if row.of == index]
        came = sum(row.quantity for row in of_it if row.kind == "buy")
        went = sum(row.quantity for row in of_it if row.kind == "sell")
        paid = sum(row.quantity * row.cents for row in of_it if row.kind == "buy")
        got = sum(row.quantity * row.cents for row in of_it if row.kind == "sell")
        query = (
            "SELECT coalesce(sum(CASE WHEN is_short THEN -quantity ELSE quantity END), 0),"
            " coalesce(sum(CASE WHEN is_short THEN -cost ELSE cost END), 0) FROM {table}"
            " WHERE account_id = %s AND instrument_id = %s"
        )
        held = admin_connection.execute(
            query.format(table="lots"), (account_id, instrument_id)
        ).fetchone()
        gain = admin_connection.execute(
            "SELECT coalesce(sum(gain), 0) FROM lot_closures"
            " WHERE account_id = %s AND instrument_id = %s",
            (account_id, instrument_id),
        ).fetchone()
        assert held is not None
        assert gain is not None
        assert held[0] == came - went
        # what was got and not paid is either realized or still in the lots
        assert gain[0] - held[1] == Decimal(got - paid) / 100  # type: ignore[operator]  # numeric
    moved = sum(
        {"buy": -row.quantity, "sell": row.quantity}.get(row.kind, 1) * row.cents for row in trades
    )
    balances = (await get(client, "positions", account_id=str(account_id)))["cash"]
    assert sum(Decimal(balance["amount"]) for balance in balances) == Decimal(moved) / 100

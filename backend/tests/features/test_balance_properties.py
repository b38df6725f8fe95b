"""Cash and positions of any day, as traded, settled and known, against the core; random histories.

The day-by-day figures come from SQL and replays; the expected ones are sums of the core's postings
over the records that count, picked in Python.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Member, a_key, add_instrument, create_account
from tests.conftest import Connection
from tests.features.ledgering import TRANSACTIONS, a_record, bought, cash, get, post, reverse, sold
from truenav.core.calendar.settlement import LONGEST, settlement_date
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import AssetClass, Transaction, TransactionKind
from truenav.features.ledger.reads import live_transactions
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

FIRST = date(2025, 10, 1)  # Columbus Day is among the days
# few, because each goes through the API and the database
FEW = settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Step(NamedTuple):
    """One record; whether a person takes it back or corrects it later."""

    day: int
    kind: str
    units: int
    cents: int
    settles_in: int | None
    later: str

    @property
    def date(self) -> str:
        return (FIRST + timedelta(days=self.day)).isoformat()

    def body(self, account_id: UUID, instrument_id: UUID) -> dict[str, Any]:
        """As a body to post."""
        price, units = f"{Decimal(self.cents) / 100:.2f}", str(self.units)
        stated = {} if self.settles_in is None else {"settlement_date": self._settlement()}
        if self.kind == "buy":
            return bought(account_id, instrument_id, self.date, units, price, **stated)
        if self.kind == "sell":
            return sold(account_id, instrument_id, self.date, units, price, **stated)
        if self.kind == "fx_conversion":
            # a yen has no cents: both sides are told at their own minor unit
            return a_record(
                account_id, self.kind, self.date, gross=cash(f"-{price}"),
                counter=cash(str(self.cents), "JPY"), **stated,
            )  # fmt: skip
        if self.kind == "foreign_dividend":
            # 1.07 dollars a euro: the product has more digits than cents
            return a_record(
                account_id, "dividend", self.date, instrument_id=instrument_id,
                gross=cash(price, "EUR", "1.0749"), tax=cash("0.01"), **stated,
            )  # fmt: skip
        return a_record(account_id, self.kind, self.date, gross=cash(price), **stated)

    def _settlement(self) -> str:
        return (FIRST + timedelta(days=self.day + (self.settles_in or 0))).isoformat()


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, 20),
        st.sampled_from(["buy", "buy", "sell", "deposit", "fx_conversion", "foreign_dividend"]),
        st.integers(1, 9),
        st.integers(1, 99_999),
        st.none() | st.integers(0, 30),
        st.sampled_from(["stays", "stays", "stays", "taken back", "corrected"]),
    ),
    min_size=1,
    max_size=9,
)


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


async def records_of(sessions: Sessions, member: Member, account_id: UUID) -> list[Transaction]:
    """What counts today, as the core reads it."""
    async with open_unit_of_work(sessions, member.tenant_id, member.user_id) as uow:
        return await live_transactions(uow.session, [account_id])


def moved(records: Sequence[Transaction]) -> dict[str, Decimal]:
    """The core's cash postings, summed by currency; nothing where they cancel out."""
    found: dict[str, Decimal] = {}
    for record in records:
        for currency, amount in cash_effects(record):
            found[currency] = found.get(currency, Decimal(0)) + amount
    return {currency: amount for currency, amount in found.items() if amount}


def has_settled(record: Transaction, day: date) -> bool | None:
    """Of shares and conversions in dollars and yen; None when no rule says."""
    others = (record.counter.currency,) if record.counter else ()
    asset_class = AssetClass.EQUITY if record.instrument_id else None
    settles = settlement_date(
        record.kind, record.trade_date, record.settlement_date, asset_class, None,
        (record.currency, *others),
    )  # fmt: skip
    if settles.day is None:
        return True if record.trade_date <= day - LONGEST else None
    return settles.day <= day


@FEW
@given(STEPS, st.integers(-1, 45))
async def test_cash_of_any_day_is_the_sum_of_what_moved_it_and_what_waits_adds_up(
    client: httpx.AsyncClient,
    sessions: Sessions,
    member: Member,
    instrument_id: UUID,
    steps: list[Step],
    offset: int,
) -> None:
    account_id = await create_account(client)
    await post(client, *[step.body(account_id, instrument_id) for step in steps])
    day = FIRST + timedelta(days=offset)
    up_to = [r for r in await records_of(sessions, member, account_id) if r.trade_date <= day]

    found = (await get(client, "cash", on=day.isoformat(), account_id=str(account_id)))["items"]

    balances = {c["currency"]: Decimal(c["amount"]) for c in found}
    assert {c: amount for c, amount in balances.items() if amount} == moved(up_to)
    settled = moved([r for r in up_to if has_settled(r, day)])
    for item in found:
        waiting = sum((Decimal(p["amount"]) for p in item["pending"]), Decimal(0))
        if item["settled"] is None:
            assert any(p["unknown_reason"] for p in item["pending"])
            continue
        assert Decimal(item["settled"]) + waiting == Decimal(item["amount"])
        assert Decimal(item["settled"]) == settled.get(item["currency"], Decimal(0))
        assert all(p["settles_on"] > day.isoformat() for p in item["pending"])
    positions = await get(
        client, "positions", on=day.isoformat(), account_id=str(account_id), basis="settled"
    )
    state = replay([r for r in up_to if has_settled(r, day)])
    assert units_of(positions) == {
        str(p.instrument_id): (p.quantity, p.cost) for p in state.positions()
    }


@FEW
@given(STEPS, st.integers(1, 4))
async def test_the_balance_after_the_last_movement_is_the_balance(
    client: httpx.AsyncClient, instrument_id: UUID, steps: list[Step], limit: int
) -> None:
    account_id = await create_account(client)
    await post(client, *[step.body(account_id, instrument_id) for step in steps])
    day = (FIRST + timedelta(days=10)).isoformat()
    scope = {"account_id": str(account_id)}

    for until, asked in (({"on": "2030-01-01"}, {}), ({"on": day}, {"to": day})):
        balances = {
            c["currency"]: c["amount"]
            for c in (await get(client, "cash", **until, **scope))["items"]
        }
        for currency in ("USD", "JPY"):
            rows: list[dict[str, Any]] = []
            cursor: dict[str, str] = {}
            while True:
                page = await get(
                    client, "cash/movements", currency=currency, limit=str(limit), **scope,
                    **asked, **cursor,
                )  # fmt: skip
                rows += page["items"]
                if not page["has_more"]:
                    break
                cursor = {"cursor": page["next_cursor"]}
            last = Decimal(rows[0]["balance"]) if rows else Decimal(0)
            assert last == Decimal(balances.get(currency, "0"))
            running = Decimal(0)
            for row in reversed(rows):
                running += Decimal(row["amount"])
                assert Decimal(row["balance"]) == running


def units_of(positions: dict[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
    """Instrument → units and cost."""
    return {
        p["instrument_id"]: (Decimal(p["quantity"]), Decimal(p["cost"])) for p in positions["items"]
    }


async def figures(client: httpx.AsyncClient, account_id: UUID, **query: str) -> tuple[Any, ...]:
    """Everything the balances of an account say."""
    scope = {"account_id": str(account_id), "on": "2026-01-01", **query}
    positions = await get(client, "positions", **scope)
    held = (await get(client, "cash", **scope))["items"]
    moves = await get(
        client, "cash/movements", account_id=str(account_id), currency="USD", limit="200",
        **({"as_known_on": query["as_known_on"]} if "as_known_on" in query else {}),
    )  # fmt: skip
    return (
        units_of(positions),
        {c["currency"]: Decimal(c["amount"]) for c in held},
        [(m["trade_date"], m["amount"], m["balance"]) for m in moves["items"]],
    )


@FEW
@given(STEPS)
async def test_as_known_on_a_day_is_what_was_told_on_that_day(
    client: httpx.AsyncClient,
    sessions: Sessions,
    member: Member,
    admin_connection: Connection,
    instrument_id: UUID,
    steps: list[Step],
) -> None:
    account_id = await create_account(client)
    records = await post(client, *[step.body(account_id, instrument_id) for step in steps])
    told_then = await figures(client, account_id)
    # the clock of the database cannot be set: everything so far is moved two days back instead
    then = datetime.now(UTC) - timedelta(days=2)
    admin_connection.execute("SET session_replication_role = replica")
    admin_connection.execute(
        "UPDATE transactions SET recorded_at = %s WHERE account_id = %s", (then, account_id)
    )
    admin_connection.execute("SET session_replication_role = DEFAULT")

    for step, record in zip(steps, records, strict=True):
        if step.later == "taken back":
            assert (await reverse(client, record)).status_code == httpx.codes.CREATED
        elif step.later == "corrected":
            body = step._replace(cents=step.cents + 1).body(account_id, instrument_id)
            path = f"{TRANSACTIONS}/{record['id']}"
            answer = await client.put(path, json=body, headers=a_key())
            assert answer.status_code == httpx.codes.OK, answer.text

    assert await figures(client, account_id, as_known_on=then.date().isoformat()) == told_then
    # and today's figures are those of what counts today
    today = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    now = await figures(client, account_id)
    assert await figures(client, account_id, as_known_on=today) == now
    count = await records_of(sessions, member, account_id)
    assert {c: amount for c, amount in now[1].items() if amount} == moved(count)
    assert now[0] == {str(p.instrument_id): (p.quantity, p.cost) for p in replay(count).positions()}
    assert TransactionKind.REVERSAL not in {record.kind for record in count}

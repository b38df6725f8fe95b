"""Records that contradict themselves are refused, each at the field that is wrong."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import Member, add_instrument, create_account
from tests.conftest import NOON, Connection
from tests.features.importing import stored
from tests.features.ledgering import a_record, cash, send

BUY: dict[str, Any] = {"kind": "buy", "quantity": "10", "price": "100"}
DEPOSIT: dict[str, Any] = {"kind": "deposit", "gross": cash("5"), "instrument_id": None}
FX: dict[str, Any] = {
    "kind": "fx_conversion", "instrument_id": None,
    "gross": cash("-110"), "counter": cash("100", "EUR"),
}  # fmt: skip
TOMORROW = NOON.date() + timedelta(days=1)
# what is posted, changed, and where it is refused
NUMBERS: list[Any] = [
    "NaN", "sNaN", "Infinity", "-Infinity", "1e3000000", "1E5", "1e-5", "0x10", "1_000", "1,000",
    "", " 1", "+1", "\u0661", "1." + "3" * 30, "1" * 21, "--1", "1.", ".5",
    1.5, 1, True, [], {},
]  # fmt: skip
REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (BUY, {"trade_date": (TOMORROW + timedelta(days=1)).isoformat()}, "/body/trade_date"),
    (BUY, {"trade_date": "1899-12-31"}, "/body/trade_date"),
    (BUY, {"trade_date": "03/05/2026"}, "/body/trade_date"),
    (BUY, {"trade_date": "26-02-05"}, "/body/trade_date"),
    (BUY, {"trade_date": 1772668800}, "/body/trade_date"),
    (BUY, {"trade_date": "2026-02-30"}, "/body/trade_date"),
    (BUY, {"settlement_date": "2026-02-09"}, "/body/settlement_date"),
    (BUY, {"currency": "XXX"}, "/body/currency"),
    (BUY, {"currency": "usd"}, "/body/currency"),
    (BUY, {"gross": cash("-1000", "EUX", "1")}, "/body/gross/currency"),
    (BUY, {"fee": cash("1", "GBX", "1")}, "/body/fee/currency"),
    (BUY, {"quantity": "0"}, "/body/quantity"),
    (BUY, {"quantity": None}, "/body/quantity"),
    (BUY, {"quantity": "-10"}, "/body/quantity"),
    (BUY, {"kind": "sell"}, "/body/quantity"),
    (BUY, {"instrument_id": None}, "/body/instrument_id"),
    (BUY, {"instrument_id": "IBM"}, "/body/instrument_id"),
    (BUY, {"price": "-100"}, "/body/price"),
    (BUY, {"price": None}, "/body/gross"),
    (BUY, {"gross": cash("-1001")}, "/body/gross/amount"),
    (BUY, {"gross": cash("1000")}, "/body/gross/amount"),
    (BUY, {"gross": cash("-1000", "EUR", "1.1")}, "/body/gross/amount"),
    (BUY, {"kind": "sell", "quantity": "-10", "gross": cash("-1000")}, "/body/gross/amount"),
    (BUY, {"quantity": "9" * 20, "price": "9" * 20}, "/body/price"),
    # only equal currencies have rate 1
    (BUY, {"fee": cash("1", "EUR")}, "/body/fee/rate"),
    (BUY, {"tax": cash("1", "EUR", "0")}, "/body/tax/rate"),
    (BUY, {"tax": cash("1", "EUR", "-1")}, "/body/tax/rate"),
    (BUY, {"fee": cash("1", "USD", "1.1")}, "/body/fee/rate"),
    (BUY, {"kind": "transfer_in", "quantity": None}, "/body/quantity"),
    (BUY, {"kind": "transfer_out"}, "/body/quantity"),
    (BUY, {"kind": "split", "quantity": None, "price": None}, "/body/ratio"),
    (BUY, {"kind": "split", "quantity": None, "ratio": "0"}, "/body/ratio"),
    (BUY, {"kind": "spin_off", "quantity": None}, "/body/quantity"),
    (BUY, {"kind": "worthless", "instrument_id": None}, "/body/instrument_id"),
    (BUY, {"kind": "deposit", "gross": cash("5")}, "/body/quantity"),
    (BUY, {"kind": "fee", "fee": cash("5")}, "/body/quantity"),
    (DEPOSIT, {"gross": None}, "/body/gross"),
    (DEPOSIT, {"gross": cash("-5")}, "/body/gross/amount"),
    (DEPOSIT, {"gross": cash("0")}, "/body/gross/amount"),
    (DEPOSIT, {"kind": "withdrawal"}, "/body/gross/amount"),
    (BUY, {"kind": "return_of_capital", "quantity": None, "price": None}, "/body/gross"),
    (BUY, {"kind": "dividend", "quantity": None, "price": None}, "/body/gross"),
    (BUY, {"kind": "dividend", "instrument_id": None}, "/body/instrument_id"),
    (DEPOSIT, {"kind": "fee", "gross": None}, "/body/fee"),
    (DEPOSIT, {"kind": "tax", "gross": None}, "/body/tax"),
    (FX, {"counter": None}, "/body/counter"),
    (FX, {"gross": None}, "/body/gross"),
    (FX, {"counter": cash("-100", "EUR")}, "/body/counter/amount"),
    (FX, {"counter": cash("100", "USD")}, "/body/counter/currency"),
    (FX, {"gross": cash("-110", "GBP", "1.3")}, "/body/gross/currency"),
    (DEPOSIT, {"note": "a\0b"}, "/body/note"),
    (DEPOSIT, {"note": "x" * 2001}, "/body/note"),
    (DEPOSIT, {"colour": "red"}, "/body/colour"),
    (DEPOSIT, {"kind": "gift"}, "/body/kind"),
    (DEPOSIT, {"account_id": "mine"}, "/body/account_id"),
]  # fmt: skip


@pytest.fixture
async def account_id(client: httpx.AsyncClient) -> UUID:
    return await create_account(client)


@pytest.fixture
def instrument_id(admin_connection: Connection) -> UUID:
    return add_instrument(admin_connection)


async def refusal(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID, body: dict[str, Any]
) -> list[str]:
    """The pointers of a refusal."""
    plain = a_record(account_id, "buy", instrument_id=instrument_id)
    answer = await send(client, {**plain, **body})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert all(error["detail"] for error in answer.json()["errors"])
    return [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(("body", "changes", "pointer"), REFUSED, ids=str)
async def test_a_contradiction_is_refused_at_its_field(
    client: httpx.AsyncClient,
    account_id: UUID,
    instrument_id: UUID,
    member: Member,
    admin_connection: Connection,
    body: dict[str, Any],
    changes: dict[str, Any],
    pointer: str,
) -> None:
    found = await refusal(client, account_id, instrument_id, {**body, **changes})
    assert found == [pointer]
    assert stored(admin_connection, member)["transactions"] == 0


@pytest.mark.parametrize("place", ["gross", "quantity", "price"])
async def test_what_is_no_plain_decimal_is_refused(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID, place: str
) -> None:
    pointers = {}
    for number in NUMBERS:
        body = {**BUY, place: number} if place != "gross" else {**DEPOSIT, place: cash(number)}
        pointers[repr(number)] = await refusal(client, account_id, instrument_id, body)

    pointer = "/body/gross/amount" if place == "gross" else f"/body/{place}"
    assert pointers == {repr(number): [pointer] for number in NUMBERS}


async def test_everything_that_is_wrong_is_told_at_once(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID
) -> None:
    body = {**BUY, "trade_date": "2099-01-01", "price": "-1", "currency": "XXX"}
    found = await refusal(client, account_id, instrument_id, body)
    assert set(found) == {"/body/trade_date", "/body/price", "/body/currency"}


@pytest.mark.parametrize(
    "raw", [b'{"amount": NaN}', b"[" * 100_000, b"\xff\xfe", b'"\\ud800"', b""]
)
async def test_what_is_no_json_body_is_refused_and_not_echoed(
    client: httpx.AsyncClient, raw: bytes
) -> None:
    answer = await client.post(
        "/api/v1/transactions",
        content=raw,
        headers={"Content-Type": "application/json", "Idempotency-Key": "x"},
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "changes",
    [
        {"trade_date": TOMORROW.isoformat()},  # it is tomorrow already somewhere
        {"gross": cash("-1000.01")},  # a cent of rounding
        {"price": "99.999", "gross": cash("-1000")},  # the price is rounded
        {"quantity": "9.999", "gross": cash("-1000")},  # the units are
        {"gross": cash("-909.09", "EUR", "1.1")},
        {"gross": cash("-1000"), "fee": cash("-0.5")},  # a rebate
        {"fee": cash("1", "EUR", "1.1"), "tax": cash("2")},
        {"quantity": "0.000000000000000001", "price": "12345678901234567890"},
        {"settlement_date": "2026-02-10"},
        {"note": "=1+1"},
    ],
    ids=str,
)
async def test_what_can_be_is_taken(
    client: httpx.AsyncClient, account_id: UUID, instrument_id: UUID, changes: dict[str, Any]
) -> None:
    body = a_record(account_id, "buy", instrument_id=instrument_id)
    answer = await send(client, {**body, **BUY, **changes})
    assert answer.status_code == 201, answer.text

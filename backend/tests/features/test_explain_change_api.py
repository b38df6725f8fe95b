"""Bars of the value change, explained: equal to the page, adding up, with a way to the records."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from tests.builders import add_fx_rate, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.explaining import explain, explain_all
from tests.features.ledgering import a_record, bought, cash, paid, post, priced, sold
from tests.features.test_taxonomies_api import change, grown, put
from truenav.core.explanation import walk

D = Decimal
SPAN = {"from": "2026-02-02", "to": "2026-02-20"}
TAIL = "from=2026-02-02&to=2026-02-20"


class Two:
    """An account in euro and one in Peruvian soles, with trades, income and costs."""

    def __init__(self, first: UUID, second: UUID, share: UUID, other: UUID) -> None:
        self.first, self.second, self.share, self.other = first, second, share, other


@pytest.fixture
async def two(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> Two:
    # a sol was 0.20 euro, then 0.25
    for at, rate in ((2, "5"), (10, "4"), (18, "4")):
        add_fx_rate(admin_connection, "PEN", date(2026, 2, at), rate)
    first = await create_account(client, base_currency="EUR", tax_currency="EUR")
    second = await create_account(client, base_currency="PEN", tax_currency="PEN")
    share = priced(
        admin_connection, {"2026-02-02": "100", "2026-02-10": "130", "2026-02-18": "120"}, "EUR"
    )
    other = priced(admin_connection, {"2026-02-02": "20", "2026-02-10": "22"}, "PEN")
    euro: dict[str, Any] = {"currency": "EUR"}
    await post(
        client,
        paid(first, "2026-02-02", "2000", "EUR"),
        bought(first, share, "2026-02-02", "10", "100", fee=cash("2", "EUR"), **euro),
        sold(first, share, "2026-02-10", "4", "130", fee=cash("3", "EUR"), **euro),
        a_record(first, "dividend", "2026-02-11", instrument_id=share, gross=cash("60", "EUR"),
                 tax=cash("9", "EUR"), **euro),
        a_record(first, "interest", "2026-02-12", gross=cash("7", "EUR"), **euro),
        paid(first, "2026-02-12", "-250", "EUR"),
        paid(second, "2026-02-02", "1000", "PEN"),
        bought(second, other, "2026-02-10", "10", "22", currency="PEN"),
    )  # fmt: skip
    await work(None)
    return Two(first, second, share, other)


async def bars(client: httpx.AsyncClient, **asked: list[str]) -> dict[str, str | None]:
    answer = await client.get("/api/v1/performance/waterfall", params={**SPAN, **asked})
    found = answer.json()
    return {
        **{bar["bar"]: bar["amount"] for bar in found["bars"]},
        "closing": found["closing_nav"],
        "price_result": found["price_result"],
    }


async def test_every_bar_is_explained_down_to_its_records(
    client: httpx.AsyncClient, two: Two
) -> None:
    both = [str(two.first), str(two.second)]
    for asked in (
        {"account_id": [str(two.first)]},
        {"account_id": [str(two.second)]},
        {"account_id": both, "base_currency": ["EUR"]},
        {"base_currency": ["PEN"]},
    ):
        page = await bars(client, **asked)
        tail = urlencode({**SPAN, **asked}, doseq=True)
        for bar, amount in page.items():
            shown, _ = await explain_all(client, f"value-change?bar={bar}&{tail}", 12)
            assert shown == amount is not None, (bar, asked)


async def test_the_parts_are_those_one_works_out_by_hand(
    client: httpx.AsyncClient, two: Two
) -> None:
    account = f"{TAIL}&account_id={two.first}"
    _, closing = await explain(client, f"value-change?bar=closing&{account}")
    told = {part.label: part.value for part in closing.children}
    # 4 × 30 realized before the fee; 10 × 20 in all, of which 120 are realized
    assert told["Realized gains"] == D(120)
    assert told["Unrealized gains"] == D(120)
    assert (told["Fees"], told["Taxes"], told["Taken out"]) == (D(-3), D(-9), D(-250))
    _, realized = await explain(client, f"value-change?bar=realized&{account}")
    (gain,) = realized.children
    assert [part.value for part in gain.children] == [D(520), D(400)]
    assert gain.ref.transaction_id is not None
    assert {node.more for node in walk(realized)} == {None}
    _, prices = await explain(client, f"value-change?bar=price_result&{account}")
    (of_share,) = prices.children
    assert str(of_share.ref.instrument_id) == str(two.share)
    assert of_share.more is not None
    _, days = await explain(client, of_share.more)
    # 520 got for 4, and the 6 left are worth 280 less than the 10 were
    assert [part.value for part in days.children] == [D(520), D(-280)]
    assert {node.kind.value for node in walk(days)} >= {"price", "record"}


@pytest.mark.usefixtures("two")
async def test_rates_are_told_by_what_was_held_in_them(client: httpx.AsyncClient) -> None:
    _, fx = await explain(client, f"value-change?bar=fx&{TAIL}&base_currency=EUR")
    # 1,000 soles at 0.20 euro, then at 0.25
    (term,) = fx.children
    assert [part.value for part in term.children] == [D(1000), D("0.05")]
    assert fx.value == D(50)
    assert {node.kind.value for node in walk(fx)} >= {"rate", "event"}


async def test_every_bar_of_a_slice_is_explained_down_to_its_records(
    client: httpx.AsyncClient, two: Two
) -> None:
    made, ids = await grown(client, "Technology")
    body = {"version": made["version"], "items": [put(two.share, (ids["Technology"], "0.6"))]}
    await change(client, "PUT", f"{made['id']}/assignments", body)
    for asked in (
        {"currency": ["PEN"], "base_currency": ["EUR"]},
        {"category_id": [ids["Technology"]], "base_currency": ["EUR"]},
    ):
        page = await bars(client, **asked)
        tail = urlencode({**SPAN, **asked}, doseq=True)
        for bar, amount in page.items():
            shown, _ = await explain_all(client, f"value-change?bar={bar}&{tail}", 3)
            assert shown == amount is not None, (bar, asked)
    # on the day before it was bought it is worth nothing, and that is explained
    other: dict[str, Any] = {"instrument_id": [str(two.other)], "base_currency": ["EUR"]}
    page = await bars(client, **other)
    tail = urlencode({**SPAN, **other}, doseq=True)
    shown, _ = await explain_all(client, f"value-change?bar=closing&{tail}", 3)
    assert shown == page["closing"] is not None


async def test_the_parts_of_a_slice_are_those_one_works_out_by_hand(
    client: httpx.AsyncClient, two: Two
) -> None:
    share = f"{TAIL}&instrument_id={two.share}&base_currency=EUR"
    _, moved = await explain(client, f"value-change?bar=withdrawals&{share}")
    assert moved.label == "Moved out"
    # 4 × 130 less a fee of 3, and 60 of income less 9 of tax: both went to the cash
    assert [part.value for part in moved.children] == [D(-517), D(-51)]
    assert {str(part.ref.instrument_id) for part in moved.children} == {str(two.share)}
    _, fees = await explain(client, f"value-change?bar=fees&{share}")
    assert fees.value == D(-3)
    cash_of_first = f"{TAIL}&asset_class=cash&account_id={two.first}"
    _, came = await explain(client, f"value-change?bar=deposits&{cash_of_first}")
    assert (came.label, [part.value for part in came.children]) == ("Moved in", [D(517), D(51)])
    _, interest = await explain(client, f"value-change?bar=interest&{cash_of_first}")
    assert interest.value == D(7)
    _, rates = await explain(client, f"value-change?bar=fx&{TAIL}&currency=PEN&base_currency=EUR")
    # 1,000 soles at 0.20 euro, then at 0.25
    assert rates.value == D(50)


async def test_what_was_not_there_is_refused_by_name(client: httpx.AsyncClient, two: Two) -> None:
    nobody = UUID(int=3)
    path = f"/api/v1/explain/value-change?bar=price_result&{TAIL}&held_id={nobody}"
    assert (await client.get(path)).status_code == 404
    assert (await client.get("/api/v1/explain/value-change?bar=nothing")).status_code == 422
    for words in (
        "bar=closing&period=2026-01", "bar=unrealized&period=2026", "bar=price_result&period=2026",
        f"bar=fees&held_id={two.share}",
    ):  # fmt: skip
        path = f"/api/v1/explain/value-change?{words}&{TAIL}"
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_fields"), words


async def test_before_anything_there_is_nothing_to_explain(client: httpx.AsyncClient) -> None:
    _, root = await explain(client, "value-change?bar=closing")
    assert root.unknown_reason == "no_capital"


async def test_an_unknown_bar_says_what_is_missing(
    client: httpx.AsyncClient, admin_connection: Connection, work: Work
) -> None:
    account = await create_account(client)
    unpriced = priced(admin_connection, {}, "USD")
    await post(
        client,
        paid(account, "2026-02-02", "100"),
        bought(account, unpriced, "2026-02-03", "1", "10"),
        a_record(account, "dividend", "2026-02-04", instrument_id=unpriced, gross=cash("5")),
    )
    await work(None)
    page = await bars(client)
    for bar in ("unrealized", "closing", "dividends"):
        shown, root = await explain(client, f"value-change?bar={bar}&{TAIL}")
        assert shown == page[bar], bar
        if shown is None:
            reasons = {node.unknown_reason for node in walk(root)} - {None}
            assert reasons & {"price_missing", "value_unknown"}, bar

"""The worst returns: of the past, of what is held today, and of too few days."""

import httpx
import pytest

from tests.builders import add_fx_rate, add_instrument, create_account
from tests.conftest import Connection
from tests.features.acting import own
from tests.features.conftest import Work
from tests.features.ledgering import a_record, bought, cash, post, sold
from tests.features.risking import DOWN, FIRST, UP, invested, risk, value, walk, weekdays


async def test_half_of_it_in_cash_today_is_half_of_todays_risk(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 150))
    account_id = await invested(client, own)
    last = weekdays(301)[-1].isoformat()
    close = walk([UP, DOWN] * 150)[weekdays(301)[-1]]
    await post(client, sold(account_id, own, last, "5", close))
    await work(None)

    found = await risk(client, confidence="0.99")

    assert float(found["past_tail"]["value_at_risk"]) == pytest.approx(-0.01, abs=1e-8)
    assert float(found["held_tail"]["value_at_risk"]) == pytest.approx(-0.005, abs=1e-6)
    assert found["held_tail"]["return_count"] == 252
    assert found["correlations"]["reason"] == "fewer_than_two_holdings"


async def test_income_due_in_another_currency_moves_with_its_rate(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    days = weekdays(329)  # until 5 March 2026, today
    own_id = add_instrument(admin_connection, currency="EUR", prices=dict.fromkeys(days, "100"))
    for place, day in enumerate(days):
        add_fx_rate(admin_connection, "VND", day, "1.01" if place % 2 else "1")
    account_id = await create_account(client, base_currency="EUR")
    await post(
        client,
        a_record(
            account_id, "deposit", FIRST.isoformat(), currency="EUR", gross=cash("1000", "EUR")
        ),
        bought(account_id, own_id, FIRST.isoformat(), "10", "100", currency="EUR"),
    )
    # as much is due as is held: 10 times 100, at a rate of 1 today
    await own(
        client, own_id, "cash_dividend", ex_date="2026-03-04", pay_date="2026-03-20",
        cash_amount="100", currency="VND",
    )  # fmt: skip
    await work(None)

    found = await risk(client, account_id=str(account_id))

    # half of it: 1 / 1.01 - 1 on every second day
    assert float(found["held_tail"]["value_at_risk"]) == pytest.approx(-0.005 / 1.01, abs=1e-9)


async def test_too_few_returns_are_refused_unless_asked(
    client: httpx.AsyncClient, work: Work, admin_connection: Connection
) -> None:
    own = add_instrument(admin_connection, prices=walk([UP, DOWN] * 25))
    await invested(client, own)
    await work(None)

    refused = await risk(client)
    asked = await risk(client, allow_few="true")

    assert refused["past_tail"]["value_at_risk"] is None
    assert refused["past_tail"]["reason"] == "too_few_returns"
    assert (refused["past_tail"]["return_count"], refused["past_tail"]["least_count"]) == (50, 100)
    assert float(asked["past_tail"]["value_at_risk"]) == pytest.approx(-0.01, abs=1e-9)
    assert refused["by_name"]["beta"]["reason"] == "no_benchmark"
    assert refused["rolling"] == []
    # twenty-nine returns are too few for anything, and fifty are not
    short = await risk(client, to=weekdays(30)[-1].isoformat())
    assert value(refused, "volatility") is not None
    assert short["by_name"]["volatility"]["reason"] == "too_few_returns"

"""Returns of more digits than an answer has: unknown with that reason, on every page alike."""

from datetime import date
from decimal import Decimal

import httpx
import pytest

from tests.builders import add_instrument, create_account
from tests.conftest import Connection
from tests.features.conftest import Work
from tests.features.explaining import explain
from tests.features.ledgering import bought, get, paid, post, sold
from truenav.core.performance.mwrr import Mwrr, MwrrStatus
from truenav.features.performance.service import solved, why_untold

D = Decimal
REASON = "out_of_range"


@pytest.fixture
async def risen(client: httpx.AsyncClient, admin_connection: Connection, work: Work) -> None:
    """A dollar that became a thousand billion, and the dollar that was left of it did so again."""
    account = await create_account(client)
    days = [date(2026, 1, day) for day in (5, 6, 7)]
    many = "1000000000000"
    first, second = (
        add_instrument(admin_connection, prices=dict(zip(days, closes, strict=True)))
        for closes in (["1", many, many], ["1", "1", many])
    )
    await post(
        client,
        paid(account, "2026-01-05", "1"),
        bought(account, first, "2026-01-05", "1", "1"),
        sold(account, first, "2026-01-06", "1", many),
        paid(account, "2026-01-06", "-999999999999"),
        bought(account, second, "2026-01-06", "1", "1"),
    )
    await work(None)


@pytest.mark.usefixtures("risen")
async def test_a_return_too_large_is_unknown_everywhere(client: httpx.AsyncClient) -> None:
    span = {"from": "2026-01-05", "to": "2026-01-07"}
    page = await get(client, "performance", **span)
    assert (page["closing_nav"], page["net_flows"]) == (
        "1000000000000", "-999999999999",
    )  # fmt: skip
    of = page["time_weighted"]
    assert (of["ratio"], of["status"], of["reason"]) == (None, "unknown", REASON)
    # no rate of that size is searched for
    assert (page["money_weighted"]["ratio"], page["money_weighted"]["status"]) == (
        None, "no_solution"
    )  # fmt: skip
    months = await get(client, "performance/monthly", **span)
    assert months["total"]["reason"] == REASON
    (year,) = months["years"]
    assert [(one["ratio"], one["reason"]) for one in (*year["months"], year["whole"])] == [
        (None, REASON)
    ] * 2
    added = await get(client, "attribution", **span, by="asset_class")
    assert (added["total_ratio"], added["reason"]) == (None, REASON)
    share = next(one for one in added["groups"] if not one["key"].startswith("cash"))
    assert (share["contribution_ratio"], share["reasons"]) == (None, [REASON])
    assert (share["return_ratio"], share["return_reason"]) == (None, REASON)
    tail = "&".join(f"{name}={value}" for name, value in span.items())
    for figure, reason in (
        ("time_weighted", REASON), ("money_weighted", "no_solution"), ("flows_worth", "no_solution")
    ):  # fmt: skip
        shown, root = await explain(client, f"performance?figure={figure}&{tail}")
        assert (shown, root.unknown_reason) == (None, reason), figure
    _, root = await explain(client, f"performance?figure=time_weighted_yearly&{tail}")
    assert root.unknown_reason == "less_than_a_year"
    shown, root = await explain(client, f"attribution?figure=total&{tail}")
    assert (shown, root.unknown_reason) == (None, REASON)


def test_the_last_figure_that_is_told_has_twenty_digits() -> None:
    assert why_untold(D("99999999999999999999")) is None
    assert (why_untold(D("1E20")), why_untold(D("-1E20")), why_untold(None)) == (
        REASON, REASON, None
    )  # fmt: skip
    found = solved(Mwrr(MwrrStatus.OK, D("1E21"), (D("1E21"),), 365, D("1E21")))
    assert (found.ratio, found.annualized_ratio, found.status) == (None, None, "unknown")
    # of a few days only the yearly rate is too large, and nobody is told it
    short = solved(Mwrr(MwrrStatus.OK, D("1E21"), (D("1E21"),), 10, D("0.5")))
    assert (short.ratio, short.status, short.reason) == (D("0.5"), "ok", None)

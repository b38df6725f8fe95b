"""From a file to lots and cash: what the samples leave in an account, worked out by hand."""

from decimal import Decimal

import pytest

from tests.core.imports.replaying import column_sum, held, named, state_after
from tests.core.imports.samples import FILES, sample


def test_a_reverse_split_under_a_new_isin_carries_units_and_cost_over() -> None:
    positions = held(state_after(sample("ibkr_activity.csv")))
    # 1,500 bought for 61,807.50; 500 sold and 250 moved away leave 750 at 41.205 = 30,903.75;
    # 50 came back as capital on the 1,000 held in May: 0.05 each, 37.50 of it on these 750;
    # 1 for 10 makes 75 under the new ISIN
    assert positions == {named("US9900000021"): (Decimal(75), Decimal("30866.25"))}


def test_a_flex_query_leaves_the_cash_its_rows_add_up_to() -> None:
    state = state_after(sample("ibkr_flex.xml"))
    # USD: -41200 - 5 - 20600 - 1.5 + 140.93 + 0.02 + 375 - 56.25 + 56.25 - 75.5; 140.9268 rounds
    assert state.cash["USD"] == Decimal("-61366.05")
    # CHF: -2.5 - 2 - 500 + 7, and CAD from the merger
    assert state.cash["CHF"] == Decimal("-497.50")
    assert state.cash["CAD"] == Decimal("286.00")
    assert state.cash["EUR"] == Decimal("-133.00")
    assert held(state)[named("US9900000021")] == (Decimal(60), Decimal("61806.5"))


def test_a_cash_merger_sells_everything_at_the_cash_received() -> None:
    state = state_after(sample("schwab_cash_merger.csv"))
    assert held(state) == {}
    (closure,) = state.closures
    assert (closure.proceeds, closure.cost) == (Decimal(1000), Decimal(2506))
    # 2506 - 10 + 10 - 2506 + 1000
    assert state.cash == {"USD": Decimal(1000)}


def test_options_and_shorts_close_without_rest() -> None:
    state = state_after(sample("schwab_options_and_shorts.csv"))
    assert held(state) == {}
    gains = {closure.closed_date.isoformat(): closure.gain for closure in state.closures}
    assert gains == {
        "2025-10-06": Decimal("449.95"),  # sold short for 4549.95, covered for 4100
        "2025-12-01": Decimal("167.36"),  # 818.68 - 651.32
        "2025-12-19": Decimal("149.34"),  # the premium of a put that expired
    }


@pytest.mark.parametrize("name", ["fidelity_multi.csv", "fidelity_single.csv"])
def test_bonds_are_held_at_face_value_and_cost_what_was_paid_without_interest(name: str) -> None:
    state = state_after(sample(name))
    if name == "fidelity_multi.csv":
        assert held(state)[named("412000AA4")] == (Decimal(55000), Decimal("49865.75"))
        # -810 - 3.25 - 100 + 100 - 50151.44 + 25000
        assert state.cash == {"USD": Decimal("-25964.69")}
    else:
        # 119.32 + 10184.25 - 12.34 + 12.34 - 1000 + 88.08 + 2500 - 419.95
        assert state.cash == {"USD": Decimal("11471.70")}


def test_every_amount_of_a_schwab_history_is_in_its_cash() -> None:
    plain = (FILES / "schwab_many_actions.csv").read_text("utf-8-sig").replace("$", "")
    body = "\n".join(line for line in plain.splitlines() if "Transactions Total" not in line)
    # the column Amount as a spreadsheet adds it up; the sample's own total (-26,582.91) is of the
    # account it was cut out of
    listed = column_sum(body, "Amount")
    assert listed == Decimal("400074.19")
    assert state_after(sample("schwab_many_actions.csv")).cash == {"USD": listed}


def test_round_trips_at_prices_of_four_decimals() -> None:
    state = state_after(sample("schwab_quoted.csv"))
    # 1,000,000 - 40,503.61 + 42,103.66 - 45,061.70 + 49,998.85 - 208,166.93 + 221,456.59
    assert state.cash == {"USD": Decimal("1019826.86")}
    assert held(state) == {}
    assert [closure.gain for closure in state.closures] == [
        Decimal("1600.05"),
        Decimal("4937.15"),
        Decimal("13289.66"),
    ]


def test_flex_trades_paid_with_exchanged_money_leave_next_to_nothing() -> None:
    state = state_after(sample("ibkr_flex_trades.csv"))
    # 323 for 31,576.55 and 6.979 of commission, each purchase to the cent
    assert held(state)[named("US9220427424")] == (Decimal(323), Decimal("31583.53"))
    assert held(state)[named("CH0111762537")] == (Decimal(7), Decimal("1983.90"))
    # 8,938.40 + 11,085.79 + 11,560.07 came in for them
    assert state.cash["USD"] == Decimal("0.73")
    # 1,978.90 and 5, and three commissions of 1.80, 1.80 and 1.73; what was exchanged is not
    # named in this query, so its other side waits for a person
    assert state.cash["CHF"] == Decimal("-1989.23")


def test_flex_dividends_less_what_was_withheld() -> None:
    state = state_after(sample("ibkr_flex_dividends.csv"))
    assert state.cash == {
        # 137.23 - 20.58 - 12.90 - 25.47 + 85.97 + 169.77 + 0.59
        "USD": Decimal("334.61"),
        # 4.83 + 41.93 - 14.68
        "CHF": Decimal("32.08"),
        "JPY": Decimal(455),
    }


def test_a_transaction_history_adds_up_to_its_net_amounts() -> None:
    state = state_after(sample("ibkr_transaction_history.csv"))
    # the column Net Amount, to the cent
    assert state.cash == {"GBP": Decimal("3027.40")}
    # half of 4,003 is left; 1,999 came in for the other half
    assert held(state)[named("CNX1")] == (Decimal(2), Decimal("2001.5"))
    assert [closure.gain for closure in state.closures] == [Decimal("-2.5")]

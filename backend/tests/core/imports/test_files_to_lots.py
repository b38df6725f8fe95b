"""From a file to lots and cash: what the samples leave in an account, worked out by hand."""

from decimal import Decimal

import pytest

from tests.core.imports.replaying import held, named, state_after
from tests.core.imports.samples import sample


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

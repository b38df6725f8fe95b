"""Gains told apart: what prices made of them, and what exchange rates did."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.ids import InstrumentId, LotId, TransactionId
from truenav.core.ledger.lots import Lot
from truenav.core.valuation.gains import Gain, together, unrealized
from truenav.core.valuation.holdings import value_holding
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import FxTable, PriceSeries

D = Decimal
SHARE = InstrumentId(UUID(int=1))
BOUGHT, NOW = date(2026, 1, 5), date(2026, 3, 4)


def a_lot(
    quantity: str,
    cost: str,
    currency: str = "EUR",
    *,
    is_short: bool = False,
    is_cost_known: bool = True,
) -> Lot:
    return Lot(
        id=LotId(UUID(int=2)), instrument_id=SHARE, opened_by=TransactionId(UUID(int=3)),
        acquired_date=BOUGHT, quantity=D(quantity), cost=D(cost), currency=currency,
        is_short=is_short, is_cost_known=is_cost_known,
    )  # fmt: skip


def split(lots: list[Lot], price: str = "130", rates: tuple[str, str] = ("1", "1.2")) -> Gain:
    """Of euros told in francs; rates are francs for a euro when bought and now."""
    fx = FxTable({"CHF": ([BOUGHT, NOW], [D(rates[0]), D(rates[1])])})
    prices = PriceSeries("EUR", [NOW], [D(price)])
    market = Market(prices={SHARE: prices}, multipliers={}, fx=fx)
    return unrealized(value_holding(SHARE, lots, market, "CHF", NOW), lots, "CHF")


def test_prices_at_the_rate_of_the_day_and_rates_on_the_cost() -> None:
    # 10 at 100 euros cost 1,000 francs; at 130 and 1.2 they are 1,560: 300 × 1.2, and 1,000 × 0.2
    assert split([a_lot("10", "1000")]) == Gain(D(560), D(200), 1)


def test_a_short_position_gains_by_a_weaker_currency() -> None:
    # 10 sold for 1,000 francs; to buy them back costs 10 × 90 × 0.8: 100 × 0.8, and 1,000 × 0.2
    found = split([a_lot("10", "1000", is_short=True)], price="90", rates=("1", "0.8"))
    assert found == Gain(D(280), D(200), 1)


def test_what_was_paid_in_another_currency_cannot_be_told_apart() -> None:
    found = split([a_lot("10", "1000", "CHF")])
    assert found == Gain(D(560), None, 1)


def test_an_unknown_cost_hides_the_gain_with_its_reason() -> None:
    found = split([a_lot("10", "1000", is_cost_known=False)])
    assert (found.gain, found.from_currency, found.reasons) == (None, None, ("cost_unknown",))
    whole = together([found, Gain(D(5), D(1), 1)])
    assert (whole.gain, whole.from_currency, whole.count) == (None, None, 2)
    assert whole.reasons == ("cost_unknown",)


def test_nothing_is_zero() -> None:
    assert together([]) == Gain(D(0), D(0), 0)


amounts = st.decimals(1, 10**6, places=4)


@pytest.mark.parametrize("is_short", [False, True])
@given(cost=amounts, price=amounts, then=amounts, now=amounts)
def test_both_parts_come_to_the_gain_and_each_is_zero_alone(
    is_short: bool, cost: Decimal, price: Decimal, then: Decimal, now: Decimal
) -> None:
    lot = a_lot("3", str(cost), is_short=is_short)
    found = split([lot], str(price), (str(then), str(now)))
    sign = -1 if is_short else 1
    assert found.gain == sign * (3 * price * now - cost * then)
    assert found.from_currency == sign * cost * (now - then)
    steady = split([lot], str(price), (str(now), str(now)))
    assert steady.from_currency == 0
    flat = split([a_lot("3", str(3 * price), is_short=is_short)], str(price), (str(then), str(now)))
    assert flat.gain == flat.from_currency

"""Matches of United Kingdom sales against the plainest reading of the two sections."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.ledger_builders import a_record
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.replay import replay
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.ledger.uk_matching import uk_matches

K = TransactionKind
BEGAN = date(2020, 4, 6)
# (days after the one before, units bought > 0 or sold < 0, None for a split of two for one)
Step = tuple[int, int | None]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 1, 7, 29, 30, 31]), st.one_of(st.integers(-40, 60), st.none())
    ),
    max_size=30,
)


def history(steps: Sequence[Step]) -> list[Transaction]:
    """A large purchase long before, so that no sale goes short, and then the steps."""
    records = [a_record(K.BUY, BEGAN - timedelta(days=400), 0, quantity="100000", gross="-100000")]
    day = BEGAN
    for number, (wait, units) in enumerate(steps, 1):
        day += timedelta(days=wait)
        if units is None:
            records.append(a_record(K.SPLIT, day, number, ratio="2"))
        elif units:
            kind, gross = (K.BUY, -units) if units > 0 else (K.SELL, -units)
            records.append(a_record(kind, day, number, quantity=str(units), gross=str(gross)))
    return records


def plainly(records: Sequence[Transaction]) -> list[tuple[int, int, Decimal]]:
    """Every sale looks at every purchase: first of its day, then of thirty days, in order."""
    left = {r.sequence: abs(r.quantity or Decimal(0)) for r in records}
    sales = [r for r in records if r.kind is K.SELL]
    purchases = [r for r in records if r.kind is K.BUY]
    splits = [r.trade_date for r in records if r.kind is K.SPLIT]
    found = []
    for reach in (range(1), range(1, 31)):
        for sale in sales:
            for purchase in purchases:
                apart = (purchase.trade_date - sale.trade_date).days
                is_split = any(sale.trade_date < on <= purchase.trade_date for on in splits)
                units = min(left[sale.sequence], left[purchase.sequence])
                if apart in reach and units > 0 and (apart == 0 or not is_split):
                    left[sale.sequence] -= units
                    left[purchase.sequence] -= units
                    found.append((sale.sequence, purchase.sequence, units))
    return found


@given(STEPS)
@example([(0, -10), (0, 10), (1, 20), (0, -5), (30, 5)])
def test_matches_are_what_the_sections_say(steps: Sequence[Step]) -> None:
    records = history(steps)
    by_id = {record.id: record.sequence for record in records}

    found = uk_matches(records, lambda _: True)

    ours = [
        (by_id[match.sale], match.purchase.sequence, match.quantity)
        for matches in found.of_sale.values()
        for match in matches
    ]
    assert sorted(ours) == sorted(plainly(records))


def test_a_purchase_spent_is_not_looked_at_again() -> None:
    """A thousand sales and a thousand purchases of one month: each match ends one of the two."""
    sales = [(0, -1)] * 1000
    records = history([*sales, (1, 1), *[(0, 1)] * 999])

    found = uk_matches(records, lambda _: True)

    order = [match.purchase.sequence for matches in found.of_sale.values() for match in matches]
    assert len(order) == 1000
    assert all(later == earlier + 1 for earlier, later in pairwise(order))


def test_units_of_unknown_cost_come_back_into_the_pool_unknown() -> None:
    day, k = date(2020, 1, 6), TransactionKind
    # nobody said what the first ten cost; the sale is matched with the purchase two days later,
    # and the ten that left the pool come back into it with that purchase
    records = [
        a_record(k.TRANSFER_IN, day, 1, quantity="10"),
        a_record(k.SELL, day + timedelta(days=1), 2, quantity="-10", gross="150"),
        a_record(k.BUY, day + timedelta(days=3), 3, quantity="10", gross="-120"),
    ]
    state = replay(records, method=LotMethod.UK_POOLING, currencies=CostCurrencies(("USD",)))
    (lot,) = state.open_lots()
    assert (lot.quantity, lot.is_cost_known, lot.costs) == (Decimal(10), False, (None,))
    (closure,) = state.closures
    # the sale itself is known: 150 less the 120 of its purchase
    assert (closure.proceeds, closure.cost) == (Decimal(150), Decimal(120))
    assert closure.is_cost_known

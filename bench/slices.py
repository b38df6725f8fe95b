"""A part of an account of a hundred instruments over ten years, against valuing it whole.

    python bench/slices.py [instruments [trades]]        default: 100 4000

What was held is laid out once and given to both. `whole` is the account's NAV by `value_days`, as
the worker computes it. `a fifth` values the slice of every fifth instrument without cash, with its
flows from the records; `everything` is the slice that leaves nothing out; `contributions` are the
parts of the return of every instrument, linked.

A slice of everything must be the NAV to the last digit, and contributions must add up.
"""

import sys
from datetime import date
from decimal import Decimal
from uuid import UUID

from measuring.rounds import frozen_garbage, goal, in_turn, table
from measuring.world import instrument_id, made_up_world
from nav import BASE, market_of, records_of

from truenav.core.ledger.methods import LotMethod
from truenav.core.money import exact
from truenav.core.performance.attribution import (
    AccountParts,
    contributions,
    linked_steps,
)
from truenav.core.performance.flows import FlowTiming
from truenav.core.performance.linking import coefficients, steps_of
from truenav.core.valuation.columns import timeline
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.nav import DayValue, value_days
from truenav.core.valuation.segment_values import (
    rates_by_day,
    segment_values,
    valued_moves,
)
from truenav.core.valuation.segments import Segment, moves_of
from truenav.core.valuation.slices import Slice, slice_days

FIRST, LAST = date(2015, 1, 1), date(2024, 12, 31)
COUNT = (LAST - FIRST).days + 1
ONE = Decimal(1)
ACCOUNT = UUID(int=1)


@exact
def off(parts: list[Decimal | None], whole: Decimal | None) -> Decimal:
    """How far parts are from their whole."""
    return abs(sum((part or Decimal(0) for part in parts), Decimal(0)) - (whole or Decimal(0)))


def main() -> None:
    """Measure, and end if two ways find different things."""
    sizes = [int(text) for text in sys.argv[1:]]
    count = sizes[0] if sizes else 100
    world = made_up_world(count, sizes[1] if len(sizes) > 1 else 4_000)
    records, market = records_of(world), market_of(world)
    held = timeline(records, FIRST, COUNT, LotMethod.FIFO)
    ids = [instrument_id(index) for index in range(count)]
    fifth = Slice(dict.fromkeys(ids[::5], ONE))
    every = Slice(dict.fromkeys(ids, ONE), dict.fromkeys(held.cash, ONE))
    only: set[Segment] = {*ids, *held.cash}
    span = {"first_day": FIRST, "count": COUNT}
    found: dict[str, object] = {}

    def whole() -> list[DayValue]:
        return value_days(held, market, BASE, first_day=FIRST, count=COUNT)

    def parts() -> tuple[list[Decimal | None], Decimal | None]:
        points = [SeriesPoint(d.as_of, d.nav, d.external_flow) for d in whole()]
        steps = steps_of(points, FlowTiming.START_OF_DAY, is_slice=False)
        linked = linked_steps(steps.items, coefficients([s.growth for s in steps.items]))
        values = segment_values(held, market, only, first_day=FIRST, count=COUNT)
        moves = valued_moves(moves_of(records), market, BASE, first_day=FIRST, count=COUNT)
        codes = {one.currency for one in values.values()}
        rates = rates_by_day(market.fx, codes, BASE, first_day=FIRST, count=COUNT)
        account = AccountParts(ACCOUNT, values, moves)
        told = contributions([account], rates, lambda _, of: [(str(of), ONE)], linked)
        return [one.total for one in told.values()], steps.total

    def sliced(of: Slice) -> object:
        return slice_days(held, moves_of(records), of, market, BASE, **span)  # type: ignore[arg-type]

    candidates = {
        "whole": lambda: found.update(whole=whole()),
        "a fifth": lambda: found.update(fifth=sliced(fifth)),
        "everything": lambda: found.update(every=sliced(every)),
        "contributions": lambda: found.update(parts=parts()),
    }
    with frozen_garbage():
        measured = in_turn(candidates, 3)
    navs = [day.nav for day in found["whole"]]  # type: ignore[attr-defined]
    if navs != [day.nav for day in found["every"]]:  # type: ignore[attr-defined]
        raise SystemExit("a slice of everything is not the whole")
    totals, total = found["parts"]  # type: ignore[misc]
    if off(totals, total) > Decimal("1E-12"):
        raise SystemExit("contributions do not add up")
    print(f"{COUNT:,} days × {count} instruments, {len(records):,} records; all agree")
    table(measured, COUNT, "days")
    ratio = measured["a fifth"].times(measured["whole"])
    other = measured["everything"].times(measured["whole"])
    print(f"  a slice of everything takes {other:.2f} times the whole")
    told = measured["contributions"].times(measured["whole"])
    print(f"  contributions of every instrument take {told:.2f} times the whole")
    goal(
        "slices",
        f"a fifth takes {ratio:.2f} times the whole, ≤ 1 wanted",
        is_met=ratio <= 1,
    )


if __name__ == "__main__":
    main()

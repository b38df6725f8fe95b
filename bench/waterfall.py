"""What made the value change, and the checks of a portfolio, of a large account.

    python bench/waterfall.py [instruments [trades]]        default: 100 10000

Ten years in six currencies, every trade paid from outside: two records a trade.

- `waterfall` tells ten years of the account in bars; `valuing` is its daily NAV by the same records
  (`daily_nav`), `records` one replay of them: the least that could be done.
- On embedded PostgreSQL: every check of the portfolio (`checks_of`), what a page of holdings costs
  (`holdings_of`, which the checks read too), and reading the account's records.

The waterfall must end where the valuation ends.
"""

import sys
from datetime import date
from uuid import UUID

from measuring.rounds import frozen_garbage, goal, in_turn, table
from measuring.stage import stage
from measuring.world import made_up_world
from nav import BASE, fill, market_of, records_of
from sqlalchemy import select

from truenav.core.ids import AccountId
from truenav.core.ledger.replay import replay
from truenav.core.performance.waterfall import Books, Waterfall, waterfall
from truenav.core.valuation.nav import DayValue, daily_nav
from truenav.features.accounts.tables import AccountRow
from truenav.features.checks.service import checks_of
from truenav.features.ledger.reads import flows_since
from truenav.features.valuation.holdings import holdings_of
from truenav.features.valuation.series import scope_of
from truenav.platform.unit_of_work import UnitOfWork

FIRST, LAST = date(2015, 1, 1), date(2024, 12, 31)


async def account_of(uow: UnitOfWork) -> UUID:
    return (await uow.session.scalars(select(AccountRow.id))).one()


async def holdings(uow: UnitOfWork) -> None:
    found = await holdings_of(uow, await scope_of(uow, None, LAST))
    if not found.items:
        raise SystemExit("nothing is held")


async def checks(uow: UnitOfWork) -> None:
    if not any(one.verdict in {"ok", "look"} for one in (await checks_of(uow, LAST)).items):
        raise SystemExit("nothing was checked")


async def records_read(uow: UnitOfWork) -> None:
    """Half of the records of the account, those that are a flow, as the product reads them."""
    if not await flows_since(uow.session, AccountId(await account_of(uow)), date.min):
        raise SystemExit("no records were read")


def main() -> None:
    """Measure, and end if two ways find different things."""
    sizes = [int(text) for text in sys.argv[1:]]
    count, trades = (*sizes, *(100, 10_000)[len(sizes) :])
    world = made_up_world(count, trades)
    records, market = records_of(world), market_of(world)
    found: dict[str, Waterfall | list[DayValue]] = {}
    span = {"first_day": FIRST, "last_day": LAST}
    candidates = {
        "waterfall": lambda: found.update(told=waterfall([Books(records)], market, BASE, **span)),
        "valuing": lambda: found.update(days=daily_nav(records, market, BASE, **span)),
        "records": lambda: replay(records),
    }
    with frozen_garbage():
        measured = in_turn(candidates, 3)
    told, days = found["told"], found["days"]
    if not isinstance(told, Waterfall) or not isinstance(days, list):
        raise SystemExit("nothing was found")
    if told.closing is None or told.closing.quantize(days[-1].nav or 1) != days[-1].nav:
        raise SystemExit(f"the waterfall ends elsewhere: {told.closing} {days[-1].nav}")
    print(f"{count} instruments, ten years, {len(records):,} records")
    table(measured, len(records), "records")
    ratio = measured["waterfall"].times(measured["valuing"])
    goal("waterfall", f"{ratio:.2f} times valuing the account, ≤ 2 wanted", is_met=ratio <= 2)
    with stage() as on:
        who = on.add_household()
        fill(on, who, world)
        jobs = {"checks": checks, "holdings": holdings, "records": records_read}
        measured = in_turn(
            {name: lambda job=job: on.act(who, job) for name, job in jobs.items()},
            3,
            on.server_cpu,
        )
    table(measured, len(records), "records")
    ratio = measured["checks"].times(measured["records"], "cpu")
    other = measured["checks"].times(measured["holdings"], "cpu")
    print(f"  the checks take {other:.2f} times the CPU of the holdings they are of")
    goal("checks", f"{ratio:.2f} times reading half its records, ≤ 1 wanted", is_met=ratio <= 1)


if __name__ == "__main__":
    main()

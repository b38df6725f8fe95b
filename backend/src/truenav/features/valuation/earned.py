"""What a scope gained and was paid so far, day by day: of a slice what belongs to it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.money import exact
from truenav.features.ledger import reads as ledger_reads
from truenav.features.ledger.reads import DatedAmount
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)


class OfSegment(Protocol):
    """An amount of an instrument, or of the cash of its currency when it names none."""

    @property
    def instrument_id(self) -> UUID | None:
        """What paid it."""
        ...

    @property
    def currency(self) -> str:
        """Of the amount."""
        ...


def weight_of(scope: Scope, one: OfSegment) -> Decimal:
    """The part of an amount that belongs to the scope: that of its instrument, else of its cash."""
    named = one.instrument_id
    return scope.weight(one.currency if named is None else InstrumentId(named))


async def realized_by_day(uow: UnitOfWork, scope: Scope) -> Sequence[DatedAmount]:
    """Gains realized per day and currency."""
    found = await ledger_reads.realized_by_day(
        uow.session, scope.account_ids, by_instrument=scope.of is not None
    )
    return found if scope.of is None else _own(scope, found)


async def income_by_day(
    uow: UnitOfWork, scope: Scope, first: date, last: date
) -> Sequence[DatedAmount]:
    """Income per day and currency, before tax withheld."""
    found = await ledger_reads.income_by_day(
        uow.session, scope.account_ids, first, last, by_instrument=scope.of is not None
    )
    return found if scope.of is None else _own(scope, found)


@exact
def _own(scope: Scope, found: Sequence[DatedAmount]) -> list[DatedAmount]:
    sums: dict[tuple[date, str], Decimal | None] = {}
    for item in found:
        weight = weight_of(scope, item)
        if not weight:
            continue
        key = item.day, item.currency
        before = sums.get(key, ZERO)
        is_known = before is not None and item.amount is not None
        sums[key] = (before or ZERO) + (item.amount or ZERO) * weight if is_known else None
    return [DatedAmount(day, currency, amount) for (day, currency), amount in sums.items()]

"""The order of sources (core/marketdata/selection.py), in SQL: once, for every read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    String,
    case,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from truenav.core.marketdata.selection import (
    BASIS_RANKS,
    DECIDED,
    DECLARED,
    SOURCE_RANKS,
    UNLISTED,
    SourceOrder,
)
from truenav.features.marketdata.order_tables import InstrumentSourceOrderRow, TenantSourceOrderRow

Text = InstrumentedAttribute[str]
Key = InstrumentedAttribute[UUID]
CACHE = "source_orders"


@dataclass(frozen=True, slots=True)
class SourceOrders:
    """What the asking tenant chose, and what operators chose for instruments; none is empty."""

    tenant: Sequence[str] = ()
    instruments: Mapping[UUID, Sequence[str]] = field(default_factory=dict)

    def of(self, instrument_id: UUID) -> SourceOrder:
        """What counts for an instrument."""
        if not self.tenant and instrument_id not in self.instruments:
            return DECLARED
        return SourceOrder(self.tenant, self.instruments.get(instrument_id, ()))

    def is_any_of(self, instrument_ids: Iterable[UUID]) -> bool:
        """Whether somebody chose for one of these."""
        return bool(self.tenant) or not self.instruments.keys().isdisjoint(instrument_ids)


async def source_orders(session: AsyncSession) -> SourceOrders:
    """What was chosen, asked once a transaction: nearly always nothing."""
    found: SourceOrders | None = session.info.get(CACHE)
    if found is None:
        of_one, of_tenant = InstrumentSourceOrderRow, TenantSourceOrderRow
        query: CompoundSelect[Any] = union_all(
            select(of_one.instrument_id, of_one.sources).where(
                func.cardinality(of_one.sources) > 0
            ),
            select(null(), of_tenant.sources).where(func.cardinality(of_tenant.sources) > 0),
        )
        rows = {key: tuple(sources) for key, sources in await session.execute(query)}
        found = session.info[CACHE] = SourceOrders(rows.pop(None, ()), rows)
    return found


def forget_orders(session: AsyncSession) -> None:
    """Ask again: this transaction has changed one."""
    session.info.pop(CACHE, None)


def order_of(source: Text, basis: Text | None = None) -> tuple[ColumnElement[Any], ...]:
    """What to order rows of one day by, so that the one that counts stands first.

    The same as `selection.preference` where nobody chose; a test compares them. Names and ranks
    stand in the statement, so that the database plans it once.
    """
    by_source = (_ranked(source, SOURCE_RANKS, UNLISTED), source.expression)
    if basis is None:
        return by_source
    return (_ranked(basis, BASIS_RANKS, len(BASIS_RANKS)), *by_source)


def chosen_order_of(
    source: Text, basis: Text, instrument: Key, orders: SourceOrders
) -> tuple[ColumnElement[Any], ...]:
    """The same where somebody chose: what is decided, the tenant's, the instrument's, declared."""
    by_basis, *by_source = order_of(source, basis)
    last: ColumnElement[int] = literal_column("100")
    chosen = InstrumentSourceOrderRow
    own = literal(list(orders.tenant), ARRAY(String))
    of_one = (
        select(func.coalesce(func.array_position(chosen.sources, source), last))
        .where(chosen.instrument_id == instrument)
        .correlate_except(chosen)
        .scalar_subquery()
    )
    return (
        by_basis,
        _ranked(source, dict.fromkeys(sorted(DECIDED), 0), 1),
        func.coalesce(func.array_position(own, source), last),
        of_one,
        *by_source,
    )


def _ranked(column: Text, ranks: dict[str, int], otherwise: int) -> ColumnElement[int]:
    whens: list[tuple[ColumnElement[bool], ColumnElement[int]]] = [
        (column == literal_column(f"'{name}'"), literal_column(str(rank)))
        for name, rank in ranks.items()
    ]
    return case(*whens, else_=literal_column(str(otherwise)))

"""Lists of records: what a filter means, its pages, and marks that lead into the middle of it.

A list is walked by cursors. Marks are the cursors of every n-th record, so that who shows a part
of a long list can ask for it without counting through what stands before (ADR 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.repository import OF_WHOLE_LIST, is_live, was_live, with_names
from truenav.features.ledger.tables import ReviewNoteRow, TransactionRow
from truenav.platform.pages import PageRequest

NEWEST_FIRST = (TransactionRow.trade_date.desc(), TransactionRow.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """Which records a list shows."""

    account_id: UUID | None = None
    instrument_id: UUID | None = None
    kinds: tuple[str, ...] = ()
    text: str | None = None
    known_before: datetime | None = None
    first_date: date | None = None
    last_date: date | None = None
    import_batch_id: UUID | None = None
    include_reversed: bool = False
    needs_review: bool = False

    def conditions(self, *of_reversals: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        """As SQL; what is said of reversals besides goes where they are looked for."""
        found: list[ColumnElement[bool]] = []
        table = TransactionRow
        for column, value in (
            (table.account_id, self.account_id),
            (table.instrument_id, self.instrument_id),
            (table.import_batch_id, self.import_batch_id),
        ):
            if value is not None:
                found.append(column == value)
        if self.kinds:
            found.append(table.kind.in_(self.kinds))
        if self.text:
            found.append(_says(self.text))
        if self.first_date is not None:
            found.append(table.trade_date >= self.first_date)
        if self.last_date is not None:
            found.append(table.trade_date <= self.last_date)
        if self.known_before is not None:
            found.append(was_live(self.known_before, *of_reversals))
        elif not self.include_reversed:
            found.append(is_live(*of_reversals))
        if self.needs_review:
            found.append(exists().where(ReviewNoteRow.transaction_id == table.id))
        return found


def _says(words: str) -> ColumnElement[bool]:
    """Whether note, reference, symbol or name of a record contain the words."""
    pattern = "%" + words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    instruments = select(InstrumentRow.id).where(
        InstrumentRow.symbol.ilike(pattern) | InstrumentRow.name.ilike(pattern)
    )
    return (
        TransactionRow.note.ilike(pattern)
        | TransactionRow.broker_reference.ilike(pattern)
        | TransactionRow.instrument_id.in_(instruments)
    )


async def page_transactions(
    session: AsyncSession, wanted: TransactionFilter, page: PageRequest
) -> Sequence[Any]:
    """Newest first, one row more than the limit, with names and whether it was reversed."""
    query = (
        with_names(*wanted.conditions())
        .order_by(TransactionRow.trade_date.desc(), TransactionRow.id.desc())
        .limit(page.limit + 1)
    )
    if page.after is not None:
        position = tuple_(TransactionRow.trade_date, TransactionRow.id)
        query = query.where(position < page.after)
    return (await session.execute(query)).all()


async def count_transactions(
    session: AsyncSession, wanted: TransactionFilter, after: tuple[date, UUID] | None = None
) -> int:
    """How many records the list holds in all, or after a place in it."""
    query = select(func.count()).select_from(TransactionRow)
    query = query.where(*wanted.conditions(OF_WHOLE_LIST))
    if after is not None:
        query = query.where(tuple_(TransactionRow.trade_date, TransactionRow.id) < after)
    return await session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Marks:
    """How long a list is, and the day and id of every n-th record but the last."""

    total: int
    places: Sequence[tuple[date, UUID]]


async def mark_transactions(session: AsyncSession, wanted: TransactionFilter, every: int) -> Marks:
    """Count a list once and note every n-th record on the way; `every` > 0.

    What follows the last mark is counted apart: a second window over the list, to know its end,
    would keep all of it until then.
    """
    numbered = (
        select(
            TransactionRow.trade_date,
            TransactionRow.id,
            func.row_number().over(order_by=NEWEST_FIRST).label("number"),
        )
        .where(*wanted.conditions(OF_WHOLE_LIST))
        .subquery()
    )
    query = select(numbered).where(numbered.c.number % every == 0).order_by(numbered.c.number)
    places = [(row.trade_date, row.id) for row in await session.execute(query)]
    if not places:
        return Marks(await count_transactions(session, wanted), [])
    rest = await count_transactions(session, wanted, after=places[-1])
    return Marks(len(places) * every + rest, places if rest else places[:-1])

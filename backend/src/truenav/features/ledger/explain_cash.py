"""Why there is so much cash: every movement, by kind, and what had not settled yet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Subquery, case, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.explanation import (
    Node,
    NodeKind,
    Ref,
    capped,
    leaf,
    minus,
    path,
    remainder,
    total,
    unknown,
)
from truenav.core.ledger.explaining_records import cash_of
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact
from truenav.features.ledger import mapping
from truenav.features.ledger.balances import Pending, cash_on, movements
from truenav.features.ledger.repository import is_live, was_live
from truenav.features.ledger.tables import TransactionRow
from truenav.platform.clock import end_of
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.pages import encode_cursor, page_request, row_number
from truenav.platform.problems import NotFound

CashFigure = Literal["amount", "settled"]
MovementFigure = Literal["amount", "balance"]
TOLD = 20
PAGE_TOLD = 100
DAY_TOLD = 100
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashAsked:
    """Which cash is explained: of an account, in a currency, on a day, as known on another."""

    account_id: UUID
    currency: str
    day: date
    known_on: date | None = None
    first: date | None = None

    def moved(self) -> Subquery:
        """Its movements, one row per record and currency."""
        counts = is_live() if self.known_on is None else was_live(end_of(self.known_on))
        begin = [TransactionRow.trade_date >= self.first] if self.first is not None else []
        return movements(
            TransactionRow.account_id == self.account_id,
            TransactionRow.trade_date <= self.day,
            counts,
            *begin,
        )

    def where(self, endpoint: str, **more: object) -> str:
        """The path that explains more of it."""
        asked: dict[str, object] = {
            "account_id": self.account_id, "currency": self.currency, "on": self.day,
            "as_known_on": self.known_on, "from": self.first, **more,
        }  # fmt: skip
        return path(endpoint, **asked)


async def explain_cash(
    session: AsyncSession, asked: CashAsked, figure: CashFigure
) -> ExplanationOut:
    """The balance at the end of a day, as traded or as settled."""
    known = end_of(asked.known_on) if asked.known_on is not None else None
    shown = await cash_on(session, [asked.account_id], asked.day, known)
    item = next((found for found in shown if found.currency == asked.currency), None)
    traded = await _balance(session, asked)
    if figure == "amount":
        return explanation(item.amount if item is not None else ZERO, traded)
    waiting = [_waiting(pending, asked) for pending in item.pending] if item is not None else []
    settled = minus("Settled cash", asked.currency, (traded, *waiting), "cash − not yet settled")
    kept = item.settled if item is not None else ZERO
    return explanation(kept, settled.told(page="settlement"))


def _waiting(pending: Pending, asked: CashAsked) -> Node:
    settlement = pending.settlement
    ref = Ref(transaction_id=pending.transaction_id, account_id=asked.account_id,
              day=settlement.day)  # fmt: skip
    if settlement.day is None:
        label, reason = "May not have settled", settlement.reason_code or "settlement_unknown"
        return unknown(label, asked.currency, reason, ref, f"{pending.amount:f} by no rule known")
    label = f"Settles on {settlement.day.isoformat()}"
    made = leaf(NodeKind.RECORD, label, asked.currency, pending.amount, ref)
    return made.told(note=settlement.rule, page="settlement")


async def _balance(session: AsyncSession, asked: CashAsked) -> Node:
    groups: list[Node] = []
    if asked.first is not None and asked.first > date.min:
        groups.append(await _opening(session, asked, asked.first))
    groups += await _by_kind(session, asked)
    label = f"Cash on {asked.day.isoformat()}"
    return total(label, asked.currency, groups, "every movement, by kind").told(
        ref=Ref(account_id=asked.account_id, day=asked.day), page="transactions"
    )


async def _opening(session: AsyncSession, asked: CashAsked, first: date) -> Node:
    eve = first - timedelta(days=1)
    earlier = CashAsked(
        account_id=asked.account_id, currency=asked.currency, day=eve, known_on=asked.known_on
    )
    moved = earlier.moved()
    query = select(func.coalesce(func.sum(moved.c.amount), 0)).where(
        moved.c.currency == asked.currency
    )
    amount = await session.scalar(query) or ZERO
    made = leaf(NodeKind.REMAINDER, f"Balance on {eve.isoformat()}", asked.currency, amount)
    return made.told(more=earlier.where("cash"))


async def _by_kind(session: AsyncSession, asked: CashAsked) -> list[Node]:
    """One sum per kind, the newest movements told one by one."""
    moved = asked.moved()
    place = func.row_number().over(
        partition_by=moved.c.kind,
        order_by=(moved.c.trade_date.desc(), moved.c.sequence.desc()),
    )
    placed = (
        select(moved, place.label("place"))
        .where(moved.c.currency == asked.currency)
        .subquery("placed")
    )
    sums = await session.execute(
        select(
            placed.c.kind,
            func.count().filter(placed.c.place > TOLD),
            func.coalesce(func.sum(case((placed.c.place > TOLD, placed.c.amount))), 0),
        )
        .group_by(placed.c.kind)
        .order_by(placed.c.kind)
    )
    newest = await session.execute(
        select(placed).where(placed.c.place <= TOLD).order_by(placed.c.kind, placed.c.place)
    )
    told: dict[str, list[Any]] = defaultdict(list)
    for row in newest:
        told[row.kind].append(row)
    records = await _records(session, [row.id for rows in told.values() for row in rows])
    groups = []
    for kind, count, amount in sums:
        rest = _rest(asked, kind, told[kind], (count, amount)) if count else None
        groups.append(_group(asked, kind, told[kind], records, rest))
    return groups


def _group(
    asked: CashAsked,
    kind: str,
    rows: Sequence[Any],
    records: Mapping[UUID, Transaction],
    rest: Node | None,
) -> Node:
    words = TransactionKind(kind).value.replace("_", " ").capitalize()
    lines = [cash_of(records[row.id], row.leg) for row in rows]
    return capped(words, asked.currency, lines, rest, "movement by movement")


def _rest(asked: CashAsked, kind: str, rows: Sequence[Any], left: tuple[int, Decimal]) -> Node:
    last = rows[-1]
    cursor = encode_cursor(_scope(asked, kind), (last.trade_date.isoformat(), str(last.sequence)))
    more = asked.where("cash/movements", kind=kind, cursor=cursor)
    return remainder(left[0], asked.currency, left[1], more, "")


def _scope(asked: CashAsked, kind: str) -> str:
    return f"explained cash {asked} {kind}"


async def _records(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Transaction]:
    query = select(*mapping.TRANSACTION_COLUMNS).where(TransactionRow.id.in_(ids))
    found = [mapping.to_transaction(row) for row in await session.execute(query)]
    return {record.id: record for record in found}


async def explain_movements(
    session: AsyncSession, asked: CashAsked, kind: TransactionKind, cursor: str | None
) -> ExplanationOut:
    """Movements of one kind, the newest first, from a cursor on; the figure is their sum."""
    page = page_request(
        cursor, PAGE_TOLD, _scope(asked, kind.value), (date.fromisoformat, row_number)
    )
    moved = asked.moved()
    mine = (moved.c.currency == asked.currency) & (moved.c.kind == kind.value)
    key = tuple_(moved.c.trade_date, moved.c.sequence)
    if page.after is not None:
        mine &= key < page.after
    rows = (
        await session.execute(
            select(moved)
            .where(mine)
            .order_by(moved.c.trade_date.desc(), moved.c.sequence.desc())
            .limit(PAGE_TOLD)
        )
    ).all()
    every = await session.scalar(select(func.coalesce(func.sum(moved.c.amount), 0)).where(mine))
    rest = None
    if len(rows) == PAGE_TOLD:
        last = rows[-1]
        older = mine & (key < (last.trade_date, last.sequence))
        left = (
            await session.execute(
                select(func.count(), func.coalesce(func.sum(moved.c.amount), 0)).where(older)
            )
        ).one()
        rest = _rest(asked, kind.value, rows, (left[0], left[1])) if left[0] else None
    records = await _records(session, [row.id for row in rows])
    return explanation(every or ZERO, _group(asked, kind.value, rows, records, rest))


async def explain_movement(
    session: AsyncSession, asked: CashAsked, transaction_id: UUID, figure: MovementFigure
) -> ExplanationOut:
    """What one record moved, or the balance after it: the evening before, and its day until then.

    Raises:
        NotFound: the record moved no cash of that account in that currency.
    """
    moved = asked.moved()
    mine = moved.c.currency == asked.currency
    found = (await session.execute(select(moved).where(mine, moved.c.id == transaction_id))).first()
    if found is None:
        raise NotFound("the record moved no such cash")
    if figure == "amount":
        records = await _records(session, [transaction_id])
        return explanation(found.amount, cash_of(records[transaction_id], found.leg))
    key = tuple_(moved.c.trade_date, moved.c.sequence, moved.c.leg)
    until = key <= (found.trade_date, found.sequence, found.leg)
    balance = await session.scalar(select(func.sum(moved.c.amount)).where(mine, until))
    of_day = moved.c.trade_date == found.trade_date
    query = select(moved).where(mine, until, of_day)
    order = moved.c.sequence, moved.c.leg
    rows = (await session.execute(query.order_by(*order))).all()
    records = await _records(session, [row.id for row in rows[-DAY_TOLD:]])
    lines = [cash_of(records[row.id], row.leg) for row in rows[-DAY_TOLD:]]
    earlier = [row.amount for row in rows[:-DAY_TOLD]]
    if earlier:
        label = f"{len(earlier)} earlier movements of that day"
        lines.insert(0, leaf(NodeKind.REMAINDER, label, asked.currency, _sum(earlier)))
    opening = await _opening(session, asked, found.trade_date)
    made = total("Balance", asked.currency, [opening, *lines], "the evening before, and since")
    ref = Ref(transaction_id=transaction_id, account_id=asked.account_id, day=found.trade_date)
    return explanation(balance or ZERO, made.told(ref=ref, page="transactions"))


@exact
def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, ZERO)

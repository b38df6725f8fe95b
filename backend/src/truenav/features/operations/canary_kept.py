"""What is stored of the canary, to be held against what a rebuild from nothing makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.ids import AccountId
from truenav.features.ledger import reads as ledger_reads
from truenav.features.operations.canary_answers import Watched
from truenav.features.valuation.service import CALCULATION_VERSION
from truenav.features.valuation.tables import SnapshotRow
from truenav.platform.canary import Drift

FIELDS = ("nav", "market_value", "cash_value", "receivable_value", "external_flow")
Amounts = tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Snapshots by day, each amount in the order of `FIELDS`, and open lots."""

    days: Mapping[date, Amounts]
    lots: str


async def kept_of(session: AsyncSession, account_id: AccountId) -> Kept | None:
    """What is stored of an account; None where nothing is, or some by an earlier calculation."""
    table = SnapshotRow
    amounts = (table.nav, table.market_value, table.cash_value, table.receivable_value)
    query = select(
        table.as_of, table.calculation_version, *amounts, table.external_flow
    ).where(table.account_id == account_id)  # fmt: skip
    rows = (await session.execute(query.order_by(table.as_of))).all()
    if not rows or any(row.calculation_version != CALCULATION_VERSION for row in rows):
        return None
    days = {row.as_of: tuple(getattr(row, name) for name in FIELDS) for row in rows}
    return Kept(days, await lots_of(session, account_id))


async def lots_of(session: AsyncSession, account_id: AccountId) -> str:
    """The open lots, oldest first."""
    lots = await ledger_reads.open_lots(session, [account_id])
    return "; ".join(
        f"{lot.acquired_date}: {text_of(lot.quantity)} for {text_of(lot.cost)}"
        for lot in sorted(lots, key=lambda lot: lot.acquired_date)
    )


def disagreements(of: Watched, kept: Kept, rebuilt: Kept) -> list[Drift]:
    """Where what was stored is not what the rebuild made: the first such day, and the lots."""
    found = []
    days = sorted(kept.days.keys() | rebuilt.days.keys())
    others = [day for day in days if kept.days.get(day) != rebuilt.days.get(day)]
    if others:
        day = others[0]
        name = of.told(f"kept snapshot {day}, first of {len(others)} that differ")
        found.append(
            Drift(name, _told(rebuilt.days.get(day)), _told(kept.days.get(day)))
        )  # fmt: skip
    if kept.lots != rebuilt.lots:
        found.append(Drift(of.told("kept lots"), rebuilt.lots, kept.lots))
    return found


def _told(amounts: Amounts | None) -> str | None:
    if amounts is None:
        return None
    return ", ".join(
        f"{name.replace('_', ' ')} {text_of(amount) or 'unknown'}"
        for name, amount in zip(FIELDS, amounts, strict=True)
    )


def text_of(value: Decimal | None) -> str | None:
    """A figure as the known answers are written: without zeros at its end."""
    if value is None:
        return None
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"

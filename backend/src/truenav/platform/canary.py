"""How the canary is: the last word of the watch over a portfolio whose answers are known.

The portfolio belongs to a tenant nobody is a member of, so nobody can sign in to it; its rows are
ordinary ones, behind row security like everybody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.platform.tables import CanaryStateRow

CANARY: Final = UUID("00000000-0000-0000-0000-0000000ca9a7")
NAME: Final = "portfolio"
# three times that nobody looked, and some
SILENT_AFTER: Final = timedelta(minutes=20)
State = Literal["ok", "drifted", "failed"]
Condition = Literal["ok", "drifted", "failed", "silent"]


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that is not what it should be; None where there is none at all."""

    figure: str
    expected: str | None
    found: str | None


async def note(
    session: AsyncSession, state: State, drifts: Sequence[Drift], duration_ms: int
) -> None:
    """Write down what the last look found; `since` stays while the state does."""
    table = CanaryStateRow
    told: list[dict[str, Any]] = [
        {"figure": one.figure, "expected": one.expected, "found": one.found} for one in drifts
    ]
    values = {"state": state, "drifts": told, "duration_ms": duration_ms}
    statement = insert(table).values(name=NAME, **values)
    is_same = table.state == statement.excluded.state
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.name],
            set_={
                **values,
                "checked_at": func.now(),
                "since": func.coalesce(
                    select(table.since).where(table.name == NAME, is_same).scalar_subquery(),
                    func.now(),
                ),
            },
        )
    )


async def read(session: AsyncSession) -> CanaryStateRow | None:
    """What the last look found; None before the first."""
    return await session.scalar(select(CanaryStateRow).where(CanaryStateRow.name == NAME))


def condition(state: str, checked_at: datetime, now: datetime) -> str:
    """The state, or `silent` when nobody looked for too long."""
    return "silent" if now - checked_at > SILENT_AFTER else state

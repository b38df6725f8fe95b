"""The proof: what is stored of an account is what its records say, to the last digit.

A rebuild from nothing in memory, compared row by row. A difference is an alert and is never
repaired in silence: it means that a posting and a rebuild do not agree, which is a bug.
"""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.events import LedgerDiffered
from truenav.core.ids import AccountId
from truenav.core.ledger.checkpoints import states_on
from truenav.core.ledger.groups import is_loose
from truenav.features.ledger import checkpoints, derived, repository
from truenav.features.ledger.rebuilding import Inputs, inputs, rebuild
from truenav.features.ledger.tables import LedgerProofRow
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

log = logging.getLogger("truenav.ledger")
KEPT = 20  # differences written down; the count is complete
UNCOMPARED = frozenset({"updated_at"})
Rows = dict[tuple[Any, ...], dict[str, Any]]


async def prove(uow: UnitOfWork, account_id: AccountId, day: date) -> int:
    """Compare, write down what was found, and say so loudly when it differs; how many rows do.

    Raises:
        NotFound: no such account.
    """
    account = (await repository.lock_accounts(uow.session, [account_id])).get(account_id)
    if account is None:
        raise NotFound("no such account")
    if not await checkpoints.is_current(uow.session, account_id):
        await rebuild(uow, account)  # an older engine's work is done again, and then proved
    given = await inputs(uow.session, account)
    state = await given.replay()
    differences, compared = await _wrong_checkpoints(uow.session, account_id, given)
    for table, expected in derived.derived_rows(uow.tenant_id, account_id, state).items():
        wanted = {_key(table, row): _compared(row) for row in expected}
        stored = await _stored(uow.session, table, account_id)
        compared += len(wanted)
        differences += _differences(table.__tablename__, wanted, stored)
    await _write_down(uow, account_id, day, compared, differences)
    if differences:
        uow.emit(LedgerDiffered(account_id=account_id))
        log.error(
            "ledger of account %s differs from its records in %d rows, first %s",
            account_id, len(differences), differences[0],
        )  # fmt: skip
    return len(differences)


async def _wrong_checkpoints(
    session: AsyncSession, account_id: UUID, given: Inputs
) -> tuple[list[dict[str, Any]], int]:
    """Checkpoints that are not what records until their day give, and how many there are."""
    stored = await checkpoints.of_account(session, account_id)
    wrong: list[dict[str, Any]] = []
    for group, points in stored.items():
        days = {point.through for point in points}
        # a group may be larger than its live records ask for: they were tied once
        of_group = [r for r in given.records if r.instrument_id in group and not is_loose(r)]
        states = states_on(of_group, days, method=given.policy, currencies=given.currencies)
        for point in points:
            expected = states.get(point.through)
            found = point.read(given.currencies.codes).state
            if expected is None or not expected.goes_on_like(found):
                key = f"{checkpoints.group_id(group)} {point.through.isoformat()}"
                wrong.append({"table": "ledger_checkpoints", "key": key, "what": "state"})
    return wrong, sum(map(len, stored.values()))


def _key(table: type[Any], row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.key] for column in inspect(table).primary_key)


def _compared(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in UNCOMPARED}


async def _stored(session: AsyncSession, table: type[Any], account_id: UUID) -> Rows:
    columns = [column for column in inspect(table).columns if column.key not in UNCOMPARED]
    rows = await session.execute(select(*columns).where(table.account_id == account_id))
    found = [dict(zip((c.key for c in columns), row, strict=True)) for row in rows]
    return {_key(table, row): row for row in found}


def _differences(name: str, wanted: Rows, stored: Rows) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for key in wanted.keys() | stored.keys():
        expected, present = wanted.get(key), stored.get(key)
        if expected is None or present is None:
            what = "missing" if present is None else "not wanted"
            found.append({"table": name, "key": _said(key), "what": what})
            continue
        columns = sorted(column for column in expected if expected[column] != present[column])
        if columns:
            found.append({"table": name, "key": _said(key), "what": ", ".join(columns)})
    return found


def _said(key: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in key[1:])  # the tenant is the row's own


async def _write_down(
    uow: UnitOfWork,
    account_id: UUID,
    day: date,
    compared: int,
    differences: list[dict[str, Any]],
) -> None:
    table = LedgerProofRow
    await uow.session.execute(delete(table).where(table.account_id == account_id))
    uow.session.add(
        LedgerProofRow(
            tenant_id=uow.tenant_id,
            account_id=account_id,
            proved_on=day,
            row_count=compared,
            difference_count=len(differences),
            differences=differences[:KEPT],
        )
    )
    await uow.session.flush()

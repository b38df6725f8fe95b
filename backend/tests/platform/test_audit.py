"""The audit log: one chain per tenant that shows what was changed behind the application's back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from psycopg.rows import dict_row

from tests.builders import Member
from tests.conftest import Connection
from truenav.platform import audit
from truenav.platform.audit import GENESIS, chain_hash
from truenav.platform.clock import new_id
from truenav.platform.tables import AuditLogRow
from truenav.platform.unit_of_work import Sessions, open_unit_of_work

THING = UUID(int=5)


class RolledBack(Exception):
    """What ends a unit of work without a trace."""


async def write(sessions: Sessions, member: Member, *values: str) -> None:
    """One entry per value, all in one unit of work."""
    async with open_unit_of_work(sessions, member.tenant_id, member.user_id, "req-1") as uow:
        for value in values:
            await audit.record(
                uow, "thing.renamed", "thing", THING,
                old_value={"name": "before"}, new_value={"name": value},
            )  # fmt: skip
            await uow.session.flush()


def entries(connection: Connection, member: Member) -> list[AuditLogRow]:
    cursor = connection.cursor(row_factory=dict_row)
    rows: list[dict[str, Any]] = cursor.execute(
        "SELECT * FROM audit_log WHERE tenant_id = %s ORDER BY sequence", (member.tenant_id,)
    ).fetchall()
    return [AuditLogRow(**row) for row in rows]


def broken_at(found: list[AuditLogRow]) -> list[int]:
    """Where a verifier stops: an entry that is not its hash, or does not follow the one before."""
    before = [GENESIS, *(entry.hash for entry in found)]
    return [
        entry.sequence
        for place, entry in enumerate(found)
        if chain_hash(entry) != entry.hash or entry.previous_hash != before[place]
    ]


async def test_entries_say_who_did_what_and_follow_each_other(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    await write(sessions, member, "one", "two")
    await write(sessions, member, "three")
    found = entries(admin_connection, member)
    assert [(e.sequence, e.user_id, e.request_id, e.new_value) for e in found] == [
        (number, member.user_id, "req-1", {"name": name})
        for number, name in enumerate(["one", "two", "three"], start=1)
    ]
    assert found[0].previous_hash == GENESIS
    assert broken_at(found) == []


async def test_every_tenant_has_a_chain_of_its_own(
    sessions: Sessions, member: Member, other_member: Member, admin_connection: Connection
) -> None:
    await write(sessions, member, "one")
    await write(sessions, other_member, "one")
    chains = [entries(admin_connection, who) for who in (member, other_member)]
    assert [[entry.sequence for entry in chain] for chain in chains] == [[1], [1]]
    assert chains[0][0].hash != chains[1][0].hash


async def test_what_is_rolled_back_leaves_no_gap(
    sessions: Sessions, member: Member, admin_connection: Connection
) -> None:
    await write(sessions, member, "one")

    async def break_off() -> None:
        async with open_unit_of_work(sessions, member.tenant_id) as uow:
            await audit.record(uow, "thing.lost", "thing", new_id())
            await uow.session.flush()
            raise RolledBack

    with pytest.raises(RolledBack):
        await break_off()
    await write(sessions, member, "two")
    found = entries(admin_connection, member)
    assert [entry.sequence for entry in found] == [1, 2]
    assert broken_at(found) == []


TAMPERINGS: list[tuple[str, Callable[[int], list[int]]]] = [
    ('UPDATE audit_log SET new_value = \'{"name": "x"}\'', lambda number: [number]),
    ("UPDATE audit_log SET user_id = NULL", lambda number: [number]),
    ("UPDATE audit_log SET action = 'thing.kept'", lambda number: [number]),
    ("DELETE FROM audit_log", lambda number: [number + 1]),
]


@pytest.mark.parametrize(("statement", "shown_at"), TAMPERINGS)
async def test_a_change_behind_the_applications_back_is_shown(
    sessions: Sessions,
    member: Member,
    admin_connection: Connection,
    statement: str,
    shown_at: Callable[[int], list[int]],
) -> None:
    """Somebody with the superuser's rights, and the trigger off, cannot hide it."""
    await write(sessions, member, "one", "two", "three")
    with admin_connection.transaction():
        admin_connection.execute("SET LOCAL session_replication_role = replica")
        admin_connection.execute(
            f"{statement} WHERE tenant_id = %s AND sequence = 2",
            (member.tenant_id,),
        )
    assert broken_at(entries(admin_connection, member)) == shown_at(2)

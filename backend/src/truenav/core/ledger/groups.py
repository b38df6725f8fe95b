"""Which instruments of an account depend on each other, and which can be replayed apart.

Lots of one instrument follow from its own records alone, except where a record moves units or cost
between instruments: a merger, a spin-off, rights, an option and the trade it led to. Instruments
tied that way form a group; replaying the groups apart gives what replaying the account gives.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.rules import RULES, Action
from truenav.core.ledger.transactions import Transaction, TransactionKind

# Legs of these are paired with each other, day by day, also without a link between them.
EXCHANGE_KINDS = frozenset(kind for kind, rule in RULES.items() if rule.action is Action.EXCHANGE)

# A record that names no instrument belongs to the group None; it can only be a leg of an exchange.
Member = InstrumentId | None
Group = frozenset[Member]
NO_GROUP: Group = frozenset()


@dataclass(frozen=True, slots=True)
class Tie:
    """What of a record can connect its instrument to others."""

    instrument_id: Member
    source_instrument_id: InstrumentId | None
    link_id: UUID | None
    kind: TransactionKind
    trade_date: date

    @classmethod
    def of(cls, record: Transaction) -> "Tie":
        """The tie of a whole record."""
        return cls(
            record.instrument_id,
            record.source_instrument_id,
            record.link_id,
            record.kind,
            record.trade_date,
        )

    @property
    def is_alone(self) -> bool:
        """Whether nothing in the record can reach another instrument."""
        return (
            self.source_instrument_id is None
            and self.kind not in EXCHANGE_KINDS
            and (self.link_id is None or self.instrument_id is None)
        )

    def knots(self) -> Iterator[Hashable]:
        """What it shares with the records it belongs to."""
        if self.link_id is not None:
            yield self.link_id
        if self.kind in EXCHANGE_KINDS:
            yield self.kind, self.trade_date


def groups_of(members: Iterable[Member], ties: Iterable[Tie]) -> list[Group]:
    """The groups that hold the members; each member is in exactly one.

    Args:
        members: Instruments to find the groups of.
        ties: Of every record of the account that is not alone; others do no harm. A tie too many
            makes a group larger than it needs to be, never wrong.
    """
    neighbors: dict[Hashable, set[Hashable]] = defaultdict(set)

    def join(one: Hashable, other: Hashable) -> None:
        neighbors[one].add(other)
        neighbors[other].add(one)

    for tie in ties:
        if tie.is_alone:
            continue
        here = ("instrument", tie.instrument_id)
        if tie.source_instrument_id is not None:
            join(here, ("instrument", tie.source_instrument_id))
        for knot in tie.knots():
            join(here, ("knot", knot))
    found: list[Group] = []
    seen: set[Hashable] = set()
    for member in members:
        start = ("instrument", member)
        if start not in seen:
            reached = _reached_from(start, neighbors)
            seen |= reached
            found.append(frozenset(node[1] for node in reached if node[0] == "instrument"))
    return found


def _reached_from(
    start: tuple[str, Member], neighbors: dict[Hashable, set[Hashable]]
) -> set[tuple[str, Member]]:
    reached: set[tuple[str, Member]] = {start}
    waiting = [start]
    while waiting:
        for node in neighbors.get(waiting.pop(), ()):
            if isinstance(node, tuple) and node not in reached:
                reached.add(node)
                waiting.append(node)
    return reached


def is_loose(record: Transaction) -> bool:
    """Whether a record can move no lots: it names no instrument and is no leg of an exchange."""
    return record.instrument_id is None and record.kind not in EXCHANGE_KINDS


def in_groups(records: Iterable[Transaction]) -> list[tuple[Group, list[Transaction]]]:
    """The records of an account by group; each record is in exactly one of the lists.

    Loose records stand together, under no group.
    """
    kept = list(records)
    tied = [record for record in kept if not is_loose(record)]
    members = dict.fromkeys(record.instrument_id for record in tied)
    groups = groups_of(members, map(Tie.of, tied))
    group_of = {member: group for group in groups for member in group}
    parts: dict[Group, list[Transaction]] = {}
    for record in kept:
        group = NO_GROUP if is_loose(record) else group_of[record.instrument_id]
        parts.setdefault(group, []).append(record)
    return list(parts.items())

"""Which legs of a day's mergers and changes of name belong together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Units that left, units that came for them, and the cash paid beside them (> 0 received).

    `into` is empty when only cash came; `out` is None when nothing was found that was given.
    """

    out: Transaction | None
    into: tuple[Transaction, ...]
    cash: Decimal


@exact
def pair_exchanges(records: Iterable[Transaction]) -> list[Exchange]:
    """Pair the legs of one account and one day; what cannot be paired stands alone.

    Records with one link are one exchange. Without links kinds are never mixed, and within a kind
    legs pair when both sides have the same number of units and no other leg has it (a change of
    name), and then when one leg is left on each side (a merger at any ratio). Legs are not paired
    by their place in the file: two mergers of a day would take each other's cost without anybody
    noticing. Cash belongs to the exchange that gave or took its instrument, or to the only one
    there is.
    """
    found: list[Exchange] = []
    by_kind: dict[TransactionKind, list[Transaction]] = {}
    by_link: dict[UUID, list[Transaction]] = {}
    for record in records:
        if record.link_id is not None:
            by_link.setdefault(record.link_id, []).append(record)
        else:
            by_kind.setdefault(record.kind, []).append(record)
    for linked in by_link.values():
        out, into = _sides(linked)
        if len(out) == 1:
            found.append(Exchange(out[0], tuple(into), _all_cash(linked)))
        else:
            found.extend(_pair(linked))
    for of_kind in by_kind.values():
        found.extend(_pair(of_kind))
    return found


def _sides(records: Sequence[Transaction]) -> tuple[list[Transaction], list[Transaction]]:
    out = [r for r in records if r.instrument_id and r.quantity and r.quantity < 0]
    into = [r for r in records if r.instrument_id and r.quantity and r.quantity > 0]
    return out, into


def _pair(records: Sequence[Transaction]) -> list[Exchange]:
    out, into = _sides(records)
    pairs: list[tuple[Transaction | None, Transaction | None]] = []
    for leg in list(out):
        same = [other for other in into if other.quantity == -_units(leg)]
        rivals = [other for other in out if other.quantity == leg.quantity]
        if len(same) == 1 and len(rivals) == 1:
            pairs.append((leg, same[0]))
            out.remove(leg)
            into.remove(same[0])
    if len(out) == 1 and len(into) == 1:
        pairs.append((out.pop(), into.pop()))
    pairs += [(leg, None) for leg in out] + [(None, leg) for leg in into]
    return [
        Exchange(
            leg,
            (other,) if other is not None else (),
            _cash(leg, other, records, is_only=len(pairs) == 1),
        )
        for leg, other in pairs
    ]


def _units(record: Transaction) -> Decimal:
    return record.quantity or ZERO


def _all_cash(records: Sequence[Transaction]) -> Decimal:
    return sum((net_cash(record) or ZERO for record in records), ZERO)


def _cash(
    out: Transaction | None,
    into: Transaction | None,
    records: Sequence[Transaction],
    *,
    is_only: bool,
) -> Decimal:
    instruments = {leg.instrument_id for leg in (out, into) if leg is not None}
    return _all_cash([r for r in records if is_only or r.instrument_id in instruments])

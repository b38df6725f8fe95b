"""Which legs of a day's mergers and changes of name belong together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.amounts import Amounts, apportion
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.transactions import Transaction, TransactionKind
from truenav.core.money import exact

ZERO = Decimal(0)
Pair = tuple[Transaction | None, Transaction | None]  # what was given, what came


@dataclass(frozen=True, slots=True)
class Exchange:
    """Units that left, units that came for them, and the cash paid beside them (> 0 received).

    `into` is empty when only cash came; `out` is None when nothing was found that was given.
    `is_mixed` says that cash or a value is stated in another currency than what was given: the
    amounts cannot be added up.
    """

    out: Transaction | None
    into: tuple[Transaction, ...]
    cash: Decimal
    is_mixed: bool = False


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
            mixed = _is_mixed(out[0], linked)
            found.append(Exchange(out[0], tuple(into), _all_cash(linked), mixed))
        else:
            found.extend(_pair(linked))
    for of_kind in by_kind.values():
        found.extend(_pair(of_kind))
    return found


def cash_alone(records: Iterable[Transaction], exchanges: Iterable[Exchange]) -> list[Transaction]:
    """Legs that move only cash, and that no exchange of theirs which gave units has counted."""
    by_group: dict[object, list[Exchange]] = {}
    for exchange in exchanges:
        leg = exchange.out or exchange.into[0]
        by_group.setdefault(_group(leg), []).append(exchange)

    def is_counted(record: Transaction) -> bool:
        found = by_group.get(_group(record), [])
        return any(
            exchange.out is not None
            and (len(found) == 1 or record.instrument_id in _instruments(exchange))
            for exchange in found
        )

    return [
        record
        for record in records
        if net_cash(record)
        and not (record.instrument_id and record.quantity)
        and not is_counted(record)
    ]


def _group(record: Transaction) -> object:
    return record.link_id or record.kind


def _instruments(exchange: Exchange) -> set[InstrumentId | None]:
    legs = (exchange.out, *exchange.into)
    return {leg.instrument_id for leg in legs if leg is not None}


def _sides(records: Sequence[Transaction]) -> tuple[list[Transaction], list[Transaction]]:
    out = [r for r in records if r.instrument_id and r.quantity and r.quantity < 0]
    into = [r for r in records if r.instrument_id and r.quantity and r.quantity > 0]
    return out, into


def _pair(records: Sequence[Transaction]) -> list[Exchange]:
    out, into = _sides(records)
    pairs: list[Pair] = []
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
    cash = _cash_of(pairs, records)
    return [
        Exchange(
            pair[0],
            (pair[1],) if pair[1] is not None else (),
            paid,
            _is_mixed(pair[0], [r for r in records if _belongs(r, pair, is_only=len(pairs) == 1)]),
        )
        for pair, paid in zip(pairs, cash, strict=True)
    ]


def _units(record: Transaction) -> Decimal:
    return record.quantity or ZERO


def _is_mixed(out: Transaction | None, records: Iterable[Transaction]) -> bool:
    return out is not None and any(
        record.currency != out.currency and (net_cash(record) or record.price is not None)
        for record in records
    )


def _all_cash(records: Sequence[Transaction]) -> Decimal:
    return sum((net_cash(record) or ZERO for record in records), ZERO)


def _belongs(record: Transaction, pair: Pair, *, is_only: bool) -> bool:
    """Whether a record is a leg of the pair, or a row of its cash."""
    if record in pair:
        return True
    if record.instrument_id and record.quantity:
        return False
    return is_only or record.instrument_id in {leg.instrument_id for leg in pair if leg is not None}


def _cash_of(pairs: Sequence[Pair], records: Sequence[Transaction]) -> list[Decimal]:
    """Cash of each pair: what its legs state, and its part of the rows that state only cash.

    Such a row belongs to the pairs of its instrument, or to the only pair; by units given.
    """
    paid = [_all_cash([leg for leg in pair if leg is not None]) for pair in pairs]
    for record in records:
        if record.instrument_id and record.quantity:
            continue
        takers = [
            place
            for place, pair in enumerate(pairs)
            if _belongs(record, pair, is_only=len(pairs) == 1)
        ]
        given = [pairs[place][0] for place in takers]
        weights = [abs(_units(leg)) if leg is not None else ZERO for leg in given]
        if not any(weights):
            weights = [Decimal(1)] * len(takers)
        shares = apportion(Amounts(net_cash(record) or ZERO), weights)
        for place, share in zip(takers, shares, strict=True):
            paid[place] += share.traded
    return paid

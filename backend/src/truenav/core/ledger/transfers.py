"""Lots that travel between accounts of one tenant: what leaves under a link arrives under it.

Every account is replayed alone. What left one is told to the other as the lots its units bring
along, and accounts are replayed again until nothing changes: a lot that travels through n
accounts needs n rounds, and no more links than there are can ever change in turn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.methods import LotMethod, MethodPolicy
from truenav.core.ledger.ordering import order_of
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.rules import Action, action_of
from truenav.core.ledger.transactions import CarriedLot, Transaction
from truenav.core.money import exact

ZERO = Decimal(0)
Travelling = Mapping[tuple[UUID, InstrumentId], Sequence[CarriedLot]]


@exact
def with_arrivals(records: Iterable[Transaction], travelling: Travelling) -> list[Transaction]:
    """The records, each linked arrival with the lots that left under its link.

    Several arrivals of one instrument under one link share the lots in the order they arrive.
    Lots stated on a record itself are believed.
    """
    left = {key: list(lots) for key, lots in travelling.items()}
    found: list[Transaction] = []
    for record in sorted(records, key=order_of):
        key = _key(record)
        if key is None or record.carried_lots or not left.get(key):
            found.append(record)
            continue
        taken, left[key] = _take(left[key], record.quantity or ZERO)
        found.append(replace(record, carried_lots=tuple(taken)))
    return found


def _key(record: Transaction) -> tuple[UUID, InstrumentId] | None:
    if record.link_id is None or record.instrument_id is None or not record.quantity:
        return None
    if action_of(record) is not Action.ARRIVE:
        return None
    return record.link_id, record.instrument_id


def _take(lots: Sequence[CarriedLot], units: Decimal) -> tuple[list[CarriedLot], list[CarriedLot]]:
    """(lots of so many units, the rest); a lot is cut by units, the rest keeps the remainder."""
    taken: list[CarriedLot] = []
    rest = list(lots)
    while rest and units > 0:
        lot = rest.pop(0)
        if lot.quantity <= units:
            taken.append(lot)
            units -= lot.quantity
            continue
        part, left = _cut(lot, units)
        taken.append(part)
        rest.insert(0, left)
        break
    return taken, rest


def _cut(lot: CarriedLot, units: Decimal) -> tuple[CarriedLot, CarriedLot]:
    def part(cost: Decimal | None) -> Decimal | None:
        return None if cost is None else (cost * units / lot.quantity).quantize(Decimal("1E-18"))

    def less(cost: Decimal | None) -> Decimal | None:
        share = part(cost)
        return None if cost is None or share is None else cost - share

    return (
        replace(
            lot,
            quantity=units,
            cost=part(lot.cost),
            costs=tuple((code, part(cost)) for code, cost in lot.costs),
        ),
        replace(
            lot,
            quantity=lot.quantity - units,
            cost=less(lot.cost),
            costs=tuple((code, less(cost)) for code, cost in lot.costs),
        ),
    )


def replay_accounts(
    records: Mapping[AccountId, Sequence[Transaction]],
    *,
    methods: Mapping[AccountId, LotMethod | MethodPolicy] | None = None,
    currencies: Mapping[AccountId, CostCurrencies] | None = None,
) -> dict[AccountId, LedgerState]:
    """Replay accounts that send lots to each other.

    Args:
        records: Live records of each account.
        methods: Each account's lot method; FIFO where none is given.
        currencies: In which currencies each account keeps its costs.

    Returns:
        The state of each account, as if each were replayed with what the others sent it.
    """
    travelling: dict[tuple[UUID, InstrumentId], tuple[CarriedLot, ...]] = {}
    states: dict[AccountId, LedgerState] = {}
    links = {r.link_id for of_account in records.values() for r in of_account if r.link_id}
    for _ in range(len(links) + 2):
        states = {
            account: replay(
                with_arrivals(of_account, travelling),
                method=(methods or {}).get(account, LotMethod.FIFO),
                currencies=(currencies or {}).get(account, CostCurrencies()),
            )
            for account, of_account in records.items()
        }
        sent = departures(states.values())
        if sent == travelling:
            break
        travelling = sent
    return states


def departures(
    states: Iterable[LedgerState],
) -> dict[tuple[UUID, InstrumentId], tuple[CarriedLot, ...]]:
    """What left all the accounts, by link and instrument."""
    sent: dict[tuple[UUID, InstrumentId], tuple[CarriedLot, ...]] = defaultdict(tuple)
    for state in states:
        for key, lots in state.departures.items():
            sent[key] += lots
    return dict(sent)

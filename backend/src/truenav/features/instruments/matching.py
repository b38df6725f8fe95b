"""Which instrument a file means by a name: strong identifiers first, and never against one."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import InstrumentRef

STRONG = ("isin", "cusip", "figi")


class Name(NamedTuple):
    """What an instrument goes by; a ticker means different things in different currencies."""

    scheme: str
    value: str
    currency: str | None


def names_of(ref: InstrumentRef) -> list[tuple[str, str]]:
    """(scheme, value) pairs a reference can be found by, the strongest first."""
    pairs = [
        ("isin", ref.isin),
        ("cusip", ref.cusip),
        ("figi", ref.figi),
        ("symbol", ref.symbol),
    ]
    found = [(scheme, value) for scheme, value in pairs if value]
    return found or ([("name", ref.name)] if ref.name else [])


class Names:
    """Who goes by which name, as far as the references at hand can ask; it learns as it goes.

    A retired name means who had it last, as long as nobody has it now; it can be taken again.
    """

    def __init__(
        self,
        known: Iterable[tuple[UUID, Name]],
        retired: Iterable[tuple[UUID, Name]] = (),
        *,
        own: AbstractSet[UUID] = frozenset(),
    ) -> None:
        # what the tenant added by hand goes before what others go by the same ticker with
        self._own = own
        self._retired: dict[tuple[str, str], list[tuple[str | None, UUID]]] = {}
        for instrument_id, name in retired:
            of_name = self._retired.setdefault((name.scheme, name.value), [])
            of_name.append((name.currency, instrument_id))
        self._holders: dict[tuple[str, str], list[tuple[str | None, UUID]]] = {}
        self._strong: dict[UUID, dict[str, set[str]]] = {}
        for instrument_id, name in known:
            self._add(instrument_id, name)

    def find(self, ref: InstrumentRef) -> InstrumentId | None:
        """By ISIN, CUSIP or FIGI; else by symbol and currency, unless an identifier says no."""
        return self.find_strong(ref) or self.find_weak(ref)

    def find_strong(self, ref: InstrumentRef) -> InstrumentId | None:
        """By an identifier that names one instrument in the world."""
        for pair in _strong_pairs(ref):
            holders = {instrument_id for _, instrument_id in self._holders.get(pair, ())}
            if holders:
                return InstrumentId(min(holders))
        return None

    def find_weak(self, ref: InstrumentRef) -> InstrumentId | None:
        """By symbol or name in its currency; of several the one met first, always the same."""
        for pair in names_of(ref):
            if pair[0] in STRONG:
                continue
            named = self._holders.get(pair) or self._retired.get(pair) or []
            holders = {
                instrument_id
                for currency, instrument_id in named
                if currency in {None, ref.currency} and not self._contradicts(ref, instrument_id)
            }
            if holders:
                return InstrumentId(min(holders & self._own or holders))
        return None

    def learn(self, ref: InstrumentRef, instrument_id: UUID) -> list[Name]:
        """Remember what else the instrument is called; returns the names that were new.

        A ticker that is taken stays with the one that has it: who asks by ticker alone must get
        the same answer tomorrow. Identifiers are always kept.
        """
        new = []
        for scheme, value in names_of(ref):
            name = Name(scheme, value, None if scheme in STRONG else ref.currency)
            holders = self._holders.get((scheme, value), ())
            is_taken = any(currency in {None, name.currency} for currency, _ in holders)
            if not is_taken:
                self._add(instrument_id, name)
                new.append(name)
        return new

    def _add(self, instrument_id: UUID, name: Name) -> None:
        pair = (name.scheme, name.value)
        self._holders.setdefault(pair, []).append((name.currency, instrument_id))
        if name.scheme in STRONG:
            of_scheme = self._strong.setdefault(instrument_id, {})
            of_scheme.setdefault(name.scheme, set()).add(name.value)

    def _contradicts(self, ref: InstrumentRef, instrument_id: UUID) -> bool:
        """Whether the instrument has an identifier of the reference's kind, and another one."""
        known: Mapping[str, set[str]] = self._strong.get(instrument_id, {})
        return any(
            scheme in known and value not in known[scheme] for scheme, value in _strong_pairs(ref)
        )


def match_all(refs: Sequence[InstrumentRef], names: Names) -> dict[InstrumentRef, InstrumentId]:
    """The references that mean a known instrument.

    Those that share an identifier mean the same one, also where only one of them has a ticker
    by which it is known: what one teaches counts for the others.
    """
    found: dict[InstrumentRef, InstrumentId] = {}
    for find in (names.find_strong, names.find, names.find):
        for ref in refs:
            if ref in found:
                continue
            instrument_id = find(ref)
            if instrument_id is not None:
                found[ref] = instrument_id
                names.learn(ref, instrument_id)
    return found


def _strong_pairs(ref: InstrumentRef) -> list[tuple[str, str]]:
    return [pair for pair in names_of(ref) if pair[0] in STRONG]

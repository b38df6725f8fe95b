"""Why a preview's cash and value would be what it says; stored with it, as nothing else is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from truenav.core.explanation import (
    Node,
    NodeKind,
    capped,
    leaf,
    remainder,
    rounded,
    total,
)
from truenav.core.ids import InstrumentId
from truenav.core.ledger.cash import cash_effects
from truenav.core.ledger.transactions import TransactionDraft
from truenav.core.money import exact
from truenav.core.valuation.columns import Timeline
from truenav.core.valuation.explaining import PAGE, Valuing
from truenav.platform.explanations import ExplanationOut, KeyedExplanation, explanation

ZERO = Decimal(0)
TOLD = 60
Key = TypeVar("Key", InstrumentId, str)
CLOSE = Decimal("1E-9")  # snapshots are kept at 18 places


@dataclass(frozen=True, slots=True)
class Valued:
    """What an account holds, and the net asset value the preview says."""

    figure: str
    held: Timeline
    nav: Decimal | None


def explain_preview(
    drafts: Sequence[TransactionDraft], valuing: Valuing, sides: Sequence[Valued]
) -> list[dict[str, Any]]:
    """Cash by currency from the kinds of rows; net asset value from units, prices and rates."""
    found = [
        KeyedExplanation(of="cash", key=currency, explanation=told)
        for currency, told in _cash(drafts).items()
    ]
    for side in sides:
        told = explanation(side.nav, _nav(side, valuing))
        found.append(KeyedExplanation(of=side.figure, key=valuing.currency, explanation=told))
    return [one.model_dump(mode="json") for one in found]


@exact
def _cash(drafts: Sequence[TransactionDraft]) -> Mapping[str, ExplanationOut]:
    """By currency: what the new rows of each kind move together."""
    moved: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for draft in drafts:
        for currency, amount in cash_effects(draft):
            moved[currency][draft.kind.value].append(amount)
    found = {}
    for currency, kinds in moved.items():
        lines = [
            leaf(
                NodeKind.EVENT,
                f"{kind.replace('_', ' ').capitalize()}, {len(amounts)} "
                f"{'record' if len(amounts) == 1 else 'records'}",
                currency,
                sum(amounts, ZERO),
            )
            for kind, amounts in sorted(kinds.items())
        ]
        made = total(f"Cash in {currency}", currency, lines, "the new records of each kind")
        made = made.told(note="each row of the file is listed below", page="transactions")
        found[currency] = explanation(made.value, made)
    return found


@exact
def _nav(side: Valued, valuing: Valuing) -> Node:
    """Positions and cash, the largest told; what is unknown stands first."""
    lines = [
        valuing.value(instrument_id, units)
        for instrument_id, units in _last(side.held.units).items()
        if units
    ]
    for currency, amount in _last(side.held.cash).items():
        if amount:
            held = leaf(NodeKind.EVENT, f"Cash in {currency}", currency, amount)
            lines.append(valuing.rates.converted(held, valuing.currency, valuing.as_of))
    lines.sort(key=lambda line: (line.value is not None, -abs(line.value or ZERO), line.label))
    older, rest = lines[TOLD:], None
    if older:
        values = [line.value for line in older if line.value is not None]
        value = sum(values, ZERO) if len(values) == len(older) else None
        rest = remainder(len(older), valuing.currency, value, "", "price_missing").told(more=None)
    label = "Net asset value"
    made = capped(label, valuing.currency, lines[:TOLD], rest, "units × price × rate, and cash")
    made = made.told(page=PAGE)
    if made.value is None or side.nav is None or abs(made.value - side.nav) > CLOSE:
        return made
    return rounded(made, side.nav)


def _last(steps: Mapping[Key, Sequence[tuple[int, Decimal]]]) -> dict[Key, Decimal]:
    return {key: found[-1][1] for key, found in steps.items() if found}

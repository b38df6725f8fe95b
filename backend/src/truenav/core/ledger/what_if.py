"""Which lots a sale would take under each method, and what it would realize; nothing is changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from truenav.core.ledger.book import LotBook
from truenav.core.ledger.lots import Lot, long_term_from
from truenav.core.ledger.methods import Closing, LotChoice, LotMethod
from truenav.core.money import COST_STEP, exact

ZERO = Decimal(0)
# The country methods pool like the average as far as a sale alone can tell.
COMPARED = tuple(
    method for method in LotMethod if method not in {LotMethod.UK_POOLING, LotMethod.ACB}
)


@dataclass(frozen=True, slots=True)
class WouldClose:
    """Part of a lot a sale would take; `gain` is null when the cost is unknown."""

    lot: Lot
    proceeds: Decimal
    gain: Decimal | None
    is_long_term: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One method's outcome, in the lots' currency; gains by term, null when a cost is unknown."""

    method: LotMethod | None
    closes: tuple[WouldClose, ...]
    short_term_gain: Decimal | None
    long_term_gain: Decimal | None

    @property
    @exact
    def gain(self) -> Decimal | None:
        """Both terms together."""
        if self.short_term_gain is None or self.long_term_gain is None:
            return None
        return self.short_term_gain + self.long_term_gain


@exact
def what_if_sold(
    lots: Sequence[Lot],
    quantity: Decimal,
    proceeds: Decimal,
    day: date,
    *,
    methods: Iterable[LotMethod] = COMPARED,
    choices: Sequence[LotChoice] = (),
) -> list[WhatIf]:
    """Compare the methods for one sale.

    Args:
        lots: Open lots of one instrument in one account, long, oldest first.
        quantity: Units sold, > 0, at most what the lots hold.
        proceeds: What the sale brings in all, after fees.
        day: Of the sale; decides each lot's term.
        methods: Which to compare.
        choices: Lots named by hand; if given, they come first as an outcome without a method.

    Returns:
        One outcome per method. Proceeds of the parts add up to `proceeds` exactly.

    Raises:
        ValueError: more units than the lots hold.
        LotNotHeld: a lot named is not among them.
    """
    closing = Closing(day, proceeds / quantity)
    wanted: list[tuple[LotMethod | None, Sequence[LotChoice]]] = []
    if choices:
        wanted.append((None, choices))
    wanted += [(method, ()) for method in methods]
    return [
        _outcome(
            method,
            LotBook(lots).release(quantity, method or LotMethod.FIFO, closing, named),
            quantity,
            proceeds,
            day,
        )
        for method, named in wanted
    ]


def _outcome(
    method: LotMethod | None,
    released: Sequence[Lot],
    quantity: Decimal,
    proceeds: Decimal,
    day: date,
) -> WhatIf:
    closes: list[WouldClose] = []
    left = proceeds
    terms: dict[bool, Decimal | None] = {False: ZERO, True: ZERO}
    for place, lot in enumerate(released, start=1):
        is_last = place == len(released)
        share = left if is_last else (proceeds * lot.quantity / quantity).quantize(COST_STEP)
        left -= share
        gain = share - lot.cost if lot.is_cost_known else None
        is_long = day >= long_term_from(lot.acquired_date)
        closes.append(WouldClose(lot, share, gain, is_long))
        running = terms[is_long]
        terms[is_long] = running + gain if running is not None and gain is not None else None
    return WhatIf(method, tuple(closes), terms[False], terms[True])

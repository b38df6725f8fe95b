"""Which part of an instrument belongs where, looking through funds whose parts are known.

A fund's part is shared out as its parts are; whatever of it no part says where to, stays with the
fund and goes where the fund itself is put. So knowing some parts never makes a fund less known.

    known(i)  = own weights of i                                              without parts
    known(F)  = Σ w_p · known(p) + (1 - Σ w_p · |known(p)|) · own(F)          |x| = sum of x

Weights have 8 places and at most 3 funds stand above one another: 8 + 3 · 16 = 56 places, so every
figure is exact in 60 digits, and the weights of an instrument come to exactly 1.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.money import COST_STEP, exact
from truenav.core.taxonomies.tree import ONE, ZERO

MOST_FUNDS_DEEP = 3
K = TypeVar("K", bound=Hashable)
Parts = Mapping[UUID, Mapping[UUID, Decimal]]  # fund → part → ratio


class BadComposition(TruenavError):
    """Parts of a fund that cannot be: it would be its own part, or too many stand in a chain."""

    kind = ErrorKind.UNPROCESSABLE
    code = "bad_composition"


@exact
def shares_of(
    instrument_id: UUID, own: Callable[[UUID], Mapping[K, Decimal]], parts: Parts
) -> dict[K | None, Decimal]:
    """Where an instrument belongs, by ratio; None is what nobody classified. Exactly 1 together.

    Args:
        instrument_id: Of the holding.
        own: Where an instrument itself is put; at most 1 together.
        parts: What funds are made of, as checked by `check_parts`; empty looks through nothing.
    """
    known = _known(instrument_id, own, parts)
    shares: dict[K | None, Decimal] = dict(known.items())
    rest = ONE - sum(known.values(), ZERO)
    if rest:
        shares[None] = rest
    return shares


def _known(
    instrument_id: UUID, own: Callable[[UUID], Mapping[K, Decimal]], parts: Parts
) -> dict[K, Decimal]:
    found: dict[K, Decimal] = {}
    for part_id, weight in parts.get(instrument_id, {}).items():
        for key, share in _known(part_id, own, parts).items():
            found[key] = found.get(key, ZERO) + weight * share
    rest = ONE - sum(found.values(), ZERO)
    for key, weight in own(instrument_id).items():
        if rest:
            found[key] = found.get(key, ZERO) + rest * weight
    return found


@exact
def weight_in(
    of_each: Iterable[tuple[Mapping[K | None, Decimal], Collection[K | None]]],
) -> Decimal:
    """How much of an instrument is in some categories of each of some taxonomies.

    Within a taxonomy categories add up. What is known of an instrument in two taxonomies says
    nothing of both together, so each part of it is taken to be as the whole of it: they multiply.

    Args:
        of_each: Per taxonomy where the instrument belongs, as `shares_of` tells it, and which of
            its categories are meant, each once; None is what nobody classified.
    """
    weight = ONE
    for shares, chosen in of_each:
        weight *= sum((share for key, share in shares.items() if key in chosen), ZERO)
    return weight


@exact
def within(
    shares: Mapping[K | None, Decimal], chosen: Collection[K | None]
) -> Mapping[K | None, Decimal]:
    """Where the part of an instrument that is in some categories belongs, by ratio of that part.

    Of an instrument that is in none of them all its shares, for then it has no such part.
    """
    mine = {key: share for key, share in shares.items() if key in chosen}
    whole = sum(mine.values(), ZERO)
    return {key: share / whole for key, share in mine.items()} if whole else shares


@exact
def share_out(value: Decimal, shares: Mapping[K, Decimal]) -> dict[K, Decimal]:
    """A value cut up by ratios that come to 1, at 18 places; the largest takes what rounding left.

    The parts come to exactly `value` at 18 places.
    """
    whole = value.quantize(COST_STEP)
    cut = {key: (whole * share).quantize(COST_STEP) for key, share in shares.items()}
    if cut:
        largest = max(cut, key=lambda key: abs(cut[key]))
        cut[largest] += whole - sum(cut.values(), ZERO)
    return cut


def check_parts(parts: Parts) -> None:
    """Refuse what could not be looked through.

    Raises:
        BadComposition: a fund is part of itself, at any remove, or more than 3 funds stand above
            one another.
    """
    for fund_id in parts:
        if _depth(fund_id, parts, ()) > MOST_FUNDS_DEEP:
            raise BadComposition(
                f"no more than {MOST_FUNDS_DEEP} funds above one another", fault="too_deep"
            )


def _depth(fund_id: UUID, parts: Parts, above: tuple[UUID, ...]) -> int:
    if fund_id in above:
        raise BadComposition("a fund cannot be a part of itself", fault="cycle")
    if fund_id not in parts or len(above) > MOST_FUNDS_DEEP:
        return 0
    below = (_depth(part_id, parts, (*above, fund_id)) for part_id in parts[fund_id])
    return 1 + max(below, default=0)

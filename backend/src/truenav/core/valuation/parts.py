"""What is held, shared out over the nodes of a tree: classes, currencies, categories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from truenav.core.money import exact
from truenav.core.taxonomies.tree import added_up
from truenav.core.taxonomies.weights import share_out

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Held:
    """A position or a balance; value null when unknown, < 0 when owed. Shares come to 1."""

    value: Decimal | None
    shares: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of one holding (by its place in the list) that belongs to a node itself."""

    node: str
    held: int
    share: Decimal
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class NodeSum:
    """What a node and all below it come to; value null as soon as a part is.

    `own` is what belongs to the node itself. `negative` is the sum of the parts below zero.
    """

    value: Decimal | None
    own: Decimal | None
    negative: Decimal
    holding_count: int
    unknown_count: int


@dataclass(frozen=True, slots=True)
class Parts:
    """All pieces, and what each node comes to."""

    pieces: Sequence[Piece]
    sums: Mapping[str, NodeSum]


@exact
def parted(parents: Mapping[str, str | None], held: Sequence[Held]) -> Parts:
    """Share out what is held.

    Args:
        parents: Every node → its parent, None at the top.
        held: What is held; its shares name nodes.

    Returns:
        Pieces in the order of `held`, and a sum for every node. The pieces of a holding come to
        its value exactly at 18 places, and a node to its own and its children.
    """
    pieces = [piece for index, item in enumerate(held) for piece in _pieces(index, item)]
    own: dict[str, Decimal | None] = {}
    below: dict[str, set[int]] = {key: set() for key in parents}
    unknown: dict[str, set[int]] = {key: set() for key in parents}
    negative: dict[str, Decimal | None] = dict.fromkeys(parents, ZERO)
    for piece in pieces:
        before = own.get(piece.node, ZERO)
        is_known = before is not None and piece.value is not None
        own[piece.node] = (before or ZERO) + (piece.value or ZERO) if is_known else None
        if piece.value is not None and piece.value < 0:
            negative[piece.node] = (negative[piece.node] or ZERO) + piece.value
        for key in _upwards(parents, piece.node):
            below[key].add(piece.held)
            if piece.value is None:
                unknown[key].add(piece.held)
    sums, owed = added_up(parents, own), added_up(parents, negative)
    return Parts(
        pieces,
        {
            key: NodeSum(
                value=sums[key],
                own=own.get(key, ZERO),
                negative=owed[key] or ZERO,
                holding_count=len(below[key]),
                unknown_count=len(unknown[key]),
            )
            for key in parents
        },
    )


def _pieces(index: int, item: Held) -> list[Piece]:
    shares = {key: share for key, share in item.shares.items() if share}
    if item.value is None:
        return [Piece(key, index, share, None) for key, share in shares.items()]
    cut = share_out(item.value, shares)
    return [Piece(key, index, share, cut[key]) for key, share in shares.items()]


def _upwards(parents: Mapping[str, str | None], node: str) -> list[str]:
    found = [node]
    while (parent := parents[found[-1]]) is not None:
        found.append(parent)
    return found

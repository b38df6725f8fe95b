"""Why a figure is what it is: a tree of values that proves itself.

A node's value follows from its children by what its kind says, exactly: a sum is the sum, a product
the product. What rounding takes or adds is a child of its own and never more than rounding can
be; what is not known has no value and says why. So a tree can be checked by whoever reads it,
without the code that made it, and `faults` does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import mul
from urllib.parse import urlencode
from uuid import UUID

from truenav.core.money import CURRENCIES, MINOR_DIGITS, exact, to_decimal_places

ZERO = Decimal(0)
ONE = Decimal(1)
RATIO = "ratio"
UNITS = "units"
RATE = "rate"
# What printing at 6 places and dividing at 18 can leave over, of anything that is no cash.
SMALLEST = Decimal("5E-7")


class NodeKind(StrEnum):
    """How a node's value comes about. The first six follow from the children."""

    SUM = "sum"
    DIFFERENCE = "difference"  # the first child less all others
    PRODUCT = "product"
    QUOTIENT = "quotient"  # the first child over the second
    ROOT = "root"  # the square root of the one child
    COUNT = "count"  # how many the children are, whatever they are worth
    RECORD = "record"  # what a transaction states
    PRICE = "price"
    RATE = "rate"
    EVENT = "event"  # what the ledger did with a record: a split, a transfer, a pool
    REMAINDER = "remainder"  # what a long list leaves out, in one figure
    CONSTANT = "constant"
    ROUNDING = "rounding"
    UNKNOWN = "unknown"


COMPOSITE = frozenset(
    {
        NodeKind.SUM, NodeKind.DIFFERENCE, NodeKind.PRODUCT, NodeKind.QUOTIENT, NodeKind.ROOT,
        NodeKind.COUNT,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """What a node is about, for a reader who wants to go there."""

    transaction_id: UUID | None = None
    instrument_id: UUID | None = None
    account_id: UUID | None = None
    day: date | None = None
    source: str | None = None


NOWHERE = Ref()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One figure of an explanation.

    `unit` is a currency, or "units", "ratio" or "rate". `formula` says in words what `kind` did.
    `more` is the path of the endpoint that explains this very figure further; its root has the
    same value. `page` is the page of `docs/calculations` that gives the formula.
    """

    label: str
    kind: NodeKind
    unit: str
    value: Decimal | None
    formula: str = ""
    note: str = ""
    unknown_reason: str | None = None
    children: tuple["Node", ...] = ()
    ref: Ref = field(default=NOWHERE)
    page: str | None = None
    more: str | None = None
    is_stale: bool = False

    def told(self, **changes: object) -> "Node":
        """The same figure with more said of it: a label, a note, a reference, a page."""
        return replace(self, **changes)  # type: ignore[arg-type]  # field by field of this class


@exact
def value_of(kind: NodeKind, values: Sequence[Decimal | None]) -> Decimal | None:
    """What a composite kind makes of its children's values; None as soon as one is unknown.

    A quotient by nothing has no value, nor has the root of what is negative. Of no children a sum
    is 0 and a product 1. A count is known even where what it counts is not.
    """
    if kind is NodeKind.COUNT:
        return Decimal(len(values))
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    if kind is NodeKind.SUM:
        return sum(known, ZERO)
    if kind is NodeKind.PRODUCT:
        return reduce(mul, known, ONE)
    if kind is NodeKind.DIFFERENCE:
        return known[0] - sum(known[1:], ZERO)
    if kind is NodeKind.ROOT:
        return known[0].sqrt() if known[0] >= 0 else None
    over, under = known
    return over / under if under else None


def _made(kind: NodeKind, label: str, unit: str, children: Sequence[Node], formula: str) -> Node:
    value = value_of(kind, [child.value for child in children])
    return Node(
        label=label, kind=kind, unit=unit, value=value, formula=formula, children=tuple(children)
    )


def total(label: str, unit: str, children: Sequence[Node], formula: str = "") -> Node:
    """The sum of its children."""
    return _made(NodeKind.SUM, label, unit, children, formula)


def product(label: str, unit: str, children: Sequence[Node], formula: str = "") -> Node:
    """The product of its children."""
    return _made(NodeKind.PRODUCT, label, unit, children, formula)


def minus(label: str, unit: str, children: Sequence[Node], formula: str = "") -> Node:
    """The first child less all the others; at least one child."""
    return _made(NodeKind.DIFFERENCE, label, unit, children, formula)


def quotient(label: str, unit: str, over: Node, under: Node, formula: str = "") -> Node:
    """One child over the other; unknown with `nothing_to_divide_by` over nothing."""
    made = _made(NodeKind.QUOTIENT, label, unit, (over, under), formula)
    if made.value is None and over.value is not None and under.value is not None:
        return replace(made, unknown_reason="nothing_to_divide_by")
    return made


def root_of(label: str, unit: str, child: Node, formula: str = "") -> Node:
    """The square root of its child, to the last of 60 digits."""
    return _made(NodeKind.ROOT, label, unit, (child,), formula)


def count_of(label: str, children: Sequence[Node], formula: str = "") -> Node:
    """How many its children are."""
    return _made(NodeKind.COUNT, label, RATIO, children, formula)


def leaf(kind: NodeKind, label: str, unit: str, value: Decimal, ref: Ref = NOWHERE) -> Node:
    """A figure that is what it is: stated, published, or decided by an event."""
    return Node(label=label, kind=kind, unit=unit, value=value, ref=ref)


def constant(value: Decimal, label: str, unit: str = RATIO) -> Node:
    """A number of the formula itself."""
    return leaf(NodeKind.CONSTANT, label, unit, value)


def unknown(label: str, unit: str, reason: str, ref: Ref = NOWHERE, note: str = "") -> Node:
    """A figure nobody knows, and the code that says why."""
    return Node(
        label=label, kind=NodeKind.UNKNOWN, unit=unit, value=None, unknown_reason=reason,
        ref=ref, note=note,
    )  # fmt: skip


@exact
def rounded(node: Node, value: Decimal | None, label: str = "") -> Node:
    """`node` as it is kept or shown: itself, and what rounding did to it beside it.

    The same node when nothing was rounded or it is unknown.
    """
    if node.value is None or value is None or node.value == value:
        return node if not label else replace(node, label=label)
    rest = leaf(NodeKind.ROUNDING, "Rounding", node.unit, value - node.value)
    if node.kind is NodeKind.SUM:
        whole = replace(node, value=value, children=(*node.children, rest))
        return whole if not label else replace(whole, label=label)
    return replace(
        total(label or node.label, node.unit, (node, rest)),
        value=value, page=node.page, more=node.more, is_stale=node.is_stale,
    )  # fmt: skip


def shown(node: Node, places: int = 6) -> Node:
    """`node` at the places a page prints it with."""
    if node.value is None:
        return node
    return rounded(node, to_decimal_places(node.value, places))


def path(endpoint: str, **query: object) -> str:
    """The path of an endpoint of this API; what is None is left out, a list is named each."""
    asked = [
        (name, str(value))
        for name, values in query.items()
        for value in (values if isinstance(values, (list, tuple)) else (values,))
        if value is not None
    ]
    return f"/api/v1/explain/{endpoint}" + (f"?{urlencode(asked)}" if asked else "")


# --- proof --------------------------------------------------------------------------------------


def most_rounding(unit: str) -> Decimal:
    """The most that rounding can be: half a minor unit of a currency, else half a sixth place."""
    if unit not in CURRENCIES:
        return SMALLEST
    return ONE.scaleb(-MINOR_DIGITS.get(unit, 2)) / 2


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in node.children:
        yield from walk(child)


@exact
def faults(root: Node) -> list[str]:
    """What does not add up in a tree, in words; empty for a tree that proves itself."""
    return [
        f"{node.label}: {fault}"
        for node in walk(root)
        for check in CHECKS
        if (fault := check(node)) is not None
    ]


def _follows(node: Node) -> str | None:
    if node.kind not in COMPOSITE:
        return "only a formula has parts" if node.children else None
    if node.kind is NodeKind.QUOTIENT and len(node.children) != 2:
        return "a quotient has two parts"
    if node.kind is NodeKind.DIFFERENCE and not node.children:
        return "a difference has a first part"
    if node.kind is NodeKind.ROOT and len(node.children) != 1:
        return "a root has one part"
    wanted = value_of(node.kind, [child.value for child in node.children])
    if wanted != node.value:
        return f"{node.value} does not follow from its parts, which give {wanted}"
    return None


def _says_why(node: Node) -> str | None:
    if node.value is not None:
        return "an unknown figure has no value" if node.kind is NodeKind.UNKNOWN else None
    if node.unknown_reason is None and all(c.value is not None for c in node.children):
        return "nobody knows it, and nothing says why"
    return None


def _one_unit(node: Node) -> str | None:
    if node.kind not in {NodeKind.SUM, NodeKind.DIFFERENCE}:
        return None
    units = {child.unit for child in node.children} - {node.unit}
    return f"adds {sorted(units)} to {node.unit}" if units else None


def _small(node: Node) -> str | None:
    if node.kind is not NodeKind.ROUNDING or node.value is None:
        return None
    if abs(node.value) > most_rounding(node.unit):
        return f"{node.value} {node.unit} is more than rounding can be"
    return None


CHECKS: Sequence[Callable[[Node], str | None]] = (_follows, _says_why, _one_unit, _small)


@exact
def capped(
    label: str, unit: str, children: Sequence[Node], rest: Node | None, formula: str = ""
) -> Node:
    """A sum of a long list: the children told one by one, and the rest as one figure."""
    return total(label, unit, children if rest is None else (*children, rest), formula)


def remainder(count: int, unit: str, value: Decimal | None, more: str, reason: str) -> Node:
    """What a long list leaves out: how many, and what they come to; unknown when one of them is."""
    label = f"and {count} more"
    if value is None:
        return replace(unknown(label, unit, reason), more=more)
    return replace(leaf(NodeKind.REMAINDER, label, unit, value), more=more)

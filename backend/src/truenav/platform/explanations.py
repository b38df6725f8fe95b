"""Explanations on the wire: the tree of a figure, and whether it comes to what the page shows."""

from collections.abc import Container, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema

from truenav.core.explanation import Node, path
from truenav.core.money import exact, to_decimal_places
from truenav.platform.wire import Body, DecimalText


def _print_exact(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


# Exact to the last of 60 digits, so that whoever reads a tree can add it up again.
ExactText = Annotated[
    Decimal,
    PlainSerializer(_print_exact, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "decimal", "pattern": r"^-?\d+(\.\d+)?$"}),
]
Kind = Literal[
    "sum", "difference", "product", "quotient", "root", "count", "record", "price", "rate",
    "event", "remainder", "constant", "rounding", "unknown",
]  # fmt: skip


class RefOut(Body):
    """What a figure is about."""

    transaction_id: UUID | None
    instrument_id: UUID | None
    account_id: UUID | None
    day: date | None
    source: str | None


class ExplainedOut(Body):
    """One figure of a tree. Its value follows from its children exactly, by its kind.

    `more` is the path of this API that explains it further, when there is more to say.
    """

    label: str
    kind: Kind
    unit: str
    value: ExactText | None
    formula: str
    note: str
    unknown_reason: str | None
    is_stale: bool
    ref: RefOut | None
    page: Annotated[str | None, Field(description="Page of docs/calculations with the formula")]
    more: str | None
    children: list["ExplainedOut"]


class ExplanationOut(Body):
    """A figure as its page shows it, and the tree it comes from, worked out by its own path.

    `is_equal` is false while the two differ, such as between a posting and its snapshots.
    """

    figure: DecimalText | None
    is_equal: bool
    root: ExplainedOut


@exact
def explanation(figure: Decimal | None, root: Node) -> ExplanationOut:
    """The answer of an endpoint: what the page shows, and why."""
    value = root.value
    if value is not None and figure is not None:
        value = to_decimal_places(value, 18)
        figure = to_decimal_places(figure, 18)
    return ExplanationOut(figure=figure, is_equal=value == figure, root=_out(root))


def carried(
    answer: ExplanationOut, to: Sequence[str] = ("",), /, **asked: object
) -> ExplanationOut:
    """The same answer, whose ways on ask for the same: those of `asked` that are something.

    `to` names the explanations that know these words, by how they begin; all of them unless given.
    """
    words = urlencode(
        {name: value for name, value in asked.items() if value is not None}, doseq=True
    )
    if not words:
        return answer
    ways = tuple(path(name) for name in to)
    return answer.model_copy(update={"root": _asking(answer.root, words, ways)})


def _asking(node: ExplainedOut, words: str, ways: tuple[str, ...]) -> ExplainedOut:
    more = node.more
    if more is not None and more.startswith(ways):
        more = f"{more}{'&' if '?' in more else '?'}{words}"
    children = [_asking(child, words, ways) for child in node.children]
    return node.model_copy(update={"more": more, "children": children})


class KeyedExplanation(Body):
    """An explanation that comes with an answer: of which kind of figure, and which one."""

    of: str
    key: str
    explanation: ExplanationOut


def unlinked(answer: ExplanationOut, records: Container[UUID]) -> ExplanationOut:
    """The same answer of what is not stored: no ways on, and no links to records that are none."""
    return answer.model_copy(update={"root": _unlinked(answer.root, records)})


def _unlinked(node: ExplainedOut, records: Container[UUID]) -> ExplainedOut:
    ref = node.ref
    if ref is not None and ref.transaction_id is not None and ref.transaction_id in records:
        ref = ref.model_copy(update={"transaction_id": None})
    children = [_unlinked(child, records) for child in node.children]
    return node.model_copy(update={"more": None, "ref": ref, "children": children})


def _out(node: Node) -> ExplainedOut:
    ref = node.ref
    named = (ref.transaction_id, ref.instrument_id, ref.account_id, ref.day, ref.source)
    return ExplainedOut(
        label=node.label,
        kind=node.kind.value,
        unit=node.unit,
        value=node.value,
        formula=node.formula,
        note=node.note,
        unknown_reason=node.unknown_reason,
        is_stale=node.is_stale,
        ref=RefOut.model_validate(ref) if any(part is not None for part in named) else None,
        page=node.page,
        more=node.more,
        children=[_out(child) for child in node.children],
    )

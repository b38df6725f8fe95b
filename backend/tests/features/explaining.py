"""Explanations read back: do they add up, and does every way on lead to the same figure?"""

from decimal import Decimal
from typing import Any

import httpx

from truenav.core.explanation import NOWHERE, Node, NodeKind, Ref, faults, walk

D = Decimal


def to_node(body: dict[str, Any]) -> Node:
    """A tree as it was answered, with nothing but what stands on the wire."""
    ref = body["ref"]
    return Node(
        label=body["label"],
        kind=NodeKind(body["kind"]),
        unit=body["unit"],
        value=None if body["value"] is None else D(body["value"]),
        formula=body["formula"],
        note=body["note"],
        unknown_reason=body["unknown_reason"],
        children=tuple(to_node(child) for child in body["children"]),
        ref=NOWHERE if ref is None else Ref(**{**ref, "day": None}),
        page=body["page"],
        more=body["more"],
        is_stale=body["is_stale"],
    )


def told(answer: dict[str, Any]) -> tuple[str | None, Node]:
    """(the figure of the page, its tree) of an explanation that came with an answer."""
    root = to_node(answer["root"])
    assert faults(root) == []
    assert answer["is_equal"], f"{answer['figure']} is explained as {root.value}"
    return answer["figure"], root


def kept(answers: list[dict[str, Any]]) -> dict[tuple[str, str], str | None]:
    """The figures explained beside an answer, by what they are of; every tree proves itself."""
    return {(one["of"], one["key"]): told(one["explanation"])[0] for one in answers}


async def explain(client: httpx.AsyncClient, path: str) -> tuple[str | None, Node]:
    """(the figure of the page, its tree), which must agree and prove itself."""
    answer = await client.get(path if path.startswith("/api") else f"/api/v1/explain/{path}")
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return told(answer.json())


async def explain_all(
    client: httpx.AsyncClient, path: str, most: int = 60
) -> tuple[str | None, int]:
    """The figure, and how many ways on were followed: each comes to the figure it leaves from."""
    figure, root = await explain(client, path)
    waiting, seen = [root], {path}
    while waiting and len(seen) <= most:
        for node in walk(waiting.pop(0)):
            if node.more is None or node.more in seen or len(seen) > most:
                continue
            seen.add(node.more)
            _, further = await explain(client, node.more)
            assert same(further.value, node.value), f"{path}: {node.label} → {node.more}"
            waiting.append(further)
    return figure, len(seen) - 1


def same(left: Decimal | None, right: Decimal | None) -> bool:
    """Equal as shown; what left a lot is told with its sign there and without it here."""
    if left is None or right is None:
        return left is right
    return abs(abs(left) - abs(right)) < D("0.000001")


def labels(root: Node) -> list[tuple[str, str]]:
    """(label, value) of the direct parts."""
    return [
        (part.label, f"{part.value:f}" if part.value is not None else "?") for part in root.children
    ]

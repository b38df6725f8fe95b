"""Shared out over a tree: every holding is told once, and a parent is its children and its own."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_taxonomies import total
from truenav.core.valuation.parts import Held, parted

D = Decimal
PARENTS = {"a": None, "b": None, "a1": "a", "a2": "a", "a11": "a1"}
amounts = st.decimals("-1E12", "1E12", places=9)


@st.composite
def anything_held(draw: st.DrawFn) -> list[Held]:
    """Positions cut into one to four nodes."""
    made = []
    for value in draw(st.lists(st.none() | amounts, max_size=8)):
        keys = draw(st.lists(st.sampled_from(sorted(PARENTS)), min_size=1, max_size=4, unique=True))
        cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(keys) - 1,
                                    max_size=len(keys) - 1)))  # fmt: skip
        edges = [0, *cuts, 100]
        shares = {key: D(edges[n + 1] - edges[n]) / 100 for n, key in enumerate(keys)}
        made.append(Held(value, shares))
    return made


@given(anything_held())
def test_nothing_is_lost_and_nothing_told_twice(held: list[Held]) -> None:
    parts = parted(PARENTS, held)

    for index, item in enumerate(held):
        cut = [piece.value for piece in parts.pieces if piece.held == index]
        if item.value is None:
            assert set(cut) == {None}
        else:
            assert total(value or D(0) for value in cut) == item.value
    for key, made in parts.sums.items():
        below = [parts.sums[child] for child, parent in PARENTS.items() if parent == key]
        if made.value is not None:
            assert made.own is not None
            assert made.value == total([made.own, *(b.value or D(0) for b in below)])
        assert (made.value is None) == (made.own is None or any(b.value is None for b in below))
        assert (made.unknown_count > 0) == (made.value is None)
        assert made.negative <= 0
    if all(item.value is not None for item in held):
        tops = [parts.sums[key].value or D(0) for key, parent in PARENTS.items() if parent is None]
        assert total(tops) == total(item.value or D(0) for item in held)

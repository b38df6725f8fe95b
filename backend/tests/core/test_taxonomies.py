"""Trees and weights: nothing is lost, nothing counted twice, whatever is edited."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.ids import CategoryId
from truenav.core.money import COST_STEP, exact
from truenav.core.taxonomies import editing
from truenav.core.taxonomies.pasted import read_classes, read_parts
from truenav.core.taxonomies.tree import (
    BadTaxonomy,
    Category,
    Content,
    added_up,
    check,
    in_order,
    path_of,
    subtree,
)
from truenav.core.taxonomies.weights import (
    BadComposition,
    check_parts,
    share_out,
    shares_of,
    weight_in,
    within,
)

D = Decimal
STEP = D("0.00000001")
K = TypeVar("K", bound=UUID)
Made = tuple[dict[UUID, dict[UUID, Decimal]], dict[UUID, dict[UUID, Decimal]]]


@exact
def total(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, D(0))


def uid(number: int) -> UUID:
    return UUID(int=number)


def cid(number: int) -> CategoryId:
    return CategoryId(UUID(int=1000 + number))


@st.composite
def ratios(draw: st.DrawFn, keys: list[UUID]) -> dict[UUID, Decimal]:
    """Weights of some keys with 8 places that come to at most 1."""
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, max_size=min(4, len(keys))))
    left, found = 10**8, {}
    for key in chosen:
        part = draw(st.integers(0, left))
        left -= part
        if part:
            found[key] = part * STEP
    return found


@st.composite
def funds(
    draw: st.DrawFn,
) -> Made:
    """(own weights, parts) of instruments 0..8: funds 0, 1, 2 above one another, 3.. are none."""
    categories = [UUID(int=1000 + number) for number in range(4)]
    own = {uid(number): draw(ratios(categories)) for number in range(9)}
    parts = {
        uid(number): draw(ratios([uid(below) for below in range(number + 1, 9)]))
        for number in range(3)
    }
    return own, parts


def of(own: Mapping[UUID, Mapping[K, Decimal]]) -> Callable[[UUID], Mapping[K, Decimal]]:
    return lambda key: own.get(key, {})


class TestWeights:
    @given(funds())
    def test_weights_with_the_uncategorized_come_to_exactly_one(
        self, made: tuple[dict[UUID, dict[UUID, Decimal]], dict[UUID, dict[UUID, Decimal]]]
    ) -> None:
        own, parts = made
        check_parts(parts)
        for number in range(9):
            shares = shares_of(uid(number), of(own), parts)

            assert total(shares.values()) == 1
            assert all(share >= 0 for share in shares.values())

    @given(funds())
    def test_knowing_parts_never_makes_a_fund_less_known(
        self, made: tuple[dict[UUID, dict[UUID, Decimal]], dict[UUID, dict[UUID, Decimal]]]
    ) -> None:
        own, parts = made
        blind = shares_of(uid(0), of(own), {}).get(None, D(0))

        assert shares_of(uid(0), of(own), parts).get(None, D(0)) <= blind

    def test_a_fund_by_hand(self) -> None:
        # half in A (all steel), a fifth in B (nobody knows); the fund itself: 60 % bank
        steel, bank = cid(1), cid(2)
        own = {uid(1): {steel: D(1)}, uid(0): {bank: D("0.6")}}
        parts = {uid(0): {uid(1): D("0.5"), uid(2): D("0.2")}}

        # 0.5 steel; of the other half 60 % is bank, 40 % nobody knows
        assert shares_of(uid(0), of(own), parts) == {
            steel: D("0.5"), bank: D("0.30"), None: D("0.20"),
        }  # fmt: skip
        assert shares_of(uid(0), of(own), {}) == {bank: D("0.6"), None: D("0.4")}

    def test_a_fund_of_funds_by_hand(self) -> None:
        own = {uid(2): {cid(1): D(1)}, uid(3): {cid(2): D(1)}}
        parts = {uid(0): {uid(1): D("0.5"), uid(3): D("0.5")}, uid(1): {uid(2): D("0.4")}}

        assert shares_of(uid(0), of(own), parts) == {
            cid(1): D("0.20"), cid(2): D("0.5"), None: D("0.30"),
        }  # fmt: skip

    @pytest.mark.parametrize("length", [1, 2, 3, 4, 9])
    def test_a_ring_of_funds_is_refused(self, length: int) -> None:
        parts = {uid(n): {uid((n + 1) % length): D(1)} for n in range(length)}

        with pytest.raises(BadComposition):
            check_parts(parts)

    def test_three_funds_above_one_another_are_enough(self) -> None:
        parts = {uid(n): {uid(n + 1): D(1)} for n in range(3)}
        check_parts(parts)

        with pytest.raises(BadComposition) as refused:
            check_parts({**parts, uid(3): {uid(4): D(1)}})
        assert refused.value.params == {"fault": "too_deep"}

    @given(
        st.decimals("-1E12", "1E12", places=6),
        funds(),
    )
    def test_a_value_shared_out_comes_to_itself(
        self,
        value: Decimal,
        made: Made,
    ) -> None:
        own, parts = made
        shares = shares_of(uid(0), of(own), parts)
        cut = share_out(value, shares)

        assert total(cut.values()) == value
        assert all(abs(cut[key] - value * share) < len(cut) * COST_STEP + abs(value) * D("1E-25")
                   for key, share in shares.items())  # fmt: skip

    def test_the_part_in_some_categories_belongs_to_these_alone(self) -> None:
        shares: dict[UUID | None, Decimal] = {cid(1): D("0.4"), cid(2): D("0.2"), None: D("0.4")}

        assert within(shares, {cid(1), None}) == {cid(1): D("0.5"), None: D("0.5")}
        assert within(shares, {cid(2), cid(3)}) == {cid(2): D(1)}
        # it has no part there, and so nothing that could belong elsewhere
        assert within(shares, {cid(3)}) == shares

    @given(funds(), st.sets(st.sampled_from([*(UUID(int=1000 + n) for n in range(4)), None])))
    def test_a_part_and_where_it_belongs_make_the_shares_of_the_whole(
        self, made: Made, chosen: set[UUID | None]
    ) -> None:
        shares = shares_of(uid(0), of(made[0]), made[1])
        weight = weight_in([(shares, chosen)])
        mine = within(shares, chosen)

        assert abs(total(mine.values()) - 1) < D("1E-55")
        if weight:
            assert mine.keys() == shares.keys() & chosen
            assert all(
                abs(total([share * weight, -shares[key]])) < D("1E-55")
                for key, share in mine.items()
            )


class TestSums:
    @given(
        st.lists(st.tuples(st.integers(0, 20), st.decimals("-1E9", "1E9", places=6)), max_size=20)
    )
    def test_a_parent_is_its_own_and_its_children(self, made: list[tuple[int, Decimal]]) -> None:
        parents: dict[int, int | None] = {
            n: (above % n if n and above % 3 else None) for n, (above, _) in enumerate(made)
        }
        own: dict[int, Decimal | None] = {n: amount for n, (_, amount) in enumerate(made)}
        sums = added_up(parents, own)

        for node in parents:
            children = [sums[child] for child, parent in parents.items() if parent == node]
            assert sums[node] == total([own[node] or D(0), *(c or D(0) for c in children)])
        tops = [sums[node] for node, parent in parents.items() if parent is None]
        assert total(top or D(0) for top in tops) == total(amount for _, amount in made)

    def test_one_unknown_makes_all_above_it_unknown(self) -> None:
        parents = {"all": None, "left": "all", "right": "all", "leaf": "left"}
        own: dict[str, Decimal | None] = {"leaf": None, "right": D(3), "left": D(1)}

        assert added_up(parents, own) == {"all": None, "left": None, "right": D(3), "leaf": None}


def grown() -> Content:
    """Energy (Oil, Coal) and Health; instrument 1 half oil, a quarter coal; 2 all health."""
    content = Content({}, {})
    for number, parent, name in (
        (1, None, "Energy"), (2, cid(1), "Oil"), (3, cid(1), "Coal"), (4, None, "Health"),
    ):  # fmt: skip
        content = editing.add(content, cid(number), parent, name)
    return editing.assign(
        content,
        {uid(1): {cid(2): D("0.5"), cid(3): D("0.25")}, uid(2): {cid(4): D(1)}},
    )


def names(content: Content) -> list[tuple[str, ...]]:
    return [path_of(content.categories, c.id) for c in in_order(content.categories)]


class TestEditing:
    def test_removing_moves_the_instruments_of_everything_below(self) -> None:
        after = editing.remove(grown(), cid(1), cid(4))

        assert names(after) == [("Health",)]
        assert after.weights == {uid(1): {cid(4): D("0.75")}, uid(2): {cid(4): D(1)}}
        assert after.categories[cid(4)].position == 0

    def test_removing_to_nowhere_leaves_them_uncategorized(self) -> None:
        assert editing.remove(grown(), cid(2), None).weights == {
            uid(1): {cid(3): D("0.25")}, uid(2): {cid(4): D(1)},
        }  # fmt: skip

    def test_instruments_cannot_go_to_what_is_removed(self) -> None:
        with pytest.raises(BadTaxonomy):
            editing.remove(grown(), cid(1), cid(2))

    def test_moving_keeps_what_is_below_and_numbers_both_sides(self) -> None:
        after = editing.move(grown(), cid(1), cid(4), 0)
        assert names(after) == [
            ("Health",), ("Health", "Energy"), ("Health", "Energy", "Oil"),
            ("Health", "Energy", "Coal"),
        ]  # fmt: skip
        assert after.categories[cid(4)].position == 0
        swapped = editing.move(grown(), cid(3), cid(1), 0)
        assert names(swapped)[:3] == [("Energy",), ("Energy", "Coal"), ("Energy", "Oil")]

    def test_nothing_moves_below_itself(self) -> None:
        with pytest.raises(BadTaxonomy) as refused:
            editing.move(grown(), cid(1), cid(3), 0)
        assert refused.value.params == {"fault": "cycle"}

    @pytest.mark.parametrize(
        ("weights", "fault"),
        [
            ({cid(2): D("0.6"), cid(3): D("0.40000001")}, "over_whole"),
            ({cid(2): D(0)}, "weight"),
            ({cid(2): D("0.000000001")}, "weight"),
            ({cid(9): D(1)}, "no_category"),
        ],
    )
    def test_weights_that_are_none(self, weights: dict[CategoryId, Decimal], fault: str) -> None:
        with pytest.raises(BadTaxonomy) as refused:
            editing.assign(grown(), {uid(1): weights})
        assert refused.value.params == {"fault": fault}

    def test_siblings_have_names_of_their_own_whatever_their_case(self) -> None:
        with pytest.raises(BadTaxonomy):
            editing.add(grown(), cid(5), cid(1), "OIL")
        assert len(editing.add(grown(), cid(5), cid(4), "Oil").categories) == 5

    def test_a_ring_of_parents_is_no_tree(self) -> None:
        ring = {
            cid(1): Category(id=cid(1), parent_id=cid(2), name="a", position=0, color_index=0),
            cid(2): Category(id=cid(2), parent_id=cid(1), name="b", position=0, color_index=0),
        }
        with pytest.raises(BadTaxonomy) as refused:
            check(Content(ring, {}))
        assert refused.value.params == {"fault": "cycle"}

    def test_no_more_than_six_levels(self) -> None:
        content = Content({}, {})
        for level in range(6):
            parent = cid(level) if level else None
            content = editing.add(content, cid(level + 1), parent, "x")
        with pytest.raises(BadTaxonomy):
            editing.add(content, cid(7), cid(6), "x")

    @given(st.integers(0, 3), st.integers(0, 4), st.integers(0, 5))
    def test_an_edit_loses_no_category(self, which: int, where: int, position: int) -> None:
        before = grown()
        key = cid(which + 1)
        parent = cid(where) if where else None
        if parent in subtree(before.categories, key):
            return
        after = editing.move(before, key, parent, position)

        assert set(after.categories) == set(before.categories)
        assert after.weights == before.weights
        for above in (None, *after.categories):
            places = [c.position for c in after.categories.values() if c.parent_id == above]
            assert sorted(places) == list(range(len(places)))


class TestPasted:
    def test_lines_of_classes(self) -> None:
        found, faults = read_classes(
            "symbol,category,weight\nSAP, Technology > Software, 60 %\n\nSAP;Health;0.4\n"
            '"A, B",Energy\nTSLA\tCars\t1'
        )
        assert faults == []
        assert [(line.instrument, line.path, line.weight) for line in found] == [
            ("SAP", ("Technology", "Software"), D("0.6")), ("SAP", ("Health",), D("0.4")),
            ("A, B", ("Energy",), D(1)), ("TSLA", ("Cars",), D(1)),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "line", ["SAP,Energy,1.5", "SAP,Energy,-1", "SAP,Energy,half", "SAP,,1", "SAP", "SAP,a,1,2",
                 ",Energy,1", "SAP,Energy,NaN", "SAP,Energy,1e3", "SAP,Energy,0 %"],
    )  # fmt: skip
    def test_what_is_not_understood_is_a_fault_of_its_line(self, line: str) -> None:
        found, faults = read_classes(f"AAPL,Energy,1\n{line}")

        assert ([f.instrument for f in found], [f.line for f in faults]) == (["AAPL"], [2])

    def test_lines_of_parts(self) -> None:
        found, faults = read_parts("AAPL,5.25%\nMSFT;0.05\nIBM,x")

        assert [(p.instrument, p.weight) for p in found] == [
            ("AAPL", D("0.0525")), ("MSFT", D("0.05")),
        ]  # fmt: skip
        assert [f.line for f in faults] == [3]

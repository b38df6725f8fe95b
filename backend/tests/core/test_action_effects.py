"""Events → records → lots. Figures by hand, from the rules of each event and the sources named."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger_builders import ACCOUNT, SPACE, a_purchase, a_sale, an_instrument
from truenav.core.corporate_actions.actions import (
    MAY_BE_TAXABLE,
    MAY_HAVE,
    NEEDS,
    ActionKind,
    CorporateAction,
    faults,
    new_units_for,
)
from truenav.core.corporate_actions.effects import (
    RULES,
    Effects,
    Held,
    effects_of,
    last_entitled_day,
)
from truenav.core.ids import TransactionId
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.transactions import (
    InstrumentRef,
    SubKind,
    Transaction,
    TransactionDraft,
    TransactionKind,
)

ROOT = Path(__file__).parents[3]
D, A, K = Decimal, ActionKind, TransactionKind
OLD, DAY = date(2020, 3, 2), date(2024, 5, 1)
ZQX, KID, ALT = (InstrumentRef(symbol=name) for name in ("ZQX", "KID", "ALT"))


def an_action(kind: ActionKind, **terms: Any) -> CorporateAction:
    """An event of ZQX in dollars on DAY; numbers as text."""
    values: dict[str, Any] = {
        name: D(value) if isinstance(value, str) and name != "currency" else value
        for name, value in terms.items()
    }
    return CorporateAction(kind=kind, instrument=ZQX, ex_date=DAY, **values)


def effects(action: CorporateAction, units: str, multiplier: str = "1") -> Effects:
    assert list(faults(action)) == []
    return effects_of(action, Held(D(units), "USD", D(multiplier), UUID(int=5)))


def posted(drafts: Sequence[TransactionDraft], first: int = 100) -> list[Transaction]:
    """The drafts as records of the account."""

    def one(number: int, draft: TransactionDraft) -> Transaction:
        def named(ref: InstrumentRef | None) -> Any:
            return an_instrument(ref.symbol or "") if ref is not None else None

        return Transaction(
            id=TransactionId(uuid5(SPACE, f"record {number}")), account_id=ACCOUNT,
            instrument_id=named(draft.instrument), source_instrument_id=named(draft.source),
            sequence=number,
            **{
                name: getattr(draft, name)
                for name in (
                    "kind", "sub_kind", "trade_date", "settlement_date", "quantity", "price",
                    "multiplier", "ratio", "currency", "gross", "fee", "tax", "counter",
                    "is_external_flow", "link_id", "basis_fraction",
                )
            },
        )  # fmt: skip

    return [one(first + place, draft) for place, draft in enumerate(drafts)]


def after(action: CorporateAction, *before: Transaction, multiplier: str = "1") -> LedgerState:
    """The state after the event happened to what the records say."""
    units = replay(before).quantity(an_instrument("ZQX"))
    return replay([*before, *posted(effects(action, str(units), multiplier).drafts)])


def lots(state: LedgerState, symbol: str) -> list[tuple[str, Decimal, Decimal]]:
    book = state.book(an_instrument(symbol))
    return [(lot.acquired_date.isoformat(), lot.quantity, lot.cost) for lot in book]


RATIO = {"old_units": "1", "new_units": "2"}
USD = {"currency": "USD"}


def test_a_split_gives_units_and_leaves_cost_and_date() -> None:
    state = after(an_action(A.FORWARD_SPLIT, old_units="1", new_units="10"),
                  a_purchase(OLD, 1, "12", "50"))  # fmt: skip
    assert lots(state, "ZQX") == [("2020-03-02", D(120), D(600))]
    assert state.notes == []


def test_a_reverse_split_with_cash_in_lieu_sells_the_fraction() -> None:
    # 105 units, cost 1050, 1 for 10: 10.5; half a unit at 95 brings 47.50 on
    # a cost of 50.00, a loss of 2.50; 10 units at 1000 are left
    action = an_action(A.REVERSE_SPLIT, old_units="10", new_units="1", fraction_price="95", **USD)
    state = after(action, a_purchase(OLD, 1, "105", "10"))
    assert lots(state, "ZQX") == [("2020-03-02", D(10), D(1000))]
    (closure,) = state.closures
    assert (closure.proceeds, closure.cost, closure.gain) == (D("47.50"), D(50), D("-2.50"))
    assert state.cash["USD"] == D("-1002.50")


def test_a_ratio_without_an_end_loses_no_part_of_a_unit() -> None:
    action = an_action(A.REVERSE_SPLIT, old_units="3", new_units="1", fraction_price="30", **USD)
    state = after(action, a_purchase(OLD, 1, "100", "10"))
    assert lots(state, "ZQX")[0][1] == D(33)
    assert state.closures[0].proceeds == D("10.00")  # a third of 30
    assert sum(lot[2] for lot in lots(state, "ZQX")) + state.closures[0].cost == D(1000)


def test_without_a_price_the_fraction_is_kept_and_said() -> None:
    found = effects(an_action(A.REVERSE_SPLIT, old_units="10", new_units="1"), "105")
    assert found.warnings == ("fraction_kept",)
    assert len(found.drafts) == 1


def test_a_stock_dividend_spreads_cost_over_more_units() -> None:
    action = an_action(A.STOCK_DIVIDEND, old_units="100", new_units="5")
    state = after(action, a_purchase(OLD, 1, "200", "21"))
    assert lots(state, "ZQX") == [("2020-03-02", D(210), D(4200))]


def test_a_taxable_stock_dividend_opens_a_lot_at_its_value() -> None:
    action = an_action(
        A.STOCK_DIVIDEND, old_units="100", new_units="5", fair_value="20", is_taxable=True, **USD
    )
    state = after(action, a_purchase(OLD, 1, "200", "21"))
    assert lots(state, "ZQX") == [
        ("2020-03-02", D(200), D(4200)),
        ("2024-05-01", D(10), D(200)),
    ]


def test_a_spin_off_divides_cost_by_value() -> None:
    # 100 units at 6000; 1 new for 4; parent 90, child 40: 9000 : 1000, so 5400 and 600
    action = an_action(
        A.SPIN_OFF, old_units="4", new_units="1", new_instrument=KID, fair_value="90",
        new_fair_value="40", **USD,
    )  # fmt: skip
    state = after(action, a_purchase(OLD, 1, "100", "60"))
    assert lots(state, "ZQX") == [("2020-03-02", D(100), D(5400))]
    assert lots(state, "KID") == [("2020-03-02", D(25), D(600))]


def test_a_spin_off_without_an_allocation_warns() -> None:
    action = an_action(A.SPIN_OFF, old_units="4", new_units="1", new_instrument=KID)
    assert effects(action, "100").warnings == ("basis_fraction_unknown",)


def test_cash_for_a_part_of_a_spun_off_unit() -> None:
    # 10 units, 1 for 4: 2.5 of the child; half a unit at 40 brings 20 on a cost of 600 * 0.1 / 5
    action = an_action(
        A.SPIN_OFF, old_units="4", new_units="1", new_instrument=KID, basis_fraction="0.1",
        fraction_price="40", **USD,
    )  # fmt: skip
    state = after(action, a_purchase(OLD, 1, "10", "60"))
    assert lots(state, "KID") == [("2020-03-02", D(2), D(48))]
    assert [(c.proceeds, c.cost) for c in state.closures] == [(D(20), D(12))]


def test_a_merger_for_stock_keeps_cost_and_date() -> None:
    action = an_action(A.STOCK_MERGER, old_units="2", new_units="3", new_instrument=KID)
    state = after(action, a_purchase(OLD, 1, "100", "10"))
    assert lots(state, "KID") == [("2020-03-02", D(150), D(1000))]
    assert lots(state, "ZQX") == []


def test_a_part_of_a_unit_of_a_merger_is_paid_the_day_after() -> None:
    action = an_action(
        A.STOCK_MERGER, old_units="2", new_units="1", new_instrument=KID, fraction_price="50", **USD
    )
    state = after(action, a_purchase(OLD, 1, "5", "20"))
    assert lots(state, "KID") == [("2020-03-02", D(2), D(80))]
    assert [(c.proceeds, c.cost) for c in state.closures] == [(D(25), D(20))]
    assert state.notes == []


def test_a_merger_for_cash_is_a_sale() -> None:
    state = after(an_action(A.CASH_MERGER, cash_amount="15", **USD),
                  a_purchase(OLD, 1, "100", "10"))  # fmt: skip
    assert lots(state, "ZQX") == []
    assert [c.gain for c in state.closures] == [D(500)]


def test_a_mixed_merger_recognizes_gain_up_to_the_cash() -> None:
    # cost 1000; units worth 1200 and 300 in cash: realized 500, recognized 300, new cost 1000
    action = an_action(
        A.STOCK_AND_CASH_MERGER, old_units="1", new_units="1", new_instrument=KID,
        new_fair_value="12", cash_amount="3", **USD,
    )  # fmt: skip
    state = after(action, a_purchase(OLD, 1, "100", "10"))
    assert lots(state, "KID") == [("2020-03-02", D(100), D(1000))]
    assert [c.gain for c in state.closures] == [D(300)]


def test_a_taxable_merger_is_a_sale_and_a_purchase_at_value() -> None:
    action = an_action(
        A.STOCK_AND_CASH_MERGER, old_units="1", new_units="1", new_instrument=KID,
        new_fair_value="12", cash_amount="3", is_taxable=True, **USD,
    )  # fmt: skip
    state = after(action, a_purchase(OLD, 1, "100", "10"))
    assert lots(state, "KID") == [("2024-05-01", D(100), D(1200))]
    assert [c.gain for c in state.closures] == [D(500)]


def test_returned_capital_beyond_cost_is_gain() -> None:
    # cost 2.00 a unit, 2.50 back: cost 0 and a gain of 0.50 a unit
    state = after(an_action(A.RETURN_OF_CAPITAL, cash_amount="2.50", **USD),
                  a_purchase(OLD, 1, "10", "2"))  # fmt: skip
    assert lots(state, "ZQX") == [("2020-03-02", D(10), D(0))]
    assert [c.gain for c in state.closures] == [D(5)]


def test_a_unit_split_divides_a_unit_into_two_instruments() -> None:
    # 90 units at 10: 90 shares and 30 warrants, of which 5 % of the cost
    action = an_action(
        A.UNIT_SPLIT, old_units="3", new_units="3", new_instrument=KID, alternate_instrument=ALT,
        alternate_units="1", basis_fraction="0.05",
    )  # fmt: skip
    state = after(action, a_purchase(OLD, 1, "90", "10"))
    assert lots(state, "KID") == [("2020-03-02", D(90), D(855))]
    assert lots(state, "ALT") == [("2020-03-02", D(30), D(45))]


def test_a_change_of_name_keeps_everything() -> None:
    state = after(an_action(A.NAME_CHANGE, new_instrument=KID), a_purchase(OLD, 1, "7", "10"))
    assert lots(state, "KID") == [("2020-03-02", D(7), D(70))]


def test_what_became_worthless_is_lost_on_the_last_day_of_the_year() -> None:
    state = after(an_action(A.WORTHLESS), a_purchase(OLD, 1, "7", "10"))
    assert [(c.gain, c.gain_date) for c in state.closures] == [(D(-70), date(2024, 12, 31))]


def test_a_bond_matures_at_a_price_of_100_and_its_interest_stands_apart() -> None:
    action = an_action(A.MATURITY, cash_amount="100", accrued_interest="2.5", **USD)
    bond = replace(a_purchase(OLD, 1, "10000", "0.98"), multiplier=D("0.01"))
    state = after(action, bond, multiplier="0.01")
    assert [(c.proceeds, c.gain) for c in state.closures] == [(D(10000), D(200))]
    assert state.cash["USD"] == D(-9800) + D(10000) + D(250)


@pytest.mark.parametrize(
    ("new_value", "cost"),
    [
        ("10", "0"),  # 10 / 10 = 1 a unit, under 15 % of 99: nothing
        ("250", "200"),  # 25 a unit beside 100: 25 / 125 of 1000
    ],
)
def test_rights_cost_something_from_15_percent_of_the_value_on(new_value: str, cost: str) -> None:
    # IRC 307(b)
    parent = "99" if cost == "0" else "100"
    action = an_action(
        A.RIGHTS, old_units="10", new_units="1", new_instrument=KID, fair_value=parent,
        new_fair_value=new_value,
    )  # fmt: skip
    state = after(action, a_purchase(OLD, 1, "100", "10"))
    assert [(units, part) for _, units, part in lots(state, "KID")] == [(D(10), D(cost))]


def test_a_dividend_is_paid_on_its_pay_date() -> None:
    action = an_action(A.CASH_DIVIDEND, cash_amount="0.415", pay_date=date(2024, 5, 20), **USD)
    (draft,) = effects(action, "101").drafts
    assert draft.gross is not None
    # 101 * 0.415 = 41.915, half up
    assert (draft.trade_date, draft.gross.amount) == (date(2024, 5, 20), D("41.92"))
    assert effects(action, "101").warnings == ()


class TestShort:
    def test_a_short_position_owes_the_dividend(self) -> None:
        (draft,) = effects(an_action(A.CASH_DIVIDEND, cash_amount="2", **USD), "-50").drafts
        assert draft.gross is not None
        assert (draft.gross.amount, draft.sub_kind) == (D("-100.00"), SubKind.IN_LIEU)

    def test_a_split_multiplies_what_is_owed(self) -> None:
        state = after(an_action(A.FORWARD_SPLIT, **RATIO), a_sale(OLD, 1, "50", "30"))
        assert state.quantity(an_instrument("ZQX")) == D(-100)

    def test_a_merger_for_cash_buys_back(self) -> None:
        state = after(an_action(A.CASH_MERGER, cash_amount="25", **USD), a_sale(OLD, 1, "50", "30"))
        assert state.quantity(an_instrument("ZQX")) == 0
        assert [c.gain for c in state.closures] == [D(250)]

    def test_a_fraction_owed_is_bought_back(self) -> None:
        action = an_action(
            A.REVERSE_SPLIT, old_units="10", new_units="1", fraction_price="95", **USD
        )
        state = after(action, a_sale(OLD, 1, "105", "10"))
        assert state.quantity(an_instrument("ZQX")) == D(-10)
        assert [c.gain for c in state.closures] == [D("2.50")]

    def test_what_the_ledger_cannot_owe_is_left_to_a_person(self) -> None:
        action = an_action(A.STOCK_MERGER, **RATIO, new_instrument=KID)
        assert effects(action, "-5") == Effects((), ("short_by_hand",))


def test_who_holds_nothing_gets_nothing() -> None:
    found = effects(an_action(A.FORWARD_SPLIT, **RATIO), "0")
    assert (found, found.last_day) == (Effects(), None)


def test_an_event_has_happened_when_its_last_record_has() -> None:
    action = an_action(
        A.REVERSE_SPLIT, old_units="10", new_units="1", fraction_price="95",
        pay_date=date(2024, 5, 20), **USD,
    )  # fmt: skip
    assert effects(action, "105").last_day == date(2024, 5, 20)
    assert last_entitled_day(action) == date(2024, 4, 30)


def test_terms_with_faults_are_no_event() -> None:
    with pytest.raises(ValueError, match="without a new instrument"):
        effects_of(an_action(A.NAME_CHANGE), Held(D(1), "USD"))


def test_without_a_ratio_no_units_come() -> None:
    assert new_units_for(an_action(A.WORTHLESS), D(5)) == 0


def test_rights_without_values_cost_nothing() -> None:
    action = an_action(A.RIGHTS, **RATIO, new_instrument=KID)
    assert effects(action, "5").drafts[0].basis_fraction == 0


class TestFaults:
    def test_every_kind_has_a_rule_and_names_its_terms(self) -> None:
        assert set(NEEDS) == set(RULES) == set(ActionKind)
        assert set(MAY_HAVE) | MAY_BE_TAXABLE <= set(ActionKind)

    @pytest.mark.parametrize("kind", list(ActionKind))
    def test_what_a_kind_needs_is_named(self, kind: ActionKind) -> None:
        named = {field for field, _ in faults(CorporateAction(
            kind=kind, instrument=ZQX, ex_date=DAY))}  # fmt: skip
        assert named == set(NEEDS[kind])

    @pytest.mark.parametrize(
        ("kind", "terms", "field"),
        [
            (A.FORWARD_SPLIT, {"old_units": "2", "new_units": "1"}, "new_units"),
            (A.REVERSE_SPLIT, RATIO, "new_units"),
            (A.FORWARD_SPLIT, {**RATIO, "cash_amount": "1"}, "cash_amount"),
            (A.UNIT_SPLIT, {**RATIO, "new_instrument": KID, "alternate_instrument": KID,
                            "alternate_units": "1"}, "alternate_instrument"),
            (A.SPIN_OFF, {**RATIO, "new_instrument": KID, "new_fair_value": "1",
                          "is_taxable": True}, "currency"),
            (A.FORWARD_SPLIT, {"old_units": "0", "new_units": "1"}, "old_units"),
            (A.FORWARD_SPLIT, {"old_units": "1", "new_units": "1000000001"}, "new_units"),
            (A.CASH_DIVIDEND, {"cash_amount": "1000000000001", **USD}, "cash_amount"),
            (A.CASH_DIVIDEND, {"cash_amount": "1", **USD, "pay_date": date(9999, 12, 31)},
             "pay_date"),
            (A.FORWARD_SPLIT, {**RATIO, "fraction_price": "1"}, "currency"),
            (A.CASH_DIVIDEND, {"cash_amount": "-1", **USD}, "cash_amount"),
            (A.CASH_DIVIDEND, {"cash_amount": "1", "currency": "XYZ"}, "currency"),
            (A.CASH_DIVIDEND, {"cash_amount": "1", **USD, "is_taxable": True}, "is_taxable"),
            (A.NAME_CHANGE, {"new_instrument": ZQX}, "new_instrument"),
            (A.SPIN_OFF, {**RATIO, "new_instrument": KID, "basis_fraction": "1.1"},
             "basis_fraction"),
            (A.STOCK_MERGER, {**RATIO, **USD, "new_instrument": KID, "is_taxable": True},
             "new_fair_value"),
        ],
    )  # fmt: skip
    def test_terms_that_make_no_sense_are_named(
        self, kind: ActionKind, terms: dict[str, Any], field: str
    ) -> None:
        assert [name for name, _ in faults(an_action(kind, **terms))] == [field]


def test_the_largest_terms_can_still_be_computed() -> None:
    terms = {"old_units": "0.000000001", "new_units": "1000000000", "fraction_price": "1E12"}
    action = an_action(A.FORWARD_SPLIT, **terms, **USD)
    assert effects(action, "99999999999999999999.999999999999999999").drafts


# --- properties ---------------------------------------------------------------------------------

whole = st.integers(1, 500)
purchases = st.lists(
    st.tuples(whole, st.integers(1, 900)), min_size=1, max_size=5
).map(lambda made: [
    a_purchase(date(2020, 1, 1 + place), place, str(units), str(D(cents) / 4))
    for place, (units, cents) in enumerate(made)
])  # fmt: skip


@given(purchases, whole, whole, st.booleans())
def test_cost_is_conserved_by_every_free_event(
    made: list[Transaction], old: int, new: int, is_spin: bool
) -> None:
    ratio = {"old_units": str(old), "new_units": str(new), "new_instrument": KID}
    action = (
        an_action(A.SPIN_OFF, basis_fraction="0.37", **ratio)
        if is_spin
        else an_action(A.STOCK_MERGER, **ratio)
    )
    before, state = replay(made), after(action, *made)
    assert sum(lot.cost for lot in state.open_lots()) == sum(lot.cost for lot in before.open_lots())
    assert state.closures == []


@given(purchases, whole, whole)
def test_a_split_changes_no_cost_and_its_fraction_loses_nothing(
    made: list[Transaction], old: int, new: int
) -> None:
    if old == new:
        return
    kind = A.FORWARD_SPLIT if new > old else A.REVERSE_SPLIT
    action = an_action(kind, old_units=str(old), new_units=str(new), fraction_price="7", **USD)
    before, state = replay(made), after(action, *made)
    cost = sum((lot.cost for lot in state.open_lots()), D(0))
    assert cost + sum((c.cost for c in state.closures), D(0)) == sum(
        lot.cost for lot in before.open_lots()
    )
    units = state.quantity(an_instrument("ZQX"))
    assert units == units.to_integral_value()
    assert units == before.quantity(an_instrument("ZQX")) * new // old


@given(purchases, st.integers(0, 9999))
def test_a_long_position_receives_what_a_short_one_owes(
    made: list[Transaction], cents: int
) -> None:
    action = an_action(A.CASH_DIVIDEND, cash_amount=str(D(cents) / 100), **USD)
    units = replay(made).quantity(an_instrument("ZQX"))
    (received,), (owed,) = (effects(action, str(sign * units)).drafts for sign in (1, -1))
    assert received.gross is not None
    assert owed.gross is not None
    assert received.gross.amount == -owed.gross.amount


class TestDocumentation:
    """The page of the documentation says what the code does."""

    def rows(self) -> dict[str, list[set[str]]]:
        page = (ROOT / "docs/corporate-actions.md").read_text()
        table = page.split("## Terms")[1].split("A test holds")[0]
        found = {}
        for line in table.splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if cells[0].startswith("`"):
                parts = [set(re.findall(r"[a-z_]+", cell)) for cell in cells[1:]]
                found[cells[0].strip("`")] = parts
        return found

    def test_every_kind_stands_there_with_its_terms(self) -> None:
        rows = self.rows()
        assert set(rows) == {kind.value for kind in ActionKind}
        for kind in ActionKind:
            taxed = {"is_taxable"} if kind in MAY_BE_TAXABLE else set()
            needs, may_have, _ = rows[kind.value]
            assert needs == set(NEEDS[kind])
            assert may_have == set(MAY_HAVE.get(kind, ())) - set(NEEDS[kind]) | taxed

    def test_its_records_are_those_that_are_made(self) -> None:
        full: dict[str, Any] = {
            "old_units": "4", "new_units": "3", "alternate_units": "1", "cash_amount": "2",
            "currency": "USD", "new_instrument": KID, "alternate_instrument": ALT,
            "basis_fraction": "0.1", "fair_value": "3", "new_fair_value": "3",
            "fraction_price": "5", "accrued_interest": "1",
        }  # fmt: skip
        for kind in ActionKind:
            terms = {
                name: value
                for name, value in full.items()
                if name in NEEDS[kind] | MAY_HAVE.get(kind, frozenset())
            }
            if kind is A.FORWARD_SPLIT:
                terms |= {"old_units": "2", "new_units": "3"}
            made = set()
            for is_taxable in (False, kind in MAY_BE_TAXABLE):
                action = an_action(kind, is_taxable=is_taxable, **terms)
                made |= {draft.kind.value for draft in effects(action, "7").drafts}
            assert made == self.rows()[kind.value][2], kind

"""Every golden case of the ledger: its lots, gains, terms and cash, and what holds for each."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.core.ledger_builders import an_instrument
from tests.golden.ledger.notation import (
    Case,
    account_name,
    agrees,
    all_cases,
    rates_of,
    reversed_rows,
)
from truenav.core.ids import AccountId
from truenav.core.ledger.amounts import CostCurrencies
from truenav.core.ledger.lots import ClosureKind, LotClosure
from truenav.core.ledger.methods import LotMethod
from truenav.core.ledger.postings import postings
from truenav.core.ledger.replay import LedgerState, replay
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transfers import replay_accounts, with_arrivals

CASES = list(all_cases())
PAGE = Path(__file__).parents[4] / "docs" / "calculations" / "golden-cases.md"
SYMBOLS = {
    an_instrument(symbol): symbol
    for case in CASES
    for symbol in {line.split()[2] for line in case.text["records"]}
    | {line.split(" from ")[1].split()[0] for line in case.text["records"] if " from " in line}
}
each_case = pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
WORDS = {ClosureKind.BOOT: "boot", ClosureKind.CAPITAL_RETURNED: "returned"}
States = Mapping[AccountId, LedgerState]


def run(case: Case) -> dict[AccountId, LedgerState]:
    records = case.by_account()
    codes = tuple(sorted({key.split()[2] for key in case.text.get("rates", {})}))
    return replay_accounts(
        records,
        methods=dict.fromkeys(records, case.policy),
        currencies=dict.fromkeys(records, CostCurrencies(codes, rates_of(case))),
    )


def where(account: AccountId) -> list[str]:
    name = account_name(account)
    return [] if name == "A" else [f"account {name}"]


def same(expected: list[str], actual: list[tuple[list[str], list[Decimal | None]]]) -> None:
    """Compare lines of text and figures, in any order.

    A line is `words | figures`; the figure `?` is one nobody knows.
    """
    left = list(actual)
    for line in expected:
        texts, figures = (part.split() for part in line.split("|"))
        found = next(
            (
                entry
                for entry in left
                if " ".join(entry[0]).split() == texts
                and len(entry[1]) == len(figures)
                and all(
                    value is None if figure == "?" else value is not None and agrees(figure, value)
                    for figure, value in zip(figures, entry[1], strict=True)
                )
            ),
            None,
        )
        assert found is not None, f"not found: {line!r}; there is {left}"
        left.remove(found)
    assert not left, f"not expected: {left}"


def gain_line(closure: LotClosure) -> list[str]:
    term = "long" if closure.is_long_term else "short"
    words = [SYMBOLS[closure.instrument_id], str(closure.acquired_date), str(closure.gain_date)]
    words.append("short-sale" if closure.is_short else term)
    return [*words, WORDS[closure.kind]] if closure.kind in WORDS else words


@each_case
def test_gains_are_those_of_the_source(case: Case) -> None:
    found: list[tuple[list[str], list[Decimal | None]]] = []
    for account, state in run(case).items():
        for closure in state.closures:
            known = closure.is_cost_known
            figures = [closure.quantity, closure.proceeds, closure.cost, closure.gain]
            shown: list[Decimal | None] = [*figures[:2], *(figures[2:] if known else (None, None))]
            others = zip(closure.proceeds_in, closure.cost_in, strict=True)
            shown += [one for pair in others for one in pair]
            found.append(([*gain_line(closure), *where(account)], shown))
    same(case.text["gains"], found)


@each_case
def test_open_lots_are_those_of_the_source(case: Case) -> None:
    found: list[tuple[list[str], list[Decimal | None]]] = []
    for account, state in run(case).items():
        for lot in state.open_lots():
            side = ["owed"] if lot.is_short else []
            words = [SYMBOLS[lot.instrument_id], str(lot.acquired_date), *side, *where(account)]
            found.append(
                (words, [lot.quantity, lot.cost if lot.is_cost_known else None, *lot.costs])
            )
    same(case.text["lots"], found)


@each_case
def test_cash_income_flows_and_notes_are_those_of_the_source(case: Case) -> None:
    states = run(case)
    cash: dict[str, Decimal] = defaultdict(Decimal)
    for state in states.values():
        for currency, amount in state.cash.items():
            cash[currency] += amount
    stated = {currency: Decimal(text) for currency, text in case.text["cash"].items()}
    assert {code: amount for code, amount in cash.items() if amount} == {
        code: amount for code, amount in stated.items() if amount
    }
    notes = sorted(note.reason_code for state in states.values() for note in state.notes)
    assert notes == sorted(case.text.get("notes", []))
    legs: dict[Leg, Decimal] = defaultdict(Decimal)
    for records in case.by_account().values():
        for record in records:
            for posting in postings(record):
                legs[posting.leg] -= posting.amount
    for leg, key in ((Leg.INCOME, "income"), (Leg.FLOW, "flow")):
        if key in case.text:
            assert legs[leg] == Decimal(case.text[key])


@each_case
def test_money_balances_and_nothing_depends_on_rows_or_batches(case: Case) -> None:
    states = run(case)
    travelling = {key: lots for state in states.values() for key, lots in state.departures.items()}
    for account, of_account in case.by_account().items():
        records = with_arrivals(of_account, travelling)
        state = replay(records, method=case.policy)
        for record in records:
            totals: dict[str, Decimal] = defaultdict(Decimal)
            for posting in postings(record):
                if posting.currency is not None:
                    totals[posting.currency] += posting.amount
            assert not any(totals.values())
        assert essence(replay(reversed_rows(records), method=case.policy)) == essence(state)
        if case.policy.first is not LotMethod.UK_POOLING:
            step: LedgerState | None = None
            for day in sorted({record.trade_date for record in records}):
                of_day = [record for record in records if record.trade_date == day]
                step = replay(of_day, method=case.policy, start=step)
            assert step is not None
            assert essence(step) == essence(state)
        assert {lot.id for lot in state.open_lots()} == {
            lot.id for lot in states[account].open_lots()
        }


def essence(state: LedgerState) -> tuple[object, ...]:
    """What a state says, without which record says it: ids follow rows."""
    lots = [
        (lot.instrument_id, lot.acquired_date, lot.quantity, lot.cost) for lot in state.open_lots()
    ]
    gains = [
        (c.instrument_id, c.acquired_date, c.quantity, c.proceeds, c.cost) for c in state.closures
    ]
    return sorted(lots), sorted(gains), state.cash


@pytest.mark.parametrize("text", ["10", "~10.00", "~9.995"])
def test_a_figure_agrees_at_the_places_its_source_prints(text: str) -> None:
    assert agrees(text, Decimal(10) if text != "~9.995" else Decimal("9.99500001"))
    assert not agrees(text, Decimal("10.01"))


def test_there_are_a_hundred_cases_and_more_each_with_a_name_of_its_own() -> None:
    assert len(CASES) >= 120
    assert len({case.id for case in CASES}) == len(CASES)
    assert all(case.text["source"] and case.text["worked"] for case in CASES)


def test_the_documentation_counts_the_cases() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    counted = Counter(case.family for case in CASES)
    own = Counter(case.family for case in CASES if "figures ours" in case.text["source"])
    assert {name: (int(cases), int(ours)) for name, cases, ours in rows} == {
        name: (count, own[name]) for name, count in counted.items()
    }

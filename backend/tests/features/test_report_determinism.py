"""The same inputs and versions give the same bytes: any portfolio, any process, any settings."""

import base64
import decimal
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.any_records import any_records
from tests.core.ledger_builders import an_instrument
from tests.features.given_reports import any_attribution, any_income
from truenav.core.calculations import CURRENT
from truenav.core.canonical import canonical, differences, fingerprint
from truenav.core.ids import AccountId, InstrumentId, LotId, TransactionId
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.transactions import Transaction
from truenav.core.performance.flows import Costs, FlowTiming, Gaps
from truenav.core.performance.waterfall import Books
from truenav.core.risk.risk_free import RiskFree
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.nav import Market, Unknown
from truenav.core.valuation.receivables import Receivable
from truenav.core.valuation.series import FxTable, PriceSeries
from truenav.features.income.given import GivenIncome
from truenav.features.performance.attribution_given import GivenAttribution
from truenav.features.performance.benchmark import Against
from truenav.features.performance.changes import GivenChange
from truenav.features.performance.given import GivenReturns
from truenav.features.performance.wanted import Wanted
from truenav.features.reports.kinds import KINDS, VersionRetired
from truenav.features.risk.asked import Asked
from truenav.features.risk.given import GivenBenchmark, GivenHeld, GivenRisk
from truenav.features.valuation.explain import Named
from truenav.features.valuation.pages import Called, GivenHoldings, GivenNav
from truenav.features.valuation.schemas import SliceOut

D = Decimal
FIRST = date(2024, 1, 1)
WHOLE = SliceOut(
    account_ids=[],
    account_groups=[],
    account_tags=[],
    instrument_ids=[],
    asset_classes=[],
    currencies=[],
    is_everything=True,
)
SYMBOLS = ("AAA", "BBB", "CCC")
OTHER_VERSION = {**CURRENT, "twrr": "2026.1"}
BEFORE = {**CURRENT, "twrr": "2026.2", "attribution": "2026.1", "risk": "2026.1"}

amounts = st.decimals(D("-1e12"), D("1e12"), places=18) | st.decimals(1, 1000, places=2)
navs = st.none() | amounts


@st.composite
def any_points(draw: st.DrawFn) -> list[SeriesPoint]:
    count = draw(st.integers(0, 40))
    points = []
    for place in range(count):
        nav, flow = draw(navs), draw(st.just(D(0)) | amounts | st.none())
        unknowns = () if nav is not None else (Unknown("fx_missing", "JPY"),)
        points.append(SeriesPoint(FIRST + timedelta(days=place), nav, flow, unknowns))
    return points


@st.composite
def any_returns(draw: st.DrawFn) -> GivenReturns:
    points = draw(any_points())
    size = len(points)
    some = st.lists(st.none() | st.decimals(0, 50, places=3), min_size=size, max_size=size)
    levels = draw(st.lists(st.none() | st.decimals(1, 90, places=9), min_size=size, max_size=size))
    wanted = Wanted(
        flow_timing=draw(st.sampled_from(FlowTiming)), gaps=draw(st.sampled_from(Gaps)),
        fees=draw(st.sampled_from(Costs)), taxes=draw(st.sampled_from(Costs)),
        period=draw(st.sampled_from([None, "1M", "YTD"])),
        from_date=draw(st.sampled_from([None, FIRST])),
    )  # fmt: skip
    return GivenReturns(
        currency="USD", slice=WHOLE, as_of=FIRST + timedelta(days=60), wanted=wanted, points=points,
        costs=draw(st.none() | some),
        benchmark=draw(
            st.none() | st.just(Against(UUID(int=5), "IDX", "Índex", "total", levels, None))
        ),
        max_points=draw(st.integers(3, 50)),
    )  # fmt: skip


def a_market(draw: st.DrawFn) -> Market:
    days = [FIRST - timedelta(days=30) + timedelta(days=n) for n in range(120)]
    prices = {}
    for symbol in SYMBOLS:
        closes = draw(st.lists(st.decimals(1, 900, places=4), min_size=3, max_size=3))
        currency = draw(st.sampled_from(["USD", "JPY"]))
        prices[an_instrument(symbol)] = PriceSeries(currency, days[::50], closes, ("test",) * 3)
    rates = {"USD": (days[::5], [D("1.1")] * 24), "JPY": (days[::5], [D("161.3")] * 24)}
    return Market(prices=prices, multipliers={an_instrument("BBB"): D(100)}, fx=FxTable(rates))


@st.composite
def any_change(draw: st.DrawFn) -> GivenChange:
    records: list[Transaction] = draw(any_records())
    first = min((r.trade_date for r in records), default=FIRST)
    ends = (SeriesPoint(first, None, D(0)), SeriesPoint(first + timedelta(days=9), None, None))
    return GivenChange(
        currency="USD", slice=WHOLE, as_of=ends[1].as_of, first=ends[0], last=ends[1],
        books=[Books([r for r in records if r.trade_date <= ends[1].as_of])],
        market=a_market(draw), names={an_instrument(s): Named(s, f"{s} Inc.") for s in SYMBOLS},
    )  # fmt: skip


@st.composite
def any_holdings(draw: st.DrawFn) -> GivenHoldings:
    def lot(symbol: str, place: int) -> Lot:
        return Lot(
            id=LotId(UUID(int=place)), instrument_id=InstrumentId(an_instrument(symbol)),
            opened_by=TransactionId(UUID(int=place)), acquired_date=FIRST,
            quantity=draw(st.decimals(D("1e-18"), 10**9, places=18)) or D(1),
            cost=draw(amounts), currency=draw(st.sampled_from(["USD", "JPY"])),
            is_short=draw(st.booleans()), is_cost_known=draw(st.booleans()),
        )  # fmt: skip

    held = draw(st.sets(st.sampled_from(SYMBOLS)))
    lots = {an_instrument(s): [lot(s, n) for n in range(1, 3)] for s in sorted(held)}
    return GivenHoldings(
        currency=draw(st.sampled_from(["USD", "CHF"])), slice=WHOLE,
        day=FIRST + timedelta(days=20), lots=lots,
        cash={"USD": draw(amounts), "JPY": draw(amounts)},
        due=[
            Receivable(
                account_id=AccountId(UUID(int=9)),
                instrument_id=InstrumentId(an_instrument("AAA")), currency="USD",
                gross=draw(amounts), withheld=D(1), fee=D(0), since=FIRST,
                until=FIRST + timedelta(days=30),
            )
        ],
        market=a_market(draw),
        realized={an_instrument("AAA"): draw(navs)},
        names={an_instrument(s): Called(s, s, "equity", "USD", FIRST) for s in SYMBOLS},
    )  # fmt: skip


@st.composite
def any_nav(draw: st.DrawFn) -> GivenNav:
    return GivenNav(
        currency="USD",
        slice=WHOLE,
        points=draw(any_points()),
        paid_before=draw(navs),
        names={},
        max_points=7,
    )


def some_risk(seed: int, count: int = 320) -> GivenRisk:
    """A walk of a portfolio, a benchmark and three holdings, with holes."""
    chance = random.Random(seed)
    days = [FIRST + timedelta(days=n) for n in range(count)]
    level, points = D(1000), []
    for day in days:
        level *= D(1) + D(str(round(chance.gauss(0.0003, 0.01), 8)))
        points.append(SeriesPoint(day, level, D(5) if chance.random() < 0.02 else D(0)))
    rows: list[list[float | None]] = [
        [None if chance.random() < 0.01 else 100 * (1 + chance.gauss(0, 0.2)) for _ in days]
        for _ in SYMBOLS
    ]
    held = GivenHeld([an_instrument(s) for s in SYMBOLS], [0.5, 0.3, 0.1], days, rows, None)
    levels = [100 * (1 + 0.1 * chance.random()) for _ in days]
    how = Asked(0.95, "linear", 60, D("0.01"), "treasury_bill", is_small_allowed=True)
    return GivenRisk(
        currency="USD", slice=WHOLE, how=how, points=points,
        priced=[d for d in days if d.weekday() < 5],
        benchmark=GivenBenchmark(UUID(int=5), "IDX", "Index", "mixed", days, levels), held=held,
        bills=RiskFree(days[:1], [0.03]),
        names={an_instrument(s): Named(s, s) for s in SYMBOLS}, max_points=50, as_of=days[-1],
    )  # fmt: skip


def packed(kind: str, of: object) -> bytes:
    return canonical(KINDS[kind].given.dump_python(of, mode="json"))


def is_stable(kind: str, of: object) -> bytes:
    """The answer to some inputs, after it has shown to follow from their bytes alone."""
    inputs = packed(kind, of)
    again = KINDS[kind].given.validate_json(inputs)
    assert packed(kind, again) == inputs
    answer = KINDS[kind].answer(inputs, CURRENT)
    with decimal.localcontext(decimal.Context(prec=5, rounding=decimal.ROUND_DOWN)):
        assert KINDS[kind].answer(inputs, CURRENT) == answer
    return answer


@given(any_returns())
@settings(max_examples=150)
def test_returns(of: GivenReturns) -> None:
    is_stable("performance", of)
    told = json.loads(KINDS["performance"].answer(packed("performance", of), BEFORE))
    assert told["conventions"]["calculation_version"] == "2026.2"
    if of.wanted.gaps is Gaps.BREAK and of.costs is None:
        plain = replace(of, wanted=replace(of.wanted, fees=Costs.NET, taxes=Costs.NET))
        inputs = packed("performance", plain)
        old = json.loads(KINDS["performance"].answer(inputs, OTHER_VERSION))
        assert old["time_weighted"]["calculation_version"] == "2026.1"


def test_a_rate_of_an_earlier_meaning_stays_what_it_was() -> None:
    # paid in 100, got 224 after a year, paid in 125.43 after two, all lost: 11 % and 13 % a year
    values = {0: ("100", "0"), 365: ("1", "-224"), 730: ("0", "125.43")}
    points = [
        SeriesPoint(FIRST + timedelta(days=at), D(nav), D(flow))
        for at, (nav, flow) in values.items()
    ]
    of = GivenReturns(
        currency="USD", slice=WHOLE, as_of=points[-1].as_of, points=points, costs=None,
        wanted=Wanted(flow_timing=FlowTiming.END_OF_DAY), benchmark=None, max_points=50,
    )  # fmt: skip
    now = json.loads(is_stable("performance", of))["money_weighted"]
    assert (now["status"], now["calculation_version"]) == ("several_solutions", "2026.2")
    assert now["reason"] == "several rates solve it: 11.00 %, 13.00 %"
    old_ones = {**CURRENT, "mwrr": "2026.1"}
    old = json.loads(KINDS["performance"].answer(packed("performance", of), old_ones))
    then = old["money_weighted"]
    assert (then["status"], then["calculation_version"]) == ("no_solution", "2026.1")


@given(any_change())
@settings(max_examples=60)
def test_changes_of_value(of: GivenChange) -> None:
    is_stable("waterfall", of)


@given(any_holdings())
@settings(max_examples=60)
def test_holdings(of: GivenHoldings) -> None:
    is_stable("holdings", of)


@given(any_nav())
@settings(max_examples=60)
def test_series_of_values(of: GivenNav) -> None:
    is_stable("nav", of)


@given(any_attribution())
@settings(max_examples=60)
def test_parts_of_a_return(of: GivenAttribution) -> None:
    again = KINDS["attribution"].given.validate_json(packed("attribution", of))
    # an instrument stays one, and the cash of a currency a currency
    assert again == of
    is_stable("attribution", of)
    told = json.loads(KINDS["attribution"].answer(packed("attribution", of), BEFORE))
    assert told["calculation_version"] == "2026.1"
    assert told["conventions"]["calculation_version"] == "2026.2"


@given(any_income())
@settings(max_examples=60)
def test_income(of: GivenIncome) -> None:
    is_stable("income", of)


@pytest.mark.parametrize("seed", range(5))
def test_risk(seed: int) -> None:
    answer = is_stable("risk", some_risk(seed))
    # of a portfolio that is never worth next to nothing both versions of the return say the same
    before = json.loads(KINDS["risk"].answer(packed("risk", some_risk(seed)), BEFORE))
    assert before == {**json.loads(answer), "calculation_version": "2026.1"}


def test_a_retired_version_says_so() -> None:
    inputs = packed("risk", some_risk(1, 40))
    with pytest.raises(VersionRetired, match=r"risk 2019\.1"):
        KINDS["risk"].answer(inputs, {**CURRENT, "risk": "2019.1"})


def test_a_version_is_computed_as_such_or_not_at_all() -> None:
    """Two meanings of one calculation are live: a kind that knows one of them says so."""
    inputs = packed("risk", some_risk(1, 40))
    with pytest.raises(VersionRetired, match=r"twrr 2026\.1"):
        KINDS["risk"].answer(inputs, OTHER_VERSION)
    for kind in KINDS.values():
        assert set(kind.dispatched) <= set(kind.calculations)
        for name, numbers in kind.dispatched.items():
            assert all(kind.knows(name, number) for number in numbers)
            assert CURRENT[name] not in numbers


CHILD = """
import base64, decimal, json, locale, sys, threading
from truenav.core.canonical import fingerprint
from truenav.core.calculations import CURRENT
from truenav.features.reports.kinds import KINDS

try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass  # this machine has not the locale; the rest is as strange
decimal.DefaultContext.prec = 4
found = []

def work():
    for kind, inputs in json.load(sys.stdin):
        found.append(fingerprint(KINDS[kind].answer(base64.b64decode(inputs), CURRENT)))

thread = threading.Thread(target=work)
thread.start()
thread.join()
print(json.dumps(found))
"""


def _some(of: st.SearchStrategy[object]) -> list[object]:
    """Fifteen of a strategy's values, the same in every run."""
    found: list[object] = []

    @given(of)
    @settings(max_examples=15, database=None, derandomize=True)
    def take(one: object) -> None:
        found.append(one)

    take()
    return found


def samples() -> list[tuple[str, bytes]]:
    """Inputs of every kind, the same in every run."""
    found: list[tuple[str, bytes]] = []
    makers = {
        "performance": any_returns(), "waterfall": any_change(), "holdings": any_holdings(),
        "nav": any_nav(), "attribution": any_attribution(), "income": any_income(),
    }  # fmt: skip
    for kind, of in makers.items():
        found += [(kind, packed(kind, one)) for one in _some(of)]
    found += [("risk", packed("risk", some_risk(seed))) for seed in range(3)]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "LC_ALL": "de_DE.UTF-8", "TZ": "Pacific/Auckland"},
        {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "OMP_NUM_THREADS": "1",
         "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "0"},
    ],
)  # fmt: skip
def test_another_process_gives_the_same_bytes(environment: dict[str, str]) -> None:
    of = samples()
    assert len({kind for kind, _ in of}) == len(KINDS)
    here = [fingerprint(KINDS[kind].answer(inputs, CURRENT)) for kind, inputs in of]
    sent = json.dumps([(kind, base64.b64encode(inputs).decode()) for kind, inputs in of])
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=sent, capture_output=True, text=True, check=True,
        env={**os.environ, **environment}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert json.loads(done.stdout) == here


def test_a_difference_is_found_at_its_place() -> None:
    before = {"a": [1, "2", {"b/c": None}], "d": "x"}
    after = {"a": [1, "3", {"b/c": False}, "4"], "d": "x", "e": {"f": 1.5}}
    told = [(one.pointer, one.before, one.after) for one in differences(before, after)]
    assert told == [
        ("/a/1", "2", "3"), ("/a/2/b~1c", None, "false"), ("/a/3", None, "4"),
        ("/e", None, '{"f":1.5}'),
    ]  # fmt: skip
    assert list(differences(before, before)) == []
    # a number and the same number as a text are not the same answer
    assert [one.pointer for one in differences({"a": 1}, {"a": "1"})] == ["/a"]


def test_canonical_text_depends_on_nothing_but_what_it_says() -> None:
    assert canonical({"b": 0.1, "a": "ü"}) == '{"a":"ü","b":0.1}'.encode()
    assert canonical({"a": "ü", "b": 0.1}) == canonical({"b": 0.1, "a": "ü"})
    assert fingerprint(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    with pytest.raises(ValueError, match="Out of range float"):
        canonical(float("nan"))


@settings(max_examples=5)
@given(any_change())
def test_what_was_kept_before_there_were_categories_answers_the_same_bytes(
    change: GivenChange,
) -> None:
    kind = KINDS["waterfall"]
    inputs = canonical(kind.given.dump_python(change, mode="json"))
    old = json.loads(inputs)
    assert old.pop("of") is None
    # neither was there then
    assert {"category_ids", "unclassified_in"}.isdisjoint(old["slice"])
    answer = kind.answer(canonical(old), CURRENT)
    assert answer == kind.answer(inputs, CURRENT)
    assert json.loads(answer)["slice"] == old["slice"]


def test_risk_that_was_kept_before_it_told_its_conventions_answers_the_same_bytes() -> None:
    kind = KINDS["risk"]
    inputs = packed("risk", some_risk(3))
    told = json.loads(kind.answer(inputs, CURRENT))
    old = json.loads(inputs)
    del old["as_of"], old["how"]["flow_timing"], old["how"]["gaps"]
    assert told.pop("conventions")["flow_timing"] == "start_of_day"
    assert kind.answer(canonical(old), CURRENT) == canonical(told)

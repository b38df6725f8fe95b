"""Any inputs of reports of attribution and of income."""

from datetime import date, timedelta
from decimal import Decimal
from typing import get_args
from uuid import UUID

from hypothesis import strategies as st

from tests.core.ledger_builders import an_instrument
from truenav.core.ids import AccountId, InstrumentId, LotId, TransactionId
from truenav.core.income.interest import Coupon, Earning
from truenav.core.income.pattern import Distribution
from truenav.core.income.qualified import HeldLot
from truenav.core.income.received import IncomeKind, Payment
from truenav.core.ledger.transactions import AssetClass, SubKind
from truenav.core.performance.attribution import AccountParts
from truenav.core.performance.blend import Rebalancing
from truenav.core.valuation.consolidation import SeriesPoint
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.nav import Unknown
from truenav.core.valuation.segment_values import SegmentValues, ValuedMove
from truenav.core.valuation.segments import Segment
from truenav.core.valuation.series import DatedPrice, FxTable
from truenav.core.valuation.slices import Slice
from truenav.features.income.gathering import Waiting
from truenav.features.income.given import GivenIncome, LotsHeld, Preferred, Quoted
from truenav.features.income.history import History
from truenav.features.performance.attribution_given import GivenAttribution, Parts
from truenav.features.performance.attribution_groups import Categories, Classed
from truenav.features.performance.attribution_schemas import By
from truenav.features.performance.blends_given import GivenBenchmark, GivenBlend, GivenPart
from truenav.features.performance.service import GivenSpan
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.schemas import SliceOut
from truenav.features.valuation.slicing import Filters

D = Decimal
FIRST = date(2024, 1, 1)
SYMBOLS = ("AAA", "BBB", "CCC")
CURRENCIES = ("USD", "JPY")
ACCOUNTS = (AccountId(UUID(int=8)), AccountId(UUID(int=9)))
COUPON = Coupon(ratio=D("0.05"), face=D(100), per_year=2, matures_on=FIRST + timedelta(days=999))
WHOLE = SliceOut(
    account_ids=[], account_groups=[], account_tags=[], instrument_ids=[], asset_classes=[],
    currencies=[], is_everything=True,
)  # fmt: skip
sizes = st.decimals(0, 10_000, places=4)
amounts = st.decimals(-10_000, 10_000, places=18)


@st.composite
def any_attribution(draw: st.DrawFn) -> GivenAttribution:
    """A span of days of any values, by any grouping, with and without a benchmark."""
    count = draw(st.integers(0, 12))
    days = [FIRST + timedelta(days=n) for n in range(count)]
    points = [
        SeriesPoint(day, draw(st.none() | st.decimals(1, 9_000, places=9)), draw(sizes))
        for day in days
    ]
    ids = [InstrumentId(an_instrument(symbol)) for symbol in SYMBOLS]
    segments: list[Segment] = [*ids, *CURRENCIES]
    local = st.lists(st.none() | sizes, min_size=count, max_size=count)
    moves = st.builds(
        ValuedMove, index=st.integers(0, max(count - 1, 0)),
        source=st.none() | st.sampled_from(segments), target=st.none() | st.sampled_from(segments),
        amount=st.none() | amounts, missing=st.none() | st.just(Unknown("fx_missing", "JPY")),
    )  # fmt: skip
    accounts = [
        AccountParts(
            account,
            {s: SegmentValues(draw(st.sampled_from(CURRENCIES)), draw(local)) for s in segments},
            draw(st.lists(moves, max_size=4)),
        )
        for account in ACCOUNTS[: draw(st.integers(1, 2))]
    ]
    by: By = draw(st.sampled_from(get_args(By)))
    shares: dict[UUID, dict[str, Decimal]] = {ids[0]: {"tech": D("0.3"), "other": D("0.7")}}
    parts = [
        GivenPart("equity", ids[0], "AAA", D("0.6"), draw(local)),
        GivenPart("cash", ids[1], "BBB", D("0.4"), draw(local)),
    ]
    named = GivenBlend(
        [*parts[:1], GivenPart("equity", ids[1], "BBB", D("0.4"), draw(local))],
        Rebalancing.YEARLY, GivenBenchmark(UUID(int=5), "HALF", "Half", "mixed"),
    )  # fmt: skip
    return GivenAttribution(
        span=GivenSpan(
            currency="USD", slice=WHOLE, as_of=FIRST + timedelta(days=30),
            wanted=Wanted(is_slice=draw(st.booleans())), points=points, costs=None,
        ),
        by=by,
        of=Slice(dict.fromkeys(ids, D(1)), dict.fromkeys(CURRENCIES, D("0.5"))),
        parts=Parts(accounts, {"USD": [D(1)] * count, "JPY": [D("0.0067")] * count}, count),
        instruments={key: Classed(s, s, "equity", "USD") for key, s in zip(ids, SYMBOLS,
            strict=True)},
        categories=Categories({"tech": "Tech", "other": "Other", "uncategorized": "Not"}, shares)
        if by == "taxonomy" else None,
        labels={"tech": "Tech"},
        blend=draw(st.none() | st.just(GivenBlend(parts, Rebalancing.MONTHLY)) | st.just(named)),
    )  # fmt: skip


@st.composite
def any_income(draw: st.DrawFn) -> GivenIncome:
    """Payments, declared and held, of any size and day."""
    as_of = FIRST + timedelta(days=400)
    days = st.dates(FIRST, as_of)
    ids = [InstrumentId(an_instrument(symbol)) for symbol in SYMBOLS]
    payments = st.builds(
        Payment, id=st.uuids(version=4).map(TransactionId), account_id=st.sampled_from(ACCOUNTS),
        instrument_id=st.none() | st.sampled_from(ids), kind=st.sampled_from(IncomeKind),
        sub_kind=st.none() | st.sampled_from([SubKind.QUALIFIED, SubKind.SPECIAL]), paid_on=days,
        ex_date=st.none() | days, currency=st.sampled_from([*CURRENCIES, "CHF"]), gross=amounts,
        withheld=sizes, fee=st.just(D(0)),
    )  # fmt: skip
    waiting = st.builds(
        Waiting, event_id=st.uuids(version=4), account_id=st.sampled_from(ACCOUNTS),
        instrument_id=st.sampled_from(ids), ex_date=days, pay_date=st.none() | days,
        currency=st.sampled_from(CURRENCIES), per_unit=st.none() | sizes, units=amounts,
        gross=amounts, is_special=st.booleans(), is_overdue=st.booleans(),
    )  # fmt: skip
    paid = st.builds(
        Distribution, ex_date=days, pay_date=st.none(), per_unit=sizes, currency=st.just("USD"),
        is_special=st.booleans(),
    )  # fmt: skip
    lots = st.builds(
        HeldLot, id=st.uuids(version=4).map(LotId), acquired=days, closed=st.none() | days,
        units=st.decimals(1, 900, places=6), splits=st.just(((as_of, D(1), D(2)),)),
    )  # fmt: skip
    held = draw(st.lists(st.sampled_from(ids), unique=True))
    return GivenIncome(
        currency="USD", as_of=as_of, filters=Filters(asset_classes=(AssetClass.EQUITY,)),
        span=(draw(st.none() | days), draw(st.none() | days)),
        account_names={ACCOUNTS[0]: "One", ACCOUNTS[1]: "Zwei"},
        instruments={key: Quoted(s, s, "USD") for key, s in zip(ids, SYMBOLS, strict=True)},
        payments=draw(st.lists(payments, max_size=6)), waiting=draw(st.lists(waiting, max_size=3)),
        fx=FxTable({"USD": ([FIRST], [D("1.1")]), "JPY": ([as_of], [D("161.3")])}),
        items=[_held(key, draw(sizes), as_of) for key in held], multipliers={ids[1]: D(100)},
        units=[(account, key, draw(amounts)) for key in held for account in ACCOUNTS],
        histories={key: History(draw(st.lists(paid, max_size=4)), "events") for key in held},
        earnings=[
            Earning(
                account_id=ACCOUNTS[1], instrument_id=key, units=D(3), withheld_ratio=D("0.1"),
                currency="USD", coupon=draw(st.none() | st.just(COUPON)) if key else None,
                history=draw(st.lists(paid, max_size=3, min_size=1, unique_by=lambda p: p.ex_date)),
            )
            for key in (None, *held)
        ],
        preferences=[Preferred(ACCOUNTS[0], None, "reinvest"), Preferred(ACCOUNTS[1], ids[0],
            "cash")],
        taxable=[ACCOUNTS[0]],
        preferred={ids[0]: [FIRST], ids[1]: []},
        lots=[LotsHeld(ACCOUNTS[0], ids[0], draw(st.lists(lots, max_size=3)))],
        of=draw(st.none() | st.just(Slice({ids[0]: D(1), ids[1]: D("0.3")}, {"USD": D(1)}))),
    )  # fmt: skip


def _held(key: InstrumentId, quantity: Decimal, day: date) -> HoldingValue:
    return HoldingValue(
        instrument_id=key, quantity=quantity, price=DatedPrice(day, D(7)), price_currency="USD",
        is_stale=False, fx_rate=D(1), market_value_local=quantity * 7, market_value=quantity * 7,
        cost=None if quantity > 5_000 else quantity, day_change=None, previous_value=None,
        reasons=("cost_unknown",) if quantity > 5_000 else (),
    )  # fmt: skip

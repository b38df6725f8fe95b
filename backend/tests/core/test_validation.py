"""What a source tells: accepted, held back, refused. Expected verdicts are written down by hand."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.calendar.exchanges import exchange_days
from truenav.core.marketdata.levels import Point, doubtful
from truenav.core.marketdata.validation import (
    MOST_HELD,
    Finding,
    Judged,
    Known,
    Reason,
    Verdict,
    currency_factor,
    is_same_symbol,
    judge_history,
    usual_gap,
)

D = Decimal
XNYS = exchange_days("XNYS").is_session
TODAY = date(2026, 3, 5)
# Ten sessions up to Wednesday 2026-03-04
DAYS = [d for n in range(15, 0, -1) if XNYS(d := TODAY - timedelta(days=n))][-10:]


@dataclass(frozen=True)
class ABar:
    price_date: date
    close: D | None
    open: D | None = None
    high: D | None = None
    low: D | None = None
    volume: D | None = None


KNOWN = Known(today=TODAY, currency="USD", told_currency="USD", is_session=XNYS)


def bars(closes: str, days: list[date] = DAYS) -> list[ABar]:
    return [ABar(day, D(close)) for day, close in zip(days, closes.split(), strict=False)]


def judge(told: list[ABar], **more: Any) -> Judged[ABar]:
    return judge_history(told, replace(KNOWN, **more))


def found(judged: Judged[ABar]) -> list[tuple[Reason, Verdict, date]]:
    return [(f.reason, f.verdict, f.day) for f in judged.findings]


def test_a_plain_series_passes_whole_and_in_order() -> None:
    told = bars("10 11 12 11 10.5")
    assert judge(told[::-1]) == Judged(told, [])


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (ABar(DAYS[1], None), Reason.NULL_BAR),
        (ABar(DAYS[1], D("NaN")), Reason.NOT_FINITE),
        (ABar(DAYS[1], D("Infinity")), Reason.NOT_FINITE),
        (ABar(DAYS[1], D(0)), Reason.NOT_POSITIVE),
        (ABar(DAYS[1], D(-11)), Reason.NOT_POSITIVE),
        (ABar(DAYS[1], D("1E12")), Reason.OUT_OF_BOUNDS),
        (ABar(DAYS[1], D("1E-19")), Reason.OUT_OF_BOUNDS),
        (ABar(DAYS[1], D(11), open=D("NaN")), Reason.NOT_FINITE),
        (ABar(DAYS[1], D(11), low=D(0)), Reason.NOT_POSITIVE),
        (ABar(DAYS[1], D(11), volume=D(-1)), Reason.NOT_POSITIVE),
        (ABar(DAYS[1], D(11), volume=D("1E20")), Reason.OUT_OF_BOUNDS),
        (ABar(TODAY + timedelta(days=1), D(11)), Reason.FUTURE),
    ],
)
def test_impossible_bars_are_refused_and_the_others_kept(odd: ABar, reason: Reason) -> None:
    told = bars("10 11 12")
    judged = judge([told[0], odd, told[2]])
    assert judged.accepted == [told[0], told[2]]
    assert found(judged) == [(reason, Verdict.REFUSE, odd.price_date)]


@pytest.mark.parametrize(
    ("open_", "high", "low", "is_odd"),
    [
        ("11", "11.2", "10.8", False),
        ("11", "10.99", "10.8", False),  # a tenth of a percent: another market's tape
        ("11", "10.9", "10.8", True),  # the high is 0.9 % under the open
        ("11", "11.5", "11.3", True),  # the low is over both
        (None, None, None, False),
    ],
)
def test_high_and_low_stand_around_open_and_close(
    open_: str | None, high: str | None, low: str | None, is_odd: bool
) -> None:
    told = [D(text) if text is not None else None for text in (open_, high, low)]
    judged = judge([ABar(DAYS[0], D(11), *told)])
    assert found(judged) == ([(Reason.RANGE_OFF, Verdict.QUARANTINE, DAYS[0])] if is_odd else [])
    assert len(judged.accepted) == (not is_odd)


def test_another_currency_or_symbol_refuses_the_series() -> None:
    told = bars("10 11 12")
    judged = judge(told, told_currency="EUR")
    assert judged.accepted == ()
    assert [(f.reason, f.bar_count, f.bar) for f in judged.findings] == [
        (Reason.WRONG_CURRENCY, 3, None)
    ]
    assert judged.is_refused
    assert judge(told, symbol="ZQX", told_symbol="QQQ").findings[0].reason is Reason.WRONG_SYMBOL
    assert judge(told, symbol="BRK.B", told_symbol="BRK-B").findings == []


def test_minor_units_are_a_factor_of_their_currency() -> None:
    assert currency_factor("GBp", "GBP") == D("0.01")
    assert currency_factor("ZAc", "ZAR") == D("0.01")
    assert currency_factor("ILA", "ILS") == D("0.01")
    assert currency_factor("GBP", "GBp") == 100
    assert currency_factor("USD", "USD") == 1
    assert currency_factor("GBp", "USD") is None
    assert currency_factor("???", "USD") is None
    assert is_same_symbol("brk/b", "BRK.B")
    assert not is_same_symbol("BRK.A", "BRK.B")


def test_pence_among_pounds_are_held_back_whichever_side_stored_closes_are_on() -> None:
    # 5.10 pounds, then told in pence from the sixth day on
    told = bars("5.10 5.12 5.08 5.11 5.15 514 516 511 509 512")
    pounds = [(DAYS[0] - timedelta(days=1), D("5.09"))]
    judged = judge(told, closes=pounds, told_currency="GBP", currency="GBP")
    assert [bar.price_date for bar in judged.accepted] == DAYS[:5]
    assert found(judged) == [(Reason.MINOR_UNIT_MIX, Verdict.QUARANTINE, day) for day in DAYS[5:]]
    # five and five, nothing stored: nobody knows
    assert judge(told).accepted == []
    # what is in pounds is what most of them say
    judged = judge(told[:8])
    assert [bar.price_date for bar in judged.accepted] == DAYS[:5]


@pytest.mark.parametrize(("factor", "reason"), [
    ("100", Reason.MINOR_UNIT_MIX), ("0.01", Reason.MINOR_UNIT_MIX),
    ("1000", Reason.OUTLIER), ("0.001", Reason.OUTLIER), ("55", Reason.OUTLIER),
])  # fmt: skip
def test_one_close_worlds_apart_is_held_back_and_the_way_back_is_none(
    factor: str, reason: Reason
) -> None:
    told = bars("10 11 12 11 10.5")
    told[2] = ABar(DAYS[2], D(12) * D(factor))
    judged = judge(told)
    assert [bar.price_date for bar in judged.accepted] == [*DAYS[:2], *DAYS[3:5]]
    assert found(judged) == [(reason, Verdict.QUARANTINE, DAYS[2])]
    assert judge([told[2]], closes=[(DAYS[1], D(11))]).accepted == []
    # the first of a series is judged by those after it
    assert judge(told[2:]).accepted == told[3:]


def test_a_crash_of_nine_tenths_is_a_price() -> None:
    told = bars("100 10 1 0.1")
    assert judge(told).accepted == told


def test_a_split_explains_a_leap_also_when_told_some_days_off() -> None:
    # one for a hundred: 0.20 becomes 20
    told = bars("0.20 0.21 0.20 20 21 20.5")
    before = [(DAYS[0] - timedelta(days=n), D("0.2")) for n in (1, 2, 3)]
    assert len(judge(told, closes=before).accepted) == 3
    exactly = [(DAYS[3], D("0.01"))]
    assert judge(told, closes=before, splits=exactly).accepted == told
    early = [(DAYS[3] - timedelta(days=4), D("0.01"))]
    assert judge(told, closes=before, splits=early).accepted == told
    long_ago = [(DAYS[3] - timedelta(days=60), D("0.01"))]
    assert len(judge(told, closes=before, splits=long_ago).accepted) == 3


def test_a_level_somebody_accepted_is_believed_from_then_on() -> None:
    old = [(DAYS[0] - timedelta(days=n), D("0.2")) for n in range(1, 30)]
    told = bars("20 21 20.5")
    assert judge(told, closes=old).accepted == []
    assert judge(told, closes=[*old, (DAYS[0], D(20))]).accepted == told


def test_one_day_with_two_closes_is_held_back_and_the_same_twice_counts_once() -> None:
    told = [*bars("10 11 12"), ABar(DAYS[1], D("11.5"))]
    judged = judge(told)
    assert [bar.price_date for bar in judged.accepted] == [DAYS[0], DAYS[2]]
    assert found(judged) == [(Reason.DUPLICATE_DAY, Verdict.QUARANTINE, DAYS[1])] * 2
    twice = judge([*bars("10 11"), ABar(DAYS[1], D("11.0"))])
    assert [bar.close for bar in twice.accepted] == [10, 11]
    assert found(twice) == [(Reason.REPEATED_DAY, Verdict.ACCEPT, DAYS[1])]


def test_a_second_source_says_which_is_right_and_that_is_told() -> None:
    told = bars("10 11 1200 11 10.5")
    second = {DAYS[1]: [("yahoo", D("11.02"))], DAYS[2]: [("yahoo", D("1209"))]}
    judged = judge(told, second=second)
    assert judged.accepted == told
    assert found(judged) == [(Reason.MINOR_UNIT_MIX, Verdict.ACCEPT, DAYS[2])]
    assert "yahoo tells 1209 of this day too" in judged.findings[0].detail
    # it tells something else: held back
    judged = judge(told, second={DAYS[2]: [("yahoo", D("12.1"))]})
    assert found(judged) == [(Reason.MINOR_UNIT_MIX, Verdict.QUARANTINE, DAYS[2])]
    # a whole series in pence beside one in pounds
    pounds = {day: [("yahoo", D(5))] for day in DAYS}
    judged = judge(bars("500 501 502 503 504 505"), second=pounds)
    assert judged.accepted == []
    assert {reason for reason, _, _ in found(judged)} == {Reason.MINOR_UNIT_MIX}
    twice = [*bars("10 11"), ABar(DAYS[1], D("14"))]
    judged = judge(twice, second={DAYS[1]: [("yahoo", D("14.05"))]})
    assert [bar.close for bar in judged.accepted] == [10, 14]
    assert found(judged) == [
        (Reason.DUPLICATE_DAY, Verdict.ACCEPT, DAYS[1]),
        (Reason.DUPLICATE_DAY, Verdict.REFUSE, DAYS[1]),
    ]


def test_what_somebody_accepted_is_not_held_back_again() -> None:
    told = bars("10 11 1200 11 10.5")
    told[3] = replace(told[3], high=D(9))
    vouched = frozenset({(DAYS[2], D(1200)), (DAYS[3], D(11))})
    assert judge(told, vouched=vouched).accepted == told
    assert len(judge(told).accepted) == 3


def test_weekly_bars_are_no_daily_ones_unless_kept_by_hand() -> None:
    fridays = [date(2026, 1, 2) + timedelta(days=7 * n) for n in range(8)]
    told = bars("1 2 3 4 5 6 7 8", fridays)
    judged = judge(told)
    assert (judged.accepted, judged.is_refused) == ((), True)
    assert judged.findings[0].reason is Reason.NOT_DAILY
    assert judge(told, is_daily_source=False).accepted == told
    assert usual_gap(fridays) == 7
    assert usual_gap([date(2026, m, 1) for m in (1, 2, 3, 4, 5)]) == 31
    assert usual_gap(DAYS) is None
    assert usual_gap(fridays[:3]) is None  # too few to say so
    rare = [date(2026, 1, n) for n in (2, 5, 13, 14, 26)]
    assert usual_gap(rare) is None  # seldom traded


def test_a_bar_of_a_closed_day_is_told_and_kept() -> None:
    saturday = ABar(date(2026, 2, 28), D(11))
    judged = judge([*bars("10 11 12"), saturday])
    assert saturday in judged.accepted
    assert found(judged) == [(Reason.NO_SESSION, Verdict.ACCEPT, saturday.price_date)]


def test_more_than_anybody_can_decide_is_refused_as_one() -> None:
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(3 * MOST_HELD)]
    told = [ABar(d, D(5) if n < 2 * MOST_HELD - 5 else D(500)) for n, d in enumerate(days)]
    judged = judge(told, is_session=lambda _: None)
    assert len(judged.accepted) == 2 * MOST_HELD - 5
    assert [(f.reason, f.verdict, f.bar, f.bar_count) for f in judged.findings] == [
        (Reason.MINOR_UNIT_MIX, Verdict.REFUSE, None, MOST_HELD + 5)
    ]


CLOSES = st.one_of(
    st.none(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals("0.01", "1000", places=2),
)
ANY_BARS = st.lists(
    st.builds(
        ABar,
        st.dates(date(2026, 1, 1), date(2026, 4, 1)),
        CLOSES,
        st.one_of(st.none(), CLOSES),
        st.one_of(st.none(), CLOSES),
        st.one_of(st.none(), CLOSES),
        CLOSES,
    ),
    max_size=12,
)
STORED = st.lists(
    st.tuples(st.dates(date(2025, 6, 1), date(2026, 3, 1)), st.decimals("0.01", "1000", places=2)),
    max_size=4,
)


@given(ANY_BARS, STORED)
def test_whatever_comes_only_possible_prices_pass_one_a_day_as_they_came(
    told: list[ABar], stored: list[tuple[date, D]]
) -> None:
    judged = judge(told, closes=stored)
    days = [bar.price_date for bar in judged.accepted]
    assert days == sorted(set(days))
    for bar in judged.accepted:
        assert bar in told
        assert bar.close is not None
        assert bar.close.is_finite()
        assert 0 < bar.close < D("1E12")
        assert bar.price_date <= TODAY
    # nothing vanishes without a word: each is accepted, or counted in a finding, or told twice
    assert all(f.verdict in Verdict for f in judged.findings)
    said = sum(_counted(f) for f in judged.findings)
    repeats = len(told) - len({(b.price_date, b.close) for b in told if b.close is not None
                               and b.close.is_finite()})  # fmt: skip
    assert len(judged.accepted) + said + repeats >= len(told)


def _counted(finding: Finding[ABar]) -> int:
    return 0 if finding.verdict is Verdict.ACCEPT else finding.bar_count


@given(
    st.lists(st.decimals("1", "7", places=4), min_size=1, max_size=30),
    st.decimals("0.0001", "10000", places=4),
)
def test_a_series_within_a_factor_of_seven_is_never_doubted_whatever_its_unit(
    closes: list[D], unit: D
) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(len(closes))]
    points = [Point(day, close * unit) for day, close in zip(days, closes, strict=True)]
    assert doubtful(points, (), ()) == {}


@given(st.integers(0, 19), st.sampled_from([D(100), D("0.01"), D(1000), D("0.002")]))
def test_one_wrong_digit_is_found_wherever_it_stands(place: int, factor: D) -> None:
    points = [Point(date(2026, 1, 1) + timedelta(days=n), D(20 + n % 5)) for n in range(20)]
    points[place] = Point(points[place].day, points[place].close * factor)
    assert list(doubtful(points, (), ())) == [place]

"""Packed prices: in order, exact to the last digit, one close a day by the declared order."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from truenav.core.marketdata.selection import FIRST_SOURCES, LAST_SOURCES, preference
from truenav.features.marketdata.packed import Part, in_one, unpacked

D = Decimal
FIRST = date(2026, 3, 2)
SOURCES = (*FIRST_SOURCES, "zebra", "aardvark", *LAST_SOURCES)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def part(source: str, closes: dict[int, str], basis: str = "raw", currency: str = "USD") -> Part:
    told = sorted(closes.items())
    return Part(currency, source, basis, [day(n) for n, _ in told], [D(c) for _, c in told])


def test_days_are_put_in_order_and_closes_keep_every_digit() -> None:
    days, closes = unpacked("20515 20514 -1", "2.5 0.000000000000000001 12345678901234567890.5")

    # 2026-03-02 is 20,514 days after 1970-01-01
    assert days == [date(1969, 12, 31), date(2026, 3, 2), date(2026, 3, 3)]
    assert closes == [D("12345678901234567890.5"), D("0.000000000000000001"), D("2.5")]


def test_the_first_source_of_each_day_counts_in_the_currency_of_the_first_day() -> None:
    found = in_one(
        [
            part("yahoo", {0: "10", 1: "11", 3: "13"}),
            part("tiingo", {1: "21", 2: "22"}),
            part("alpaca", {2: "5"}, "split"),
            part("csv", {3: "33", 4: "34"}, currency="EUR"),
        ]
    )

    # of day 3 another source counts, but in another currency
    assert found.currency == "USD"
    assert list(found.dates) == [day(0), day(1), day(2), day(3)]
    assert list(found.closes) == [D(10), D(21), D(22), D(13)]
    assert list(found.sources) == ["yahoo", "tiingo", "tiingo", "yahoo"]


def test_the_currency_is_that_of_the_source_that_counts_on_the_first_day() -> None:
    found = in_one(
        [part("yahoo", {0: "10", 1: "11"}), part("tiingo", {0: "9", 1: "8"}, currency="EUR")]
    )

    assert (found.currency, list(found.closes)) == ("EUR", [D(9), D(8)])


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(SOURCES), st.sampled_from(["raw", "split", "total"])),
        st.dictionaries(st.integers(0, 8), st.integers(1, 99).map(str), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_it_is_the_declared_order(told: dict[tuple[str, str], dict[int, str]]) -> None:
    # of a day a source tells one close, on whatever basis
    seen: set[tuple[str, int]] = set()
    parts = []
    for (source, basis), closes in told.items():
        own = {n: c for n, c in closes.items() if (source, n) not in seen}
        seen |= {(source, n) for n in own}
        if own:
            parts.append((source, basis, own))

    found = in_one([part(source, closes, basis) for source, basis, closes in parts])

    wanted = {}
    for n in {n for _, _, closes in parts for n in closes}:
        _, source, close = min(
            (preference(basis, source), source, closes[n])
            for source, basis, closes in parts
            if n in closes
        )
        wanted[day(n)] = (D(close), source)
    assert list(found.dates) == sorted(wanted)
    pairs = zip(found.closes, found.sources, strict=True)
    assert list(pairs) == [wanted[d] for d in sorted(wanted)]

"""Cells: numbers as brokers print them, dates that prove themselves, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.imports.cells import (
    date_order,
    read_currency,
    read_date,
    read_instant,
    read_number,
    read_text,
    read_unit,
)
from truenav.core.imports.parsed import CellError

TODAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        ("-$694.48", "-694.48"),
        ("$1,259.59", "1259.59"),
        ("-$1,259.59", "-1259.59"),
        ("$500135.00", "500135.00"),
        ("500,135", "500135"),
        ("($200.00)", "-200.00"),
        ("$(200.00)", "-200.00"),
        ("(1,000)", "-1000"),
        ("12.5-", "-12.5"),
        ("$-3", "-3"),
        ("+$44.92", "44.92"),
        ("€ 1 234.50", "1234.50"),
        ("1\u00a0234\u00a0567.8", "1234567.8"),
        ("1\u202f234", "1234"),
        ("1'234'567.89", "1234567.89"),
        ("1\u2019234.50", "1234.50"),
        ("\u2212 5", "-5"),
        ("£12.00", "12.00"),
        ("12.00 USD", "12.00"),
        ("CHF 1'000.00", "1000.00"),
        ("US$5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-0", "0"),
        ("0.0000000000000000005", "0.000000000000000001"),
    ],
)
def test_a_number_as_brokers_print_it(text: str, expected: str) -> None:
    assert read_number(text, "Amount") == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.234,50", "1234.50"), ("-12,5", "-12.5"), ("1 234,5 €", "1234.5"), ("1.000", "1000")],
)
def test_a_number_with_a_decimal_comma(text: str, expected: str) -> None:
    assert read_number(text, "Betrag", ",") == Decimal(expected)


@pytest.mark.parametrize("text", ["", " ", "-", "--", "---", "N/A", "n/a", "None", None])
def test_a_cell_that_says_nothing_is_not_zero(text: str | None) -> None:
    assert read_number(text, "Amount") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1e3000000", "not_a_number"),
        ("1E5", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("-inf", "not_a_number"),
        ("twelve", "not_a_number"),
        ("1,23", "not_a_number"),
        ("12,34,567", "not_a_number"),
        ("1,234 567", "not_a_number"),
        ("1 2", "not_a_number"),
        ("1.2.3", "not_a_number"),
        (".", "not_a_number"),
        ("$", "not_a_number"),
        ("-5-", "not_a_number"),
        ("(-5)", "not_a_number"),
        ("--5", "not_a_number"),
        ("٣", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0x10", "not_a_number"),
        ("=1+1", "formula"),
        ("@SUM(A1:A9)", "formula"),
        ("\uff1d1", "formula"),
        ("\t=1", "formula"),
        ("9" * 16, "number_too_large"),
        ("9" * 65, "number_too_long"),
    ],
)
def test_what_is_no_number_names_its_column(text: str, reason: str) -> None:
    with pytest.raises(CellError) as caught:
        read_number(text, "Price")
    assert (caught.value.column, caught.value.reason_code) == ("Price", reason)
    assert caught.value.message.startswith("Price: ")


@given(
    st.decimals(min_value=-(10**14), max_value=10**14, places=6),
    st.sampled_from(["plain", "brackets", "trailing", "dollar"]),
)
def test_printing_and_reading_a_number_gives_it_back(value: Decimal, style: str) -> None:
    printed = {
        "plain": f"{value:,f}",
        "brackets": f"({-value:,f})" if value < 0 else f"{value:,f}",
        "trailing": f"{-value:f}-" if value < 0 else f"{value:f}",
        "dollar": f"-${-value:,f}" if value < 0 else f"${value:,f}",
    }[style]
    assert read_number(printed, "Amount") == value


@given(st.text(max_size=80))
def test_any_text_is_a_number_none_or_a_reason(text: str) -> None:
    try:
        value = read_number(text, "Amount")
    except CellError as error:
        assert error.column == "Amount"  # noqa: PT017 - both outcomes are allowed
    else:
        assert value is None or (value.is_finite() and abs(value) < 10**15)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("11/01/2023", "mdy", date(2023, 11, 1)),
        ("11/01/2023", "dmy", date(2023, 1, 11)),
        ("1/2/2023", "mdy", date(2023, 1, 2)),
        ("31.01.2025", "dmy", date(2025, 1, 31)),
        ("16-09-2021", "dmy", date(2021, 9, 16)),
        ("2025-01-31", "mdy", date(2025, 1, 31)),
        ("2025/01/31", "dmy", date(2025, 1, 31)),
        ("20250131", "ymd", date(2025, 1, 31)),
        ("20250131;093000", "ymd", date(2025, 1, 31)),
        ("2013-06-17, 20:25:00", "ymd", date(2013, 6, 17)),
        ("2021-09-15T22:00:00.000Z", "ymd", date(2021, 9, 15)),
        ("31/01/2025", "ymd", date(2025, 1, 31)),
        ("01/31/2025", "ymd", date(2025, 1, 31)),
        ("05/05/2025", "ymd", date(2025, 5, 5)),
        ("Sep 22, 2025", "mdy", date(2025, 9, 22)),
        ("22 Sep 2025", "mdy", date(2025, 9, 22)),
        ("22-Sep-2025", "dmy", date(2025, 9, 22)),
        ("01/03/2026", "mdy", date(2026, 1, 3)),
    ],
)
def test_a_day(text: str, order: str, expected: date) -> None:
    assert read_date(text, "Date", order, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "order", "reason"),
    [
        ("", "mdy", "date_missing"),
        ("--", "mdy", "date_missing"),
        ("02/30/2025", "mdy", "not_a_date"),
        ("31/01/2025", "mdy", "not_a_date"),
        ("2025-13-01", "ymd", "not_a_date"),
        ("2025-01-01garbage", "ymd", "not_a_date"),
        ("010.09.2024", "dmy", "not_a_date"),
        ("yesterday", "mdy", "not_a_date"),
        ("2025-01-01 " + "x" * 99, "ymd", "not_a_date"),
        ("01/02/25", "mdy", "two_digit_year"),
        ("03/04/2021", "ymd", "date_ambiguous"),
        ("01/04/2026", "mdy", "date_in_future"),
        ("2050-06-06", "ymd", "date_in_future"),
        ("12/31/1899", "mdy", "not_a_date"),
        ("٢٠٢٥-01-01", "ymd", "not_a_date"),
    ],
)
def test_what_is_no_day_says_why(text: str, order: str, reason: str) -> None:
    with pytest.raises(CellError) as caught:
        read_date(text, "Date", order, TODAY)
    assert (caught.value.column, caught.value.reason_code) == ("Date", reason)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2025-01-02", "2025-03-04"], ("ymd", True)),
        (["01/02/2025", "01/13/2025"], ("mdy", True)),
        (["01/02/2025", "13/01/2025"], ("dmy", True)),
        (["01/02/2025", "03/04/2025"], ("mdy", False)),
        (["13/01/2025", "01/13/2025"], ("dmy", False)),
        ([], ("ymd", True)),
    ],
)
def test_a_number_above_twelve_proves_the_order(
    cells: list[str], expected: tuple[str, bool]
) -> None:
    assert date_order(cells) == expected


def test_currencies_and_minor_units() -> None:
    assert read_currency(" usd ", "Currency", "EUR") == "USD"
    assert read_currency("", "Currency", "EUR") == "EUR"
    assert read_unit("GBX", "Currency", "USD") == ("GBP", Decimal("0.01"))
    assert read_unit("GBp", "Currency", "USD") == ("GBP", Decimal("0.01"))
    assert read_unit("GBP", "Currency", "USD") == ("GBP", Decimal(1))


@pytest.mark.parametrize("text", ["XYZ", "GBX", "US Dollar", "€"])
def test_an_unknown_currency_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is not a currency"):
        read_currency(text, "Currency", "USD")


def test_text_loses_control_characters_and_surplus_space() -> None:
    assert read_text("  A\tB\n\x07C  ") == "A B C"
    assert read_text("=1+1") == "=1+1"
    assert read_text("--") is None
    assert read_text("x" * 600) == "x" * 500


def test_an_instant_needs_its_zone() -> None:
    assert read_instant("2021-09-15T22:00:00Z") is not None
    assert read_instant("2021-09-15T22:00:00") is None
    assert read_instant("09:00") is None

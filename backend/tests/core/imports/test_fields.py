"""Numbers that decide their own decimal mark, prices in another currency, names of columns."""

from datetime import date
from decimal import Decimal

import pytest

from truenav.core.imports.fields import MIXED, Fields, mark_of, price_in_cash, security
from truenav.core.imports.parsed import CellError, Context

CONTEXT = Context(today=date(2026, 12, 31), default_currency="EUR")


def fields(mark: str = MIXED, **cells: str) -> Fields:
    """A row of these cells."""
    return Fields(
        1, cells, {name.upper(): cell for name, cell in cells.items()}, CONTEXT, "dmy", mark
    )


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("26,45", ","), ("-97.93", "."), ("1.234,56", ","), ("1,234.56", "."), ("1.234.567", ","),
        ("1,234,567", "."), ("12", "."), (" 1 157,95 ", ","), ("0.337", "."), ("0,104341", ","),
        ("86.714375", "."), ("1234.567", "."), ("(0,10)", ","),
    ],
)  # fmt: skip
def test_a_number_that_proves_its_decimal_mark(cell: str, mark: str) -> None:
    assert mark_of(cell, "X") == mark


@pytest.mark.parametrize("cell", ["1,234", "-12.345", "123,456", "(1.234)"])
def test_a_number_that_can_be_read_in_two_ways_is_not_guessed(cell: str) -> None:
    with pytest.raises(CellError) as caught:
        mark_of(cell, "Amount")
    assert (caught.value.reason_code, caught.value.column) == ("number_ambiguous", "Amount")


def test_the_rest_of_the_row_settles_it_when_it_speaks_with_one_voice() -> None:
    assert fields(a="10,799", b="0,104341").figure("a") == Decimal("10.799")
    assert fields(a="10,799", b="5.25").figure("a") == Decimal(10799)
    with pytest.raises(CellError, match="two ways"):
        fields(a="10,799", b="5.25", c="5,25").figure("a")
    with pytest.raises(CellError, match="two ways"):
        fields(a="10,799", b="text, and more").figure("a")


def test_errors_name_the_column_as_the_file_prints_it() -> None:
    for column, call in (("A", fields(a="x").needed), ("B", fields(b="").needed)):
        with pytest.raises(CellError) as caught:
            call(column.lower())
        assert caught.value.column == column


def test_a_price_in_another_currency_is_what_was_paid_when_the_rate_agrees() -> None:
    # 24 * 124.01 USD / 1.25229 is 2,376.64 to the precision of the rate
    per = 1 / Decimal("1.25229")
    price = price_in_cash(Decimal(24), Decimal("124.01"), per, Decimal("-2376.64"))
    assert price is not None
    assert price * 24 == pytest.approx(Decimal("2376.64"), abs=Decimal("1e-12"))


def test_a_price_that_does_not_fit_what_was_paid_stays_as_stated() -> None:
    price = price_in_cash(Decimal(10), Decimal(5), Decimal(2), Decimal(-150))
    assert price == 10
    assert price_in_cash(Decimal(10), Decimal(5), None, Decimal(-150)) is None
    assert price_in_cash(Decimal(10), Decimal(5), Decimal(2), None) == 10


def test_what_a_file_names_only_by_its_name() -> None:
    named = security(None, "GBP", name="Some Fund")
    assert named is not None
    assert (named.name, named.symbol, named.isin) == ("Some Fund", None, None)
    assert security(None, "GBP") is None

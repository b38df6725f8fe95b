"""Where currencies end: the last rate within a week, the changeover to the euro, then nothing."""

from datetime import date
from decimal import Decimal

import pytest

from truenav.core.valuation.explaining import Rates
from truenav.core.valuation.series import FxTable
from truenav.features.marketdata.providers.bundled import bundled_rates

D = Decimal


@pytest.fixture(scope="module")
def table() -> FxTable:
    """The ECB's whole history, as it comes with the installation."""
    rates: dict[str, dict[date, D]] = {}
    for currency, day, rate in bundled_rates():
        rates.setdefault(currency, {})[day] = rate
    return FxTable(
        {
            currency: (days := sorted(of_one), [of_one[day] for day in days])
            for currency, of_one in rates.items()
        }
    )


@pytest.mark.parametrize(
    ("currency", "day", "per_euro"),
    [
        # the first day of the euro, and the ECB's last quote of the ruble
        ("USD", date(1999, 1, 4), "1.1789"),
        ("USD", date(1999, 1, 3), None),
        ("RUB", date(2022, 3, 1), "117.201"),
        ("RUB", date(2022, 3, 8), "117.201"),
        ("RUB", date(2022, 3, 9), None),
        # the market's last rate, then the one fixed by law, for good
        ("HRK", date(2022, 12, 30), "7.5365"),
        ("HRK", date(2022, 12, 31), "7.5365"),
        ("HRK", date(2023, 1, 1), "7.53450"),
        ("HRK", date(2026, 3, 5), "7.53450"),
        ("BGN", date(2025, 12, 31), "1.9558"),
        ("BGN", date(2026, 1, 1), "1.95583"),
        ("SKK", date(2008, 12, 31), "30.126"),
        ("SKK", date(2030, 1, 1), "30.1260"),
        ("XXX", date(2020, 1, 1), None),
    ],
)
def test_units_for_one_euro(table: FxTable, currency: str, day: date, per_euro: str | None) -> None:
    expected = D(per_euro) if per_euro is not None else None

    assert table.rate("EUR", currency, day) == expected
    assert Rates(table).node("EUR", currency, day).value == expected


def test_other_pairs_are_crossed_through_the_euro(table: FxTable) -> None:
    day = date(2022, 12, 30)
    # 7.5365 kuna and 1.0666 dollars for one euro that day
    rate = table.rate("USD", "HRK", day)

    assert rate is not None
    assert rate.quantize(D("0.000001")) == D("7.065910")
    assert table.rate("HRK", "HRK", date(1950, 1, 1)) == 1
    assert table.rate("RUB", "USD", date(2022, 4, 1)) is None

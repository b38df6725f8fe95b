"""ISINs: check digits of real ones, and that a slip of the finger is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.instrument_codes import is_isin


# Apple, Deutsche Telekom, Nestlé, Vodafone, and the example of ISO 6166 (BAE Systems)
@pytest.mark.parametrize(
    "isin", ["US0378331005", "DE0005557508", "CH0038863350", "GB00BH4HKS39", "GB0002634946"]
)
def test_real_ones_are_true(isin: str) -> None:
    assert is_isin(isin)


@pytest.mark.parametrize(
    "text",
    ["", "US0378331006", "us0378331005", "US037833100", "US03783310055", "US037833100\uff15"],
)
def test_others_are_not(text: str) -> None:
    assert not is_isin(text)


@given(st.integers(min_value=2, max_value=11), st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_is_noticed(place: int, off: int) -> None:
    isin = "US0378331005"
    wrong = str((int(isin[place]) + off) % 10)
    assert not is_isin(isin[:place] + wrong + isin[place + 1 :])

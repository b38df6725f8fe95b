"""Paths into a JSON document: what they reach, what they refuse, that they only ever walk."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.marketdata.json_path import (
    NothingThere,
    PathRefused,
    Step,
    follow,
    read_path,
    written,
)

DOCUMENT = {
    "data": {"quotes": [{"price": 1}, {"price": 2}], "a b": 3, "x-y": 4},
    "list": [[5, 6]],
    "$": 7,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.quotes[0].price", 1),
        ("$.data.quotes[-1].price", 2),
        ('data["a b"]', 3),
        ('$["data"]["x-y"]', 4),
        ("data.x-y", 4),
        ("list[0][1]", 6),
        (" list[0][0] ", 5),
        ("$.$", 7),
        ("$", DOCUMENT),
        ("", DOCUMENT),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: Any) -> None:
    assert follow(DOCUMENT, read_path(path)) == value


@pytest.mark.parametrize(
    "path",
    [
        "data..price", "$..price", "data.*", "data[*]", "list[?(@.x>1)]", "list[0:2]", "list[01]",
        "list[1e3]", "a b", "data.", ".data", "data[", "data]", "data['x']", "[0]x", "list[-0]",
        ".".join("a" * 21), "x[9999999]", "ä", '["a\\"b"]', "$x[",
    ],
)  # fmt: skip
def test_what_searches_or_is_unclear_is_refused(path: str) -> None:
    with pytest.raises(PathRefused):
        read_path(path)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("data.prices", "no prices at data; there is: quotes, a b, x-y"),
        ("data.quotes[2]", r"no \[2\] at data.quotes; a list of 2"),
        ("data.quotes[-3].price", r"no \[-3\]"),
        ("data.quotes.price", "a list of 2"),
        ("list[0][0].x", "a plain value"),
        ("data[0]", "there is: quotes"),
    ],
)
def test_what_is_there_instead_is_told(path: str, told: str) -> None:
    with pytest.raises(NothingThere, match=told):
        follow(DOCUMENT, read_path(path))


STEPS = st.lists(
    st.one_of(
        st.integers(min_value=-999_999, max_value=999_999),
        st.text(st.characters(blacklist_characters='"\\'), min_size=1, max_size=100),
    ),
    min_size=1,
    max_size=20,
)


@given(STEPS)
def test_a_written_path_reads_as_its_steps(steps: list[Step]) -> None:
    assert read_path(written(steps)) == steps

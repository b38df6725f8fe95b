"""Quotes: what is refused, which part of the day they are from, how long they are fresh."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.calendar.exchanges import exchange_days
from truenav.core.marketdata.quotes import (
    Expected,
    Market,
    Session,
    fresh_until,
    is_of_last_session,
    judge_quote,
    session_of,
)
from truenav.core.marketdata.validation import Reason

D = Decimal
NEW_YORK, LONDON = Market(exchange_days("XNYS")), Market(exchange_days("XLON"))
COINS, NOWHERE = Market(None, is_always_open=True), Market(None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Thursday; New York is five hours behind, London is at UTC
NOON = at("2026-03-05T17:00:00")
EXPECTED = Expected(now=NOON, symbol="BRK.B", currency="USD")


def why(
    price: str = "104",
    told_in: str = "USD",
    as_of: datetime = NOON,
    told: str = "BRK-B",
    expected: Expected = EXPECTED,
) -> str:
    found = judge_quote(D(price), told_in, as_of, expected, told)
    return found.reason if found is not None else ""


def held(as_of: datetime) -> Expected:
    return replace(EXPECTED, held_as_of=as_of)


def test_a_quote_that_may_be_believed_is_not_doubted() -> None:
    assert why() == ""
    assert why(as_of=NOON + timedelta(seconds=60)) == ""  # their clock runs ahead
    assert why(expected=held(NOON)) == ""  # the same trade again


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("NaN", Reason.NOT_FINITE),
        ("Infinity", Reason.NOT_FINITE),
        ("0", Reason.NOT_POSITIVE),
        ("-1", Reason.NOT_POSITIVE),
        ("1E12", Reason.OUT_OF_BOUNDS),
    ],
)
def test_impossible_prices_are_not_taken(price: str, reason: Reason) -> None:
    assert why(price) == reason


def test_another_symbol_currency_or_time_is_not_taken() -> None:
    assert why(told="BRK.A") == Reason.WRONG_SYMBOL
    assert why(told_in="EUR") == Reason.WRONG_CURRENCY
    assert why(as_of=NOON + timedelta(seconds=61)) == Reason.FUTURE
    assert why(expected=held(NOON + timedelta(seconds=1))) == Reason.NOT_NEWER


def test_a_price_worlds_away_from_the_last_close_is_not_taken() -> None:
    measured = replace(EXPECTED, last_close=(date(2026, 3, 4), D("2.05")))
    assert why("104", expected=measured) == Reason.OUTLIER
    assert why("100", expected=measured) == ""  # 48.8 times
    split = ((date(2026, 3, 5), D("0.02")),)
    assert why("104", expected=replace(measured, splits=split)) == ""


def test_pence_are_measured_in_pounds() -> None:
    pounds = replace(EXPECTED, currency="GBP", last_close=(date(2026, 3, 4), D("5.10")))
    assert judge_quote(D(512), "GBp", NOON, pounds) is None
    found = judge_quote(D(512), "GBP", NOON, pounds)
    assert found is not None
    assert found.reason is Reason.OUTLIER


@pytest.mark.parametrize(
    ("market", "as_of", "now", "session"),
    [
        (NEW_YORK, "2026-03-05T16:59:00", "2026-03-05T17:00:00", Session.REGULAR),
        (NEW_YORK, "2026-03-05T13:00:00", "2026-03-05T13:01:00", Session.PRE),
        # before the bell, yesterday's close is a close
        (NEW_YORK, "2026-03-04T21:00:00", "2026-03-05T13:01:00", Session.CLOSED),
        # after hours: a trade of the session, one after it, and one on the stroke
        (NEW_YORK, "2026-03-05T20:59:00", "2026-03-05T22:00:00", Session.REGULAR),
        (NEW_YORK, "2026-03-05T21:30:00", "2026-03-05T22:00:00", Session.POST),
        (NEW_YORK, "2026-03-05T21:00:00", "2026-03-05T22:00:00", Session.REGULAR),
        # 20:30 in New York on Wednesday is Thursday's night
        (NEW_YORK, "2026-03-05T01:30:00", "2026-03-05T01:31:00", Session.OVERNIGHT),
        # Saturday
        (NEW_YORK, "2026-03-06T20:59:00", "2026-03-07T17:00:00", Session.CLOSED),
        (LONDON, "2026-03-05T16:29:00", "2026-03-05T16:31:00", Session.CLOSED),
        (LONDON, "2026-03-05T16:00:00", "2026-03-05T16:15:00", Session.REGULAR),
        (COINS, "2026-03-07T16:59:00", "2026-03-07T17:00:00", Session.REGULAR),
        (NOWHERE, "2026-03-05T16:59:00", "2026-03-05T17:00:00", Session.UNKNOWN),
        # beyond the calendar's end
        (NEW_YORK, "2126-03-05T16:59:00", "2126-03-05T17:00:00", Session.UNKNOWN),
    ],
)
def test_a_quote_is_of_a_part_of_the_running_day(
    market: Market, as_of: str, now: str, session: Session
) -> None:
    assert session_of(market, at(as_of), at(now)) is session


@pytest.mark.parametrize(
    ("market", "delay", "received", "until"),
    [
        (NEW_YORK, 0, "2026-03-05T17:00:00", "2026-03-05T17:00:15"),
        (NEW_YORK, None, "2026-03-05T17:00:00", "2026-03-05T17:00:15"),
        (NEW_YORK, 15, "2026-03-05T17:00:00", "2026-03-05T17:07:30"),
        (NEW_YORK, 0, "2026-03-05T13:00:00", "2026-03-05T13:01:00"),
        # closed from Friday 20:00 (01:00 UTC) to the night of Monday, Sunday 20:00, when the
        # clocks have gone forward: 00:00 UTC
        (NEW_YORK, 0, "2026-03-07T17:00:00", "2026-03-09T00:00:00"),
        # London's last trades are still on their way; an hour later they are not
        (LONDON, 15, "2026-03-05T16:31:00", "2026-03-05T16:38:30"),
        (LONDON, 0, "2026-03-05T16:31:00", "2026-03-05T16:36:00"),
        (LONDON, 15, "2026-03-05T17:31:00", "2026-03-06T08:00:00"),
        (LONDON, 15, "2026-03-06T17:31:00", "2026-03-09T08:00:00"),
        (COINS, 1, "2026-03-07T17:00:00", "2026-03-07T17:00:30"),
        (NOWHERE, 0, "2026-03-07T17:00:00", "2026-03-07T17:05:00"),
    ],
)
def test_a_quote_is_fresh_by_its_delay_and_the_session(
    market: Market, delay: int | None, received: str, until: str
) -> None:
    assert fresh_until(market, delay, at(received)) == at(until)


def test_a_quote_of_an_earlier_session_is_none_of_the_last() -> None:
    assert (
        is_of_last_session(NEW_YORK, at("2026-03-05T20:59:00"), at("2026-03-07T17:00:00")) is False
    )
    assert is_of_last_session(NEW_YORK, at("2026-03-06T20:59:00"), at("2026-03-07T17:00:00"))
    assert is_of_last_session(NEW_YORK, at("2026-03-04T20:59:00"), at("2026-03-05T17:00:00"))
    assert is_of_last_session(NOWHERE, at("2020-03-04T20:59:00"), at("2026-03-05T17:00:00"))


INSTANTS = st.integers(0, 365 * 86_400).map(
    lambda seconds: at("2026-01-01T00:00:00") + timedelta(seconds=seconds)
)


@given(INSTANTS, st.one_of(st.none(), st.integers(0, 60)), st.sampled_from([NEW_YORK, LONDON]))
def test_freshness_lies_ahead_and_ends_within_a_long_weekend(
    now: datetime, delay: int | None, market: Market
) -> None:
    until = fresh_until(market, delay, now)
    assert timedelta(0) < until - now <= timedelta(days=5)


@given(st.decimals(allow_nan=True), INSTANTS, st.one_of(st.none(), INSTANTS))
def test_what_is_taken_is_a_price_not_older_than_what_is_held(
    price: D, as_of: datetime, before: datetime | None
) -> None:
    expected = replace(EXPECTED, held_as_of=before)
    if judge_quote(price, "USD", as_of, expected, "BRK.B") is None:
        assert price > 0
        assert as_of <= NOON + timedelta(minutes=1)
        assert before is None or as_of >= before

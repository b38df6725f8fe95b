"""Exchange sessions: the frozen table against its source, published days, phases and zones."""

import warnings
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truenav.core.calendar.exchanges import (
    CalendarUnknown,
    exchange_days,
    known_exchanges,
    mic_of,
)
from truenav.core.calendar.sessions import (
    Phase,
    last_close,
    next_session,
    phase_at,
    previous_session,
    session_on,
    sessions_between,
    trade_date_of,
)

NYSE = exchange_days("XNYS")
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """An instant from a wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


class TestPublishedDays:
    """NYSE's published holidays (ICE, "NYSE Group holiday and early closings calendar")."""

    CLOSED = (
        "2026-01-01 2026-01-19 2026-02-16 2026-04-03 2026-05-25 2026-06-19 2026-07-03 2026-09-07"
        " 2026-11-26 2026-12-25 2027-01-01 2027-01-18 2027-02-15 2027-03-26 2027-05-31 2027-06-18"
        " 2027-07-05 2027-09-06 2027-11-25 2027-12-24"
        # mourning, a storm, the attacks of 2001; Juneteenth only since 2022
        " 2025-01-09 2012-10-29 2012-10-30 2001-09-11 2001-09-14 2022-06-20"
    ).split()
    OPEN = "2021-12-31 2021-06-18 2026-10-12 2026-11-11 2001-09-10 2001-09-17".split()
    EARLY = "2026-11-27 2026-12-24 2027-11-26".split()

    @pytest.mark.parametrize("day", CLOSED)
    def test_closed(self, day: str) -> None:
        assert NYSE.is_session(date.fromisoformat(day)) is False
        assert session_on(NYSE, date.fromisoformat(day)) is None

    @pytest.mark.parametrize("day", OPEN)
    def test_open(self, day: str) -> None:
        assert NYSE.is_session(date.fromisoformat(day)) is True

    def test_2026_and_2027_are_closed_on_no_other_weekday(self) -> None:
        listed = {day for day in self.CLOSED if day[:4] in {"2026", "2027"}}
        weekdays = [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
        found = {
            day.isoformat()
            for day in weekdays
            if day.weekday() < 5 and NYSE.is_session(day) is False
        }
        assert found == listed

    @pytest.mark.parametrize("day", EARLY)
    def test_early_closes_are_at_one(self, day: str) -> None:
        session = session_on(NYSE, date.fromisoformat(day))
        assert session is not None
        assert session.is_early_close
        assert session.closes_at == at(f"{day}T13:00")

    @pytest.mark.parametrize(
        ("day", "opens", "closes"),
        [
            ("1973-06-01", "10:00", "15:30"),
            ("1984-06-01", "10:00", "16:00"),
            ("1985-09-26", "10:00", "16:00"),
            ("1985-09-30", "09:30", "16:00"),
        ],
    )
    def test_hours_of_earlier_times(self, day: str, opens: str, closes: str) -> None:
        session = session_on(NYSE, date.fromisoformat(day))
        assert session is not None
        assert (session.opens_at, session.closes_at) == (
            at(f"{day}T{opens}"),
            at(f"{day}T{closes}"),
        )

    def test_tokyo_pauses_for_lunch_and_closes_later_since_november_2024(self) -> None:
        tokyo, zone = exchange_days("XTKS"), ZoneInfo("Asia/Tokyo")
        before, after = (session_on(tokyo, date(2024, 11, day)) for day in (1, 5))
        assert before is not None
        assert after is not None
        assert before.closes_at == at("2024-11-01T15:00", zone)
        assert after.closes_at == at("2024-11-05T15:30", zone)
        assert after.pause == (at("2024-11-05T11:30", zone), at("2024-11-05T12:30", zone))
        assert phase_at(tokyo, at("2024-11-05T12:00", zone)).phase is Phase.CLOSED


class TestBounds:
    def test_beyond_the_table_is_unknown_and_not_closed(self) -> None:
        assert NYSE.is_session(date(2040, 1, 3)) is None
        assert NYSE.is_session(date(1960, 1, 4)) is None
        with pytest.raises(CalendarUnknown, match="XNYS is known from 1970-01-01"):
            session_on(NYSE, date(2040, 1, 3))
        with pytest.raises(CalendarUnknown):
            sessions_between(NYSE, date(2028, 12, 1), date(2029, 1, 5))
        with pytest.raises(CalendarUnknown):
            phase_at(NYSE, datetime(2040, 1, 3, 15, tzinfo=UTC))
        assert trade_date_of(NYSE, datetime(2040, 1, 3, 15, tzinfo=UTC)) is None
        assert next_session(NYSE, NYSE.last) is None
        assert previous_session(NYSE, NYSE.first) is None
        assert previous_session(NYSE, date.min) is None

    def test_mumbai_ends_where_its_holidays_are_published(self) -> None:
        assert exchange_days("XBOM").is_session(date(2027, 1, 4)) is None

    def test_an_exchange_without_a_table(self) -> None:
        with pytest.raises(CalendarUnknown, match="no calendar of the exchange XXXX"):
            exchange_days("XXXX")

    @pytest.mark.parametrize(
        ("exchange", "currency", "mic"),
        [
            ("NASDAQ", None, "XNYS"),
            ("xlon", None, "XLON"),
            ("Nyse Arca", "USD", "XNYS"),
            (None, "USD", "XNYS"),
            (None, "EUR", None),
            ("MOON", "USD", None),
        ],
    )
    def test_names(self, exchange: str | None, currency: str | None, mic: str | None) -> None:
        assert mic_of(exchange, currency) == mic


class TestPhases:
    @pytest.mark.parametrize(
        ("moment", "phase", "trade_date", "until"),
        [
            ("2026-11-24T03:59", "overnight", "2026-11-24", "2026-11-24T04:00"),
            ("2026-11-24T04:00", "pre", "2026-11-24", "2026-11-24T09:30"),
            ("2026-11-24T09:30", "regular", "2026-11-24", "2026-11-24T16:00"),
            ("2026-11-24T15:59", "regular", "2026-11-24", "2026-11-24T16:00"),
            ("2026-11-24T16:00", "post", "2026-11-24", "2026-11-24T20:00"),
            # the night counts as the next trading day
            ("2026-11-24T20:00", "overnight", "2026-11-25", "2026-11-25T04:00"),
            ("2026-11-24T23:30", "overnight", "2026-11-25", "2026-11-25T04:00"),
            # Thanksgiving: no night before it, a night before the Friday after
            ("2026-11-25T20:30", "closed", None, "2026-11-26T20:00"),
            ("2026-11-26T12:00", "closed", None, "2026-11-26T20:00"),
            ("2026-11-26T21:00", "overnight", "2026-11-27", "2026-11-27T04:00"),
            # the day after: closes at one, and the evening at five
            ("2026-11-27T13:00", "post", "2026-11-27", "2026-11-27T17:00"),
            ("2026-11-27T17:00", "closed", None, "2026-11-29T20:00"),
            ("2026-11-29T20:00", "overnight", "2026-11-30", "2026-11-30T04:00"),
        ],
    )
    def test_new_york(self, moment: str, phase: str, trade_date: str | None, until: str) -> None:
        found = phase_at(NYSE, at(moment))
        assert (found.phase.value, found.until) == (phase, at(until))
        assert found.trade_date == (date.fromisoformat(trade_date) if trade_date else None)

    def test_before_nights_were_tabulated_the_market_was_closed(self) -> None:
        found = phase_at(NYSE, at("2020-06-02T22:00"))
        assert (found.phase, found.until) == (Phase.CLOSED, at("2020-06-03T04:00"))

    def test_london_has_no_extended_hours(self) -> None:
        london = exchange_days("XLON")
        zone = ZoneInfo("Europe/London")
        assert phase_at(london, at("2026-11-24T07:59", zone)).phase is Phase.CLOSED
        assert phase_at(london, at("2026-11-24T08:00", zone)).phase is Phase.REGULAR

    def test_the_last_close(self) -> None:
        assert last_close(NYSE, at("2026-11-24T15:59")) == date(2026, 11, 23)
        assert last_close(NYSE, at("2026-11-24T16:00")) == date(2026, 11, 24)
        assert last_close(NYSE, at("2026-11-26T18:00")) == date(2026, 11, 25)
        assert last_close(NYSE, at("2026-11-27T13:00")) == date(2026, 11, 27)


class TestZones:
    """The trade date is the exchange's, whatever the date in UTC or at the reader's."""

    def test_half_past_midnight_ten_hours_east_of_greenwich(self) -> None:
        # 00:30 on the 25th in Brisbane is 09:30 on the 24th in New York, 14:30 UTC on the 24th
        instant = at("2026-11-25T00:30", ZoneInfo("Australia/Brisbane"))
        assert trade_date_of(NYSE, instant) == date(2026, 11, 24)
        sydney = exchange_days("XASX")
        # 10:30 on the 25th in Sydney is 23:30 UTC on the 24th
        assert trade_date_of(sydney, datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == date(
            2026, 11, 25
        )

    def test_half_past_midnight_eight_hours_west_of_greenwich(self) -> None:
        # 00:30 in Los Angeles is 03:30 in New York: still the night of that trading day
        instant = at("2026-11-24T00:30", ZoneInfo("America/Los_Angeles"))
        found = phase_at(NYSE, instant)
        assert (found.phase, found.trade_date) == (Phase.OVERNIGHT, date(2026, 11, 24))
        # 17:30 in New York is past midnight in Moscow, and the same trade date
        moscow = at("2026-11-25T01:30", ZoneInfo("Europe/Moscow"))
        assert trade_date_of(NYSE, moscow) == date(2026, 11, 24)

    @pytest.mark.parametrize("mic", known_exchanges())
    def test_the_clock_says_the_same_on_both_sides_of_every_change_of_the_clocks(
        self, mic: str
    ) -> None:
        days = exchange_days(mic)
        for transition in transitions(days.zone, 2000, 2028):
            for day in (previous_session(days, transition), next_session(days, transition)):
                session = session_on(days, day) if day is not None else None
                if day is None or session is None:
                    continue
                opens, closes, *_ = days.hours_on(day)
                assert session.opens_at.astimezone(days.zone) == datetime.combine(
                    day, opens, days.zone
                )
                assert wall(session.opens_at, days.zone) == opens
                assert wall(session.closes_at, days.zone) == closes
                # the session is as long as the clock says: no change falls into it
                lasts = datetime.combine(day, closes) - datetime.combine(day, opens)
                assert session.closes_at - session.opens_at == lasts

    def test_new_york_opens_an_hour_earlier_by_utc_after_the_clocks_go_forward(self) -> None:
        before, after = (session_on(NYSE, date(2026, 3, day)) for day in (6, 9))
        assert before is not None
        assert after is not None
        assert before.opens_at.timetz() == time(14, 30, tzinfo=UTC)
        assert after.opens_at.timetz() == time(13, 30, tzinfo=UTC)


def wall(instant: datetime, zone: ZoneInfo) -> time:
    """What the clock on the wall says."""
    return instant.astimezone(zone).time()


def transitions(zone: ZoneInfo, first: int, last: int) -> list[date]:
    """The days on which a zone's offset changes."""
    noon = datetime(first, 1, 1, 12, tzinfo=zone)
    found = []
    for number in range((last - first) * 365):
        earlier, later = noon + timedelta(days=number), noon + timedelta(days=number + 1)
        if earlier.utcoffset() != later.utcoffset():
            found.append(later.date())
    return found


@pytest.mark.parametrize("mic", ["XNYS", "XLON", "XTKS", "XBOM", "XSAU"])
def test_the_frozen_table_is_what_the_package_says(mic: str) -> None:
    package = import_module("exchange_calendars")
    days = exchange_days(mic)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about how the package uses it
        calendar = package.get_calendar(mic, start=days.first, end=days.last)
        theirs = [session.date() for session in calendar.sessions]

    assert sessions_between(days, days.first, days.last) == theirs
    for day, row in calendar.schedule.loc["1986-01-01":].iterrows():
        session = session_on(days, day.date())
        assert session is not None
        assert (session.opens_at, session.closes_at) == (row["open"], row["close"])


@given(
    mic=st.sampled_from(known_exchanges()),
    instant=st.datetimes(
        datetime(1999, 1, 1),  # noqa: DTZ001  # bounds are without a zone
        datetime(2026, 12, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
)
def test_a_phase_holds_until_it_says(mic: str, instant: datetime) -> None:
    """Nothing changes before `until`, and something does then; one session has one trade date."""
    days = exchange_days(mic)
    if not days.knows(instant.astimezone(days.zone).date()):
        return
    now = phase_at(days, instant)
    if now.until is None:
        return
    assert now.until > instant
    just_before = phase_at(days, now.until - timedelta(seconds=1))
    assert (just_before.phase, just_before.trade_date) == (now.phase, now.trade_date)
    after = phase_at(days, now.until)
    assert (after.phase, after.trade_date) != (now.phase, now.trade_date)
    if now.phase is Phase.REGULAR:
        assert now.trade_date is not None
        assert days.is_session(now.trade_date)

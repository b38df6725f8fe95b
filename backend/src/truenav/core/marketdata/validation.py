"""Whether what a source tells of an instrument may be stored: accepted, held back, or refused.

Impossible figures are refused. Possible ones that nobody would believe are held back until a second
source or a person says they are right (ADR 26). Nothing is repaired here: a bar passes as it came.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final, Generic, Protocol, TypeVar

from truenav.core.errors import UnknownCurrency
from truenav.core.marketdata.levels import Doubt, Point, doubtful
from truenav.core.money import exact, major_unit

IsSession = Callable[[date], bool | None]
ONE = Decimal(1)
LEAST_PRICE: Final = Decimal("1E-18")
MAX_PRICE: Final = Decimal("1E12")
MAX_VOLUME: Final = Decimal("1E20")
# High and low may come from one market and the close from another: less than this is no mistake.
RANGE_TOLERANCE: Final = Decimal("0.005")
# A hundred, give or take what a price moves meanwhile: pence for pounds, cents for rand.
MINOR_RATIO: Final = (Decimal(70), Decimal(143))
# Fewer bars say nothing about how far apart they are meant to be.
LEAST_FOR_SPACING: Final = 4
MOST_HELD: Final = 60
# Two sources that differ by less tell the same close.
SAME_CLOSE: Final = Decimal("0.01")


class Verdict(StrEnum):
    """What becomes of a bar or a quote."""

    ACCEPT = "accept"
    QUARANTINE = "quarantine"
    REFUSE = "refuse"


class Reason(StrEnum):
    """What is the matter with a bar, a whole series, or a quote."""

    NULL_BAR = "null_bar"
    NOT_FINITE = "not_finite"
    NOT_POSITIVE = "not_positive"
    OUT_OF_BOUNDS = "out_of_bounds"
    RANGE_OFF = "range_off"
    WRONG_CURRENCY = "wrong_currency"
    WRONG_SYMBOL = "wrong_symbol"
    NOT_DAILY = "not_daily"
    FUTURE = "future"
    DUPLICATE_DAY = "duplicate_day"
    REPEATED_DAY = "repeated_day"
    NO_SESSION = "no_session"
    MINOR_UNIT_MIX = "minor_unit_mix"
    OUTLIER = "outlier"
    NOT_NEWER = "not_newer"


class DailyBar(Protocol):
    """A day as a source tells it; figures are finite or not, nothing is assumed of them."""

    @property
    def price_date(self) -> date:
        """Its day."""
        ...

    @property
    def close(self) -> Decimal | None:
        """The official close."""
        ...

    @property
    def open(self) -> Decimal | None:
        """The first trade."""
        ...

    @property
    def high(self) -> Decimal | None:
        """The highest trade."""
        ...

    @property
    def low(self) -> Decimal | None:
        """The lowest trade."""
        ...

    @property
    def volume(self) -> Decimal | None:
        """Units traded."""
        ...


B = TypeVar("B", bound=DailyBar)


@dataclass(frozen=True, slots=True)
class Finding(Generic[B]):
    """One thing about one bar, or about `bar_count` bars from a day on when `bar` is None."""

    reason: Reason
    verdict: Verdict
    day: date
    detail: str
    bar: B | None = None
    bar_count: int = 1


@dataclass(frozen=True, slots=True)
class Judged(Generic[B]):
    """Bars that may be stored, oldest first, one a day; and everything that was found."""

    accepted: Sequence[B]
    findings: Sequence[Finding[B]]

    @property
    def is_refused(self) -> bool:
        """Whether the series as a whole is not what was asked for."""
        return any(f.bar is None and f.reason in WHOLE_SERIES for f in self.findings)


WHOLE_SERIES: Final = frozenset({Reason.WRONG_CURRENCY, Reason.WRONG_SYMBOL, Reason.NOT_DAILY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known besides the series.

    `closes` are stored raw closes of the instrument, of its own source or of days the series does
    not tell, in any order, each > 0; `second` those of other sources, by day, as (source, close).
    `splits` are (ex-date, new units for one). `vouched` are (day, close) that a person accepted.
    `is_daily_source` is False where somebody keeps the series by hand, and a value a week or a
    month is meant.
    """

    today: date
    currency: str
    told_currency: str
    symbol: str = ""
    told_symbol: str | None = None
    closes: Sequence[tuple[date, Decimal]] = ()
    second: Mapping[date, Sequence[tuple[str, Decimal]]] = field(default_factory=dict)
    splits: Sequence[tuple[date, Decimal]] = ()
    vouched: frozenset[tuple[date, Decimal]] = frozenset()
    is_session: IsSession = field(default=lambda _day: None)
    is_daily_source: bool = True


def currency_factor(told: str, expected: str) -> Decimal | None:
    """What brings a price told in one code into another: 0.01 from GBp to GBP, 1 for the same.

    Returns:
        None where no fixed factor exists: another currency, or a code nobody knows.
    """
    if told == expected:
        return ONE
    try:
        told_major, told_factor = major_unit(told)
        wanted_major, wanted_factor = major_unit(expected)
    except UnknownCurrency:
        return None
    return told_factor / wanted_factor if told_major == wanted_major else None


def is_same_symbol(told: str, wanted: str) -> bool:
    """Whether two spellings are of one ticker: BRK.B, BRK-B and BRK/B are."""
    return _plain(told) == _plain(wanted)


def _plain(symbol: str) -> str:
    return "".join(letter for letter in symbol.upper() if letter.isalnum())


@exact
def judge_history(bars: Sequence[B], known: Known) -> Judged[B]:
    """Judge daily raw bars of one instrument.

    Args:
        bars: As told, in any order, in the major unit of the currency.
        known: What else is known of the instrument.

    Returns:
        What may be stored, and why the rest may not. When more than `MOST_HELD` bars would be
        held back they are refused together, as one finding: nobody decides thousands one by one.
    """
    if not bars:
        return Judged((), ())
    whole = _whole(bars, known)
    if whole is not None:
        return Judged((), (whole,))
    findings: list[Finding[B]] = []
    plain = []
    for bar in bars:
        found = judge_bar(bar, known.today)
        if found is None or (found.verdict is Verdict.QUARANTINE and _is_vouched(bar, known)):
            plain.append(bar)
        else:
            findings.append(found)
    believed = _believed(_one_a_day(plain, known, findings), known, findings)
    return Judged(believed, _bounded(findings))


def judge_bar(bar: B, today: date) -> Finding[B] | None:
    """What is the matter with one bar by itself: its figures, its range, its day."""
    figures = (bar.open, bar.high, bar.low, bar.close)
    told = [value for value in (*figures, bar.volume) if value is not None]
    found: tuple[Reason, Verdict, str] | None = None
    if bar.close is None:
        found = Reason.NULL_BAR, Verdict.REFUSE, "a day without a close"
    elif any(not value.is_finite() for value in told):
        found = Reason.NOT_FINITE, Verdict.REFUSE, "a figure that is no number"
    elif any(value is not None and value <= 0 for value in figures) or (bar.volume or 0) < 0:
        found = Reason.NOT_POSITIVE, Verdict.REFUSE, "a price of zero or less"
    elif _is_out_of_bounds(bar):
        found = Reason.OUT_OF_BOUNDS, Verdict.REFUSE, "a figure beyond what can be kept"
    elif bar.price_date > today:
        found = Reason.FUTURE, Verdict.REFUSE, f"told before its day; it is {today}"
    elif _is_range_off(bar):
        detail = "high and low are not around open and close"
        found = Reason.RANGE_OFF, Verdict.QUARANTINE, detail
    if found is None:
        return None
    return Finding(found[0], found[1], bar.price_date, found[2], bar)


def _is_out_of_bounds(bar: DailyBar) -> bool:
    prices = (bar.open, bar.high, bar.low, bar.close)
    is_price_off = any(p is not None and not LEAST_PRICE <= p < MAX_PRICE for p in prices)
    return is_price_off or (bar.volume or 0) >= MAX_VOLUME


def _is_range_off(bar: DailyBar) -> bool:
    ends = [value for value in (bar.open, bar.close) if value is not None]
    high, low = bar.high, bar.low
    if high is not None and high * (ONE + RANGE_TOLERANCE) < max(ends):
        return True
    if low is not None and low * (ONE - RANGE_TOLERANCE) > min(ends):
        return True
    return high is not None and low is not None and high < low


def _whole(bars: Sequence[B], known: Known) -> Finding[B] | None:
    """Why the series as a whole is not what was asked for."""
    found: tuple[Reason, str] | None = None
    if known.told_symbol is not None and not is_same_symbol(known.told_symbol, known.symbol):
        found = Reason.WRONG_SYMBOL, f"told of {known.told_symbol[:20]}, asked for {known.symbol}"
    elif currency_factor(known.told_currency, known.currency) is None:
        detail = f"told in {known.told_currency[:12]}, the instrument trades in {known.currency}"
        found = Reason.WRONG_CURRENCY, detail
    elif known.is_daily_source and (gap := usual_gap([bar.price_date for bar in bars])):
        found = Reason.NOT_DAILY, f"a bar every {gap} days where one a day was asked for"
    if found is None:
        return None
    first = min(bar.price_date for bar in bars)
    return Finding(found[0], Verdict.REFUSE, first, found[1], None, len(bars))


def usual_gap(days: Sequence[date]) -> int | None:
    """Days between bars that come by the week or the month; None for daily or irregular ones."""
    found = sorted(set(days))
    if len(found) < LEAST_FOR_SPACING:
        return None
    gaps = [(after - before).days for before, after in pairwise(found)]
    for least, most in ((6, 8), (27, 32)):
        regular = [gap for gap in gaps if least <= gap <= most]
        if len(regular) * 5 >= len(gaps) * 4:
            return sorted(regular)[len(regular) // 2]
    return None


def _one_a_day(bars: Sequence[B], known: Known, findings: list[Finding[B]]) -> list[B]:
    """A day told twice with one close counts once; with two closes nobody knows which is right."""
    by_day: dict[date, list[B]] = {}
    for bar in bars:
        by_day.setdefault(bar.price_date, []).append(bar)
    kept: list[B] = []
    for day in sorted(by_day):
        told = by_day[day]
        choices = list({bar.close: bar for bar in told}.values())
        right = [bar for bar in choices if _says(bar, known)]
        if len(choices) == 1:
            kept.append(told[-1])
            if len(told) > 1:
                detail = f"told {len(told)} times, the same each time"
                findings.append(Finding(Reason.REPEATED_DAY, Verdict.ACCEPT, day, detail, told[-1]))
            continue
        kept += right if len(right) == 1 else []
        findings += _told_twice(choices, right[0] if len(right) == 1 else None, known)
    return kept


def _told_twice(choices: Sequence[B], right: B | None, known: Known) -> list[Finding[B]]:
    found = []
    for bar in choices:
        others = ", ".join(f"{other.close:f}" for other in choices if other is not bar)
        detail = f"the same answer tells {others} of this day too"
        verdict = Verdict.QUARANTINE if right is None else Verdict.REFUSE
        if bar is right:
            verdict, detail = Verdict.ACCEPT, f"{detail}; {_says(bar, known)}"
        found.append(Finding(Reason.DUPLICATE_DAY, verdict, bar.price_date, detail, bar))
    return found


def _says(bar: DailyBar, known: Known) -> str:
    """Who else tells a bar's close, in words; empty when nobody does."""
    if bar.close is None:
        return ""
    if _is_vouched(bar, known):
        return "somebody accepted this one"
    for source, close in known.second.get(bar.price_date, ()):
        if abs(bar.close / close - ONE) <= SAME_CLOSE:
            return f"{source} tells {close.normalize():f} of this day too"
    return ""


def _is_vouched(bar: DailyBar, known: Known) -> bool:
    return (bar.price_date, bar.close) in known.vouched


def _believed(bars: Sequence[B], known: Known, findings: list[Finding[B]]) -> list[B]:
    """Bars on a level with what is known; a closed day is told and kept."""
    points = [Point(bar.price_date, bar.close or ONE) for bar in bars]
    others = [(day, close) for day, told in known.second.items() for _, close in told]
    doubts = doubtful(points, [*known.closes, *others], known.splits)
    # what only a second source's word makes believable: taken, and that is told
    alone = doubtful(points, known.closes, known.splits) if others else doubts
    kept = []
    for place, bar in enumerate(bars):
        day, word = bar.price_date, _says(bar, known)
        doubt = doubts.get(place) or (alone.get(place) if word else None)
        is_held = place in doubts and not word
        if doubt is not None:
            findings.append(_doubted(bar, doubt, None if is_held else word))
        if is_held:
            continue
        if known.is_session(day) is False:
            detail = "the exchange did not trade on this day"
            findings.append(Finding(Reason.NO_SESSION, Verdict.ACCEPT, day, detail, bar))
        kept.append(bar)
    return kept


def _doubted(bar: B, doubt: Doubt, word: str | None) -> Finding[B]:
    is_minor = MINOR_RATIO[0] <= max(doubt.ratio, 1 / doubt.ratio) <= MINOR_RATIO[1]
    reason = Reason.MINOR_UNIT_MIX if is_minor else Reason.OUTLIER
    detail = f"{doubt.ratio:.4g} times the close of {doubt.beside}, and no split says why"
    verdict = Verdict.QUARANTINE if word is None else Verdict.ACCEPT
    return Finding(reason, verdict, bar.price_date, "; ".join(filter(None, (detail, word))), bar)


def _bounded(findings: Sequence[Finding[B]]) -> list[Finding[B]]:
    """Held back together, and refused, when there are too many to decide; refusals likewise."""
    found: list[Finding[B]] = []
    for verdict in Verdict:
        of_this = [finding for finding in findings if finding.verdict is verdict]
        if verdict is Verdict.ACCEPT or len(of_this) <= MOST_HELD:
            found += of_this
            continue
        for reason in Reason:
            same = [finding for finding in of_this if finding.reason is reason]
            if same:
                first = min(same, key=lambda finding: finding.day)
                detail = f"{len(same)} bars from {first.day} on; the first: {first.detail}"
                found.append(Finding(reason, Verdict.REFUSE, first.day, detail, None, len(same)))
    return found

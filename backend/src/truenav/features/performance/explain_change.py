"""Why a bar of the value change is what it is: record by record, and what prices and rates did."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from truenav.core.explanation import (
    Node,
    NodeKind,
    Ref,
    leaf,
    minus,
    path,
    total,
    unknown,
)
from truenav.core.money import exact
from truenav.core.performance.effects import Bar
from truenav.core.performance.explaining_change import bar_terms
from truenav.core.performance.explaining_prices import Held, held_of, price_terms, rate_terms
from truenav.core.performance.explaining_records import Change
from truenav.core.performance.waterfall import Waterfall, waterfall
from truenav.core.unfolding import Term, added, unfolded
from truenav.features.marketdata.rates import with_sources
from truenav.features.performance.changes import GivenChange, change_of, given_change
from truenav.features.performance.schemas import BarName, WaterfallOut
from truenav.features.performance.wanted import Wanted
from truenav.features.valuation.asked import Names
from truenav.features.valuation.explain_overview import near
from truenav.features.valuation.series import Scope
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.problems import InvalidFields, NotFound
from truenav.platform.unit_of_work import UnitOfWork

PAGE = "waterfall"
ChangeFigure = BarName | Literal["closing", "price_result"]
NAMES = {
    "deposits": "Paid in", "withdrawals": "Taken out", "realized": "Realized gains",
    "unrealized": "Unrealized gains", "dividends": "Dividends", "interest": "Interest",
    "other": "Other", "fees": "Fees", "taxes": "Taxes", "fx": "Exchange rates",
    "closing": "Value at the end", "price_result": "What prices did",
}  # fmt: skip

# what crosses the edge of a part comes from the rest as often as from outside
OF_A_PART = {"deposits": "Moved in", "withdrawals": "Moved out"}


def name_of(bar: ChangeFigure, *, is_part: bool) -> str:
    """What a bar is called, as on its page."""
    return OF_A_PART.get(bar, NAMES[bar]) if is_part else NAMES[bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAsked:
    """Which bar of which span, and what of it is unfolded: a period, an instrument."""

    bar: ChangeFigure
    ways: Names
    period: str | None = None
    held_id: UUID | None = None

    @property
    def is_listed(self) -> bool:
        """Whether it is told day by day: the others are made of further figures."""
        if self.bar == "price_result":
            return self.held_id is not None
        return self.bar not in {"closing", Bar.UNREALIZED.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """A change of value as its page shows it, and what it is explained with."""

    asked: ChangeAsked
    page: WaterfallOut
    found: Waterfall
    change: Change

    def amount(self, bar: Bar) -> Decimal | None:
        """A bar as the page shows it."""
        return next(one.amount for one in self.page.bars if one.bar == bar.value)

    def name(self, bar: ChangeFigure) -> str:
        """What a bar is called."""
        return name_of(bar, is_part=self.change.of is not None)

    def where(
        self, bar: ChangeFigure, period: str | None = None, held_id: UUID | None = None
    ) -> str:
        """Where a bar of the same span, or a part of it, is explained."""
        span = {"from": self.page.from_date, "to": self.page.to_date}
        return path(
            "value-change", bar=bar, **span, period=period, held_id=held_id, **self.asked.ways
        )

    def within(self, period: str) -> str:
        """Where a period of the figure asked for is explained."""
        return self.where(self.asked.bar, period, self.asked.held_id)


async def explain_change(
    uow: UnitOfWork, scope: Scope, wanted: Wanted, asked: ChangeAsked
) -> ExplanationOut:
    """The bar as the page shows it, and where it comes from.

    Raises:
        NotFound: the instrument asked for was not there in the span.
        InvalidFields: a period, or an instrument, of a figure that has none within.
    """
    if asked.period is not None and not asked.is_listed:
        raise InvalidFields([("/query/period", "this figure has no periods within")])
    if asked.held_id is not None and asked.bar != "price_result":
        raise InvalidFields([("/query/held_id", "only of what prices did")])
    given = await given_change(uow, scope, wanted)
    if given.first is None or given.last is None:
        name = name_of(asked.bar, is_part=scope.of is not None)
        return explanation(None, unknown(name, scope.currency, "no_capital"))
    change = Change(
        books=given.books,
        market=given.market,
        rates=await with_sources(uow.session, given.market.fx),
        currency=given.currency,
        first_day=given.first.as_of,
        last_day=given.last.as_of,
        symbols={key: named.symbol for key, named in given.names.items()},
        of=given.of,
    )
    # a long history takes a while, and others wait for the loop
    return await asyncio.to_thread(_explained, given, change, asked)


@exact
def _explained(given: GivenChange, change: Change, asked: ChangeAsked) -> ExplanationOut:
    found = waterfall(
        change.books, change.market, change.currency,
        first_day=change.first_day, last_day=change.last_day, of=change.of,
    )  # fmt: skip
    one = Explaining(asked=asked, page=change_of(given, found), found=found, change=change)
    figure = _figure(one)
    is_whole = asked.period is None and asked.held_id is None
    if figure is None and is_whole:
        return explanation(None, _unknown(one))
    node = _node(one).told(page=PAGE)
    return explanation(figure, near(node, figure)) if is_whole else explanation(node.value, node)


def _figure(one: Explaining) -> Decimal | None:
    if one.asked.bar == "closing":
        return one.page.closing_nav
    if one.asked.bar == "price_result":
        return one.page.price_result
    return one.amount(Bar(one.asked.bar))


def _unknown(one: Explaining) -> Node:
    """A bar nobody knows, and why: of the page's own words the first, and all of them as a note."""
    page, name = one.page, one.asked.bar
    reasons = next((bar.reasons for bar in page.bars if bar.bar == name), [])
    reason = next(iter(reasons), page.reason or "value_unknown")
    note = "; ".join(dict.fromkeys(told.message for told in page.unknowns))
    return unknown(one.name(name), page.currency, reason, note=note).told(page=PAGE)


def _node(one: Explaining) -> Node:
    bar = one.asked.bar
    if bar == "closing":
        return _closing(one)
    if bar == "price_result":
        return _prices(one, held_of(one.change))
    if Bar(bar) is Bar.UNREALIZED:
        parts = (_price_leaf(one), _bar_leaf(one, Bar.REALIZED))
        label, formula = one.name(bar), "what prices did − what was realized of it"
        return minus(label, one.change.currency, parts, formula)
    terms = bar_terms(one.change, one.found.effects, Bar(bar))
    if Bar(bar) is Bar.FX:
        terms = sorted([*terms, *rate_terms(held_of(one.change))], key=lambda term: term.day)
        return _listed(one, terms, "held before × change of its rate, and what conversions cost")
    formula = "record by record, at the rate of its day"
    return _listed(one, terms, formula if one.change.of is None else f"{formula}: its part of each")


def _listed(one: Explaining, terms: Sequence[Term], formula: str) -> Node:
    label, unit = one.name(one.asked.bar), one.change.currency
    return unfolded(label, unit, terms, one.asked.period, one.within, formula)


@exact
def _closing(one: Explaining) -> Node:
    """The value before, and every bar: to the last digit what the page shows."""
    page = one.page
    label, unit = one.name("closing"), page.currency
    first = one.change.first_day
    before = unknown(f"Value on {first.isoformat()}", unit, "value_unknown", Ref(day=first))
    if page.opening_nav is not None:
        before = leaf(NodeKind.EVENT, before.label, unit, page.opening_nav, Ref(day=first))
        before = before.told(more=_nav(one, first))
    return total(label, unit, (before, *(_bar_leaf(one, bar) for bar in Bar)), "before + every bar")


def _nav(one: Explaining, day: date) -> str:
    return path("nav", on=day, **one.asked.ways)


def _bar_leaf(one: Explaining, bar: Bar) -> Node:
    label, amount = one.name(bar.value), one.amount(bar)
    more = one.where(bar.value)
    if amount is None:
        reason = next(iter(_reasons(one, bar)), "value_unknown")
        return unknown(label, one.change.currency, reason).told(more=more)
    return leaf(NodeKind.EVENT, label, one.change.currency, amount).told(more=more)


def _reasons(one: Explaining, bar: Bar) -> Sequence[str]:
    return next(shown.reasons for shown in one.page.bars if shown.bar == bar.value)


def _price_leaf(one: Explaining) -> Node:
    label, amount = one.name("price_result"), one.page.price_result
    if amount is None:
        return unknown(label, one.change.currency, "value_unknown")
    made = leaf(NodeKind.EVENT, label, one.change.currency, amount)
    return made.told(more=one.where("price_result"))


@exact
def _prices(one: Explaining, held: Held) -> Node:
    """Instrument by instrument; of one of them day by day."""
    terms = price_terms(held)
    asked, change = one.asked, one.change
    if asked.held_id is not None:
        if asked.held_id not in terms:
            raise NotFound("nothing of it was there in this span")
        formula = "change of value at each day's rate, and the cash its records moved"
        made = _listed(one, terms[asked.held_id], formula)
        return made.told(ref=Ref(instrument_id=asked.held_id))
    parts: list[Node] = []
    for key, of_one in terms.items():
        if key is None:
            parts += [term.make() for term in of_one]
        elif of_one:
            parts.append(_instrument(one, key, added(of_one)))
    parts.sort(key=lambda part: (part.value is None, -abs(part.value or Decimal(0)), part.label))
    return total(one.name("price_result"), change.currency, parts, "instrument by instrument")


def _instrument(one: Explaining, key: UUID, value: Decimal | None) -> Node:
    label, ref = one.change.name(key), Ref(instrument_id=key)
    more = one.where("price_result", None, key)
    if value is None:
        made = unknown(label, one.change.currency, "value_unknown", ref)
    else:
        made = leaf(NodeKind.EVENT, label, one.change.currency, value, ref)
    return made.told(more=more)

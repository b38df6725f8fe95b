"""Values as figures that prove themselves: units × price × rate, and the rates themselves."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from truenav.core.explanation import (
    RATE,
    UNITS,
    Node,
    NodeKind,
    Ref,
    constant,
    leaf,
    minus,
    path,
    product,
    quotient,
    total,
    unknown,
)
from truenav.core.ids import InstrumentId
from truenav.core.ledger.lots import Lot
from truenav.core.money import exact
from truenav.core.valuation.changeovers import CHANGEOVERS, fixed_rate
from truenav.core.valuation.changeovers import SOURCE as CHANGEOVER
from truenav.core.valuation.nav import Market
from truenav.core.valuation.series import FX_MAX_AGE, DatedPrice, FxTable

ONE = Decimal(1)
ZERO = Decimal(0)
PAGE = "nav"


@dataclass(frozen=True, slots=True)
class Rates:
    """Reference rates and who published each: (currency, day) → source."""

    fx: FxTable
    sources: Mapping[tuple[str, date], str] = field(default_factory=dict)

    def node(self, base: str, quote: str, day: date) -> Node:
        """Units of `quote` for one of `base`, crossed through the euro; unknown without one."""
        label = f"{quote} for one {base} on {day.isoformat()}"
        if base == quote:
            return constant(ONE, label, RATE)
        over, under = self._per_pivot(quote, day), self._per_pivot(base, day)
        if base == self.fx.pivot:
            return over.told(label=label)
        return quotient(label, RATE, over, under, f"{quote} per euro ÷ {base} per euro").told(
            page=PAGE
        )

    def _per_pivot(self, currency: str, day: date) -> Node:
        label = f"{currency} for one {self.fx.pivot}"
        if currency == self.fx.pivot:
            return constant(ONE, label, RATE)
        if (fixed := fixed_rate(currency, day)) is not None:
            ref = Ref(day=CHANGEOVERS[currency][0], source=CHANGEOVER)
            return leaf(NodeKind.RATE, label, RATE, fixed, ref)
        dates, values = self.fx.rates.get(currency, ((), ()))
        index = bisect_right(dates, day) - 1
        if index < 0 or day - dates[index] > FX_MAX_AGE:
            note = f"no rate of {currency} within seven days of {day.isoformat()}"
            return unknown(label, RATE, "fx_missing", Ref(day=day), note)
        when = dates[index]
        ref = Ref(day=when, source=self.sources.get((currency, when)))
        return leaf(NodeKind.RATE, label, RATE, values[index], ref)

    @exact
    def converted(self, node: Node, currency: str, day: date, label: str = "") -> Node:
        """A figure in another currency at the rate of a day; itself in its own currency.

        Nothing is nothing in any currency, also where no rate is known.
        """
        if node.unit == currency:
            return node
        rate = self.node(node.unit, currency, day)
        if rate.value is None and node.value is not None and not node.value:
            nothing = leaf(node.kind, label or node.label, currency, node.value, node.ref)
            return nothing.told(note="nothing needs no rate")
        made = product(label or node.label, currency, (node, rate), "amount × rate")
        return made.told(ref=node.ref, page=PAGE)


def price_node(price: DatedPrice, currency: str, instrument_id: InstrumentId, as_of: date) -> Node:
    """A close as traded, its day and source; marked when it is old on the day it is used."""
    ref = Ref(instrument_id=instrument_id, day=price.price_date, source=price.source or None)
    is_stale = price.is_stale(as_of)
    note = f"the last close; {(as_of - price.price_date).days} days old" if is_stale else ""
    label = f"Close of {price.price_date.isoformat()}"
    return leaf(NodeKind.PRICE, label, currency, price.close, ref).told(
        is_stale=is_stale, note=note
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuing:
    """What a valuation of one day is explained with. `account_id` narrows what `more` asks for."""

    market: Market
    rates: Rates
    currency: str
    as_of: date
    symbols: Mapping[InstrumentId, str] = field(default_factory=dict)

    def _units(self, instrument_id: InstrumentId, quantity: Decimal) -> list[Node]:
        ref = Ref(instrument_id=instrument_id)
        parts = [leaf(NodeKind.EVENT, "Units", UNITS, quantity, ref)]
        multiplier = self.market.multiplier(instrument_id)
        if multiplier != ONE:
            parts.append(constant(multiplier, "Units of one contract", UNITS))
        return parts

    @exact
    def value(self, instrument_id: InstrumentId, quantity: Decimal, label: str = "") -> Node:
        """Units × last close × rate of the day."""
        named = label or self.symbols.get(instrument_id, "Market value")
        series = self.market.prices.get(instrument_id)
        price = series.at(self.as_of) if series is not None else None
        ref = Ref(instrument_id=instrument_id)
        if series is None or price is None:
            missing = unknown("Price", self.currency, "price_missing", ref, "no price is known")
            parts = (*self._units(instrument_id, quantity), missing)
            return product(named, self.currency, parts, "units × price").told(ref=ref, page=PAGE)
        return self._priced(instrument_id, quantity, price, self.as_of, named)

    def _priced(
        self,
        instrument_id: InstrumentId,
        quantity: Decimal,
        price: DatedPrice,
        rate_day: date,
        label: str,
    ) -> Node:
        series = self.market.prices[instrument_id]
        parts = self._units(instrument_id, quantity)
        parts.append(price_node(price, series.currency, instrument_id, self.as_of))
        formula = "units × price"
        if series.currency != self.currency:
            parts.append(self.rates.node(series.currency, self.currency, rate_day))
            formula = "units × price × rate"
        made = product(label, self.currency, parts, formula)
        return made.told(
            ref=Ref(instrument_id=instrument_id), page=PAGE, is_stale=price.is_stale(self.as_of)
        )

    @exact
    def day_change(self, instrument_id: InstrumentId, quantity: Decimal, label: str = "") -> Node:
        """The same units at the last close and at the one before it, each at its day's rate."""
        named = label or self.symbols.get(instrument_id, "Day change")
        now = self.value(instrument_id, quantity, "At the last close")
        before = self.previous(instrument_id, quantity)
        if now.is_stale:
            ref = Ref(instrument_id=instrument_id)
            return unknown(
                named, self.currency, "price_stale", ref, "the last close is older than a week"
            )
        made = minus(named, self.currency, (now, before), "value now − value at the close before")
        return made.told(ref=now.ref, page=PAGE)

    @exact
    def previous(self, instrument_id: InstrumentId, quantity: Decimal) -> Node:
        """The same units at the close before the last; unknown without one."""
        series = self.market.prices.get(instrument_id)
        price = series.at(self.as_of) if series is not None else None
        earlier = series.before(price.price_date) if series is not None and price else None
        label, ref = "At the close before", Ref(instrument_id=instrument_id)
        if earlier is None:
            reason = "price_missing" if price is None else "no_earlier_price"
            return unknown(label, self.currency, reason, ref)
        return self._priced(instrument_id, quantity, earlier, earlier.price_date, label)

    @exact
    def cost(
        self, lots: Sequence[Lot], label: str, most: int = 100, *, is_whole: bool = True
    ) -> Node:
        """What open lots cost, each at the rate of the day it was acquired; < 0 when short.

        Of parts of lots no line leads to its lot: that one explains all of it.
        """
        told = [self._lot(lot, is_whole=is_whole) for lot in lots]
        shown_parts, rest = told[:most], told[most:]
        if rest:
            summed = total(f"and {len(rest)} more lots", self.currency, rest)
            shown_parts.append(
                leaf(NodeKind.REMAINDER, summed.label, self.currency, summed.value)
                if summed.value is not None
                else unknown(summed.label, self.currency, "cost_unknown")
            )
        made = total(label, self.currency, shown_parts, "the cost of every open lot")
        return made.told(page="lots")

    def _lot(self, lot: Lot, *, is_whole: bool) -> Node:
        label = f"{lot.quantity.normalize():f} units of {lot.acquired_date.isoformat()}"
        more = path(f"lots/{lot.id}", figure="cost") if is_whole else None
        ref = Ref(transaction_id=lot.opened_by, instrument_id=lot.instrument_id)
        if not lot.is_cost_known:
            return unknown(label, self.currency, "cost_unknown", ref).told(more=more)
        cost = -lot.cost if lot.is_short else lot.cost
        name = "Owed: what the short sale brought in" if lot.is_short else "Cost of the lot"
        traded = leaf(NodeKind.EVENT, name, lot.currency, cost, ref).told(more=more)
        made = self.rates.converted(traded, self.currency, lot.acquired_date, label)
        if made.value is None:
            return made.told(unknown_reason="fx_missing_at_acquisition")
        return made.told(label=label)

"""The figure of each check, and what it is of."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from truenav.core.checks.rules import Code, share
from truenav.core.money import exact
from truenav.features.checks.fees import fees_of_last_year
from truenav.features.checks.tables import CheckSettingRow
from truenav.features.marketdata.reads import fx_table_on
from truenav.features.taxonomies.tables import TaxonomyRow
from truenav.features.valuation.holdings import Holdings, missing_rates
from truenav.features.valuation.parts import (
    CASH,
    RECEIVABLE,
    UNCATEGORIZED,
    Breakdown,
    broken_down,
)
from truenav.platform.unit_of_work import UnitOfWork

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A figure, or why there is none."""

    figure: Decimal | None = None
    reason: str | None = None
    subject: tuple[str, str] | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the figures are taken from; `own_currency` is that of stated amounts."""

    uow: UnitOfWork
    holdings: Holdings
    own_currency: str
    settings: Mapping[str, CheckSettingRow]
    taxonomies: Sequence[TaxonomyRow]
    _parts: dict[tuple[str, bool], Breakdown] = field(default_factory=dict)

    async def parts(self, by: str, *, look_through: bool = True) -> Breakdown:
        """The holdings by something; once, though several checks ask for it."""
        key = by, look_through
        if key not in self._parts:
            self._parts[key] = await broken_down(
                self.uow, self.holdings, by, look_through=look_through
            )
        return self._parts[key]

    def taxonomy(self, code: Code) -> TaxonomyRow | None:
        """The one that was chosen for a check, else the first that began as what it asks for."""
        chosen = self.settings.get(code)
        if chosen is not None and chosen.taxonomy_id is not None:
            return next((row for row in self.taxonomies if row.id == chosen.taxonomy_id), None)
        starter = "regions" if code == "one_country" else "sectors"
        fitting = [row for row in self.taxonomies if row.starter == starter]
        if not fitting and code != "one_country":
            fitting = list(self.taxonomies)
        return fitting[0] if fitting else None


async def figure_of(measured: Measured, code: Code) -> Found:
    """The figure of one check; unknown with its reason."""
    found = await MEASURES[code](measured)
    if found.figure is None and found.reason is None:
        return Found(reason=_why_unknown(measured.holdings), by=found.by)
    return found


def _why_unknown(holdings: Holdings) -> str:
    """Why the whole, or a part of it, is no number to divide by."""
    reasons = [reason for item in holdings.items for reason in item.reasons]
    reasons = [reason for reason in reasons if reason in {"price_missing", "fx_missing"}]
    if not reasons and (missing_rates(holdings) or any(c.rate is None for c in holdings.cash)):
        return "fx_missing"
    if reasons:
        return reasons[0]
    return "more_owed_than_owned" if holdings.nav else "nothing_held"


@exact
def _largest(
    found: Breakdown, keys: Iterable[str], by: str, labels: Mapping[str, str] | None = None
) -> Found:
    """The largest of some nodes over the whole; a size, so a short position counts, too."""
    sums = {key: found.parts.sums[key].value for key in keys}
    nav = found.holdings.nav
    known = {key: abs(value) for key, value in sums.items() if value is not None}
    if len(known) < len(sums) or nav is None:
        return Found(by=by)
    if not known:
        return Found(reason="nothing_held", by=by)
    largest = max(known, key=lambda key: (known[key], key))
    label = (labels or found.tree.labels)[largest]
    return Found(figure=share(known[largest], nav), subject=(largest, label), by=by)


async def _one_currency(measured: Measured) -> Found:
    found = await measured.parts("currency")
    return _largest(found, found.tree.parents, "currency")


async def _largest_position(measured: Measured) -> Found:
    found = await measured.parts("instrument", look_through=False)
    keys = [key for key in found.tree.parents if key not in {CASH, RECEIVABLE}]
    return _largest(found, keys, "instrument")


async def _one_account(measured: Measured) -> Found:
    found = await measured.parts("account")
    return _largest(found, found.tree.parents, "account")


@exact
def _by_broker(found: Breakdown) -> dict[str, Decimal | None]:
    sums: dict[str, Decimal | None] = {}
    for account in found.holdings.scope.accounts:
        made = found.parts.sums.get(str(account.id))
        if made is None:
            continue
        # an account that names no broker is taken for one of its own
        name = account.broker or account.name
        before = sums.get(name, ZERO)
        is_known = before is not None and made.value is not None
        sums[name] = (before or ZERO) + (made.value or ZERO) if is_known else None
    return sums


async def _one_broker(measured: Measured) -> Found:
    found = await measured.parts("account")
    sums, nav = _by_broker(found), measured.holdings.nav
    known = {name: value for name, value in sums.items() if value is not None}
    if len(known) < len(sums) or nav is None:
        return Found(by="account")
    if not known:
        return Found(reason="nothing_held", by="account")
    name = max(known, key=lambda key: (known[key], key))
    return Found(figure=share(known[name], nav), subject=(name, name), by="account")


async def _by_taxonomy(measured: Measured, code: Code) -> tuple[str, Breakdown] | None:
    row = measured.taxonomy(code)
    if row is None:
        return None
    return str(row.id), await measured.parts(str(row.id))


def _categories(found: Breakdown) -> list[str]:
    """Categories something is in, without what is in none."""
    sums = found.parts.sums
    return [
        key
        for key in found.tree.parents
        if key not in {UNCATEGORIZED, CASH, RECEIVABLE} and sums[key].holding_count
    ]


async def _largest_category(measured: Measured) -> Found:
    made = await _by_taxonomy(measured, "largest_category")
    if made is None:
        return Found(reason="no_taxonomy")
    by, found = made
    tops = [key for key in _categories(found) if found.tree.parents[key] is None]
    return _largest(found, tops, by) if tops else Found(reason="nothing_classified", by=by)


async def _one_country(measured: Measured) -> Found:
    made = await _by_taxonomy(measured, "one_country")
    if made is None:
        return Found(reason="no_taxonomy")
    by, found = made
    above = set(found.tree.parents.values())
    leaves = [key for key in _categories(found) if key not in above]
    return _largest(found, leaves, by) if leaves else Found(reason="nothing_classified", by=by)


async def _unclassified(measured: Measured) -> Found:
    made = await _by_taxonomy(measured, "unclassified")
    if made is None:
        return Found(reason="no_taxonomy")
    by, found = made
    figure = share(found.parts.sums[UNCATEGORIZED].value, measured.holdings.nav)
    return Found(figure=figure, subject=(UNCATEGORIZED, found.tree.name), by=by)


async def _cash_share(measured: Measured) -> Found:
    holdings = measured.holdings
    return Found(figure=share(holdings.cash_value, holdings.nav), by="asset_class")


async def _fees(measured: Measured) -> Found:
    paid = await fees_of_last_year(measured.uow, measured.holdings.scope)
    if paid is None:
        return Found(reason="fx_missing")
    return Found(figure=share(paid, measured.holdings.nav))


async def _emergency_fund(measured: Measured) -> Found:
    setting = measured.settings.get("emergency_fund")
    if setting is None or setting.amount is None:
        return Found(reason="spending_not_stated")
    scope = measured.holdings.scope
    pair = {measured.own_currency, scope.currency}
    fx = await fx_table_on(measured.uow.session, pair if len(pair) > 1 else (), {scope.as_of})
    rate = fx.rate(measured.own_currency, scope.currency, scope.as_of)
    if rate is None:
        return Found(reason="fx_missing", by="asset_class")
    stated = _times(setting.amount, rate)
    return Found(figure=share(measured.holdings.cash_value, stated), by="asset_class")


@exact
def _times(amount: Decimal, rate: Decimal) -> Decimal:
    return amount * rate


async def _stale_prices(measured: Measured) -> Found:
    items = measured.holdings.items
    count = sum(item.is_stale or item.price is None for item in items)
    return Found(figure=Decimal(count))


MEASURES: Mapping[Code, Callable[[Measured], Awaitable[Found]]] = {
    "one_currency": _one_currency,
    "largest_position": _largest_position,
    "largest_category": _largest_category,
    "one_country": _one_country,
    "one_account": _one_account,
    "one_broker": _one_broker,
    "cash_share": _cash_share,
    "fees": _fees,
    "emergency_fund": _emergency_fund,
    "unclassified": _unclassified,
    "stale_prices": _stale_prices,
}
NEEDS_TAXONOMY: frozenset[Code] = frozenset({"largest_category", "one_country", "unclassified"})


def chosen_taxonomy(measured: Measured, code: Code) -> tuple[UUID, str] | None:
    """The taxonomy a check goes by, if it goes by one."""
    row = measured.taxonomy(code) if code in NEEDS_TAXONOMY else None
    return (row.id, row.name) if row is not None else None

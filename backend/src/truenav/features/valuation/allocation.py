"""Parts of a whole: by instrument, by class, by currency."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from truenav.core.money import exact, to_decimal_places
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.valuation.holdings import Holdings
from truenav.features.valuation.schemas import AllocationItemOut

ZERO = Decimal(0)
DUE = "receivable"


def places(value: Decimal | None, count: int = 6) -> Decimal | None:
    """More than enough places for a screen; the exact figure stays in the database."""
    return None if value is None else to_decimal_places(value, count)


@exact
def ratio_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Part over the size of the whole, at 10 places; None when either is unknown, or no whole."""
    if part is None or not whole:
        return None
    return to_decimal_places(part / abs(whole), 10)


def by_instrument(
    holdings: Holdings, instruments: Mapping[UUID, InstrumentRow]
) -> list[AllocationItemOut]:
    """Each position and the cash, largest first; unknown values are left to `unknowns`."""
    slices = [
        AllocationItemOut(
            key=str(item.instrument_id),
            label=instruments[item.instrument_id].symbol,
            asset_class=instruments[item.instrument_id].asset_class,
            value=places(item.market_value) or ZERO,
            weight_ratio=ratio_of(item.market_value, holdings.nav),
            day_change_ratio=places(item.day_change_ratio, 10),
        )
        for item in holdings.items
        if item.market_value is not None
    ]
    return _largest_first([*slices, *_cash_slice(holdings)])


def _cash_slice(holdings: Holdings) -> list[AllocationItemOut]:
    """Cash, and income that is due."""
    named = (("cash", "Cash", holdings.cash_value), (DUE, "Income due", holdings.receivable_value))
    return [_slice(key, label, "cash", value, holdings) for key, label, value in named if value]


def _slice(
    key: str, label: str, asset_class: str, value: Decimal, holdings: Holdings
) -> AllocationItemOut:
    return AllocationItemOut(
        key=key,
        label=label,
        asset_class=asset_class,
        value=places(value) or ZERO,
        weight_ratio=ratio_of(value, holdings.nav),
        day_change_ratio=None,
    )


def _largest_first(slices: Sequence[AllocationItemOut]) -> list[AllocationItemOut]:
    return sorted(slices, key=lambda item: (-item.value, item.label))


@exact
def by_asset_class(
    holdings: Holdings, instruments: Mapping[UUID, InstrumentRow]
) -> list[AllocationItemOut]:
    """Classes of assets and the cash, largest first."""
    sums: dict[str, Decimal] = {}
    for item in holdings.items:
        if item.market_value is not None:
            name = instruments[item.instrument_id].asset_class
            sums[name] = sums.get(name, ZERO) + item.market_value
    slices = [
        _slice(name, name.capitalize(), name, value, holdings) for name, value in sums.items()
    ]
    return _largest_first([*slices, *_cash_slice(holdings)])


@exact
def by_currency(holdings: Holdings) -> list[AllocationItemOut]:
    """Currencies of prices, of cash and of income due, largest first."""
    sums: dict[str, Decimal] = {}
    for item in holdings.items:
        if item.market_value is not None and item.price_currency is not None:
            currency = item.price_currency
            sums[currency] = sums.get(currency, ZERO) + item.market_value
    for cash in holdings.cash:
        if cash.value is not None:
            sums[cash.currency] = sums.get(cash.currency, ZERO) + cash.value
    for one in holdings.receivables:
        if one.value is not None:
            sums[one.due.currency] = sums.get(one.due.currency, ZERO) + one.value
    return _largest_first(
        [_slice(name, name, "currency", value, holdings) for name, value in sums.items()]
    )

"""What a request of values is about: which accounts, and the records of which day."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from truenav.core.ledger.transactions import AssetClass
from truenav.core.money import check_currency
from truenav.features.ledger.as_known import show_as_known
from truenav.features.valuation.series import Scope, accounts_scope, scope_of
from truenav.features.valuation.service import show_values_as_known
from truenav.features.valuation.slicing import Filters, slice_of
from truenav.platform.clock import end_of, today
from truenav.platform.dependencies import CurrentClock, Uow
from truenav.platform.wire import AskedDay, CurrencyCode

Ids = tuple[UUID, ...]
NARROWING = (
    "account_group", "account_tag", "base_currency", "instrument_id", "asset_class", "currency",
    "category_id", "unclassified_in",
)  # fmt: skip
KnownOn = Annotated[
    AskedDay | None,
    Query(
        description="Answer from the records as they stood at the end of that day (UTC), before"
        " later corrections; prices and rates are those known today"
    ),
]


async def asked_scope(
    uow: Uow, clock: CurrentClock, account_id: UUID | None = None, as_known_on: KnownOn = None
) -> Scope:
    """The scope, over the records as they were known when a day is named."""
    scope = await scope_of(uow, account_id, today(clock))
    if as_known_on is not None:
        await show_as_known(uow, scope.account_ids, end_of(as_known_on))
    return scope


async def asked_history(
    uow: Uow, clock: CurrentClock, account_id: UUID | None = None, as_known_on: KnownOn = None
) -> Scope:
    """The same, with the snapshots that follow from those records."""
    scope = await scope_of(uow, account_id, today(clock))
    if as_known_on is not None:
        await show_values_as_known(uow, scope.accounts, end_of(as_known_on), scope.as_of)
    return scope


Accounts = Annotated[
    list[UUID] | None, Query(alias="account_id", max_length=100, description="All when none is")
]
Groups = Annotated[
    list[str] | None,
    Query(alias="account_group", max_length=50, description="Only accounts of these groups"),
]
Tags = Annotated[
    list[str] | None,
    Query(alias="account_tag", max_length=50, description="Only accounts with one of these tags"),
]
BaseCurrency = Annotated[
    CurrencyCode | None,
    Query(description="Of every figure; the accounts' own or the portfolio's unless named"),
]
Instruments = Annotated[
    list[UUID] | None,
    Query(alias="instrument_id", max_length=100, description="Only these, and no cash"),
]
Classes = Annotated[
    list[AssetClass] | None, Query(alias="asset_class", description="Only these; `cash` is one")
]
Currencies = Annotated[
    list[CurrencyCode] | None,
    Query(
        alias="currency", max_length=100,
        description="Only what is quoted in these, and their cash",
    ),
]  # fmt: skip
Categories = Annotated[
    list[UUID] | None,
    Query(
        alias="category_id", max_length=100,
        description="Only what is in these categories of taxonomies or below them, each"
        " instrument by its weight, and no cash; categories of two taxonomies narrow each other",
    ),
]  # fmt: skip
Unclassified = Annotated[
    list[UUID] | None,
    Query(max_length=20, description="What these taxonomies put in no category, by weight too"),
]


def asked_classes(
    category_ids: Categories = None, unclassified_in: Unclassified = None
) -> tuple[Ids, Ids]:
    """Categories, and taxonomies whose unclassified part is meant."""
    return tuple(dict.fromkeys(category_ids or ())), tuple(dict.fromkeys(unclassified_in or ()))


def asked_filters(
    classes: Annotated[tuple[Ids, Ids], Depends(asked_classes)],
    account_ids: Accounts = None,
    account_groups: Groups = None,
    account_tags: Tags = None,
    instrument_ids: Instruments = None,
    asset_classes: Classes = None,
    currencies: Currencies = None,
) -> Filters:
    """Which part of the portfolio a request names."""
    return Filters(
        account_ids=tuple(dict.fromkeys(account_ids or ())),
        account_groups=tuple(dict.fromkeys(account_groups or ())),
        account_tags=tuple(dict.fromkeys(account_tags or ())),
        instrument_ids=tuple(dict.fromkeys(instrument_ids or ())),
        asset_classes=tuple(dict.fromkeys(asset_classes or ())),
        currencies=tuple(dict.fromkeys(currencies or ())),
        category_ids=classes[0],
        unclassified_in=classes[1],
    )


async def asked_slice(
    uow: Uow,
    clock: CurrentClock,
    filters: Annotated[Filters, Depends(asked_filters)],
    base_currency: BaseCurrency = None,
    as_known_on: KnownOn = None,
) -> Scope:
    """The scope with its snapshots, of several accounts or a part of what is in them.

    Raises:
        NotFound: no such account, instrument, category or taxonomy.
        UnknownCurrency: the base currency is none.
    """
    scope = await accounts_scope(uow, filters, today(clock))
    if base_currency is not None:
        check_currency(base_currency)
        scope = replace(scope, currency=base_currency)
    if as_known_on is not None:
        await show_values_as_known(uow, scope.accounts, end_of(as_known_on), scope.as_of)
    of = await slice_of(uow, scope.account_ids, filters)
    return replace(scope, of=of)


Ways = Mapping[str, list[str]]


def asked_ways(request: Request) -> Ways:
    """What a request names of the portfolio, for the ways on from what it explains."""
    asked = request.query_params
    return {name: asked.getlist(name) for name in ("account_id", *NARROWING) if name in asked}


AskedWays = Annotated[Ways, Depends(asked_ways)]
AskedSlice = Annotated[Scope, Depends(asked_slice)]
AskedScope = Annotated[Scope, Depends(asked_scope)]
AskedHistory = Annotated[Scope, Depends(asked_history)]

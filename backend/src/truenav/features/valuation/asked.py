"""What a request of values is about: which accounts, and the records of which day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from truenav.core.ledger.transactions import AssetClass
from truenav.features.ledger.as_known import show_as_known
from truenav.features.valuation.scoping import in_currency, narrowed
from truenav.features.valuation.series import Scope, accounts_scope
from truenav.features.valuation.service import show_values_as_known
from truenav.features.valuation.slicing import Filters
from truenav.platform.clock import end_of, today
from truenav.platform.dependencies import CurrentClock, Uow
from truenav.platform.explanations import ExplanationOut, carried
from truenav.platform.wire import AskedDay, CurrencyCode

Ids = tuple[UUID, ...]
NARROWING = (
    "account_group", "account_tag", "base_currency", "instrument_id", "asset_class", "currency",
    "category_id", "unclassified_in",
)  # fmt: skip
OF_ACCOUNTS = ("account_group", "account_tag")
KnownOn = Annotated[
    AskedDay | None,
    Query(
        description="Answer from the records as they stood at the end of that day (UTC), before"
        " later corrections; prices and rates are those known today"
    ),
]


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
    scope = await _of_accounts(uow, clock, filters, base_currency)
    if as_known_on is not None:
        await show_values_as_known(uow, scope.accounts, end_of(as_known_on), scope.as_of)
    return await narrowed(uow, scope)


async def asked_part(
    uow: Uow,
    clock: CurrentClock,
    filters: Annotated[Filters, Depends(asked_filters)],
    base_currency: BaseCurrency = None,
    as_known_on: KnownOn = None,
) -> Scope:
    """The same over the records alone: for what follows from them without any snapshot.

    Raises:
        NotFound: no such account, instrument, category or taxonomy.
        UnknownCurrency: the base currency is none.
    """
    scope = await _of_accounts(uow, clock, filters, base_currency)
    if as_known_on is not None:
        await show_as_known(uow, scope.account_ids, end_of(as_known_on))
    return await narrowed(uow, scope)


async def asked_records(
    uow: Uow,
    clock: CurrentClock,
    filters: Annotated[Filters, Depends(asked_filters)],
    as_known_on: KnownOn = None,
) -> Scope:
    """The same for lists of what keeps a currency of its own.

    Raises:
        NotFound: no such account, instrument, category or taxonomy.
    """
    return await asked_part(uow, clock, filters, None, as_known_on)


async def asked_held(
    uow: Uow,
    clock: CurrentClock,
    filters: Annotated[Filters, Depends(asked_filters)],
    as_known_on: KnownOn = None,
) -> Scope:
    """The same where the records are replayed by who lists them: nothing is laid over.

    Raises:
        NotFound: no such account, instrument, category or taxonomy.
    """
    scope = await _of_accounts(uow, clock, filters, None)
    return await narrowed(uow, scope, end_of(as_known_on) if as_known_on else None)


async def _of_accounts(
    uow: Uow, clock: CurrentClock, filters: Filters, base_currency: str | None
) -> Scope:
    return in_currency(await accounts_scope(uow, filters, today(clock)), base_currency)


@dataclass(frozen=True, slots=True)
class Ways:
    """What a request asked for: the ways on of its explanation must ask for the same."""

    known_on: date | None
    narrowed: Mapping[str, Sequence[str]]

    def carried(self, answer: ExplanationOut) -> ExplanationOut:
        """The answer with them; what explains records and lots knows no part."""
        known = carried(answer, as_known_on=self.known_on)
        kept = {name: named for name, named in self.narrowed.items() if name != "base_currency"}
        return carried(carried(known, FOLLOWING, **self.narrowed), IN_THEIR_OWN, **kept)


IN_THEIR_OWN = ("realized-gains",)  # currency, whichever is asked for
FOLLOWING = ("holdings", "allocation", "overview", "nav", "flows", "income")


def asked_ways(request: Request, as_known_on: KnownOn = None) -> Ways:
    """By which words of a request its explanation goes on; an account alone stands there."""
    asked = request.query_params
    named = {name: asked.getlist(name) for name in NARROWING if name in asked}
    accounts = asked.getlist("account_id")
    if len(accounts) > 1 or (accounts and not named.keys().isdisjoint(OF_ACCOUNTS)):
        named["account_id"] = accounts
    return Ways(as_known_on, named)


Names = Mapping[str, list[str]]


def asked_names(request: Request) -> Names:
    """What a request names of the portfolio, for who writes the ways on of an explanation."""
    asked = request.query_params
    return {name: asked.getlist(name) for name in ("account_id", *NARROWING) if name in asked}


AskedNames = Annotated[Names, Depends(asked_names)]
AskedSlice = Annotated[Scope, Depends(asked_slice)]
AskedPart = Annotated[Scope, Depends(asked_part)]
AskedRecords = Annotated[Scope, Depends(asked_records)]
AskedHeld = Annotated[Scope, Depends(asked_held)]
AskedWays = Annotated[Ways, Depends(asked_ways)]

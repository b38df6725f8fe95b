"""What is held, by class, currency, account, instrument or the categories of a taxonomy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.money import exact
from truenav.core.taxonomies.tree import ONE, Content
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.parts import Held, Parts, parted
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.taxonomies import reads as taxonomies
from truenav.features.taxonomies.reads import Looking, Meant, of_content
from truenav.features.valuation.holdings import DueValue, Holdings, account_lines
from truenav.features.valuation.series import Scope
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

BUILT_IN = {
    "asset_class": "Asset class",
    "currency": "Currency",
    "account": "Account",
    "instrument": "Holding",
}
UNCATEGORIZED, CASH, RECEIVABLE = "uncategorized", "cash", "receivable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One position, one balance of cash or one income due, of all accounts unless one is named."""

    instrument_id: InstrumentId | None
    account_id: UUID | None
    currency: str
    quantity: Decimal
    value: Decimal | None
    reasons: tuple[str, ...]
    due: DueValue | None = None

    @property
    def money_key(self) -> str:
        """The node of what is no position."""
        return CASH if self.due is None else RECEIVABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Nodes by key: parent, label, color; and where each line belongs."""

    name: str
    parents: Mapping[str, str | None]
    labels: Mapping[str, str]
    colors: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Everything an answer about parts of the whole is made of."""

    by: str
    holdings: Holdings
    instruments: Mapping[UUID, InstrumentRow]
    lines: Sequence[Line]
    tree: Tree
    parts: Parts
    looked_through: frozenset[UUID]


async def broken_down(
    uow: UnitOfWork, holdings: Holdings, by: str, *, look_through: bool = True
) -> Breakdown:
    """What is held, shared out by a built-in cut or by a taxonomy's id.

    Raises:
        NotFound: no such taxonomy.
    """
    return await cut_by(
        uow, holdings, by, await looking_at(uow, holdings, look_through=look_through)
    )


async def looking_at(uow: UnitOfWork, holdings: Holdings, *, look_through: bool) -> Looking:
    """What every cut of the same holdings is told with: read once for several."""
    held = [item.instrument_id for item in holdings.items]
    return await taxonomies.looking(uow.session, held, look_through=look_through)


async def cut_by(uow: UnitOfWork, holdings: Holdings, by: str, looking: Looking) -> Breakdown:
    """The same by one cut.

    Raises:
        NotFound: no such taxonomy.
    """
    sorting = None
    name = BUILT_IN.get(by)
    if name is None:
        sorting, name = await _taxonomy(uow, UUID(by), holdings.scope)
    if by == "account":
        lines = await _lines_by_account(uow, holdings)
    else:
        lines = [*map(_position, holdings.items), *_cash(holdings)]
    lines += _due(holdings)
    tree, shares = _sorted_by(by, name, holdings, lines, looking, sorting)
    seen = {item.instrument_id for item in holdings.items if item.instrument_id in looking.parts}
    return Breakdown(
        by=by,
        holdings=holdings,
        instruments=looking.instruments,
        lines=lines,
        tree=tree,
        parts=parted(
            tree.parents,
            [Held(line.value, of) for line, of in zip(lines, shares, strict=True)],
        ),
        looked_through=frozenset() if by == "account" else frozenset(seen),
    )


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a taxonomy holds, and which of it a slice by its categories is of; empty: all."""

    content: Content
    meant: Meant


async def _taxonomy(uow: UnitOfWork, taxonomy_id: UUID, scope: Scope) -> tuple[Sorting, str]:
    rows = await taxonomies.taxonomies(uow.session)
    row = next((row for row in rows if row.id == taxonomy_id), None)
    content = await taxonomies.content_of(uow.session, taxonomy_id)
    if row is None or content is None:
        raise NotFound("no such taxonomy")
    return Sorting(content, scope.filters.chosen.of(taxonomy_id, content)), row.name


# --- what is held -------------------------------------------------------------------------------


def _position(item: HoldingValue) -> Line:
    reasons = tuple(r for r in item.reasons if r in {"price_missing", "fx_missing"})
    return Line(
        instrument_id=item.instrument_id,
        account_id=None,
        currency=item.price_currency or "",
        quantity=item.quantity,
        value=item.market_value,
        reasons=reasons,
    )


def _cash(holdings: Holdings) -> list[Line]:
    return [
        Line(
            instrument_id=None,
            account_id=None,
            currency=cash.currency,
            quantity=cash.amount,
            value=cash.value,
            reasons=() if cash.rate is not None else ("fx_missing",),
        )
        for cash in holdings.cash
        if cash.amount
    ]


def _due(holdings: Holdings) -> list[Line]:
    """Income due is worth something before it is cash, and no position any more."""
    return [
        Line(
            instrument_id=None,
            account_id=one.due.account_id,
            currency=one.due.currency,
            quantity=one.due.net,
            value=one.value,
            reasons=() if one.rate is not None else ("fx_missing",),
            due=one,
        )
        for one in holdings.receivables
    ]


async def _lines_by_account(uow: UnitOfWork, holdings: Holdings) -> list[Line]:
    found = await account_lines(uow, holdings.scope, holdings.day)
    return _account_lines(holdings, found.positions, found.cash)


@exact
def _account_lines(
    holdings: Holdings,
    positions: Sequence[tuple[UUID, InstrumentId, Decimal]],
    cash: Sequence[tuple[UUID, str, Decimal]],
) -> list[Line]:
    items = {item.instrument_id: item for item in holdings.items}
    units: dict[tuple[UUID, InstrumentId], Decimal] = {}
    for account_id, instrument_id, quantity in positions:
        key = account_id, instrument_id
        units[key] = units.get(key, Decimal(0)) + quantity
    lines = []
    for (account_id, instrument_id), quantity in units.items():
        item = items.get(instrument_id)
        if item is None:
            continue
        value = None
        if item.price is not None and item.fx_rate is not None:
            multiplier = holdings.market.multiplier(instrument_id)
            value = quantity * multiplier * item.price.close * item.fx_rate
        lines.append(
            Line(
                instrument_id=instrument_id, account_id=account_id,
                currency=item.price_currency or "", quantity=quantity, value=value,
                reasons=_position(item).reasons,
            )
        )  # fmt: skip
    rates = {balance.currency: balance.rate for balance in holdings.cash}
    for account_id, currency, amount in cash:
        rate = rates.get(currency)
        if amount:
            lines.append(
                Line(
                    instrument_id=None, account_id=account_id, currency=currency,
                    quantity=amount, value=amount * rate if rate is not None else None,
                    reasons=() if rate is not None else ("fx_missing",),
                )
            )  # fmt: skip
    return lines


# --- where it belongs ---------------------------------------------------------------------------

Sorted = tuple[Tree, list[Mapping[str, Decimal]]]


def _sorted_by(
    by: str,
    name: str,
    holdings: Holdings,
    lines: Sequence[Line],
    looking: Looking,
    sorting: Sorting | None,
) -> Sorted:
    if sorting is not None:
        return _by_taxonomy(name, lines, looking, sorting)
    if by == "account":
        keys: list[Mapping[str, Decimal]] = [{str(line.account_id): ONE} for line in lines]
        return _flat(name, keys, {str(a.id): a.name for a in holdings.scope.accounts})
    prices = {i.instrument_id: i.price_currency for i in holdings.items if i.price_currency}

    def key_of(row: InstrumentRow) -> str:
        if by == "currency":
            return prices.get(InstrumentId(row.id), row.currency)
        return row.asset_class if by == "asset_class" else str(row.id)

    shares: list[Mapping[str, Decimal]] = []
    for line in lines:
        if line.instrument_id is None:
            shares.append({line.currency if by == "currency" else line.money_key: ONE})
        else:
            found = looking.shares(line.instrument_id, key_of)
            shares.append({key or UNCATEGORIZED: share for key, share in found.items()})
    return _flat(name, shares, _labels(by, looking))


def _labels(by: str, looking: Looking) -> dict[str, str]:
    named = {RECEIVABLE: "Income due"}
    if by != "instrument":
        return named
    return named | {str(key): row.symbol for key, row in looking.instruments.items()}


def _flat(name: str, shares: list[Mapping[str, Decimal]], labels: Mapping[str, str]) -> Sorted:
    keys = list(dict.fromkeys(key for of in shares for key in of))
    made = {key: labels.get(key, key if key.isupper() else key.capitalize()) for key in keys}
    return Tree(name=name, parents=dict.fromkeys(keys), labels=made), shares


def _by_taxonomy(name: str, lines: Sequence[Line], looking: Looking, sorting: Sorting) -> Sorted:
    categories = sorting.content.categories.values()
    parents: dict[str, str | None] = {
        str(c.id): str(c.parent_id) if c.parent_id is not None else None for c in categories
    }
    shares: list[Mapping[str, Decimal]] = []
    held = {line.instrument_id for line in lines if line.instrument_id is not None}
    belongs = of_content(sorting.content, looking.parts, held, sorting.meant)
    for line in lines:
        if line.instrument_id is None:
            shares.append({line.money_key: ONE})
            continue
        found = belongs[line.instrument_id]
        shares.append({str(key) if key else UNCATEGORIZED: w for key, w in found.items()})
    tree = Tree(
        name=name,
        parents={**parents, UNCATEGORIZED: None, CASH: None, RECEIVABLE: None},
        labels={
            **{str(c.id): c.name for c in categories},
            UNCATEGORIZED: "Not classified",
            CASH: "Cash",
            RECEIVABLE: "Income due",
        },
        colors={str(c.id): c.color_index for c in categories},
    )
    return tree, shares

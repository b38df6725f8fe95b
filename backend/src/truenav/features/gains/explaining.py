"""Why gains of a period come to what the page shows: gain by gain, and the rest as one figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from truenav.core.explanation import (
    Node,
    NodeKind,
    Ref,
    capped,
    constant,
    leaf,
    path,
    product,
    remainder,
    unknown,
)
from truenav.core.money import exact
from truenav.features.ledger import gains
from truenav.features.ledger.gains import ONE, GainFilter, GainSums, difference
from truenav.features.ledger.tables import LotClosureRow
from truenav.platform.explanations import ExplanationOut, explanation
from truenav.platform.pages import cut_page, page_request

TotalFigure = Literal["gain", "proceeds", "cost"]
Basis = Literal["tax", "traded"]
TOLD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class GainsAsked:
    """Which total is explained: of which gains, in which money, from which on.

    `names` are the words the request named a part of the portfolio by.
    """

    wanted: GainFilter
    names: Mapping[str, Sequence[str]]
    currency: str
    basis: Basis
    figure: TotalFigure
    cursor: str | None

    @property
    def is_tax(self) -> bool:
        """In the tax currency, not as traded."""
        return self.basis == "tax"

    def next_page(self, cursor: str) -> str:
        """Where the gains this page leaves out are explained."""
        wanted = self.wanted
        term = None if wanted.is_long_term is None else "long" if wanted.is_long_term else "short"
        asked: dict[str, object] = {
            **self.names, "from": wanted.first_date, "to": wanted.last_date, "term": term,
            "closed_on": wanted.closed_on, "in_currency": self.currency, "basis": self.basis,
            "figure": self.figure, "cursor": cursor,
        }  # fmt: skip
        return path("realized-gains", **asked)


async def explain_gains(session: AsyncSession, asked: GainsAsked) -> ExplanationOut:
    """The total of a page, or what is left of it after a cursor."""
    days = replace(asked.wanted, account_ids=None, of=None)
    scope = f"explained gains {sorted(asked.names.items())} {days} {asked.currency} {asked.basis}"
    page = page_request(asked.cursor, TOLD, scope, (date.fromisoformat, UUID))
    rows = await gains.page_in_currency(
        session, asked.wanted, asked.currency, page, is_tax=asked.is_tax
    )
    kept, cut = cut_page(rows, page, lambda row: (row.counts_on.isoformat(), str(row[0].id)))
    rest = None
    if cut.next_cursor is not None:
        last = (kept[-1].counts_on, kept[-1][0].id)
        left = await gains.sums(session, asked.wanted, asked.currency, last, is_tax=asked.is_tax)
        rest = remainder(
            left.count, asked.currency, _amount(left, asked), asked.next_page(cut.next_cursor),
            "cost_unknown",
        )  # fmt: skip
    root = capped(
        f"Realized {asked.figure}", asked.currency, _told(kept, asked), rest, "gain by gain"
    ).told(page="lots")
    every = await gains.sums(session, asked.wanted, asked.currency, page.after, is_tax=asked.is_tax)
    figure = _amount(every, asked) if every.count else Decimal(0)
    return explanation(figure, root)


@exact
def _amount(found: GainSums, asked: GainsAsked) -> Decimal | None:
    proceeds = found.tax_proceeds if asked.is_tax else found.traded_proceeds
    cost = found.tax_cost if asked.is_tax else found.traded_cost
    if asked.figure == "gain":
        return difference(proceeds, cost)
    return proceeds if asked.figure == "proceeds" else cost


def _told(rows: Sequence[Any], asked: GainsAsked) -> list[Node]:
    return [_line(row[0], row.symbol, row.counts_on, asked) for row in rows]


def _line(row: LotClosureRow, symbol: str, day: date, asked: GainsAsked) -> Node:
    figure = f"tax_{asked.figure}" if asked.is_tax else asked.figure
    label = f"{symbol}, {row.quantity.normalize():f} units on {day.isoformat()}"
    ref = Ref(
        transaction_id=row.closed_by, instrument_id=row.instrument_id, account_id=row.account_id,
        day=day,
    )  # fmt: skip
    known = row.is_cost_known
    of_row = (
        GainSums(1, None, None, row.tax_proceeds, row.tax_cost)
        if asked.is_tax
        else GainSums(1, row.proceeds, row.cost if known else None, None, None)
    )
    value = _amount(of_row, asked)
    more = path(f"closures/{row.id}", figure=figure)
    if value is None:
        reason = "fx_missing" if known else "cost_unknown"
        return unknown(label, asked.currency, reason, ref).told(more=more)
    whole = leaf(NodeKind.EVENT, label, asked.currency, value, ref).told(more=more)
    weight = asked.wanted.weight(row.instrument_id)
    if weight == ONE:
        return whole
    held = constant(weight, f"Part of {symbol} that belongs to it")
    return product(label, asked.currency, (whole.told(label="All of it"), held), "all × part").told(
        ref=ref
    )

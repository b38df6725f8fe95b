"""Routes of realized gains: pages, totals by term, and a file."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from truenav.core.errors import ErrorKind, TruenavError
from truenav.features.accounts.service import get_account
from truenav.features.ledger import gains, reads
from truenav.features.ledger.as_known import show_as_known
from truenav.features.ledger.gains import GainFilter, TermTotal, tax_gain
from truenav.platform.clock import end_of
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.pages import CursorText, Limit, cut_page, page_request
from truenav.platform.problems import InvalidFields, problems
from truenav.platform.wire import AskedDay, Body, CurrencyCode, DecimalText, LocalDate

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)
Term = Literal["short", "long"]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
MOST_ROWS = 200_000


class RealizedGainOut(Body):
    """One closing record and lot. Amounts as traded, and in the tax currency at each day's rate."""

    id: UUID
    account_id: UUID
    account_name: str
    instrument_id: UUID
    symbol: str
    instrument_name: str
    kind: Literal["closed", "boot", "capital_returned"]
    acquired_date: date
    closed_date: date
    gain_date: date
    quantity: DecimalText
    proceeds: DecimalText
    cost: DecimalText | None
    gain: DecimalText | None
    currency: CurrencyCode
    tax_currency: CurrencyCode
    tax_proceeds: DecimalText | None
    tax_cost: DecimalText | None
    tax_gain: DecimalText | None
    currency_effect: DecimalText | None
    term: Term
    is_short: bool
    lot_id: UUID
    opened_by: UUID
    closed_by: UUID
    unknown_reason: str | None


class TermTotalOut(Body):
    """Sums of one term in one tax currency; null while a cost or a rate is unknown."""

    currency: CurrencyCode
    term: Term
    count: int
    unknown_count: int
    proceeds: DecimalText | None
    cost: DecimalText | None
    gain: DecimalText | None


class RealizedGainsOut(Body):
    """A page of gains, and the totals of all that the filter leaves."""

    items: list[RealizedGainOut]
    totals: list[TermTotalOut]
    years: Annotated[list[int], Field(description="Years that have gains, the newest first")]
    next_cursor: str | None
    has_more: bool


class TooManyRows(TruenavError):
    """More gains than one file holds; ask for a year."""

    kind = ErrorKind.UNPROCESSABLE
    code = "too_many_rows"


def wanted_gains(
    year: Year = None,
    from_date: From = None,
    to_date: To = None,
    account_id: UUID | None = None,
    instrument_id: UUID | None = None,
    term: Term | None = None,
) -> GainFilter:
    """The filter of a request.

    Raises:
        InvalidFields: a year and days.
    """
    if year is not None:
        if from_date is not None or to_date is not None:
            raise InvalidFields([("/query/year", "a year, or days; not both")])
        from_date, to_date = date(year, 1, 1), date(year, 12, 31)
    return GainFilter(
        first_date=from_date,
        last_date=to_date,
        account_id=account_id,
        instrument_id=instrument_id,
        is_long_term=None if term is None else term == "long",
    )


Wanted = Annotated[GainFilter, Depends(wanted_gains)]


@router.get("/realized-gains", operation_id="listRealizedGains")
async def list_gains(
    uow: Uow,
    wanted: Wanted,
    as_known_on: AskedDay | None = None,
    cursor: CursorText = None,
    limit: Limit = 100,
) -> RealizedGainsOut:
    """Gains by the day they count on, newest first; totals are of all pages.

    `as_known_on` shows them as they were known at the end of that day (UTC), before later
    corrections.
    """
    await _prepare(uow, wanted, as_known_on)
    scope = f"gains {wanted} {as_known_on}"
    page = page_request(cursor, limit, scope, (date.fromisoformat, UUID))
    rows = await gains.page_gains(uow.session, wanted, page)
    kept, cut = cut_page(rows, page, lambda row: (row.counts_on.isoformat(), str(row[0].id)))
    return RealizedGainsOut(
        items=[_out(row) for row in kept],
        totals=[_total(found) for found in await gains.totals(uow.session, wanted)],
        years=await gains.years(uow.session, wanted.account_id),
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
    )


async def _prepare(uow: Uow, wanted: GainFilter, as_known_on: date | None) -> None:
    """Refuse what is not there; lay what was known then over what is known now."""
    if wanted.account_id is not None:
        await get_account(uow, wanted.account_id)
    if as_known_on is not None:
        names = await reads.account_names(uow.session, wanted.account_id)
        await show_as_known(uow, list(names), end_of(as_known_on))


def _out(row: Any) -> RealizedGainOut:
    closure = row[0]
    tax = tax_gain(closure, row.tax_currency)
    known = closure.is_cost_known
    return RealizedGainOut(
        id=closure.id,
        account_id=closure.account_id,
        account_name=row.account_name,
        instrument_id=closure.instrument_id,
        symbol=row.symbol,
        instrument_name=row.instrument_name,
        kind=closure.kind,
        acquired_date=closure.acquired_date,
        closed_date=closure.closed_date,
        gain_date=row.counts_on,
        quantity=closure.quantity,
        proceeds=closure.proceeds,
        cost=closure.cost if known else None,
        gain=closure.gain if known else None,
        currency=closure.currency,
        tax_currency=row.tax_currency,
        tax_proceeds=closure.tax_proceeds,
        tax_cost=closure.tax_cost,
        tax_gain=tax.gain,
        currency_effect=tax.currency_effect,
        term="long" if closure.is_long_term else "short",
        is_short=closure.is_short,
        lot_id=closure.lot_id,
        opened_by=closure.opened_by,
        closed_by=closure.closed_by,
        unknown_reason=_why(known=known, in_tax=tax.gain is not None),
    )


def _why(*, known: bool, in_tax: bool) -> str | None:
    if in_tax:
        return None
    return "fx_missing" if known else "cost_unknown"


def _total(found: TermTotal) -> TermTotalOut:
    return TermTotalOut(
        currency=found.currency,
        term="long" if found.is_long_term else "short",
        count=found.count,
        unknown_count=found.unknown_count,
        proceeds=found.proceeds,
        cost=found.cost,
        gain=gains.difference(found.proceeds, found.cost),
    )


@router.get(
    "/realized-gains.csv",
    operation_id="exportRealizedGains",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A file"},
        **problems(ErrorKind.UNPROCESSABLE),
    },
)
async def export_gains(uow: Uow, wanted: Wanted, as_known_on: AskedDay | None = None) -> Response:
    """The same gains as a file, the oldest first; empty cells are unknown."""
    await _prepare(uow, wanted, as_known_on)
    rows = await gains.all_gains(uow.session, wanted, MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise TooManyRows("more gains than a file holds; ask for one year")
    text = "".join(_lines([_out(row) for row in rows]))
    headers = {"Content-Disposition": 'attachment; filename="realized-gains.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


COLUMNS = (
    "account_name", "symbol", "instrument_name", "kind", "quantity", "acquired_date",
    "closed_date", "gain_date", "term", "proceeds", "cost", "gain", "currency", "tax_proceeds",
    "tax_cost", "tax_gain", "currency_effect", "tax_currency", "unknown_reason",
)  # fmt: skip
NAMED_BY_PEOPLE = frozenset({"account_name", "symbol", "instrument_name"})


def _lines(items: Sequence[RealizedGainOut]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for item in items:
        plain = item.model_dump(mode="json")
        writer.writerow([_cell(name, plain[name]) for name in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _cell(name: str, value: str | None) -> str:
    """A cell no spreadsheet takes for a formula; numbers keep their sign."""
    text = value or ""
    if name in NAMED_BY_PEOPLE and text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{text}"
    return text

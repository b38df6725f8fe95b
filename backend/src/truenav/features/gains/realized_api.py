"""Routes of realized gains: pages, totals by term, and a file."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from truenav.core.errors import ErrorKind, TruenavError
from truenav.core.money import exact
from truenav.features.ledger import gains
from truenav.features.ledger.gains import ONE, ZERO, GainFilter, TermTotal, tax_gain
from truenav.features.valuation.allocation import places
from truenav.features.valuation.asked import AskedRecords, KnownOn
from truenav.features.valuation.schemas import SliceOut
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.pages import CursorText, Limit, cut_page, page_request
from truenav.platform.problems import InvalidFields, problems
from truenav.platform.wire import Body, CurrencyCode, DecimalText, LocalDate

router = APIRouter(prefix="/api/v1", tags=["gains"], responses=GUARDED)
Term = Literal["short", "long"]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
From = Annotated[LocalDate | None, Query(alias="from")]
To = Annotated[LocalDate | None, Query(alias="to")]
MOST_ROWS = 200_000


class RealizedGainOut(Body):
    """One closing record and lot. Amounts as traded, and in the tax currency at each day's rate.

    Of an instrument that belongs to what was asked for in part (`weight_ratio`) they are that part.
    """

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
    weight_ratio: DecimalText
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
    slice: SliceOut
    next_cursor: str | None
    has_more: bool


class TooManyRows(TruenavError):
    """More gains than one file holds; ask for a year."""

    kind = ErrorKind.UNPROCESSABLE
    code = "too_many_rows"


def asked_days(
    year: Year = None, from_date: From = None, to_date: To = None, term: Term | None = None
) -> GainFilter:
    """The days gains count on, and their term.

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
        is_long_term=None if term is None else term == "long",
    )


def asked_gains(
    scope: AskedRecords, days: Annotated[GainFilter, Depends(asked_days)]
) -> GainFilter:
    """The gains a request is about, and how much of each."""
    of = None if scope.of is None else dict[UUID, Decimal](scope.of.instruments.items())
    return replace(days, account_ids=scope.account_ids, of=of)


Wanted = Annotated[GainFilter, Depends(asked_gains)]


@router.get("/realized-gains", operation_id="listRealizedGains")
async def list_gains(
    uow: Uow,
    wanted: Wanted,
    scope: AskedRecords,
    known_on: KnownOn = None,
    cursor: CursorText = None,
    limit: Limit = 100,
) -> RealizedGainsOut:
    """Gains by the day they count on, newest first; totals are of all pages."""
    days = replace(wanted, account_ids=None, of=None)
    asked = f"gains {scope.filters} {days} {known_on}"
    page = page_request(cursor, limit, asked, (date.fromisoformat, UUID))
    rows = await gains.page_gains(uow.session, wanted, page)
    kept, cut = cut_page(rows, page, lambda row: (row.counts_on.isoformat(), str(row[0].id)))
    ever = GainFilter(account_ids=wanted.account_ids, of=wanted.of)
    return RealizedGainsOut(
        items=[_out(row, wanted) for row in kept],
        totals=[_total(found) for found in await gains.totals(uow.session, wanted)],
        years=await gains.years(uow.session, ever),
        slice=scope.told,
        next_cursor=cut.next_cursor,
        has_more=cut.has_more,
    )


@exact
def _out(row: Any, wanted: GainFilter) -> RealizedGainOut:
    closure = row[0]
    tax = tax_gain(closure, row.tax_currency)
    known = closure.is_cost_known
    weight = wanted.weight(closure.instrument_id)

    def part(amount: Decimal | None) -> Decimal | None:
        return amount if amount is None or weight == ONE else places(amount * weight, 18)

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
        weight_ratio=weight,
        quantity=part(closure.quantity) or ZERO,
        proceeds=part(closure.proceeds) or ZERO,
        cost=part(closure.cost) if known else None,
        gain=part(closure.gain) if known else None,
        currency=closure.currency,
        tax_currency=row.tax_currency,
        tax_proceeds=part(closure.tax_proceeds),
        tax_cost=part(closure.tax_cost),
        tax_gain=part(tax.gain),
        currency_effect=part(tax.currency_effect),
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
        proceeds=places(found.proceeds, 18),
        cost=places(found.cost, 18),
        gain=places(gains.difference(found.proceeds, found.cost), 18),
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
async def export_gains(uow: Uow, wanted: Wanted) -> Response:
    """The same gains as a file, the oldest first; empty cells are unknown."""
    rows = await gains.all_gains(uow.session, wanted, MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise TooManyRows("more gains than a file holds; ask for one year")
    text = "".join(_lines([_out(row, wanted) for row in rows]))
    headers = {"Content-Disposition": 'attachment; filename="realized-gains.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


COLUMNS = (
    "account_name", "symbol", "instrument_name", "kind", "quantity", "weight_ratio",
    "acquired_date", "closed_date", "gain_date", "term", "proceeds", "cost", "gain", "currency",
    "tax_proceeds", "tax_cost", "tax_gain", "currency_effect", "tax_currency", "unknown_reason",
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

"""Bodies of income of many parts of the portfolio at once."""

from datetime import date

from pydantic import Field

from truenav.features.income.schemas import IncomeOut
from truenav.features.income.totals import Preset
from truenav.features.valuation.many import ManyScopesIn, ScopeProblemOut, StretchIn
from truenav.platform.wire import Body

MOST_SCOPES = 100


class IncomeScopeIn(StretchIn):
    """A part of the portfolio and days of it, as the page of income is asked."""

    period: Preset = "1Y"


class BulkIncomeIn(ManyScopesIn):
    """At most 100 scopes, 50 of them of a part of what is in accounts."""

    scopes: list[IncomeScopeIn] = Field(min_length=1, max_length=MOST_SCOPES)


class IncomeScopeOut(Body):
    """What `GET /income` says of the scope in that place, or what is wrong with it."""

    index: int
    ref: str | None
    income: IncomeOut | None
    problem: ScopeProblemOut | None


class BulkIncomeOut(Body):
    as_of: date
    items: list[IncomeScopeOut]
    problem_count: int

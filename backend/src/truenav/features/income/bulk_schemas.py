"""Bodies of income of many parts of the portfolio at once."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from truenav.features.income.schemas import IncomeOut
from truenav.features.income.totals import Preset
from truenav.features.valuation.many import ScopeProblemOut, StretchIn, refuse_many_slices
from truenav.platform.wire import Body

MOST_SCOPES = 100


class IncomeScopeIn(StretchIn):
    """A part of the portfolio and days of it, as the page of income is asked."""

    period: Preset = "1Y"


class BulkIncomeIn(Body):
    """At most 100 scopes, 50 of them of a part of what is in accounts."""

    scopes: list[IncomeScopeIn] = Field(min_length=1, max_length=MOST_SCOPES)

    @model_validator(mode="after")
    def few_slices(self) -> Self:
        """A slice is read from records, which takes a while."""
        refuse_many_slices(self.scopes)
        return self


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

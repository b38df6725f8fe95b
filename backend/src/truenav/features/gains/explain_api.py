"""The route that explains realized gains: where a total of them comes from."""

from dataclasses import replace

from fastapi import APIRouter

from truenav.features.gains.explaining import Basis, GainsAsked, TotalFigure, explain_gains
from truenav.features.gains.realized_api import Wanted
from truenav.features.valuation.asked import AskedNames, KnownOn
from truenav.platform.dependencies import GUARDED, Uow
from truenav.platform.explanations import ExplanationOut, carried
from truenav.platform.pages import CursorText
from truenav.platform.wire import CurrencyCode, LocalDate

router = APIRouter(prefix="/api/v1/explain", tags=["explanations"], responses=GUARDED)


@router.get("/realized-gains", operation_id="explainRealizedGains")
async def realized_gains(
    uow: Uow,
    wanted: Wanted,
    names: AskedNames,
    in_currency: CurrencyCode,
    basis: Basis = "tax",
    figure: TotalFigure = "gain",
    cursor: CursorText = None,
    closed_on: LocalDate | None = None,
    as_known_on: KnownOn = None,
) -> ExplanationOut:
    """The total of the gains a filter leaves in one currency, gain by gain, newest first.

    `closed_on` leaves those whose units left on one day, whatever day they count on.
    """
    asked = GainsAsked(
        wanted=replace(wanted, closed_on=closed_on), names=names, currency=in_currency,
        basis=basis, figure=figure, cursor=cursor,
    )  # fmt: skip
    return carried(await explain_gains(uow.session, asked), as_known_on=as_known_on)

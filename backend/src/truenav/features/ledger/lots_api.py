"""Routes of lots: open and closed, which a sale would take, and by which method."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from truenav.core.calendar.settlement import settlement_date
from truenav.core.errors import ErrorKind
from truenav.core.ids import AccountId, LotId
from truenav.core.ledger.book import LotBook, LotNotHeld
from truenav.core.ledger.lots import Lot
from truenav.core.ledger.methods import LotChoice, MethodPolicy
from truenav.core.ledger.transactions import AssetClass, TransactionKind
from truenav.core.ledger.what_if import WhatIf, what_if_sold
from truenav.core.money import CURRENCIES, exact, quantize
from truenav.features.accounts.service import get_account
from truenav.features.accounts.tables import AccountRow
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger import reads, repository, service
from truenav.features.ledger.explain_previews import explain_outcome, explain_proceeds
from truenav.features.ledger.mapping import to_lot
from truenav.features.ledger.schemas import (
    GainsExplained,
    LedgerProofOut,
    LedgerProofsOut,
    LotMethodChange,
    LotMethodsIn,
    LotMethodsOut,
    WhatIfIn,
    WhatIfOut,
    WhatIfSoldOut,
    WouldCloseOut,
)
from truenav.features.marketdata.reads import valuation_date
from truenav.platform.clock import today
from truenav.platform.dependencies import GUARDED, CurrentClock, Uow
from truenav.platform.problems import InvalidFields, NotFound, problems

router = APIRouter(prefix="/api/v1", tags=["ledger"], responses=GUARDED)


async def _visible(uow: Uow, instrument_id: UUID) -> InstrumentRow:
    found = await find_visible(uow.session, instrument_id)
    if found is None:
        raise NotFound("no such instrument")
    return found


@router.post("/lots/what-if", operation_id="whatIfSold")
async def what_if(body: WhatIfIn, uow: Uow, clock: CurrentClock) -> WhatIfSoldOut:
    """What a sale would realize under each lot method; nothing is posted."""
    instrument = await _visible(uow, body.instrument_id)
    account = await get_account(uow, body.account_id)
    lots = [
        to_lot(row)
        for row, _ in await reads.lot_rows(uow.session, body.instrument_id, [body.account_id])
        if not row.is_short
    ]
    _check_sale(LotBook(lots).units, body)
    day = body.day or await valuation_date(uow.session, uow.tenant_id, today(clock))
    currency, lots = _in_one_currency(lots, instrument.currency)
    proceeds = _proceeds(body, instrument.multiplier, currency)
    choices = [LotChoice(LotId(choice.lot_id), choice.quantity) for choice in body.lot_choices]
    try:
        outcomes = what_if_sold(lots, body.quantity, proceeds, day, choices=choices)
    except LotNotHeld as error:
        raise InvalidFields([("/body/lot_choices", f"not open: {error}")]) from error
    policy = await repository.method_policy(uow.session, account)
    return WhatIfSoldOut(
        account_id=body.account_id,
        instrument_id=body.instrument_id,
        quantity=body.quantity,
        proceeds=proceeds,
        currency=currency,
        day=day,
        identify_by=_identify_by(instrument, currency, day),
        account_method=policy.on(day),
        proceeds_explained=explain_proceeds(
            proceeds, _factors(body, instrument), body.fee, currency
        ),
        outcomes=[_outcome(outcome, currency) for outcome in outcomes],
    )


def _identify_by(instrument: InstrumentRow, currency: str, day: date) -> date | None:
    """The last day to name the lots of a sale: its settlement (Reg. 1.1012-1(c)(8))."""
    asset_class = AssetClass(instrument.asset_class)
    kind, exchange = TransactionKind.SELL, instrument.exchange
    return settlement_date(kind, day, None, asset_class, exchange, (currency,)).day


def _in_one_currency(lots: Sequence[Lot], traded: str) -> tuple[str, list[Lot]]:
    """What the sale would be in; the cost of a lot bought in another currency is then not known."""
    currencies = {lot.currency for lot in lots}
    currency = currencies.pop() if len(currencies) == 1 else traded
    return currency, [
        lot if lot.currency == currency else replace(lot, is_cost_known=False) for lot in lots
    ]


def _check_sale(held: Decimal, body: WhatIfIn) -> None:
    errors = []
    if not 0 < body.quantity <= held:
        errors.append(("/body/quantity", f"is above zero and at most the {held:f} held"))
    if body.price < 0:
        errors.append(("/body/price", "a price is never negative"))
    if body.fee < 0:
        errors.append(("/body/fee", "costs are positive"))
    if errors:
        raise InvalidFields(errors)


@exact
def _proceeds(body: WhatIfIn, multiplier: Decimal, currency: str) -> Decimal:
    return quantize(body.quantity * body.price * multiplier - body.fee, currency)


def _factors(body: WhatIfIn, instrument: InstrumentRow) -> list[Decimal]:
    factors = [body.quantity, body.price]
    return factors if instrument.multiplier == 1 else [*factors, instrument.multiplier]


def _outcome(found: WhatIf, currency: str) -> WhatIfOut:
    return WhatIfOut(
        method=found.method,
        gain=found.gain,
        short_term_gain=found.short_term_gain,
        long_term_gain=found.long_term_gain,
        closes=[
            WouldCloseOut(
                lot_id=part.lot.id,
                transaction_id=part.lot.opened_by,
                acquired_date=part.lot.acquired_date,
                quantity=part.lot.quantity,
                cost=part.lot.cost if part.lot.is_cost_known else None,
                proceeds=part.proceeds,
                gain=part.gain,
                term="long" if part.is_long_term else "short",
            )
            for part in found.closes
        ],
        explained=GainsExplained.model_validate(explain_outcome(found, currency)),
    )


@router.get("/accounts/{account_id}/lot-methods", operation_id="getLotMethods")
async def get_lot_methods(account_id: UUID, uow: Uow) -> LotMethodsOut:
    """Which lots sales of the account take, and from which day on that changes."""
    account = await get_account(uow, account_id)
    policy = await repository.method_policy(uow.session, account)
    return await _methods(uow, account, policy)


@router.put(
    "/accounts/{account_id}/lot-methods",
    operation_id="setLotMethods",
    responses=problems(ErrorKind.CONFLICT),
)
async def set_lot_methods(account_id: UUID, body: LotMethodsIn, uow: Uow) -> LotMethodsOut:
    """Choose them; every lot and gain of the account is worked out again."""
    days = [change.begins_on for change in body.changes]
    if len(set(days)) < len(days):
        raise InvalidFields([("/body/changes", "one method a day")])
    policy = MethodPolicy(
        tuple((change.begins_on, change.lot_method) for change in body.changes), body.first
    )
    settings = {
        "base_currency": body.base_currency,
        "tax_currency": body.tax_currency,
        "oversell": body.oversell,
    }
    unknown = [
        (f"/body/{name}", "is not a currency")
        for name in ("base_currency", "tax_currency")
        if settings[name] is not None and settings[name] not in CURRENCIES
    ]
    if unknown:
        raise InvalidFields(unknown)
    account = await service.set_lot_methods(
        uow, AccountId(account_id), body.version, policy, settings
    )
    return await _methods(uow, account, policy)


async def _methods(uow: Uow, account: AccountRow, policy: MethodPolicy) -> LotMethodsOut:
    return LotMethodsOut.model_validate(
        {
            "version": account.version,
            "first": policy.first,
            "base_currency": account.base_currency,
            "has_records": await reads.has_records(uow.session, [account.id]),
            "tax_currency": account.tax_currency,
            "oversell": account.oversell,
            "changes": [
                LotMethodChange(begins_on=begins, lot_method=method)
                for begins, method in sorted(policy.changes)
            ],
        }
    )


@router.get("/ledger/proofs", operation_id="listLedgerProofs")
async def list_proofs(uow: Uow) -> LedgerProofsOut:
    """What the nightly proofs found last; accounts that differ come first."""
    rows = await reads.proofs(uow.session)
    return LedgerProofsOut(items=[LedgerProofOut.model_validate(row) for row in rows])

"""Everything the figures of income follow from, gathered once for a request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from truenav.core.corporate_actions.actions import ActionKind
from truenav.core.ids import AccountId, InstrumentId
from truenav.core.income.interest import Earning
from truenav.core.income.pattern import Distribution, in_currency
from truenav.core.income.projection import AHEAD
from truenav.core.income.received import Payment, payment_of
from truenav.core.money import exact
from truenav.core.valuation.holdings import HoldingValue
from truenav.core.valuation.receivables import lapses_on
from truenav.core.valuation.series import FxTable
from truenav.core.valuation.slices import ONE
from truenav.features.income.history import History, histories_of
from truenav.features.income.interest import earnings_of
from truenav.features.ledger.actions_catalogue import Concern, Entry, Event, catalogue
from truenav.features.ledger.declared import ex_dates_of, waiting_in
from truenav.features.ledger.paid_reads import paid_records
from truenav.features.ledger.preferences import Preferences, preferences_of
from truenav.features.marketdata.reads import fx_table_on
from truenav.features.valuation import repository as valuation
from truenav.features.valuation.earned import weight_of
from truenav.features.valuation.holdings import Holdings, account_lines, holdings_of
from truenav.features.valuation.series import Scope
from truenav.platform.unit_of_work import UnitOfWork


class Instrument(Protocol):
    """What the figures read of an instrument."""

    @property
    def symbol(self) -> str:
        """What it is called today."""
        ...

    @property
    def name(self) -> str:
        """Its whole name."""
        ...

    @property
    def currency(self) -> str:
        """What it is quoted in."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An event of the catalogue that no record of an account tells yet; `gross` in `currency`.

    `is_overdue` when no broker would book it any more.
    """

    event_id: UUID
    account_id: AccountId
    instrument_id: InstrumentId
    ex_date: date
    pay_date: date | None
    currency: str
    per_unit: Decimal | None
    units: Decimal
    gross: Decimal
    is_special: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Payments of a scope with what they are converted at, the newest first.

    `payments` are what belongs to it; `recorded` all there are of its accounts, in full: what was
    paid for one unit, and what is withheld, follow from them.
    """

    scope: Scope
    payments: Sequence[Payment]
    recorded: Sequence[Payment]
    fx: FxTable
    instruments: Mapping[UUID, Instrument]
    entries: Sequence[Entry]
    waiting: Sequence[Waiting]
    account_names: Mapping[UUID, str]

    def between(self, first: date | None, last: date | None) -> list[Payment]:
        """Those whose cash moved in a span, both days included."""
        return [
            payment
            for payment in self.payments
            if (first is None or payment.paid_on >= first)
            and payment.paid_on <= min(last or self.scope.as_of, self.scope.as_of)
        ]

    def symbol(self, instrument_id: UUID | None) -> str | None:
        """What an instrument is called."""
        row = self.instruments.get(instrument_id) if instrument_id is not None else None
        return row.symbol if row is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The same, with what is held, what it paid per unit, and what a person prefers."""

    received: Received
    holdings: Holdings
    units: Sequence[tuple[AccountId, InstrumentId, Decimal]]
    histories: Mapping[UUID, History]
    earnings: Sequence[Earning]
    preferences: Preferences

    @property
    def scope(self) -> Scope:
        """Which accounts, in which currency, as of when."""
        return self.received.scope

    @property
    def through(self) -> date:
        """The last day that is looked ahead to."""
        return self.scope.as_of + AHEAD

    def holding(self, instrument_id: UUID) -> HoldingValue | None:
        """An instrument's value over all accounts."""
        items = self.holdings.items
        return next((item for item in items if item.instrument_id == instrument_id), None)

    def history_in_price(self, instrument_id: UUID) -> Sequence[Distribution] | None:
        """What one unit paid, in the currency of its price (its own without one).

        None when a rate of today between the two is not known.
        """
        item = self.holding(instrument_id)
        history = self.histories.get(instrument_id)
        if history is None or item is None or item.price_currency is None:
            return history.events if history else []
        return in_currency(history.events, self.received.fx, item.price_currency, self.scope.as_of)


async def received_by(
    uow: UnitOfWork, scope: Scope, *, also: Collection[str] = (), ahead: timedelta = timedelta()
) -> Received:
    """What the accounts of the scope were paid; `also` names currencies needed as of today."""
    entries = await catalogue(uow, scope.accounts, scope.as_of, through=scope.as_of + ahead)
    ex_dates = ex_dates_of(entries)
    found = [
        payment_of(paid.record, paid.ex_date or ex_dates.get(paid.record.id))
        for paid in await paid_records(uow.session, scope.account_ids)
    ]
    payments = [payment for payment in found if payment is not None]
    fx = await fx_table_on(
        uow.session,
        {scope.currency, *also, *(p.currency for p in payments), *_announced(entries)},
        {scope.as_of, *(p.paid_on for p in payments if p.currency != scope.currency)},
    )
    ids = {p.instrument_id for p in payments if p.instrument_id is not None}
    ids |= {_instrument(entry) for entry in entries}
    return Received(
        scope=scope, payments=of_scope(scope, payments), recorded=payments, fx=fx,
        entries=[entry for entry in entries if scope.weight(_instrument(entry))],
        waiting=[
            one for one in waiting_of(entries, scope.as_of) if scope.weight(one.instrument_id)
        ],
        account_names={account.id: account.name for account in scope.accounts},
        instruments=await valuation.instruments(uow.session, list(ids)),
    )  # fmt: skip


def waiting_of(entries: Sequence[Entry], as_of: date) -> list[Waiting]:
    """Declared income that waits in an account: cash to come, or not recorded yet."""
    return [
        _waiting(event, concern, as_of)
        for event, concern in waiting_in(entries)
        if event.action.kind is not ActionKind.RETURN_OF_CAPITAL
    ]


def _waiting(event: Event, concern: Concern, as_of: date) -> Waiting:
    action, draft = event.action, concern.effects.drafts[0]
    return Waiting(
        event_id=event.id,
        account_id=AccountId(concern.account.id),
        instrument_id=InstrumentId(event.instrument.id),
        ex_date=action.ex_date,
        pay_date=action.pay_date,
        currency=draft.currency,
        per_unit=action.cash_amount,
        units=concern.units,
        gross=draft.gross.amount if draft.gross is not None else Decimal(0),
        is_special=action.kind is ActionKind.SPECIAL_DIVIDEND,
        is_overdue=lapses_on(action) <= as_of,
    )


@exact
def of_scope(scope: Scope, payments: Sequence[Payment]) -> Sequence[Payment]:
    """What belongs to the scope: the part of its instrument, else of the cash of its currency."""
    if scope.of is None:
        return payments
    return [
        one
        if weight == ONE
        else replace(
            one,
            gross=one.gross * weight,
            withheld=one.withheld * weight,
            fee=one.fee * weight,
        )
        for one in payments
        if (weight := weight_of(scope, one))
    ]


def _instrument(entry: Entry) -> InstrumentId:
    return InstrumentId(entry.event.instrument.id)


def _announced(entries: Sequence[Entry]) -> set[str]:
    return {entry.event.action.currency for entry in entries if entry.event.action.currency}


async def known_of(uow: UnitOfWork, scope: Scope) -> Known:
    """Everything, as of the scope's day."""
    holdings = await holdings_of(uow, scope)
    currencies = {item.price_currency for item in holdings.items if item.price_currency}
    received = await received_by(uow, scope, also=currencies, ahead=AHEAD)
    lines = await account_lines(uow, scope)
    units = [(AccountId(account), key, count) for account, key, count in lines.positions if count]
    held = {key for _, key, _ in units}
    histories = await histories_of(
        uow, scope, held, (received.entries, received.recorded), scope.as_of + AHEAD
    )
    missing = [*(held - received.instruments.keys())]
    more = await valuation.instruments(uow.session, missing)
    received = replace(received, instruments={**received.instruments, **more})
    return Known(
        received=received, holdings=holdings, units=units, histories=histories,
        earnings=await earnings_of(uow, scope, received.recorded, units),
        preferences=await preferences_of(uow.session, scope.account_ids),
    )  # fmt: skip

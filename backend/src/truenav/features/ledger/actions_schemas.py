"""Bodies of corporate actions."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from truenav.core.corporate_actions.actions import ActionKind
from truenav.core.ledger.transactions import SubKind, TransactionKind
from truenav.features.ledger.actions_catalogue import ActionState
from truenav.platform.explanations import KeyedExplanation
from truenav.platform.wire import Body, CurrencyCode, DecimalText, LocalDate, Version


class ActionTermsIn(Body):
    """An event's terms; which a kind needs, and which it may have, is in the documentation.

    `new_units` come for, or beside, `old_units`; `cash_amount` is per unit held (a bond's per 100
    of face value), `basis_fraction` (0 to 1) the part of the cost that goes to the new instrument,
    `fraction_price` the cash for one new unit where parts of a unit are paid out. `version` is
    what the editor saw; left out, there were no terms of one's own.
    """

    kind: ActionKind
    instrument_id: UUID
    ex_date: LocalDate
    record_date: LocalDate | None = None
    pay_date: LocalDate | None = None
    old_units: DecimalText | None = None
    new_units: DecimalText | None = None
    cash_amount: DecimalText | None = None
    currency: CurrencyCode | None = None
    new_instrument_id: UUID | None = None
    alternate_instrument_id: UUID | None = None
    alternate_units: DecimalText | None = None
    basis_fraction: DecimalText | None = None
    fair_value: DecimalText | None = None
    new_fair_value: DecimalText | None = None
    fraction_price: DecimalText | None = None
    accrued_interest: DecimalText | None = None
    is_taxable: bool = False
    note: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] | None = None


class ActionChangeIn(ActionTermsIn):
    version: Version | None = None


class ActionAccountIn(Body):
    """An account, and how many of its units take part where that is one's own choice.

    With a `reinvest_price`, in the dividend's currency, a cash dividend also buys units at it.
    """

    account_id: UUID
    units: DecimalText | None = None
    reinvest_price: DecimalText | None = None


class ActionAccountsIn(Body):
    """Accounts to act on; none named are all that it can be done for."""

    accounts: Annotated[list[ActionAccountIn], Field(max_length=500, default_factory=list)]


class ActionAccountOut(Body):
    """An event in one account.

    `units` are entitled (< 0 owed), `units_after` what they become where the event changes them,
    `new_units` what comes of another instrument, `cash_amount` what is paid (< 0 owed) in
    `currency`. `transaction_ids` are the records it was applied by, or those that tell it already
    or, in another state, resemble it. `income_handling` is what is preferred for a cash dividend.
    """

    account_id: UUID
    account_name: str
    state: ActionState
    units: DecimalText
    units_after: DecimalText | None
    new_units: DecimalText | None
    cash_amount: DecimalText | None
    currency: CurrencyCode | None
    warnings: list[str]
    was_reversed: bool
    transaction_ids: list[UUID]
    income_handling: Literal["cash", "reinvest"] | None


class ActionOut(Body):
    """One event; `version` is that of terms of the tenant's own, null when there are none."""

    id: UUID
    kind: ActionKind
    instrument_id: UUID
    symbol: str
    instrument_name: str
    ex_date: date
    record_date: date | None
    pay_date: date | None
    old_units: DecimalText | None
    new_units: DecimalText | None
    cash_amount: DecimalText | None
    currency: CurrencyCode | None
    new_instrument_id: UUID | None
    new_symbol: str | None
    alternate_instrument_id: UUID | None
    alternate_symbol: str | None
    alternate_units: DecimalText | None
    basis_fraction: DecimalText | None
    fair_value: DecimalText | None
    new_fair_value: DecimalText | None
    fraction_price: DecimalText | None
    accrued_interest: DecimalText | None
    is_taxable: bool
    note: str | None
    source: str
    is_own: bool
    is_overridden: bool
    version: int | None
    accounts: list[ActionAccountOut]


class ActionPageOut(Body):
    items: list[ActionOut]
    next_cursor: str | None
    has_more: bool
    total_count: int | None


class ActionRecordOut(Body):
    """A record that would be posted; signs as in the ledger."""

    kind: TransactionKind
    sub_kind: SubKind | None
    trade_date: date
    settlement_date: date | None
    symbol: str
    quantity: DecimalText | None
    ratio: DecimalText | None
    price: DecimalText | None
    amount: DecimalText | None
    currency: CurrencyCode
    basis_fraction: DecimalText | None


class ActionPositionOut(Body):
    """Units and cost of one instrument; a cost is null when it is unknown."""

    instrument_id: UUID
    symbol: str
    quantity_before: DecimalText
    quantity_after: DecimalText
    cost_before: DecimalText | None
    cost_after: DecimalText | None
    currency: CurrencyCode


class ActionLotOut(Body):
    instrument_id: UUID
    symbol: str
    acquired_date: date
    quantity: DecimalText
    cost: DecimalText | None
    currency: CurrencyCode
    is_short: bool


class ActionCashOut(Body):
    currency: CurrencyCode
    before: DecimalText
    after: DecimalText


class ActionGainOut(Body):
    """A gain the event realizes on one lot; null when a cost is unknown."""

    symbol: str
    acquired_date: date
    closed_date: date
    quantity: DecimalText
    proceeds: DecimalText
    cost: DecimalText | None
    gain: DecimalText | None
    currency: CurrencyCode
    term: Literal["short", "long"]


class ActionRealizedOut(Body):
    """All that was realized on the event's instruments; later sales change with their lots."""

    currency: CurrencyCode
    before: DecimalText | None
    after: DecimalText | None


class ActionNoteOut(Body):
    reason_code: str
    message: str


class ActionPreviewAccountOut(Body):
    """One account today, without the event and with it."""

    account_id: UUID
    account_name: str
    state: ActionState
    units: DecimalText
    records: list[ActionRecordOut]
    positions: list[ActionPositionOut]
    lots_before: list[ActionLotOut]
    lots_after: list[ActionLotOut]
    cash: list[ActionCashOut]
    gains: list[ActionGainOut]
    realized: list[ActionRealizedOut]
    warnings: list[str]
    notes: list[ActionNoteOut]
    # of "units" and "cost" by instrument, "cash" and "realized" by currency, "lot_units" and
    # "lot_cost" by place among `lots_after`, "gain" by place among `gains`; before the event
    # "realized_before", "lot_units_before" and "lot_cost_before"
    explanations: list[KeyedExplanation]


class ActionPreviewOut(Body):
    id: UUID
    accounts: list[ActionPreviewAccountOut]

"""Bodies of income."""

from datetime import date
from typing import Literal
from uuid import UUID

from truenav.features.valuation.schemas import SliceOut
from truenav.platform.wire import Body, CurrencyCode, DecimalText, Instant, Version

KindName = Literal["dividend", "distribution", "interest", "reward", "in_lieu"]
StateName = Literal["paid", "declared", "estimated"]
HoldingName = Literal["held_long_enough", "not_yet", "too_short"]


class IncomeConventionsOut(Body):
    """How the figures were made."""

    rate_of: str
    dated_by: str
    estimates: str
    late_after_days: int
    withholding: str
    yields: str
    holding_test: str
    calculation_version: str


class IncomeAmountsOut(Body):
    """In the answer's currency; null with `reasons` as soon as one payment is not known in it."""

    gross: DecimalText | None
    withheld: DecimalText | None
    fee: DecimalText | None
    net: DecimalText | None
    count: int
    reasons: list[str]


class IncomeGroupOut(Body):
    """Payments that belong together: a month, a year, an instrument, an account or a kind."""

    key: str
    label: str
    amounts: IncomeAmountsOut


class LotTestOut(Body):
    lot_id: UUID
    acquired_date: date
    closed_date: date | None
    units: DecimalText
    days_held: int
    holding: HoldingName
    enough_on: date | None


class HoldingTestOut(Body):
    """Units by whether they were held long enough for a qualified dividend (US).

    `rule`: at least so many days of so many around the ex-date; null where there is no test.
    `reason` says why there is no test. Days of diminished risk are not looked for.
    """

    units_enough: DecimalText | None
    units_not_yet: DecimalText | None
    units_too_short: DecimalText | None
    enough_on: date | None
    reason: str | None
    rule: Literal["61_of_121", "91_of_181"] | None
    lots: list[LotTestOut]


class PaymentOut(Body):
    """One payment as recorded; `classification` is the broker's word, null when it said nothing."""

    transaction_id: UUID
    account_id: UUID
    instrument_id: UUID | None
    symbol: str | None
    kind: KindName
    classification: str | None
    paid_on: date
    ex_date: date | None
    currency: CurrencyCode
    gross: DecimalText
    withheld: DecimalText
    fee: DecimalText
    net: DecimalText
    net_in_base: DecimalText | None
    reason: str | None
    holding_test: HoldingTestOut | None


class IncomeOut(Body):
    """What was received in a span; the newest payments, and how many there are."""

    slice: SliceOut
    currency: CurrencyCode
    as_of: date
    from_date: date | None
    to_date: date
    total: IncomeAmountsOut
    kinds: list[IncomeGroupOut]
    months: list[IncomeGroupOut]
    years: list[IncomeGroupOut]
    instruments: list[IncomeGroupOut]
    accounts: list[IncomeGroupOut]
    payments: list[PaymentOut]
    payment_count: int
    conventions: IncomeConventionsOut


class CalendarItemOut(Body):
    """One payment of the calendar. `day` is when cash moves; the ex-date until that is known.

    `is_net_known` is false where no tax was seen withheld before: `net` is before tax then.
    `is_overdue` marks what is declared and was not recorded when a broker would have. `basis` is
    what an estimate goes by. Interest on cash has neither instrument nor units.
    """

    state: StateName
    day: date
    ex_date: date | None
    pay_date: date | None
    account_id: UUID
    instrument_id: UUID | None
    symbol: str | None
    kind: KindName
    currency: CurrencyCode
    per_unit: DecimalText | None
    units: DecimalText | None
    gross: DecimalText
    withheld: DecimalText
    net: DecimalText
    net_in_base: DecimalText | None
    reason: str | None
    is_net_known: bool
    is_overdue: bool
    is_special: bool
    is_reinvested: bool
    basis: Literal["last_regular", "last_interest", "coupon"] | None
    transaction_id: UUID | None
    event_id: UUID | None
    holding_test: HoldingTestOut | None


class CalendarMonthOut(Body):
    """Net amounts of a month by how sure they are; null when one of them is not known."""

    month: str
    paid: DecimalText | None
    declared: DecimalText | None
    estimated: DecimalText | None


class CalendarOut(Body):
    slice: SliceOut
    currency: CurrencyCode
    as_of: date
    from_date: date
    to_date: date
    months: list[CalendarMonthOut]
    items: list[CalendarItemOut]
    item_count: int
    conventions: IncomeConventionsOut


class ProjectedInstrumentOut(Body):
    """What an instrument is expected to pay; interest on cash where there is none."""

    instrument_id: UUID | None
    symbol: str | None
    amounts: IncomeAmountsOut


class ProjectionOut(Body):
    """The next twelve months; `interest` is the part of `estimated` that is interest.

    `stopped` are instruments whose payments are overdue.

    `without_history_count` are positions nothing is known to have been paid on: nothing is expected
    of them.
    """

    slice: SliceOut
    currency: CurrencyCode
    as_of: date
    through_date: date
    total: IncomeAmountsOut
    declared: IncomeAmountsOut
    estimated: IncomeAmountsOut
    interest: IncomeAmountsOut
    months: list[CalendarMonthOut]
    instruments: list[ProjectedInstrumentOut]
    stopped: list[UUID]
    without_history_count: int
    is_net_known: bool
    is_any_reinvested: bool
    conventions: IncomeConventionsOut


class YieldOut(Body):
    ratio: DecimalText | None
    reason: str | None


class InstrumentYieldsOut(Body):
    """Of one instrument held; cash for a unit in the currency of its price."""

    instrument_id: UUID
    symbol: str
    name: str
    units: DecimalText
    currency: CurrencyCode
    market_value: DecimalText | None
    trailing_per_unit: DecimalText | None
    forward_per_unit: DecimalText | None
    frequency: int | None
    trailing: YieldOut
    forward: YieldOut
    on_cost: YieldOut
    source: Literal["events", "records"]
    is_price_stale: bool


class YieldsOut(Body):
    """Long positions; the totals leave out none: unknown when one's figures are.

    Positions nothing is known to have been paid on count as paying nothing and are told by
    `without_history_count`.
    """

    slice: SliceOut
    currency: CurrencyCode
    as_of: date
    trailing: YieldOut
    forward: YieldOut
    on_cost: YieldOut
    trailing_income: DecimalText | None
    forward_income: DecimalText | None
    without_history_count: int
    items: list[InstrumentYieldsOut]
    conventions: IncomeConventionsOut


class PreferenceOut(Body):
    account_id: UUID
    instrument_id: UUID | None
    symbol: str | None
    handling: Literal["cash", "reinvest"]
    version: int
    changed_at: Instant


class PreferencesOut(Body):
    """What was said; where nothing was, income stays cash."""

    items: list[PreferenceOut]


class PreferenceIn(Body):
    """What is done with income of an account, or of an instrument in it; null takes it back.

    `version` is that of the word one saw; left out when there was none.
    """

    account_id: UUID
    instrument_id: UUID | None = None
    handling: Literal["cash", "reinvest"] | None
    version: Version | None = None

"""What a ledger record means: kinds, signs, parts, and the draft a broker's row becomes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId, LotId, TransactionId
from truenav.core.ledger.methods import LotChoice, LotMethod


class TransactionKind(StrEnum):
    """The closed set of what can happen to an account."""

    BUY = "buy"
    SELL = "sell"
    DIVIDEND = "dividend"
    CAPITAL_GAIN_DISTRIBUTION = "capital_gain_distribution"
    RETURN_OF_CAPITAL = "return_of_capital"
    INTEREST = "interest"
    FEE = "fee"
    TAX = "tax"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    FX_CONVERSION = "fx_conversion"
    SPLIT = "split"
    SPIN_OFF = "spin_off"
    MERGER = "merger"
    CASH_IN_LIEU = "cash_in_lieu"
    NAME_CHANGE = "name_change"
    WORTHLESS = "worthless"
    RIGHTS = "rights"
    OPTION_EXPIRY = "option_expiry"
    OPTION_ASSIGNMENT = "option_assignment"
    OPTION_EXERCISE = "option_exercise"
    REWARD = "reward"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"
    UNKNOWN = "unknown"


# What crosses the portfolio's edge unless somebody says that it does not.
EXTERNAL_KINDS = frozenset(
    {
        TransactionKind.DEPOSIT,
        TransactionKind.WITHDRAWAL,
        TransactionKind.TRANSFER_IN,
        TransactionKind.TRANSFER_OUT,
    }
)


class SubKind(StrEnum):
    """A finer word where the kind alone would lose what the broker said."""

    SHORT_OPEN = "short_open"
    SHORT_COVER = "short_cover"
    TO_OPEN = "to_open"
    TO_CLOSE = "to_close"
    REINVESTMENT = "reinvestment"
    QUALIFIED = "qualified"
    ORDINARY = "ordinary"
    SPECIAL = "special"
    IN_LIEU = "in_lieu"
    STOCK = "stock"
    CASH = "cash"
    SHORT_TERM = "short_term"
    LONG_TERM = "long_term"
    WITHHOLDING = "withholding"
    MARGIN = "margin"
    BOND = "bond"
    COMMISSION = "commission"
    CUSTODY = "custody"
    ADVISORY = "advisory"
    ADR = "adr"
    JOURNAL = "journal"
    REVERSE = "reverse"
    MATURITY = "maturity"
    TENDER = "tender"
    CALL = "call"
    ACCRUED = "accrued"
    LENDING = "lending"
    STAKING = "staking"
    AIRDROP = "airdrop"
    GIFT = "gift"
    INHERITANCE = "inheritance"
    VEST = "vest"
    BONUS = "bonus"
    REFUND = "refund"
    TAXABLE = "taxable"


class AssetClass(StrEnum):
    """What an instrument is, as far as a broker's file tells."""

    EQUITY = "equity"
    FUND = "fund"
    BOND = "bond"
    OPTION = "option"
    CRYPTO = "crypto"
    CASH = "cash"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CashPart:
    """One part of a cash movement, in the currency the broker states it in.

    `rate` is units of the transaction's cash currency for one unit of `currency`; it is 1 only
    when the two are the same.
    """

    amount: Decimal
    currency: str
    rate: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedLot:
    """A lot that units bring along from elsewhere, as a person, a broker or the sender states it.

    `cost` is the whole lot's, in `currency` (the record's, when empty); None when nobody knows.
    `costs` is the same in other currencies, each at its own days' rates. `lot_id` is the lot it
    was in another account of the tenant.
    """

    acquired_date: date
    quantity: Decimal
    cost: Decimal | None
    currency: str | None = None
    costs: tuple[tuple[str, Decimal | None], ...] = ()
    lot_id: LotId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRef:
    """How a file names an instrument; at least one of symbol, isin, cusip, figi or name is set."""

    symbol: str | None = None
    isin: str | None = None
    cusip: str | None = None
    figi: str | None = None
    name: str | None = None
    exchange: str | None = None
    currency: str | None = None
    asset_class: AssetClass = AssetClass.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionDraft:
    """One ledger record as a file states it, before an account and an instrument id are known.

    Signs: `quantity` is the change in units held (+ in, - out). `gross` is the cash before costs
    (+ received, - paid). `fee` and `tax` are costs (> 0 lowers cash; a rebate is < 0).
    Cash change = gross - fee - tax, each at its rate, in `currency`.
    `price` is per unit in `currency`, never negative, never rounded.
    For FX_CONVERSION `gross` is the leg in `currency` and `counter` the other leg, with its sign.
    For SPLIT `ratio` is new units per old unit; `quantity` may then be the delta a broker states.
    `link_id` is shared by records that belong together: the ends of a transfer between own
    accounts, the legs of an exchange, an option record and the trade it led to. `source` is what
    units came out of (the parent of a spin-off) and `basis_fraction` (0..1) the part of its basis
    that came along. `acquired_date` and `carried_lots` are what is stated of units that arrive.
    """

    row_number: int
    kind: TransactionKind
    sub_kind: SubKind | None = None
    trade_date: date
    traded_at: datetime | None = None
    settlement_date: date | None = None
    ex_date: date | None = None
    record_date: date | None = None
    pay_date: date | None = None
    instrument: InstrumentRef | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    multiplier: Decimal = Decimal(1)
    ratio: Decimal | None = None
    currency: str
    gross: CashPart | None = None
    fee: CashPart | None = None
    tax: CashPart | None = None
    counter: CashPart | None = None
    is_external_flow: bool = False
    lot_method: LotMethod | None = None
    lot_choices: tuple[LotChoice, ...] = ()
    link_id: UUID | None = None
    source: InstrumentRef | None = None
    basis_fraction: Decimal | None = None
    acquired_date: date | None = None
    carried_lots: tuple[CarriedLot, ...] = ()
    source_account: str | None = None
    broker_reference: str | None = None
    note: str | None = None
    original: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One posted ledger record; the fields mean what they mean in `TransactionDraft`.

    `sequence` orders records of one account and day; it is unique within the account.
    `lot_choices` names the lots a closing transaction takes, `lot_method` how it takes the rest;
    without them the account's own method holds. `chain_id` is the first record of the chain of
    corrections this one ends; None says that it was never corrected.
    """

    id: TransactionId
    account_id: AccountId
    instrument_id: InstrumentId | None
    kind: TransactionKind
    sub_kind: SubKind | None
    trade_date: date
    settlement_date: date | None
    sequence: int
    quantity: Decimal | None
    price: Decimal | None
    multiplier: Decimal
    ratio: Decimal | None
    currency: str
    gross: CashPart | None
    fee: CashPart | None
    tax: CashPart | None
    counter: CashPart | None
    is_external_flow: bool
    traded_at: datetime | None = None
    lot_method: LotMethod | None = None
    lot_choices: tuple[LotChoice, ...] = ()
    link_id: UUID | None = None
    source_instrument_id: InstrumentId | None = None
    basis_fraction: Decimal | None = None
    acquired_date: date | None = None
    carried_lots: tuple[CarriedLot, ...] = ()
    chain_id: TransactionId | None = None


def crosses_account(record: Transaction) -> bool:
    """Whether the record is a flow of its account: what comes or goes is no gain of its own.

    A linked transfer is none of the portfolio; it is one of each account it touches, and the two
    cancel when accounts are added up.
    """
    is_transfer = record.kind in {TransactionKind.TRANSFER_IN, TransactionKind.TRANSFER_OUT}
    return record.is_external_flow or (is_transfer and record.link_id is not None)

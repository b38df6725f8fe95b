"""Income an account is entitled to and has not got yet: what keeps a value from dipping.

On the ex-date a price falls by the dividend, and cash comes on the pay date. In between the net
amount counts as receivable (docs/calculations/nav.md). From the day cash moves it does not.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Self
from uuid import UUID

from truenav.core.corporate_actions.actions import CorporateAction
from truenav.core.corporate_actions.recorded import window
from truenav.core.ids import AccountId, InstrumentId, TransactionId
from truenav.core.income.received import payment_of
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.postings import postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import Transaction, TransactionKind, crosses_account
from truenav.core.money import exact

K = TransactionKind
ZERO = Decimal(0)
# Between an ex-date and cash lie weeks; what is further apart is not believed.
LONGEST = timedelta(days=200)
# So long a declared payment without a pay date counts: most take less, a quarter is longer.
UNDATED = timedelta(days=30)
ACCRUED = frozenset({K.DIVIDEND, K.CAPITAL_GAIN_DISTRIBUTION, K.RETURN_OF_CAPITAL, K.TAX})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable:
    """An amount due on the days from `since` up to the one before `until`, in `currency`.

    `gross` is before tax; `withheld` and `fee` > 0 lower it; what is owed is < 0. A recorded one
    ends with its record and names it; a declared one names its event, and its `withheld` is what
    was seen before. `is_income` is false for returned capital.
    """

    account_id: AccountId
    instrument_id: InstrumentId
    currency: str
    gross: Decimal
    withheld: Decimal
    fee: Decimal
    since: date
    until: date
    is_income: bool = True
    transaction_id: TransactionId | None = None
    event_id: UUID | None = None

    @property
    @exact
    def net(self) -> Decimal:
        """What will come of it."""
        return self.gross - self.withheld - self.fee

    @exact
    def part(self, weight: Decimal) -> Self:
        """The part of it that belongs to something with a weight of 0 to 1."""
        return replace(
            self,
            gross=self.gross * weight,
            withheld=self.withheld * weight,
            fee=self.fee * weight,
        )

    def counts_on(self, day: date) -> bool:
        """Whether it is due at the close of a day."""
        return self.since <= day < self.until


@exact
def recorded_receivable(record: Transaction, ex_date: date | None) -> Receivable | None:
    """What a record was due before its cash moved; None when it was not due on any day.

    Args:
        record: A dividend, a distribution, returned capital, or tax withheld on one.
        ex_date: As the record states it, or of the event it tells.
    """
    key, paid_on = record.instrument_id, record.trade_date
    if key is None or ex_date is None or record.kind not in ACCRUED or crosses_account(record):
        return None
    if not paid_on - LONGEST <= ex_date < paid_on:
        return None
    is_income = record.kind is not K.RETURN_OF_CAPITAL
    payment = payment_of(record, ex_date)
    if payment is not None:
        gross, withheld, fee = payment.gross, payment.withheld, payment.fee
    elif not is_income:
        gross, withheld, fee = _returned(record)
    else:
        return None
    if not (gross or withheld or fee):
        return None
    return Receivable(
        account_id=record.account_id, instrument_id=key, currency=record.currency, gross=gross,
        withheld=withheld, fee=fee, since=ex_date, until=paid_on, is_income=is_income,
        transaction_id=record.id,
    )  # fmt: skip


def _returned(record: Transaction) -> tuple[Decimal, Decimal, Decimal]:
    """(before tax, withheld, fee) of returned capital, which is no income but taxed like it."""
    legs = postings(record)
    withheld = sum((one.amount for one in legs if one.leg is Leg.TAX), ZERO)
    fee = sum((one.amount for one in legs if one.leg is Leg.FEE), ZERO)
    return (net_cash(record) or ZERO) + withheld + fee, withheld, fee


def lapses_on(action: CorporateAction) -> date:
    """The first day on which a declared payment nobody recorded counts no more.

    Eleven days after its pay date, when no broker would book it any more; where that is not known,
    31 days after the ex-date.
    """
    if action.pay_date is None:
        return action.ex_date + UNDATED + timedelta(days=1)
    return window(action)[1] + timedelta(days=1)

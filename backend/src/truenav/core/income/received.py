"""Income that was received: what was paid, what was withheld, and what is left, added up.

Formula and conventions: docs/calculations/income.md.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from truenav.core.ids import AccountId, InstrumentId, TransactionId
from truenav.core.ledger.cash import net_cash
from truenav.core.ledger.postings import postings
from truenav.core.ledger.rules import Leg
from truenav.core.ledger.transactions import SubKind, Transaction, TransactionKind
from truenav.core.money import exact
from truenav.core.valuation.series import FxTable
from truenav.core.versions import Version, versioned

K = TransactionKind
Key = TypeVar("Key", bound=Hashable)
ZERO = Decimal(0)
VERSION: Final = Version(
    "income", "2026.3", date(2026, 11, 30),
    "A coupon that was said is expected once, also where it is booked as a dividend, and what earns"
    " interest is not counted among what was never paid.",
)  # fmt: skip
SEEN = timedelta(days=400)  # a year, and the weeks by which payments move


class IncomeKind(StrEnum):
    """What income is, in the words of the page."""

    DIVIDEND = "dividend"
    DISTRIBUTION = "distribution"
    INTEREST = "interest"
    REWARD = "reward"
    IN_LIEU = "in_lieu"


KINDS = {
    K.DIVIDEND: IncomeKind.DIVIDEND,
    K.CAPITAL_GAIN_DISTRIBUTION: IncomeKind.DISTRIBUTION,
    K.INTEREST: IncomeKind.INTEREST,
    K.REWARD: IncomeKind.REWARD,
}
NAMED = {
    SubKind.IN_LIEU: IncomeKind.IN_LIEU,
    SubKind.STAKING: IncomeKind.REWARD,
    SubKind.LENDING: IncomeKind.REWARD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment as recorded, in `currency`. Cash moved on `paid_on`, the record's trade date.

    `gross` is before tax; `withheld` and `fee` are > 0 where they lower what arrives. Tax that a
    broker books in a record of its own is a payment with `gross` 0.
    """

    id: TransactionId
    account_id: AccountId
    instrument_id: InstrumentId | None
    kind: IncomeKind
    sub_kind: SubKind | None
    paid_on: date
    ex_date: date | None
    currency: str
    gross: Decimal
    withheld: Decimal
    fee: Decimal

    @property
    @exact
    def net(self) -> Decimal:
        """What is left of it."""
        return self.gross - self.withheld - self.fee


@versioned(VERSION)
@exact
def payment_of(record: Transaction, ex_date: date | None = None) -> Payment | None:
    """The income of one record; None when it is none.

    Units received in the place of cash count at the value the record states for them.
    """
    kind = _kind(record)
    if kind is None:
        return None
    gross, withheld, fee = ZERO, ZERO, ZERO
    if record.kind is K.TAX:
        withheld = -(net_cash(record) or ZERO)
    else:
        for posting in postings(record):
            if posting.leg is Leg.INCOME:
                gross -= posting.amount
            elif posting.leg is Leg.TAX:
                withheld += posting.amount
            elif posting.leg is Leg.FEE:
                fee += posting.amount
    if not gross and not withheld and not fee:
        return None
    return Payment(
        id=record.id, account_id=record.account_id, instrument_id=record.instrument_id, kind=kind,
        sub_kind=record.sub_kind, paid_on=record.trade_date, ex_date=ex_date,
        currency=record.currency, gross=gross, withheld=withheld, fee=fee,
    )  # fmt: skip


def _kind(record: Transaction) -> IncomeKind | None:
    if record.kind is K.TAX:
        if record.sub_kind is not SubKind.WITHHOLDING:
            return None
        return IncomeKind.INTEREST if record.instrument_id is None else IncomeKind.DIVIDEND
    kind = KINDS.get(record.kind)
    if kind is None or record.sub_kind is None:
        return kind
    return NAMED.get(record.sub_kind, kind)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Several payments in one currency; null with `reasons` as soon as one is not known."""

    gross: Decimal | None = ZERO
    withheld: Decimal | None = ZERO
    fee: Decimal | None = ZERO
    net: Decimal | None = ZERO
    count: int = 0
    reasons: tuple[str, ...] = ()

    @exact
    def plus(self, other: "Amounts") -> "Amounts":
        """Both together; never a part passed off as the whole."""
        return Amounts(
            _plus(self.gross, other.gross),
            _plus(self.withheld, other.withheld),
            _plus(self.fee, other.fee),
            _plus(self.net, other.net),
            self.count + other.count,
            tuple(sorted({*self.reasons, *other.reasons})),
        )


NOTHING = Amounts()


def _plus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return left + right if left is not None and right is not None else None


@exact
def in_base(payment: Payment, fx: FxTable, currency: str) -> Amounts:
    """A payment at the rate of the day its cash moved; unknown without one."""
    rate = fx.rate(payment.currency, currency, payment.paid_on)
    if rate is None:
        return Amounts(None, None, None, None, 1, (f"fx_missing:{payment.currency}",))
    return Amounts(
        payment.gross * rate, payment.withheld * rate, payment.fee * rate, payment.net * rate, 1
    )


def summed(
    payments: Iterable[Payment], fx: FxTable, currency: str, key: Callable[[Payment], Key]
) -> dict[Key, Amounts]:
    """Payments added up by a key, in the order in which the keys first occur."""
    found: dict[Key, Amounts] = {}
    for payment in payments:
        name = key(payment)
        found[name] = found.get(name, NOTHING).plus(in_base(payment, fx, currency))
    return found


@versioned(VERSION)
@exact
def withheld_ratio(payments: Iterable[Payment], day: date) -> Decimal | None:
    """Tax withheld over what was paid (0..1) in the 400 days up to a day, that day included.

    The payments are of one instrument in one account. None when nothing was paid, or in several
    currencies: nothing was seen then. Payments in lieu are left out: they are taxed otherwise.
    What is paid after `day` changes nothing: an amount due since then stays what it was.
    """
    told = [
        p for p in payments if day - SEEN < p.paid_on <= day and p.kind is not IncomeKind.IN_LIEU
    ]
    gross = sum((p.gross for p in told), ZERO)
    withheld = sum((p.withheld for p in told), ZERO)
    if gross <= 0 or len({p.currency for p in told}) > 1:
        return None
    return min(max(withheld / gross, ZERO), Decimal(1))

"""The few things every rule does to one account's lots: take out, put in, close, adjust, note."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from truenav.core.ids import InstrumentId, LotId
from truenav.core.ledger.amounts import Amounts, CostCurrencies
from truenav.core.ledger.book import LotNotHeld
from truenav.core.ledger.lots import AdjustmentKind, ClosureKind, Lot, LotAdjustment, LotClosure
from truenav.core.ledger.methods import Closing, MethodPolicy
from truenav.core.ledger.state import LedgerState, ReviewNote
from truenav.core.ledger.transactions import Transaction
from truenav.core.ledger.uk_matching import UkMatches

ZERO = Decimal(0)


class Bookkeeper:
    """Writes to one state. A class because every rule reads and writes the same lots.

    `folded` holds, per link, the premium of options (and the cost of rights) used today and
    whether all of it is known, until the trade they led to takes it; `trade_links` are the links
    of today's trades.
    """

    def __init__(
        self,
        state: LedgerState,
        policy: MethodPolicy,
        currencies: CostCurrencies,
        matches: UkMatches,
    ) -> None:
        self.state = state
        self.policy = policy
        self.currencies = currencies
        self.matches = matches
        self.folded: dict[UUID, tuple[Amounts, bool]] = {}
        self.trade_links: Collection[UUID] = ()

    def amounts(self, record: Transaction, amount: Decimal) -> Amounts:
        """An amount of a record in every currency, at the rates of its day."""
        return self.currencies.amounts(amount, record.currency, record.trade_date)

    def release(
        self, record: Transaction, instrument_id: InstrumentId, quantity: Decimal, amount: Decimal
    ) -> tuple[Lot, ...]:
        """Take units out of the book as the record or the account says; `amount` is for all."""
        book = self.state.book(instrument_id)
        method = record.lot_method or self.policy.on(record.trade_date)
        closing = Closing(record.trade_date, amount / quantity)
        try:
            return book.release(quantity, method, closing, record.lot_choices)
        except LotNotHeld as error:
            self.note(record, "lot_not_held", f"the sale names what is not open: {error}")
            return book.release(quantity, method, closing)

    def open_lot(
        self,
        record: Transaction,
        instrument_id: InstrumentId,
        quantity: Decimal,
        amounts: Amounts,
        *,
        is_cost_known: bool = True,
        is_short: bool = False,
        acquired: date | None = None,
    ) -> None:
        """Put in what a record opens by itself."""
        lot = Lot(
            id=own_lot_id(record),
            instrument_id=instrument_id,
            opened_by=record.id,
            acquired_date=acquired or record.trade_date,
            quantity=quantity,
            cost=amounts.traded,
            currency=record.currency,
            is_short=is_short,
            is_cost_known=is_cost_known,
            costs=amounts.others if is_cost_known else amounts.unknown().others,
        )
        self.state.book(instrument_id).add(lot)

    def unknown(self) -> Amounts:
        """A cost nobody knows."""
        return Amounts(ZERO, (None,) * len(self.currencies.codes))

    def nothing(self) -> Amounts:
        """A cost of nothing, known."""
        return Amounts(ZERO, (ZERO,) * len(self.currencies.codes))

    def close_lot(
        self,
        record: Transaction,
        lot: Lot,
        *,
        proceeds: Amounts,
        cost: Amounts,
        is_known: bool = True,
        kind: ClosureKind = ClosureKind.CLOSED,
        gain_date: date | None = None,
    ) -> None:
        """Write down a gain on a lot; of kinds other than CLOSED no units leave."""
        if lot.currency != record.currency:
            self.note(record, "currency_differs", "opened and closed in different currencies")
        known = is_known and lot.is_cost_known
        self.state.closures.append(
            LotClosure(
                lot_id=lot.id,
                instrument_id=lot.instrument_id,
                opened_by=lot.opened_by,
                closed_by=record.id,
                acquired_date=lot.acquired_date,
                closed_date=record.trade_date,
                quantity=lot.quantity if kind is ClosureKind.CLOSED else ZERO,
                proceeds=proceeds.traded,
                cost=cost.traded,
                currency=record.currency,
                is_short=lot.is_short,
                is_cost_known=known and lot.currency == record.currency,
                kind=kind,
                gain_date=gain_date or record.trade_date,
                proceeds_in=proceeds.others,
                cost_in=cost.others if known else cost.unknown().others,
            )
        )

    def adjusted(
        self,
        record: Transaction,
        kind: AdjustmentKind,
        before: Lot | None,
        after: Lot | None,
        source: Lot | None = None,
    ) -> None:
        """Write down what a record did to a lot that no gain tells; one end may be nothing."""
        lot = after or before
        if lot is None:
            raise ValueError("an adjustment has a lot before or after it")
        self.state.adjustments.append(
            LotAdjustment(
                lot_id=before.id if before else lot.id,
                instrument_id=lot.instrument_id,
                caused_by=record.id,
                kind=kind,
                adjusted_date=record.trade_date,
                quantity_before=before.quantity if before else ZERO,
                quantity_after=after.quantity if after else ZERO,
                cost_before=before.cost if before else ZERO,
                cost_after=after.cost if after else ZERO,
                source_lot_id=source.id if source else None,
            )
        )

    def traded(self, record: Transaction, instrument_id: InstrumentId) -> None:
        """Remember when an instrument last moved."""
        self.state.last_trade_dates[instrument_id] = record.trade_date

    def note(self, record: Transaction, reason_code: str, message: str) -> None:
        """Keep for a person to look at."""
        note = ReviewNote(record.id, reason_code, message)
        if note not in self.state.notes[-8:]:  # one record can meet the same rule per lot
            self.state.notes.append(note)


def chain_of(record: Transaction) -> UUID:
    """What stays the same however often a record is corrected."""
    return record.chain_id or record.id


def own_lot_id(record: Transaction) -> LotId:
    """The lot a record opens by itself."""
    return LotId(uuid5(chain_of(record), "lot"))


def derived_lot_id(record: Transaction, source: UUID | int) -> LotId:
    """The lot that comes out of another one, or of a number of stated ones, through a record."""
    return LotId(uuid5(chain_of(record), f"from {source}"))

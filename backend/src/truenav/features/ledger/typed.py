"""Bodies a person or a program sent → drafts, with the instruments they name."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from truenav.core.ids import InstrumentId
from truenav.core.ledger.transactions import InstrumentRef, TransactionDraft
from truenav.features.instruments.repository import find_visible
from truenav.features.instruments.tables import InstrumentRow
from truenav.features.ledger.drafts import checked_draft
from truenav.features.ledger.schemas import TransactionIn
from truenav.platform.problems import NotFound
from truenav.platform.unit_of_work import UnitOfWork

ONE = Decimal(1)


class TypedDrafts:
    """Reads bodies; every instrument is looked up once. `instruments` grows as bodies name them."""

    def __init__(self, uow: UnitOfWork, day: date) -> None:
        self.uow = uow
        self.day = day
        self.instruments: dict[InstrumentRef, InstrumentId] = {}
        self._found: dict[UUID, InstrumentRow] = {}

    async def read(self, body: TransactionIn) -> TransactionDraft:
        """The draft of a body.

        Raises:
            NotFound: an instrument is none, or not visible.
            InvalidFields: values that do not go together.
        """
        source = await self._ref(body.source_instrument_id)
        ref = await self._ref(body.instrument_id)
        multiplier = self._found[body.instrument_id].multiplier if body.instrument_id else ONE
        return checked_draft(body, ref, source, multiplier, self.day)

    async def _ref(self, instrument_id: UUID | None) -> InstrumentRef | None:
        if instrument_id is None:
            return None
        found = self._found.get(instrument_id) or await find_visible(
            self.uow.session, instrument_id
        )
        if found is None:
            raise NotFound("no such instrument")
        self._found[instrument_id] = found
        # the id as a name: two instruments may share a symbol
        ref = InstrumentRef(symbol=found.symbol, currency=found.currency, name=str(found.id))
        self.instruments[ref] = InstrumentId(found.id)
        return ref

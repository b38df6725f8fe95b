"""Typed ids, so that an account id cannot pass for a lot id."""

from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
TenantId = NewType("TenantId", UUID)
AccountId = NewType("AccountId", UUID)
InstrumentId = NewType("InstrumentId", UUID)
TransactionId = NewType("TransactionId", UUID)
LotId = NewType("LotId", UUID)
ImportBatchId = NewType("ImportBatchId", UUID)
EventId = NewType("EventId", UUID)
TaxonomyId = NewType("TaxonomyId", UUID)
CategoryId = NewType("CategoryId", UUID)

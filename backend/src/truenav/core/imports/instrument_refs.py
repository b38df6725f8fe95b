"""One reference per instrument within a file, however its rows word the name."""

from collections.abc import Sequence
from dataclasses import replace

from truenav.core.imports.parsed import ParsedRow
from truenav.core.ledger.transactions import AssetClass, InstrumentRef, TransactionDraft

_Ids = tuple[str | None, ...]


def with_one_ref_each(rows: Sequence[ParsedRow]) -> tuple[ParsedRow, ...]:
    """Give all rows of the same identifiers the first name, exchange and asset class stated.

    Identifiers are never added: a row's key comes from them, and must be the same in an export
    that holds the row alone.
    """
    merged: dict[_Ids, InstrumentRef] = {}
    for row in rows:
        for draft in row.drafts:
            if draft.instrument is not None:
                ids = _ids(draft.instrument)
                merged[ids] = _merged(merged.get(ids, draft.instrument), draft.instrument)
    return tuple(_with_refs(row, merged) for row in rows)


def _ids(ref: InstrumentRef) -> _Ids:
    known = (ref.isin, ref.symbol, ref.cusip, ref.figi)
    return (*known, ref.currency) if any(known) else (*known, ref.currency, ref.name)


def _merged(first: InstrumentRef, other: InstrumentRef) -> InstrumentRef:
    if other is first or other == first:
        return first
    is_vague = first.asset_class is AssetClass.OTHER
    return replace(
        first,
        name=first.name or other.name,
        exchange=first.exchange or other.exchange,
        asset_class=other.asset_class if is_vague else first.asset_class,
    )


def _with_refs(row: ParsedRow, merged: dict[_Ids, InstrumentRef]) -> ParsedRow:
    drafts = tuple(_with_ref(draft, merged) for draft in row.drafts)
    is_same = all(new is old for new, old in zip(drafts, row.drafts, strict=True))
    return row if is_same else replace(row, drafts=drafts)


def _with_ref(draft: TransactionDraft, merged: dict[_Ids, InstrumentRef]) -> TransactionDraft:
    if draft.instrument is None:
        return draft
    ref = merged[_ids(draft.instrument)]
    return draft if ref == draft.instrument else replace(draft, instrument=ref)

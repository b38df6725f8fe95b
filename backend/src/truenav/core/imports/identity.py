"""When are two rows the same? A broker's own id, else the content and its place among equals."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal

from truenav.core.ledger.transactions import (
    CashPart,
    InstrumentRef,
    TransactionDraft,
    TransactionKind,
)


def content_key(draft: TransactionDraft) -> str:
    """SHA-256 (hex) of what the row says happened.

    Left out: where it stood in the file, the account's name (exports of one and of several
    accounts differ in it) and the wording, except of a record we do not understand.
    """
    instrument = draft.instrument
    fields = (
        draft.kind.value,
        draft.sub_kind.value if draft.sub_kind else "",
        draft.trade_date.isoformat(),
        draft.traded_at.astimezone(UTC).isoformat() if draft.traded_at else "",
        _name(instrument) if instrument else "",
        _plain(draft.quantity),
        _plain(draft.price),
        _plain(draft.ratio),
        draft.currency,
        _part(draft.gross),
        _part(draft.fee),
        _part(draft.tax),
        _part(draft.counter),
        (draft.note or "") if draft.kind is TransactionKind.UNKNOWN else "",
    )
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


def _name(instrument: InstrumentRef) -> str:
    known = (instrument.isin, instrument.symbol, instrument.cusip, instrument.figi)
    return next((name for name in known if name), instrument.name or "")


def keyed(drafts: Iterable[TransactionDraft]) -> list[tuple[TransactionDraft, str]]:
    """Give every draft of one file its key.

    With a broker's reference (Interactive Brokers: tradeID or transactionID of a Flex query; a
    generic CSV: its id column) the key is `ref:<reference>:<kind>`. Without one it is the content
    and an ordinal, so four identical fills stay four, and the same file read again gives the same
    keys. Two exports that overlap therefore meet as multisets: the larger count wins.
    """
    seen: Counter[str] = Counter()
    found = []
    for draft in drafts:
        if draft.broker_reference:
            base = f"ref:{draft.broker_reference}:{draft.kind.value}"
        else:
            base = content_key(draft)
        seen[base] += 1
        ordinal = seen[base]
        key = base if draft.broker_reference and ordinal == 1 else f"{base}#{ordinal}"
        found.append((draft, key))
    return found


def _plain(value: Decimal | None) -> str:
    if value is None:
        return ""
    if not value:
        return "0"  # not "-0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _part(part: CashPart | None) -> str:
    return f"{_plain(part.amount)} {part.currency} {_plain(part.rate)}" if part else ""

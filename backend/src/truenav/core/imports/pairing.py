"""Rows that tell one event together: legs of a conversion, of a split, of a trade in coins."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from truenav.core.imports.fields import ratio
from truenav.core.imports.parsed import ParsedRow
from truenav.core.imports.rows import skipped
from truenav.core.ledger.transactions import TransactionDraft, TransactionKind

K = TransactionKind
Key = Callable[[ParsedRow], Hashable]


def only_draft(row: ParsedRow, kind: TransactionKind) -> TransactionDraft | None:
    """The row's single draft when it is of that kind."""
    is_such = len(row.drafts) == 1 and row.drafts[0].kind is kind
    return row.drafts[0] if is_such else None


def grouped(rows: Sequence[ParsedRow], indexes: Iterable[int], key: Key) -> list[list[int]]:
    """Indexes of rows with the same key, in the order of the file."""
    groups: dict[Hashable, list[int]] = {}
    for index in indexes:
        groups.setdefault(key(rows[index]), []).append(index)
    return list(groups.values())


def paired(row: ParsedRow, with_row: ParsedRow, what: str) -> ParsedRow:
    """A row whose part is told by another one."""
    message = f"{what} in row {with_row.row_number}"
    return skipped(row.row_number, row.original, "paired", message)


def doubtful(row: ParsedRow, reason_code: str, message: str) -> ParsedRow:
    """An imported row with a word of warning."""
    return replace(row, reason_code=reason_code, message=message)


def join_conversions(rows: Sequence[ParsedRow], key: Key) -> list[ParsedRow]:
    """Join what was paid and what was received for it; a leg alone is kept and flagged.

    A leg is an FX_CONVERSION without `counter`. Legs of one key are joined in the order of the
    file when they are of two currencies and opposite signs.
    """
    found = list(rows)
    legs = [i for i, row in enumerate(rows) if _leg(row) is not None]
    for group in grouped(rows, legs, key):
        # by currency and sign, so that a file of nothing but legs takes no longer than others
        waiting: dict[tuple[str, bool], deque[int]] = {}
        for index in group:
            draft, is_out = rows[index].drafts[0], _amount(rows[index]) < 0
            other = _taken(waiting, draft.currency, is_out=is_out)
            if other is None:
                waiting.setdefault((draft.currency, is_out), deque()).append(index)
            else:
                out, into = (index, other) if is_out else (other, index)
                _join(found, out, into)
        for index in (index for queue in waiting.values() for index in queue):
            message = "the other currency of this conversion is not in the file"
            found[index] = doubtful(rows[index], "unpaired_conversion", message)
    return found


def _taken(
    waiting: dict[tuple[str, bool], deque[int]], currency: str, *, is_out: bool
) -> int | None:
    """The leg that waits longest among those of another currency and the other sign."""
    fitting = [
        queue
        for (code, was_out), queue in waiting.items()
        if code != currency and was_out != is_out and queue
    ]
    return min(fitting, key=lambda queue: queue[0]).popleft() if fitting else None


def _leg(row: ParsedRow) -> TransactionDraft | None:
    draft = only_draft(row, K.FX_CONVERSION)
    is_leg = draft is not None and draft.gross and draft.gross.amount and draft.counter is None
    return draft if is_leg else None


def _amount(row: ParsedRow) -> Decimal:
    gross = row.drafts[0].gross
    return gross.amount if gross is not None else Decimal(0)


def _join(rows: list[ParsedRow], out: int, into: int) -> None:
    counter = rows[into].drafts[0].gross
    joined = replace(rows[out].drafts[0], counter=counter)
    rows[into] = paired(rows[into], rows[out], "received in the conversion")
    rows[out] = replace(rows[out], drafts=(joined,))


def join_split_legs(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """Join old units out and new units in of one instrument and day into a split with its ratio.

    New units alone stay a split by that many units. Old units alone are kept for review: taken
    as they stand they would leave nothing.
    """
    found = list(rows)
    legs = [i for i, row in enumerate(rows) if _split(row) is not None]
    for group in grouped(rows, legs, _split_key):
        out = [i for i in group if (rows[i].drafts[0].quantity or 0) < 0]
        into = [i for i in group if (rows[i].drafts[0].quantity or 0) > 0]
        if len(out) == len(into) == 1:
            new, old = rows[into[0]].drafts[0], rows[out[0]].drafts[0]
            if new.quantity and old.quantity:
                split = replace(new, ratio=ratio(new.quantity, old.quantity), quantity=None)
                found[into[0]] = replace(rows[into[0]], drafts=(split,))
                found[out[0]] = paired(rows[out[0]], rows[into[0]], "the old units of the split")
                continue
        for index in out:
            old_leg = rows[index].drafts[0]
            unknown = replace(old_leg, kind=K.UNKNOWN, sub_kind=None, quantity=None)
            message = "a split whose new units are not in the file"
            found[index] = replace(
                doubtful(rows[index], "unpaired_split", message), drafts=(unknown,)
            )
    return found


def _split(row: ParsedRow) -> TransactionDraft | None:
    draft = only_draft(row, K.SPLIT)
    return draft if draft is not None and draft.quantity and draft.ratio is None else None


def _split_key(row: ParsedRow) -> Hashable:
    draft = row.drafts[0]
    ref = draft.instrument
    name = (ref.isin or ref.symbol or ref.name) if ref is not None else None
    return draft.trade_date, name, draft.source_account

"""What Interactive Brokers' descriptions and codes mean, in its CSV as in its XML."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from truenav.core.errors import UnreadableFile
from truenav.core.imports.cells import read_currency, read_number
from truenav.core.imports.parsed import CellError, ParsedRow
from truenav.core.imports.rows import is_cusip, is_isin, skipped
from truenav.core.ledger.transactions import (
    AssetClass,
    InstrumentRef,
    SubKind,
    TransactionDraft,
    TransactionKind,
)
from truenav.core.money import COST_STEP, exact

K, S = TransactionKind, SubKind
Kinds = tuple[TransactionKind, SubKind | None]
_Event = tuple[date, str | None, str]
_NAMED = re.compile(r"(?P<symbol>[^\s(]+)\s*\((?P<id>[A-Z0-9]{9,12})\)", re.ASCII)
# "… (GCM.OLD, GRAN COLOMBIA GOLD CORP, CA38501D2041)": the instrument a corporate action moves
_MOVED = re.compile(r"\((?P<symbol>[^(),]+), (?P<name>.+), (?P<id>[A-Z0-9]{9,12})\)$", re.ASCII)
_SPLIT = re.compile(
    r"Split (?P<new>\d{1,9}(?:\.\d{1,9})?) for (?P<old>\d{1,9}(?:\.\d{1,9})?)",
    re.IGNORECASE | re.ASCII,
)
_SMALL_EXPONENT = re.compile(r"-?\d(?:\.\d{1,20})?E-\d{1,2}", re.ASCII)


@exact
def number(text: str | None, column: str) -> Decimal | None:
    """A number of Interactive Brokers, who print tiny rests as "-2.6E-4".

    Raises:
        CellError: as `read_number`; a positive exponent among them.
    """
    if text is not None and _SMALL_EXPONENT.fullmatch(text.strip()):
        return Decimal(text.strip()).quantize(COST_STEP)
    return read_number(text, column)


def base_currency(text: str | None) -> str | None:
    """The account's base currency.

    Raises:
        UnreadableFile: the file states one that we do not know: all its amounts would be wrong.
    """
    try:
        return read_currency(text, "Base Currency", "") or None
    except CellError as error:
        raise UnreadableFile(error.message) from error


def instrument_in(description: str | None, currency: str) -> InstrumentRef | None:
    """The instrument a description begins with: "VT(US9220427424) Cash Dividend …"."""
    match = _NAMED.match(description or "")
    return _ref(match["symbol"], None, match["id"], currency) if match else None


def instrument_moved(description: str | None, currency: str) -> InstrumentRef | None:
    """The instrument a corporate action moves, which its description names at the end."""
    match = _MOVED.search(description or "")
    if match is None:
        return instrument_in(description, currency)
    return _ref(match["symbol"].strip(), match["name"], match["id"], currency)


def _ref(symbol: str, name: str | None, identifier: str, currency: str) -> InstrumentRef:
    return InstrumentRef(
        symbol=symbol,
        name=name,
        isin=identifier if is_isin(identifier) else None,
        cusip=identifier if is_cusip(identifier) else None,
        currency=currency,
        asset_class=AssetClass.EQUITY,
    )


def dividend_kind(description: str | None) -> Kinds:
    """Which dividend a description tells of; some are returns of capital."""
    text = (description or "").lower()
    if "return of capital" in text:
        return K.RETURN_OF_CAPITAL, None
    if "payment in lieu" in text:
        return K.DIVIDEND, S.IN_LIEU
    return K.DIVIDEND, S.ORDINARY if "ordinary" in text else None


def interest_kind(description: str | None, sub_kind: SubKind | None) -> SubKind | None:
    """Interest of a bond, or paid on borrowed cash, where the description says so."""
    text = (description or "").lower()
    if "bond coupon" in text or "accrued int" in text:
        return S.BOND
    return S.MARGIN if "debit int" in text else sub_kind


def option_event(codes: str) -> TransactionKind | None:
    """Expiry, assignment or exercise, from the code column of an option's trade ("C;Ep")."""
    words = {code.strip() for code in codes.split(";")}
    if "Ep" in words:
        return K.OPTION_EXPIRY
    if "A" in words:
        return K.OPTION_ASSIGNMENT
    return K.OPTION_EXERCISE if "Ex" in words else None


def opening(codes: str) -> SubKind | None:
    """Whether an option was opened or closed ("O", "C;Ep"); None where that is not stated."""
    words = {code.strip() for code in codes.split(";")}
    if "O" in words:
        return S.TO_OPEN
    return S.TO_CLOSE if "C" in words else None


@exact
def corporate_action(
    description: str, quantity: Decimal | None
) -> tuple[TransactionKind, SubKind | None, Decimal | None]:
    """Kind, sub-kind and split ratio (new units per old) that a description states."""
    text = description.lower()
    split = _SPLIT.search(description)
    if split and "spinoff" not in text and Decimal(split["old"]) and Decimal(split["new"]):
        ratio = (Decimal(split["new"]) / Decimal(split["old"])).quantize(COST_STEP)
        return K.SPLIT, None if ratio > 1 else S.REVERSE, ratio
    for word, kind, sub_kind in (
        ("spinoff", K.SPIN_OFF, None),
        ("spin-off", K.SPIN_OFF, None),
        ("stock dividend", K.DIVIDEND, S.STOCK),
        ("merged", K.MERGER, None),
        ("tendered", K.MERGER, None),
        ("cusip/isin change", K.NAME_CHANGE, None),
        ("rights issue", K.RIGHTS, None),
        ("delisted", K.WORTHLESS, None),
        ("matured", K.SELL, S.MATURITY),
        ("bond maturity", K.SELL, S.MATURITY),
    ):
        if word in text:
            return kind, sub_kind, None
    return (K.UNKNOWN if not quantity else K.ADJUSTMENT), None, None


def with_own_fee(draft: TransactionDraft) -> list[TransactionDraft]:
    """A commission in another currency than the trade's is a fee of its own: no rate is stated."""
    if draft.fee is None or draft.fee.currency == draft.currency:
        return [draft]
    fee = TransactionDraft(
        row_number=draft.row_number,
        kind=K.FEE,
        sub_kind=S.COMMISSION,
        trade_date=draft.trade_date,
        settlement_date=draft.settlement_date,
        instrument=draft.instrument,
        currency=draft.fee.currency,
        fee=draft.fee,
        source_account=draft.source_account,
        broker_reference=f"{draft.broker_reference}-fee" if draft.broker_reference else None,
        note=draft.note,
        original=draft.original,
    )
    return [replace(draft, fee=None), fee]


def pair_splits(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """A split under a new ISIN is printed as old units out and new units in.

    The units held stand under the old ISIN: it is split, and what is left takes the new name.
    """
    paired = list(rows)
    into: list[tuple[int, TransactionDraft]] = []
    out: dict[_Event, list[int]] = {}
    for index, row in enumerate(rows):
        if len(row.drafts) != 1 or row.drafts[0].kind is not K.SPLIT:
            continue
        draft = row.drafts[0]
        if draft.quantity and draft.quantity < 0:
            out.setdefault(_event(draft), []).append(index)
        else:
            into.append((index, draft))
    for index, new in into:
        old_legs = out.get(_event(new))
        if not old_legs:
            continue
        old_index = old_legs.pop()
        old = rows[old_index].drafts[0]
        paired[index] = replace(rows[index], drafts=_split_and_rename(old, new))
        message = f"the old units of the split in row {new.row_number}"
        paired[old_index] = skipped(old.row_number, old.original, "paired", message)
    return [_without_delta(row) for row in paired]


def _event(draft: TransactionDraft) -> _Event:
    """Day, account, and the description without the instrument it moves: the same in both legs."""
    words = _MOVED.sub("", draft.note or "").strip()
    return draft.trade_date, draft.source_account, words


def _split_and_rename(old: TransactionDraft, new: TransactionDraft) -> tuple[TransactionDraft, ...]:
    old_isin = old.instrument.isin if old.instrument else None
    new_isin = new.instrument.isin if new.instrument else None
    if new.quantity is None or old_isin == new_isin:
        return (replace(new, quantity=None),)
    split = replace(new, instrument=old.instrument, quantity=None)
    renamed = replace(new, kind=K.NAME_CHANGE, sub_kind=None, ratio=None)
    leaves = replace(
        renamed, instrument=old.instrument, quantity=new.quantity.copy_negate(), gross=None
    )
    arrives = replace(renamed, gross=None)
    return split, leaves, arrives


def _without_delta(row: ParsedRow) -> ParsedRow:
    """A split with a ratio needs no change of units; stating both could contradict."""
    if len(row.drafts) != 1 or row.drafts[0].kind is not K.SPLIT or not row.drafts[0].ratio:
        return row
    return replace(row, drafts=(replace(row.drafts[0], quantity=None),))

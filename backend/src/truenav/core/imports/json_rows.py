"""JSON exports: a list of records inside one object, read row by row as a table would be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import Fields
from truenav.core.imports.parsed import Context, ParsedFile, ParsedRow
from truenav.core.imports.profile import FieldReader
from truenav.core.imports.rows import Cells, read_row, source_accounts
from truenav.core.imports.table import MAX_ROWS
from truenav.core.ledger.transactions import TransactionDraft

# A number of more digits is left as printed, for `read_number` to refuse.
MAX_DIGITS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonProfile:
    """`records` names the list; each of its records must have `required`."""

    format: str
    broker: str
    records: str
    required: frozenset[str]
    drafts: FieldReader
    date_order: str


def is_json(text: str) -> bool:
    """Whether a file is JSON and no table."""
    return text.lstrip()[:1] in {"{", "["}


def read_records(
    profile: JsonProfile, text: str, encoding: str, notices: tuple[str, ...], context: Context
) -> ParsedFile | None:
    """Read the records of a profile; None when the file is not its own.

    Rows are numbered by their place in the list, from 1.
    """
    records = _records(text, profile.records)
    if not records or not all(profile.required <= record.keys() for record in records):
        return None

    def drafts(number: int, cells: Cells, original: dict[str, str]) -> Sequence[TransactionDraft]:
        return profile.drafts(Fields(number, cells, original, context, profile.date_order))

    rows: list[ParsedRow] = []
    for number, record in enumerate(records, start=1):
        original = flat(record)
        cells = {name.lower(): value for name, value in original.items()}
        rows.append(read_row(number, cells, original, drafts))
    return ParsedFile(
        format=profile.format,
        broker=profile.broker,
        encoding=encoding,
        notices=notices,
        header=tuple(flat(records[0])),
        rows=tuple(rows),
        source_accounts=source_accounts(rows),
    )


def _records(text: str, name: str) -> list[Mapping[str, Any]]:
    """The list of that name when it holds objects only; nothing otherwise."""
    try:
        whole = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=str)
    except (ValueError, ArithmeticError, RecursionError):
        return []
    found = whole.get(name) if isinstance(whole, dict) else None
    if not isinstance(found, list) or len(found) > MAX_ROWS:
        return []
    return found if all(isinstance(record, dict) for record in found) else []


def flat(record: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Every value by its path: "TransactionDetails.0.Details.VestDate"; null is ""."""
    found: dict[str, str] = {}
    for name, value in record.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            found |= flat(value, f"{path}.")
        elif isinstance(value, list):
            found |= flat({str(i): item for i, item in enumerate(value)}, f"{path}.")
        else:
            found[path] = _plain(value)
    return found


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal) and abs(value.adjusted()) <= MAX_DIGITS:
        return format(value, "f")
    return str(value)

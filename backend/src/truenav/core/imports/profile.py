"""How a broker's table is read: one description per format, one way through all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from truenav.core.imports.fields import Fields
from truenav.core.imports.parsed import Context, ParsedFile, ParsedRow
from truenav.core.imports.rows import Cells, read_table, source_accounts
from truenav.core.imports.table import Table, find_table
from truenav.core.ledger.transactions import TransactionDraft

FieldReader = Callable[[Fields], Sequence[TransactionDraft]]
Pairing = Callable[[Sequence[ParsedRow]], list[ParsedRow]]
Reader = Callable[[str, str, tuple[str, ...], Context], ParsedFile | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A format whose rows can be read one by one.

    `required` names the columns it is recognized by; `pairing` joins rows that are one event;
    `is_own` looks at the cells where the header alone could be anybody's; `find` looks for a
    header that has no names to go by.
    """

    format: str
    broker: str
    required: tuple[str, ...]
    drafts: FieldReader
    date_order: str = "dmy"
    decimal_mark: str = "."
    pairing: Pairing = list
    is_own: Callable[[Table], bool] = lambda _: True
    find: Callable[[str], Table | None] | None = None


def reader_of(profile: Profile) -> Reader:
    """The reader of a profile; it says None for what is not its own."""

    def read(
        text: str, encoding: str, notices: tuple[str, ...], context: Context
    ) -> ParsedFile | None:
        find = profile.find
        table = find(text) if find is not None else find_table(text, profile.required)
        if table is None or not profile.is_own(table):
            return None
        rows = profile.pairing(rows_of(profile, table, context))
        return ParsedFile(
            format=profile.format,
            broker=profile.broker,
            encoding=encoding,
            notices=notices,
            header=table.header,
            rows=tuple(rows),
            source_accounts=source_accounts(rows),
        )

    return read


def rows_of(profile: Profile, table: Table, context: Context) -> list[ParsedRow]:
    """Every row of a table, read with the profile."""

    def drafts(number: int, cells: Cells, original: dict[str, str]) -> Sequence[TransactionDraft]:
        order, mark = profile.date_order, profile.decimal_mark
        return profile.drafts(Fields(number, cells, original, context, order, mark))

    return read_table(table, drafts)

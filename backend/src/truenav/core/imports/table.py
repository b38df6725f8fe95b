"""CSV text → header and numbered rows: delimiter and header are found, not assumed."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from truenav.core.errors import UnreadableFile

DELIMITERS = ",;\t|"
HEADER_WITHIN = 40
MAX_ROWS = 500_000
MAX_COLUMNS = 400
MAX_NAME = 120
MAX_LINES_PER_ROW = 50
# Cutting one longer than this into cells takes minutes, and no broker writes it.
MAX_LINE = 1024 * 1024
# A line inside one cell that has this many delimiters is a row that a stray quote swallowed.
SWALLOWED_DELIMITERS = 4
# 1 MB: the default of 128 KB refuses real files with long notes
csv.field_size_limit(1024 * 1024)


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the file and the line it starts on, from 1."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Only white space and separators."""
        return not "".join(self.cells).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """The header (trimmed, unique names) and every record after it, blank ones left out."""

    header: tuple[str, ...]
    header_line: int
    rows: tuple[Line, ...]

    def as_dict(self, line: Line) -> dict[str, str]:
        """Cells by column name; a missing cell is "", one beyond the header is "column N"."""
        named = dict.fromkeys(self.header, "")
        named.update(zip(self.header, line.cells, strict=False))
        for index in range(len(self.header), len(line.cells)):
            if line.cells[index].strip():
                named[f"column {index + 1}"] = line.cells[index]
        return named

    def has_surplus(self, line: Line) -> bool:
        """Whether a record has more filled cells than the header: its cells may have moved."""
        return any(cell.strip() for cell in line.cells[len(self.header) :])

    def column(self, name: str) -> list[str]:
        """All cells of one column."""
        index = self.header.index(name)
        return [line.cells[index] for line in self.rows if index < len(line.cells)]


class _Recorded:
    """Physical lines on their way to the CSV reader; remembers those of the current record."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.current: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines, start=1):
            if len(line) > MAX_LINE:
                raise UnreadableFile(f"line {number} has more than {MAX_LINE} characters")
            self.current.append(line)
            yield line


def read_lines(text: str, delimiter: str = ",") -> list[Line]:
    """Every record of the text.

    Raises:
        UnreadableFile: a quote that is never closed, a line over 1 MB, too many rows or columns.
    """
    source = _Recorded(text)
    reader = csv.reader(source, delimiter=delimiter, strict=False)
    lines: list[Line] = []
    start = 1
    last: Sequence[str] = ()
    try:
        for cells in reader:
            _check_record(cells, start, reader.line_num, delimiter)
            if len(lines) >= MAX_ROWS:
                raise UnreadableFile(f"more than {MAX_ROWS} rows; split the file")
            lines.append(Line(start, tuple(cells)))
            start = reader.line_num + 1
            last, source.current = source.current, []
    except csv.Error as error:
        message = f"line {reader.line_num}: not readable as CSV ({error})"
        raise UnreadableFile(message) from error
    if _ends_inside_quotes(last, delimiter):
        raise UnreadableFile(f"a quotation mark on line {lines[-1].number} is never closed")
    return lines


def _check_record(cells: Sequence[str], start: int, end: int, delimiter: str) -> None:
    if len(cells) > MAX_COLUMNS:
        raise UnreadableFile(f"line {start} has more than {MAX_COLUMNS} columns")
    if end == start:
        return
    swallowed = any(
        inner.count(delimiter) >= SWALLOWED_DELIMITERS
        for cell in cells
        if "\n" in cell or "\r" in cell
        for inner in cell.splitlines()[1:]
    )
    if swallowed or end - start >= MAX_LINES_PER_ROW:
        raise UnreadableFile(f"a quotation mark on line {start} is never closed")


def _ends_inside_quotes(record: Sequence[str], delimiter: str) -> bool:
    """Only the last record can end without its closing quote; a strict reader says so."""
    try:
        list(csv.reader(record, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def read_head(text: str, delimiter: str, count: int = HEADER_WITHIN) -> list[Line]:
    """The first records, for telling formats apart; nothing when they are not CSV."""
    reader = csv.reader(_Recorded(text), delimiter=delimiter)
    try:
        return [Line(0, tuple(cells)) for cells in islice(reader, count)]
    except (csv.Error, UnreadableFile):
        return []


def normalized(name: str) -> str:
    """A column name for comparing: lower case, single spaces, no quotes."""
    return " ".join(name.replace('"', "").lower().split())


def find_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same, largest number of cells."""
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        widths = [len(line.cells) for line in read_head(text, delimiter) if not line.is_blank]
        wide = [width for width in widths if width > 1]
        score = max((wide.count(width) * width for width in set(wide)), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def find_table(text: str, required: Iterable[str]) -> Table | None:
    """The table whose header holds all `required` names (compared as `normalized`), if any.

    Raises:
        UnreadableFile: there is such a header, but the file cannot be read as CSV.
    """
    wanted = set(required)
    for delimiter in DELIMITERS:
        for index, line in enumerate(read_head(text, delimiter)):
            if wanted <= {normalized(cell) for cell in line.cells}:
                return table_below(read_lines(text, delimiter), index)
    return None


def table_below(lines: Sequence[Line], header_index: int) -> Table:
    """The table whose header is `lines[header_index]`; a repeated name gets its number."""
    names: list[str] = []
    for position, cell in enumerate(lines[header_index].cells, start=1):
        name = " ".join(cell.split())[:MAX_NAME] or f"column {position}"
        while name in names:
            name = f"{name} ({position})"
        names.append(name)
    rows = tuple(line for line in lines[header_index + 1 :] if not line.is_blank)
    return Table(tuple(names), lines[header_index].number, rows)

"""CSV text → header and numbered rows: delimiter and header are found, not assumed."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from truenav.core.errors import UnreadableFile

DELIMITERS = ",;\t|"
HEADER_WITHIN = 40
MAX_ROWS = 500_000
MAX_COLUMNS = 400
# 1 MB: a longer cell means a quote that was never closed
csv.field_size_limit(1024 * 1024)


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the file and the line it starts on, from 1."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Only white space and separators."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The header (trimmed names) and every record after it, blank ones left out."""

    header: tuple[str, ...]
    header_line: int
    rows: tuple[Line, ...]

    def as_dict(self, line: Line) -> dict[str, str]:
        """Cells by column name; cells beyond the header are kept as "column N"."""
        named = dict(zip(self.header, line.cells, strict=False))
        for index in range(len(self.header), len(line.cells)):
            if line.cells[index].strip():
                named[f"column {index + 1}"] = line.cells[index]
        return named


def read_lines(text: str, delimiter: str = ",") -> list[Line]:
    """Every record of the text.

    Raises:
        UnreadableFile: a quote that is never closed, a cell over 1 MB, too many rows or columns.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    lines: list[Line] = []
    start = 1
    try:
        for cells in reader:
            if len(lines) >= MAX_ROWS:
                raise UnreadableFile(f"more than {MAX_ROWS} rows; split the file")
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile(f"line {start} has more than {MAX_COLUMNS} columns")
            if reader.line_num - start > 200:
                raise UnreadableFile(f"a quotation mark on line {start} is never closed")
            lines.append(Line(start, tuple(cells)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"line {reader.line_num}: not readable as CSV ({error})") from error
    return lines


def normalized(name: str) -> str:
    """A column name for comparing: lower case, single spaces, no quotes."""
    return " ".join(name.replace('"', "").lower().split())


def find_delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same, largest number of cells."""
    head = "\n".join(text.splitlines()[:HEADER_WITHIN])
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        widths = [len(line.cells) for line in read_lines(head, delimiter) if not line.is_blank]
        wide = [width for width in widths if width > 1]
        score = max((wide.count(width) * width for width in set(wide)), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def find_table(text: str, required: Iterable[str]) -> Table | None:
    """The table whose header holds all `required` names (compared as `normalized`), if any."""
    wanted = set(required)
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        lines = read_lines(text, delimiter)
        for index, line in enumerate(lines[:HEADER_WITHIN]):
            if wanted <= {normalized(cell) for cell in line.cells}:
                return table_below(lines, index)
    return None


def table_below(lines: Sequence[Line], header_index: int) -> Table:
    """The table whose header is `lines[header_index]`; a repeated name gets its number."""
    names: list[str] = []
    for position, cell in enumerate(lines[header_index].cells):
        name = " ".join(cell.split()) or f"column {position + 1}"
        names.append(f"{name} ({position + 1})" if name in names else name)
    rows = tuple(line for line in lines[header_index + 1 :] if not line.is_blank)
    return Table(tuple(names), lines[header_index].number, rows)

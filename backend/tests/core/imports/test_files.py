"""Bytes to rows: encodings, delimiters, quotes, and files that are something else."""

from collections.abc import Callable

import pytest

from tests.core.imports.samples import (
    FILES,
    SCHWAB_HEADER,
    counts,
    drafts,
    read,
    row,
    said,
    sample,
    told,
)
from truenav.core.errors import UnreadableFile
from truenav.core.imports.decoding import MAX_BYTES
from truenav.core.imports.parsed import RowStatus
from truenav.core.imports.table import MAX_COLUMNS, find_delimiter, read_lines

BUY = "11/03/2025,Buy,ZQX,ZQX INC,10,$2.50,,-$25.00"
FILE = f"{SCHWAB_HEADER}\n{BUY}\n"
READ = {2: ["buy 2025-11-03 ZQX 10@2.5 | -25USD - -"]}


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace(",", ";").replace("$", "").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace(",", "|").encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "crlf", "cr", "semicolon", "tab", "pipe"],
)
def test_one_file_in_many_clothes(encode: Callable[[str], bytes]) -> None:
    assert told(read(encode(FILE))) == READ


def test_a_file_that_is_not_utf8_is_read_as_windows_1252_and_says_so() -> None:
    file = read(f"{SCHWAB_HEADER}\n{BUY.replace('ZQX INC', 'Müller €')}\n".encode("cp1252"))
    (draft,) = drafts(file)
    assert draft.instrument is not None
    assert draft.instrument.name == "Müller €"
    assert file.encoding == "cp1252"
    assert "Windows-1252" in file.notices[0]


def test_the_header_is_found_below_a_title() -> None:
    file = read(f"My account\n\nas of today\n{SCHWAB_HEADER}\n{BUY}")
    assert told(file) == {5: READ[2]}


@pytest.mark.parametrize(("titles", "format_"), [(39, "schwab_csv"), (40, "generic_csv")])
def test_a_brokers_header_is_looked_for_in_the_first_40_lines(titles: int, format_: str) -> None:
    assert read("\n".join([*["title"] * titles, SCHWAB_HEADER, BUY])).format == format_


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\n%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04\x14\x00", "XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"  <html><body>Log in</body></html>", "web page"),
        (b'{"Transactions": []}', "JSON"),
        (b"[1, 2]", "JSON"),
        (b"Date,Action\n\x00\x00", "NUL"),
        (FILE.encode("utf-16-le"), "NUL"),
        (b"\xff\xfeA", "UTF-16"),
        (b"\x81\x8d\x8f,\x90", "not text"),
        (b"a,b\n" + bytes(range(1, 9)) * 9, "control characters"),
        (b"hello world", "no table"),
        (b"<a><b/></a>", "Flex"),
        ((SCHWAB_HEADER + "\n").encode(), "no rows"),
        (b"x" * (MAX_BYTES + 1), "larger than 25 MB"),
    ],
)
def test_a_file_that_is_something_else_says_what_it_seems_to_be(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read(content)


@pytest.mark.parametrize(
    "lines",
    [
        ['11/03/2025,Buy,ZQX,"ZQX INC,10,$2.50,,-$25.00', BUY, BUY],
        ['11/03/2025,Buy,ZQX,"ZQX INC,10,$2.50,,-$25.00', *[BUY] * 100],
        [BUY, '11/03/2025,Buy,ZQX,"ZQX INC,10,$2.50,,-$25.00'],
        ['11/03/2025,Buy,"ZQX,ZQX INC,10,1,,-10', BUY, BUY, '11/03/2025,Buy,ZQX","Z",1,1,,-1'],
    ],
    ids=["swallows the rest", "swallows much", "the last line", "closed by another"],
)
def test_a_quote_that_is_never_closed_is_an_error_not_a_short_file(lines: list[str]) -> None:
    with pytest.raises(UnreadableFile, match="never closed"):
        read("\n".join([SCHWAB_HEADER, *lines, ""]))


def test_a_line_break_inside_quotes_belongs_to_its_cell() -> None:
    broken = BUY.replace("ZQX INC", '"ZQX INC\nCUSIP: 1"')
    file = read(f"{SCHWAB_HEADER}\n{broken}\n{BUY}\n")
    assert [found.row_number for found in file.rows] == [2, 4]
    assert row(file, 2).original["Description"] == "ZQX INC\nCUSIP: 1"


def test_a_long_cell_is_read_and_a_very_long_one_refused() -> None:
    assert counts(read(FILE.replace("ZQX INC", "x" * 200_000)))[RowStatus.IMPORTED] == 1
    with pytest.raises(UnreadableFile, match="line 2"):
        read(FILE.replace("ZQX INC", "x" * 1_100_000))


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="columns"):
        read(FILE + "," * (MAX_COLUMNS + 1))


def test_an_unquoted_thousands_comma_fails_its_row_instead_of_moving_cells() -> None:
    file = read(f"{SCHWAB_HEADER}\n11/03/2025,Wire Sent,,WIRED,,,,-$1,000.00\n{BUY}\n")
    assert (row(file, 2).status, row(file, 2).reason_code) == (RowStatus.FAILED, "too_many_cells")
    assert row(file, 2).original["column 9"] == "000.00"
    assert row(file, 3).status is RowStatus.IMPORTED


def test_a_row_that_is_too_short_reads_the_rest_as_empty() -> None:
    file = read(f"{SCHWAB_HEADER}\n11/03/2025,Buy,ZQX\n11/03/2025,Credit Interest\n")
    assert (row(file, 2).status, row(file, 2).column) == (RowStatus.FAILED, "Quantity")
    assert said(row(file, 3).drafts[0]) == "interest/cash 2025-11-03 - -@- | - - -"


def test_the_delimiter_with_the_most_regular_lines_wins() -> None:
    assert find_delimiter("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5") == ";"
    assert find_delimiter("a,b\n1,2") == ","
    assert find_delimiter("nothing") == ","


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    lines = read_lines('a,b\n\n"1\n2",3\nx,y\n')
    assert [(line.number, line.cells) for line in lines] == [
        (1, ("a", "b")),
        (2, ()),
        (3, ("1\n2", "3")),
        (5, ("x", "y")),
    ]


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.glob("*.[cx]*")))
def test_every_row_of_every_sample_has_an_end(name: str) -> None:
    file = sample(name)
    assert file.question is None
    assert len({found.row_number for found in file.rows}) == len(file.rows)
    for found in file.rows:
        assert found.original
        assert bool(found.drafts) == (found.status is RowStatus.IMPORTED)
        assert found.reason_code is not None or found.status is RowStatus.IMPORTED
    assert counts(file)[RowStatus.FAILED] == 0

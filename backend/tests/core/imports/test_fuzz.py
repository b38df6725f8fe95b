"""Whatever bytes arrive: rows with reasons, a question, or UnreadableFile; never anything else."""

import contextlib
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.imports.samples import FILES, SCHWAB_HEADER, counts, drafts, read
from truenav.core.errors import UnreadableFile
from truenav.core.imports.identity import keyed
from truenav.core.imports.parsed import ParsedFile, RowStatus
from truenav.core.ledger.cash import net_cash

SAMPLES = [path.read_bytes() for path in sorted(FILES.rglob("*.[cxj]*"))]
POISON = st.sampled_from(
    [b'"', b",", b";", b"\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"-", b"(", b"$", b"=1+1",
     b"1e3000000", b"NaN", b"Infinity", b"9" * 40, b"0", b".", b"E-9", b"&lol;", b"<!DOCTYPE a []>",
     b"99/99/9999", b"USD", b"GBX", "\u0661".encode(), "\u2028".encode()]
)  # fmt: skip
LARGEST = Decimal(10) ** 20


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """A sample with some of it cut out, doubled, overwritten or poisoned."""
    content = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content)))
        until = min(len(content), at + draw(st.integers(0, 60)))
        change = draw(st.sampled_from(["cut", "double", "poison", "end"]))
        if change == "cut":
            del content[at:until]
        elif change == "double":
            content[at:at] = content[at:until]
        elif change == "poison":
            content[at:at] = draw(POISON)
        else:
            del content[at:]
    return bytes(content)


def check(file: ParsedFile) -> None:
    """What holds of every file that could be read."""
    if file.question is not None:
        assert file.rows == ()
        return
    assert sum(counts(file).values()) == len(file.rows) > 0
    assert len({found.row_number for found in file.rows}) == len(file.rows)
    for found in file.rows:
        assert bool(found.drafts) == (found.status is RowStatus.IMPORTED)
        if found.status is not RowStatus.IMPORTED:
            assert found.reason_code
            assert found.message
    for draft in drafts(file):
        parts = [part.amount for part in (draft.gross, draft.fee, draft.tax) if part]
        figures = [draft.quantity, draft.price, *parts]
        assert all(figure.is_finite() and abs(figure) < LARGEST for figure in figures if figure)
        net_cash(draft)
    keys = [key for _, key in keyed(drafts(file))]
    assert len(set(keys)) == len(keys)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_random_bytes(content: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        check(read(content))


@given(st.text(alphabet='abc",;\t|\n\r-.$()=0123456789/', max_size=200))
@settings(max_examples=300, deadline=None)
def test_random_tables(text: str) -> None:
    with contextlib.suppress(UnreadableFile):
        check(read(f"date,type,symbol,quantity,price,amount\n{text}"))


@given(damaged_files())
@settings(max_examples=500, deadline=None)
def test_damaged_samples(content: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        check(read(content))


CELLS = st.one_of(
    st.text(max_size=20).filter(lambda text: "\x00" not in text),
    st.sampled_from(["1", "-$1.00", "(5)", "--", "", "01/02/2025", "Buy", "Reverse Split", "ZQX"]),
)


@given(st.lists(st.lists(CELLS, max_size=10), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_every_row_that_is_not_blank_is_accounted_for(table: list[list[str]]) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in table]
    filled = sum(any(cell.strip() for cell in cells) for cells in table)
    with contextlib.suppress(UnreadableFile):
        file = read("\n".join([SCHWAB_HEADER, *lines, ""]))
        check(file)
        assert len(file.rows) == filled

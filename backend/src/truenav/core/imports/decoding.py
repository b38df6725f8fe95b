"""Bytes → text: what the file is, how it is encoded, and what it certainly is not."""

from truenav.core.errors import UnreadableFile

MAX_BYTES = 25 * 1024 * 1024
# of the first 4096 characters; a stray one in a description is survived
MAX_CONTROLS = 20
_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet (XLSX)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (XLS)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3", "a database file"),
)


def decode(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Return (text, encoding, notices).

    Raises:
        UnreadableFile: empty, too large, a known other file type, or not text at all.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB")
    start_of_file = content[:1024].lstrip(b" \t\r\n\xef\xbb\xbf")
    for signature, what in _SIGNATURES:
        if start_of_file.startswith(signature):
            raise UnreadableFile(
                f"this is {what}; export the transactions as CSV or XML from your broker instead"
            )
    text, encoding, notices = _decode_text(content)
    if not text.strip():
        raise UnreadableFile("the file is empty")
    if "\x00" in text:
        raise UnreadableFile("the file holds NUL characters; it is not a text file")
    if sum(char < " " and char not in "\t\r\n\f\v\x1a" for char in text[:4096]) > MAX_CONTROLS:
        raise UnreadableFile("the file holds control characters; it is not a text file")
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html")):
        raise UnreadableFile("this is a web page, not an export; download the CSV file itself")
    return text, encoding, notices


def _decode_text(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "utf-16", ()
        except UnicodeDecodeError as error:
            raise UnreadableFile("the file says UTF-16 but is not") from error
    try:
        return content.decode("utf-8-sig"), "utf-8", ()
    except UnicodeDecodeError:
        pass  # the next guess is tried, and said in a notice
    try:
        notice = "not UTF-8; read as Windows-1252, look at accented letters"
        return content.decode("cp1252"), "cp1252", (notice,)
    except UnicodeDecodeError as error:
        raise UnreadableFile("the file is not text in UTF-8 or Windows-1252") from error

"""A file's bytes → its rows. The only door of this package for the floors above."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from truenav.core.errors import UnreadableFile
from truenav.core.imports import (
    avanza,
    coinbase,
    crypto_com,
    degiro,
    etoro,
    fidelity,
    generic,
    ghostfolio,
    hargreaves_lansdown,
    ibkr_activity,
    ibkr_flex,
    ibkr_flex_csv,
    kraken,
    parqet,
    portfolio_performance,
    robinhood,
    schwab,
    schwab_awards,
    swissquote,
    thinkorswim,
    trade_republic,
    trading212,
    vanguard_uk,
    wealthsimple,
    xtb,
)
from truenav.core.imports.decoding import decode
from truenav.core.imports.instrument_refs import with_one_ref_each
from truenav.core.imports.json_rows import is_json
from truenav.core.imports.parsed import ColumnMapping, Context, ParsedFile

Reader = Callable[[str, str, tuple[str, ...], Context], ParsedFile | None]
# In order: a reader says None for what is not its own. The generic reader takes what is left.
READERS: dict[str, Reader] = {
    ibkr_flex.FORMAT: ibkr_flex.read,
    ibkr_activity.FORMAT: ibkr_activity.read,
    schwab.FORMAT: schwab.read,
    fidelity.FORMAT: fidelity.read,
    ibkr_flex_csv.FORMAT: ibkr_flex_csv.read,
    swissquote.FORMAT: swissquote.read,
    degiro.FORMAT: degiro.read,
    trading212.FORMAT: trading212.read,
    kraken.FORMAT: kraken.read,
    robinhood.FORMAT: robinhood.read,
    wealthsimple.FORMAT: wealthsimple.read,
    thinkorswim.FORMAT: thinkorswim.read,
    coinbase.FORMAT: coinbase.read,
    avanza.FORMAT: avanza.read,
    etoro.FORMAT: etoro.read,
    hargreaves_lansdown.FORMAT: hargreaves_lansdown.read,
    trade_republic.FORMAT: trade_republic.read,
    trade_republic.OLD_FORMAT: trade_republic.read_old,
    parqet.FORMAT: parqet.read,
    portfolio_performance.FORMAT: portfolio_performance.read,
    crypto_com.FORMAT: crypto_com.read,
    # the fewest and plainest names last: their columns could stand in another broker's header
    xtb.FORMAT: xtb.read,
    vanguard_uk.FORMAT: vanguard_uk.read,
}
JSON_READERS: dict[str, Reader] = {
    schwab_awards.FORMAT: schwab_awards.read,
    ghostfolio.FORMAT: ghostfolio.read,
}
FORMATS = (*READERS, *JSON_READERS, generic.FORMAT)


def read_file(
    content: bytes,
    *,
    default_currency: str,
    today: date,
    mapping: ColumnMapping | None = None,
) -> ParsedFile:
    """Detect the format of a broker's file and read every row of it.

    Args:
        content: The file as uploaded, at most 25 MB.
        default_currency: For rows of files that name none.
        today: Dates after the day after it are refused.
        mapping: For a CSV of no known broker; without one a `question` may come back.

    Returns:
        Rows read = imported + skipped + failed, each with its reason.

    Raises:
        UnreadableFile: nothing of it can be read; the message says what it seems to be.
    """
    text, encoding, notices = decode(content)
    context = Context(today=today, default_currency=default_currency, mapping=mapping)
    readers = JSON_READERS if is_json(text) else READERS if mapping is None else {}
    for reader in readers.values():
        file = reader(text, encoding, notices, context)
        if file is not None:
            return _checked(file)
    if is_json(text):
        raise UnreadableFile(
            "this JSON file is not one we know: Schwab equity awards and Ghostfolio are read"
        )
    if text.lstrip().startswith("<"):
        raise UnreadableFile("this XML is not an Interactive Brokers Flex query")
    return _checked(generic.read(text, encoding, notices, context))


def _checked(file: ParsedFile) -> ParsedFile:
    if file.question is None and not file.rows:
        raise UnreadableFile("the file has a header but no rows")
    file = replace(file, rows=with_one_ref_each(file.rows))
    if len(file.source_accounts) > 1:
        notice = f"the file holds {len(file.source_accounts)} accounts; all rows go to this one"
        return replace(file, notices=(*file.notices, notice))
    return file

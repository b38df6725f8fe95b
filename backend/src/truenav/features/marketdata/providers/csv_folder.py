"""A folder of CSV files, one per symbol: for funds nobody quotes, and for work without a network.

`Date` and `Close` are needed; `Open`, `High`, `Low`, `Volume`, `Split`, `Dividend` and `Currency`
are read where they are.
"""

import csv
from datetime import date
from pathlib import Path

from truenav.core.money import check_currency
from truenav.features.marketdata.providers.quotes import (
    Bar,
    Capability,
    Descriptor,
    EventOut,
    History,
    Licence,
    Wanted,
)
from truenav.features.marketdata.providers.reading import (
    day,
    decimal,
    optional,
    optional_price,
    price,
    shaped,
)
from truenav.platform.http import BadPayload, NotKnown

SOURCE = "csv"
MAX_FILE_BYTES = 32 * 1024 * 1024
DESCRIPTOR = Descriptor(
    source=SOURCE,
    name="Folder of CSV files",
    capabilities=frozenset({Capability.HISTORY, Capability.EVENTS}),
    basis="raw",
    delay_minutes=None,
    currencies="as the file says, else the instrument's",
    licence=Licence(
        may_display=True, may_share=True, may_export=True, may_cache_days=None,
        attribution=None, terms="yours",
    ),
)  # fmt: skip


class CsvFolderProvider:
    """Files the operator keeps."""

    descriptor = DESCRIPTOR

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def covers(self, wanted: Wanted) -> bool:
        """What there is a file of."""
        return self._file(wanted.symbol) is not None

    def _file(self, symbol: str) -> Path | None:
        name = f"{symbol}.csv"
        if Path(name).name != name:  # a symbol is no path
            return None
        file = self._folder / name
        return file if file.is_file() else None

    def history(self, wanted: Wanted, first: date, last: date) -> History:
        """The file's rows between two days.

        Raises:
            ProviderRefused: no file, or one that cannot be read; nothing of it is kept.
        """
        file = self._file(wanted.symbol)
        if file is None:
            raise NotKnown(f"there is no file of {wanted.symbol}")
        if file.stat().st_size > MAX_FILE_BYTES:
            raise BadPayload(f"{file.name} is too large")
        try:
            text = file.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadPayload(f"{file.name} is no UTF-8") from error
        return _history(text, wanted.currency, first, last)


@shaped
def _history(text: str, currency: str, first: date, last: date) -> History:
    bars: dict[date, Bar] = {}
    events: list[EventOut] = []
    told = set()
    for number, raw in enumerate(csv.DictReader(text.splitlines()), start=2):
        row = {(key or "").strip().lower(): (value or "").strip() for key, value in raw.items()}
        when = day(row["date"])
        if when in bars:
            raise BadPayload(f"line {number}: {when} a second time")
        told.add(row.get("currency") or currency)
        bars[when] = Bar(
            price_date=when,
            open=optional_price(row.get("open") or None),
            high=optional_price(row.get("high") or None),
            low=optional_price(row.get("low") or None),
            close=price(row["close"]),
            volume=optional(row.get("volume") or None),
        )
        events += _events(when, row)
    if len(told) > 1:
        raise BadPayload(f"one file, several currencies: {', '.join(sorted(told))}")
    return History(
        currency=check_currency(told.pop() if told else currency),
        bars=[bars[key] for key in sorted(bars) if first <= key <= last],
        events=[event for event in events if event.ex_date >= first],
        basis="raw",
    )


def _events(when: date, row: dict[str, str]) -> list[EventOut]:
    found = []
    if row.get("split") and (ratio := decimal(row["split"])) != 1:
        found.append(EventOut(ex_date=when, ratio=price(ratio)))
    if row.get("dividend") and (amount := decimal(row["dividend"])) != 0:
        found.append(EventOut(ex_date=when, cash_amount=price(amount)))
    return found

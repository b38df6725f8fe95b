"""How fast a Schwab file becomes drafts with keys, against the least a Python loop can do.

    python bench/import_parse.py [rows …]        default: 10000 100000

The limit is a loop over `csv.reader` that turns the same cells into date and Decimal and hashes the
row: no header search, no actions, no checks, no original row. Each figure is the best of three, in
CPU seconds; both run in this process, one after the other.
"""

import csv
import gc
import hashlib
import io
import random
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from time import process_time

from truenav.core.imports.identity import keyed
from truenav.core.imports.reading import read_file

TODAY = date(2026, 1, 2)
HEADER = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
GOAL_10K_SECONDS = 0.5


def made_up_file(rows: int) -> bytes:
    """A Schwab export: purchases, sales, dividends and interest over fifteen years."""
    source = random.Random(rows)
    lines = [HEADER]
    for index in range(rows):
        month, day, year = source.randint(1, 12), source.randint(1, 28), source.randint(2010, 2024)
        start = f'"{month:02d}/{day:02d}/{year}"'
        instrument = f'"SYM{index % 50}","SOME COMPANY INC"'
        units, price = source.randint(1, 500), Decimal(source.randint(100, 50_000)) / 100
        traded = f'"{units:,}","${price:,}","$1.00"'
        value = units * price
        kind = source.choices(["Buy", "Sell", "Cash Dividend", "Credit Interest"], [40, 30, 25, 5])[
            0
        ]
        lines.append(
            {
                "Buy": f'{start},"Buy",{instrument},{traded},"-${value + 1:,}"\n',
                "Sell": f'{start},"Sell",{instrument},{traded},"${value - 1:,}"\n',
                "Cash Dividend": f'{start},"Cash Dividend",{instrument},"","","","${price:,}"\n',
                "Credit Interest": f'{start},"Credit Interest","","INT","","","","${price:,}"\n',
            }[kind]
        )
    return "".join(lines).encode()


def read_and_key(content: bytes) -> int:
    """What an import does before it meets the database."""
    file = read_file(content, default_currency="USD", today=TODAY)
    return len(keyed(draft for row in file.rows for draft in row.drafts))


def least_loop(content: bytes) -> int:
    """The limit: the same cells as values, and a hash of each row."""
    count = 0
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    next(reader)
    for cells in reader:
        month, day_of_month, year = cells[0].split("/")
        day = date(int(year), int(month), int(day_of_month))
        figures = [
            Decimal(cell.replace("$", "").replace(",", "")) if cell else None for cell in cells[4:]
        ]
        hashlib.sha256(f"{day}{cells[1]}{cells[2]}{figures}".encode()).hexdigest()
        count += 1
    return count


def best_of_three(run: Callable[[bytes], int], content: bytes, rows: int) -> float:
    """CPU seconds of the fastest of three runs; the count is checked each time."""
    best = float("inf")
    for _ in range(3):
        gc.collect()
        start = process_time()
        count = run(content)
        best = min(best, process_time() - start)
        if count != rows:
            raise SystemExit(f"{run.__name__}: {count} of {rows} rows")
    return best


def main() -> None:
    """Print one line per size."""
    for rows in [int(text) for text in sys.argv[1:]] or [10_000, 100_000]:
        content = made_up_file(rows)
        ours, limit = (best_of_three(run, content, rows) for run in (read_and_key, least_loop))
        print(
            f"{rows:>7,} rows, {len(content) / 1e6:.1f} MB: {ours:.2f} s,"
            f" {rows / ours:,.0f} rows/s;"
            f" the least loop {limit:.2f} s; ratio {ours / limit:.1f}"
        )
        if rows == 10_000:
            verdict = "met" if ours < GOAL_10K_SECONDS else "missed"
            print(f"  goal for 10,000 rows: < {GOAL_10K_SECONDS} s: {verdict}")


if __name__ == "__main__":
    main()

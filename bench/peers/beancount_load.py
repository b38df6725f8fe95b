"""Load one ledger with beancount and say what it cost and which gain it booked.

Runs in an environment of its own (see `measuring/peers.py`). beancount is GPL-2.0: nothing of the
product imports this script or beancount, and neither is part of what is shipped.
"""

import json
import os
import sys
from decimal import Decimal
from time import perf_counter, process_time

os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"  # read before the import

from beancount import loader  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    cpu, wall = process_time(), perf_counter()
    entries, errors, _ = loader.load_file(sys.argv[1])
    cpu, wall = process_time() - cpu, perf_counter() - wall
    gain = -sum(
        (
            posting.units.number
            for entry in entries
            for posting in getattr(entry, "postings", ())
            if posting.account == "Income:Gains"
        ),
        Decimal(0),
    )
    print(json.dumps({"cpu": cpu, "wall": wall, "gain": str(gain), "errors": len(errors)}))


main()

import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "../..");

// what the process that asks the providers does with an answer, on the product's own Valkey
const KEEP = `
import json, sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from truenav.entrypoints.supervisor.servers import EmbeddedValkey
from truenav.entrypoints.supervisor.vault import open_vault
from truenav.features.marketdata.last_good import HeldQuote, LastGood
from truenav.features.marketdata.providers.quotes import Quote
from truenav.platform.queue import connect
home, key, symbol, prices = Path(sys.argv[1]), UUID(sys.argv[2]), sys.argv[3], sys.argv[4:]
kept = LastGood(connect(EmbeddedValkey(home, open_vault(home).redis).url))
now = datetime.now(UTC)
for place, price in enumerate(prices):
    as_of = now + timedelta(milliseconds=place)
    quote = Quote(symbol=symbol, price=Decimal(price), currency="USD", as_of=as_of,
                  source="tiingo", delay_minutes=0, previous_close=Decimal("100"))
    assert kept.put(key, HeldQuote(quote, as_of, as_of + timedelta(minutes=1)))
`;

/** Quotes come in, one after the other, as from a provider. */
export async function tellQuotes(
  instrumentId: string,
  symbol: string,
  ...prices: string[]
): Promise<void> {
  const home = process.env["TRUENAV_E2E_HOME"];
  if (home === undefined) throw new Error("telling quotes takes the data of the product");
  await promisify(execFile)(join(ROOT, ".venv/bin/python"), [
    "-c",
    KEEP,
    home,
    instrumentId,
    symbol,
    ...prices,
  ]);
}

import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

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
home = Path(sys.argv[1])
kept = LastGood(connect(EmbeddedValkey(home, open_vault(home).redis).url))
for line in sys.stdin:
    told = json.loads(line)
    now = datetime.now(UTC)
    for place, price in enumerate(told["prices"]):
        as_of = now + timedelta(milliseconds=place)
        quote = Quote(symbol=told["symbol"], price=Decimal(price), currency="USD", as_of=as_of,
                      source="tiingo", delay_minutes=0, previous_close=Decimal("100"))
        assert kept.put(UUID(told["id"]), HeldQuote(quote, as_of, as_of + timedelta(minutes=1)))
    print("kept", flush=True)
`;

interface Teller {
  tell: (line: string) => Promise<void>;
}

let teller: Teller | null = null;

/** One process for all quotes of a run: it ends when what it reads from ends, with the run. */
function start(): Teller {
  const home = process.env["TRUENAV_E2E_HOME"];
  if (home === undefined) throw new Error("telling quotes takes the data of the product");
  const child = spawn(join(ROOT, ".venv/bin/python"), ["-c", KEEP, home], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    tell: async (line) => {
      child.stdin.write(`${line}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error("the quotes were not kept");
    },
  };
}

/** Quotes come in, one after the other, as from a provider. */
export async function tellQuotes(
  instrumentId: string,
  symbol: string,
  ...prices: string[]
): Promise<void> {
  teller ??= start();
  await teller.tell(JSON.stringify({ id: instrumentId, symbol, prices }));
}

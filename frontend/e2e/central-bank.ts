import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const DAY_MS = 86_400_000;
const WHOLE_HISTORY = "/stats/eurofxref/eurofxref-hist.xml";
const NINETY_DAYS = "/stats/eurofxref/eurofxref-hist-90d.xml";

/** Units for one euro of the days named, by code. */
export type Rates = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A day as the product counts them, so many before today. */
export const daysAgo = (count: number): string =>
  new Date(Date.now() - count * DAY_MS).toISOString().slice(0, 10);

/** Reference rates as the European Central Bank publishes them: a cube a day, the newest first. */
const document = (rates: Rates): string => {
  const days = Object.keys(rates)
    .sort((left, right) => right.localeCompare(left))
    .map((day) => {
      const cubes = Object.entries(rates[day] ?? {}).map(
        ([code, rate]) => `<Cube currency="${code}" rate="${rate}"/>`,
      );
      return `<Cube time="${day}">${cubes.join("")}</Cube>`;
    });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube>${days.join("\n")}</Cube></gesmes:Envelope>`;
};

/** `truenav rates` against a bank of this machine that has published these; what it says. */
export async function publishRates(rates: Rates): Promise<string> {
  const home = process.env["TRUENAV_E2E_HOME"];
  if (home === undefined) throw new Error("storing rates takes the data of the product");
  const bank = createServer((request, answer) => {
    const isKnown = request.url === WHOLE_HISTORY || request.url === NINETY_DAYS;
    answer.writeHead(isKnown ? 200 : 404, { "Content-Type": "text/xml" });
    answer.end(isKnown ? document(rates) : "");
  });
  await new Promise<void>((listening) => bank.listen(0, "127.0.0.1", listening));
  const address = bank.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  try {
    const { stdout } = await promisify(execFile)(
      join(resolve(import.meta.dirname, "../.."), ".venv/bin/truenav"),
      ["rates"],
      {
        env: {
          ...process.env,
          TRUENAV_HOME: home,
          TRUENAV_OFFLINE: "0",
          TRUENAV_ECB_BASE_URL: `http://127.0.0.1:${String(address.port)}`,
        },
      },
    );
    return stdout;
  } finally {
    bank.close();
  }
}

/* Codes the backend can give have words here: a new one without words fails this. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { entryName, KIND_NAMES } from "@/features/jobs/kinds";
import { OUTCOME_REASONS, REFUSALS } from "@/features/jobs/phrases";
import { ROW_REASONS } from "@/features/imports/reasons";
import { REVIEW_REASONS } from "@/features/transactions/reasons";
import { UNKNOWN_REASONS } from "@/shared/format/reasons";

const BACKEND = join(import.meta.dirname, "../../../backend/src/truenav");

/** The contract leaves reason codes open text, so they are looked up where they are written. */
function codes(folders: readonly string[], patterns: readonly RegExp[]): string[] {
  const found = new Set<string>();
  for (const folder of folders) {
    for (const name of readdirSync(join(BACKEND, folder)).filter((name) => name.endsWith(".py"))) {
      const source = readFileSync(join(BACKEND, folder, name), "utf8");
      for (const pattern of patterns) {
        for (const match of source.matchAll(pattern)) if (match[1]) found.add(match[1]);
      }
    }
  }
  return [...found].toSorted();
}

const wordless = (found: readonly string[], known: Readonly<Record<string, string>>): string[] =>
  found.filter((code) => !Object.hasOwn(known, code));

test("every reason an import can give has words", () => {
  const found = codes(
    ["core/imports", "features/imports"],
    [
      /CellError\(\s*[^,"]+,\s*"([a-z_]+)"/g,
      /CellError\(\s*"[^"]*",\s*"([a-z_]+)"/g,
      /(?:Skip|_NotADay)\(\s*"([a-z_]+)"/g,
      /skipped\([^"]*"([a-z_]+)"/g,
      /doubtful\([^"]*"([a-z_]+)"/g,
      /"?reason_code"?\s*[:=]\s*"([a-z_]+)"/g,
      /(?:return|warning =)\s*"([a-z_]+)",\s*f?"/g,
    ],
  );
  // one of each way of writing a code: a reader that finds none of a way would prove nothing
  expect(found).toEqual(
    expect.arrayContaining([
      "amount_mismatch",
      "cell_missing",
      "date_ambiguous",
      "detail_level",
      "duplicate",
      "number_too_large",
      "paired",
      "section_not_read",
      "summary",
      "too_many_cells",
      "unknown_action",
      "unpaired_split",
      "unpaired_swap",
    ]),
  );
  expect(wordless(found, ROW_REASONS)).toEqual([]);
  expect(Object.keys(ROW_REASONS).filter((code) => !found.includes(code))).toEqual([]);
});

test("every reason for a review has words", () => {
  const found = codes(
    ["core/ledger"],
    [/note\(\s*\w+,\s*"([a-z_]+)"/g, /ReviewNote\(\s*[\w.]+,\s*"([a-z_]+)"/g],
  );
  expect(found).toEqual(expect.arrayContaining(["unknown_kind", "sold_more_than_held"]));
  expect(wordless(found, REVIEW_REASONS)).toEqual([]);
  expect(Object.keys(REVIEW_REASONS).filter((code) => !found.includes(code))).toEqual([]);
});

test("every reason for an unknown figure has words", () => {
  const found = codes(
    ["core/valuation", "features/valuation", "core/performance", "features/performance"],
    [
      /Unknown\(\s*"([a-z_]+)"/g,
      /reasons\.add\("([a-z_]+)"/g,
      /\*reasons, "([a-z_]+)"/g,
      /_broken\([^"]*"([a-z_]+)"/g,
      /(?:return|reason =|reason or) "([a-z_]+)"/g,
    ],
  );
  expect(found).toEqual(
    expect.arrayContaining([
      "cost_unknown",
      "fx_missing",
      "fx_missing_at_acquisition",
      "no_capital",
      "price_missing",
      "value_unknown",
    ]),
  );
  expect(wordless(found, UNKNOWN_REASONS)).toEqual([]);
});

test("every reason for a missing figure of risk has words", () => {
  const found = codes(
    ["core/risk", "features/risk"],
    [
      /unknown\(\s*(?:\w+\.\w+\.\w+ or )?"([a-z_]+)"/g,
      /: Final = "([a-z_]+)"/g,
      /Figure\(None, "([a-z_]+)"/g,
      /(?:return|else|if \w+ else|levels,) "([a-z_]+)"/g,
      /unknown\("([a-z_]+)" if/g,
      /_no_correlations\("([a-z_]+)"/g,
      /reason or "([a-z_]+)"/g,
    ],
  );
  expect(found).toEqual(
    expect.arrayContaining([
      "benchmark_constant",
      "benchmark_never_fell",
      "benchmark_never_rose",
      "fewer_than_two_holdings",
      "no_benchmark",
      "no_capital",
      "nothing_held",
      "price_missing",
      "too_few_returns",
    ]),
  );
  const known = { ...UNKNOWN_REASONS, ratio: "a unit", number: "a unit", fell: "a word" };
  expect(wordless(found, known)).toEqual([]);
});

test("every reason for a missing figure of income has words", () => {
  const found = codes(
    ["core/income", "features/income"],
    [
      /(?:return None, |_unknown\(|_none\(|Yield\(None, )"([a-z_]+)"/g,
      /known\.scope\.currency, "([a-z_]+)"/g,
      /_over\([^"]*"([a-z_]+)"\)/g,
    ],
  );
  expect(found).toEqual(
    expect.arrayContaining([
      "cost_unknown",
      "ex_date_unknown",
      "fx_missing",
      "in_lieu_never_qualifies",
      "no_dividends_known",
      "nothing_expected",
      "nothing_to_divide_by",
      "payments_stopped",
      "price_missing",
    ]),
  );
  expect(wordless(found, UNKNOWN_REASONS)).toEqual([]);
});

test("every reason for a check without a figure has words", () => {
  const found = codes(
    ["features/checks"],
    [/reason="([a-z_]+)"/g, /(?:return|else) "([a-z_]+)"/g, /"([a-z_]+)" if/g],
  );
  expect(found).toEqual(
    expect.arrayContaining(["more_owed_than_owned", "no_taxonomy", "spending_not_stated"]),
  );
  const known = { ...UNKNOWN_REASONS, regions: "a starter", sectors: "a starter" };
  expect(wordless(found, known)).toEqual([]);
});

test("every kind of work and every entry of the schedule has a name", () => {
  const kinds = codes(["entrypoints/worker"], [/^ {4}"([a-z]+\.[a-z_]+)": \(/gm]);
  expect(kinds).toEqual(expect.arrayContaining(["imports.uploaded", "marketdata.span_due"]));
  expect(wordless(kinds, KIND_NAMES)).toEqual([]);
  const entries = codes(["features/operations"], [/(?:^ {8}|Entry\()name="([a-z-]+)"/gm]);
  expect(entries).toEqual(expect.arrayContaining(["rates", "eod-other"]));
  expect(entries.filter((name) => entryName(name) === name)).toEqual([]);
});

test("every exchange whose days are known has a city", () => {
  const folder = join(BACKEND, "core/calendar/data");
  const mics = readdirSync(folder).flatMap((name) =>
    [...readFileSync(join(folder, name), "utf8").matchAll(/"(X[A-Z]{3}|BVMF)":/g)].map(
      (match) => match[1] ?? "",
    ),
  );
  expect(mics).toEqual(expect.arrayContaining(["XNYS", "XETR", "BVMF"]));
  expect(mics.filter((mic) => !entryName(`eod-${mic}`).includes("("))).toEqual([]);
});

test("every refusal and every empty outcome of jobs has words", () => {
  const refusals = codes(["features/operations"], [/^ {4}code = "([a-z_]+)"/gm]);
  expect(refusals).toEqual(["nothing_to_cancel", "nothing_to_retry"]);
  expect(wordless(refusals, REFUSALS)).toEqual([]);
  const outcomes = codes(["features/marketdata"], [/"reason": "([a-z_]+)"/g]);
  expect(outcomes).toContain("no_instrument");
  expect(wordless([...outcomes, "nobody_answered"], OUTCOME_REASONS)).toEqual([]);
});

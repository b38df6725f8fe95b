import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { figureText, leaves, ofLine } from "./figures";
import { columnsOf, listsOf } from "./lists";
import { hasWord } from "./places";

const TOLD = { currency: "EUR" };

test.each([
  ["/closing_nav", "1234.567891", "€1,234.57"],
  ["/received/total/net", "27.25489", "€27.25"],
  ["/time_weighted/ratio", "0.0512345678", "5.12%"],
  ["/confidence_ratio", "0.95", "95%"],
  ["/past_tail/value_at_risk", "-0.01824", "−1.82%"],
  ["/day_count", "12345", "12,345"],
  ["/max_drawdown/days_down", "14", "14"],
  ["/as_of", "2026-02-28", "Feb 28, 2026"],
  ["/conventions/flow_timing", "start_of_day", "start of day"],
  ["/time_weighted/calculation_version", "2026.2", "2026.2"],
  ["/money_weighted/reason", "no_solution", "no rate makes the flows add up"],
  ["/received/total/reasons", "fx_missing:KRW", "no exchange rate within seven days"],
  ["/received/payments/0/holding_test/rule", "61_of_121", "61 of 121"],
  ["/received/years/0/label", "2026", "2026"],
  ["/bars/9/bar", "fx", "exchange rates"],
  // a name that a person gave
  ["/groups/0/label", "my_core", "my_core"],
  // in a currency that only the line knows
  ["/received/payments/0/gross", "12500.4321", "12,500.43"],
  ["/items/0/price", "0.0123456", "0.012346"],
])("%s: %s is read as %s", (place, value, text) => {
  expect(figureText(place, value, TOLD)).toBe(text);
});

test("a line is told in its own currency, as the unit it says", () => {
  const won = ofLine({ currency: "KRW" }, TOLD);
  expect(figureText("/items/0/price", "64000", won)).toBe("₩64,000");
  expect(figureText("/items/0/market_value", "480.5", won)).toBe("€480.50");
  expect(columnsOf([{ amount: "3", currency: "KRW", value: "2" }])[0]).toBe("/currency");
  const risk = { currency: "EUR", unit: "number" as const };
  expect(figureText("/metrics/0/value", "0.123456", ofLine({ unit: "ratio" }, risk))).toBe(
    "12.35%",
  );
  expect(figureText("/metrics/0/value", "1.23456", ofLine({ unit: "number" }, risk))).toBe(
    "1.2346",
  );
  expect(figureText("/metrics/0/name", "sharpe", risk)).toBe("Sharpe ratio");
  expect(figureText("/items/0/name", "fx", TOLD)).toBe("fx");
});

test("what a holding realized was told in the currency of its trades until gains had a version", () => {
  const line = { currency: "KRW" };
  const before = ofLine(line, { ...TOLD, hasOwnGains: true });
  expect(figureText("/items/0/realized_gain", "50000", before)).toBe("₩50,000");
  expect(figureText("/items/0/realized_gain", "40", ofLine(line, TOLD))).toBe("€40.00");
});

test("a line that came or went is told in words", () => {
  const line = JSON.stringify({ instrument_id: "x", symbol: "AAA", currency: "USD", price: "60",
    market_value: "550.123", is_stale: false, unknown_reasons: ["price_missing"] }); // prettier-ignore
  expect(figureText("/items/1", line, TOLD)).toBe(
    "symbol AAA, currency USD, price $60.00, market value €550.12, price is old no, " +
      "not known no price is known",
  );
});

test("lists of lines are tables, of names are told, of nothing are nothing", () => {
  const answer = {
    items: [
      { instrument_id: "x", symbol: "A", cost: null, is_stale: false, amounts: { net: "1" } },
      { instrument_id: "y", symbol: "B", cost: null, is_stale: false, amounts: { net: "2" } },
    ],
    groups: { rows: [["1"], ["2"]], none: [] },
    currencies: ["EUR", "USD"],
  };
  const [[place, lines] = ["", []], ...others] = listsOf(answer);
  expect([place, lines.length, others]).toEqual(["/items", 2, []]);
  expect(columnsOf(lines)).toEqual(["/symbol", "/amounts/net"]);
  expect(leaves(answer)).toContainEqual(["/currencies", "EUR, USD"]);
  expect(leaves(answer)).toContainEqual(["/groups/rows", "2 lines"]);
});

type Schema = {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
};
type Contract = { components: { schemas: Record<string, Schema> } };

const ANSWERS = ["PerformanceOut", "RiskOut", "WaterfallOut", "HoldingsOut", "NavSeriesOut",
  "AttributionOut", "IncomeOut", "ProjectionOut", "YieldsOut"]; // prettier-ignore

/** Every field of a body and of what is in it. */
function fieldsOf(contract: Contract, schema: Schema | undefined, seen: Set<string>): string[] {
  if (schema === undefined) return [];
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) {
    if (seen.has(name)) return [];
    seen.add(name);
    return fieldsOf(contract, contract.components.schemas[name], seen);
  }
  const inside = [schema.items, ...(schema.anyOf ?? [])];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([field, of]) => [
      field,
      ...fieldsOf(contract, of, seen),
    ]),
    ...inside.flatMap((of) => fieldsOf(contract, of, seen)),
  ];
}

test.each(ANSWERS)("every field of %s has words", (answer) => {
  const text = readFileSync(`${import.meta.dirname}/../../../../contract/openapi.json`, "utf8");
  const contract = JSON.parse(text) as Contract;
  const fields = fieldsOf(contract, contract.components.schemas[answer], new Set());
  expect(fields.length).toBeGreaterThan(10);
  expect(fields.filter((field) => !hasWord(field))).toEqual([]);
});

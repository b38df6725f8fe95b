import { expect, test } from "vitest";
import { ProblemError, problemOf } from "@/shared/api/problem";
import { AAPL, ACCOUNT } from "@/shared/testing/samples";
import { cashChange, readDecimal, readEntry, refusals, tradeAmount } from "./entry";
import { ENTRY_KINDS, NO_AMOUNTS, type Entry } from "./entry-kinds";

const ENTRY: Entry = {
  kind: "buy",
  account: ACCOUNT.id,
  date: "2013-01-10",
  instrument: AAPL,
  currency: "USD",
  source: null,
  counterCurrency: "EUR",
  ...NO_AMOUNTS,
  units: "10",
  price: "100",
  fee: "1.00",
  oldUnits: "1",
};
const part = (amount: string) => ({ amount, currency: "USD", rate: "1" });

test.each([
  ["1234.5", "1234.5"],
  [" 1,234,567.89 ", "1234567.89"],
  ["−3", "-3"],
  ["+3", "3"],
  ["1,5", null],
  ["1e5", null],
  ["=1+1", null],
  ["", null],
  ["123456789012345678901", null],
  ["0.1234567890123456789", null],
])("%j is read as %j", (typed, read) => {
  expect(readDecimal(typed)).toBe(read);
});

test("what a trade comes to is exact and ends at the cents of its currency", () => {
  // 0.1 + 0.2 has no exact double; 3 x 33.335 = 100.005, which is 100.01 at half-up
  expect(tradeAmount({ ...ENTRY, units: "3", price: "33.335" })).toBe("100.01");
  expect(tradeAmount({ ...ENTRY, units: "12345678901234567", price: "1.01" })).toBe(
    // 12345678901234567 + 123456789012345.67 = 12469135690246912.67
    "12469135690246912.67",
  );
  // the yen has no cents: 3 x 33.5 = 100.5
  expect(tradeAmount({ ...ENTRY, currency: "JPY", units: "3", price: "33.5" })).toBe("101");
  // an option contract stands for a hundred shares: 2 x 1.25 x 100
  const option = { ...AAPL, multiplier: "100" };
  expect(tradeAmount({ ...ENTRY, instrument: option, units: "2", price: "1.25" })).toBe("250");
  expect(tradeAmount({ ...ENTRY, price: "" })).toBeNull();
});

test("a purchase pays, a sale is paid, and both count units with their sign", () => {
  const bought = readEntry(ENTRY).body;
  expect(bought).toMatchObject({ quantity: "10", price: "100", gross: part("-1000") });
  expect(bought).toMatchObject({ fee: part("1.00"), tax: null, is_external_flow: false });
  const sold = readEntry({ ...ENTRY, kind: "sell" }).body;
  expect(sold).toMatchObject({ quantity: "-10", gross: part("1000"), fee: part("1.00") });
  // the broker's own amount wins over units x price
  expect(readEntry({ ...ENTRY, amount: "999.98" }).body?.gross).toEqual(part("-999.98"));
});

test("money in and out crosses the portfolio's edge; income does not", () => {
  const paid = readEntry({ ...ENTRY, kind: "deposit", amount: "50" }).body;
  expect(paid).toMatchObject({ gross: part("50"), is_external_flow: true });
  // what another kind asked for stays out: no units, no fee, no instrument
  expect(paid).toMatchObject({ quantity: null, price: null, fee: null, instrument_id: null });
  const taken = readEntry({ ...ENTRY, kind: "withdrawal", amount: "50" }).body;
  expect(taken).toMatchObject({ gross: part("-50"), is_external_flow: true });
  const dividend = readEntry({ ...ENTRY, kind: "dividend", amount: "5.5", tax: "0.5" }).body;
  expect(dividend).toMatchObject({ gross: part("5.5"), tax: part("0.5"), is_external_flow: false });
  expect(readEntry({ ...ENTRY, kind: "interest", amount: "-3" }).body?.gross).toEqual(part("-3"));
});

test("a fee and a tax are costs, not gross amounts", () => {
  const fee = readEntry({ ...ENTRY, kind: "fee", amount: "25" }).body;
  expect(fee).toMatchObject({ gross: null, fee: part("25"), tax: null });
  const tax = readEntry({ ...ENTRY, kind: "tax", amount: "25" }).body;
  expect(tax).toMatchObject({ gross: null, fee: null, tax: part("25") });
});

test("a split is a ratio of new units to old at eighteen places, in the instrument's currency", () => {
  const split = { ...ENTRY, kind: "split", newUnits: "1", oldUnits: "3", currency: "EUR" } as const;
  expect(readEntry(split).body).toMatchObject({
    ratio: "0.333333333333333333",
    currency: "USD",
    quantity: null,
    gross: null,
  });
  expect(readEntry({ ...split, newUnits: "2", oldUnits: "1" }).body?.ratio).toBe("2");
  expect(readEntry({ ...split, oldUnits: "0" }).errors.oldUnits).toBe(
    "A number above zero is needed",
  );
});

test("the cash line adds up as the ledger will", () => {
  expect(cashChange(ENTRY)).toBe("-1001"); // -1000 - 1
  expect(cashChange({ ...ENTRY, kind: "sell", tax: "2" })).toBe("997"); // 1000 - 1 - 2
  // the fee of another kind is not asked here, so it does not count
  expect(cashChange({ ...ENTRY, kind: "dividend", amount: "5.50", tax: "0.50" })).toBe("5");
  expect(cashChange({ ...ENTRY, kind: "fee", amount: "25" })).toBe("-25");
  expect(cashChange({ ...ENTRY, price: "" })).toBeNull();
  expect(cashChange({ ...ENTRY, kind: "split" })).toBeNull();
});

test("what cannot be read is named by field and nothing is posted", () => {
  const read = readEntry({ ...ENTRY, date: "", units: "ten", price: "-1", fee: "-0.5" });
  expect(read.body).toBeNull();
  expect(Object.keys(read.errors).toSorted()).toEqual(["date", "price", "units"]); // a rebate is a fee
  expect(readEntry({ ...ENTRY, kind: "deposit" }).errors).toEqual({
    amount: "An amount is needed",
  });
});

test("refusals stand beside the fields they are about", () => {
  const refused = (...pointers: string[]) =>
    new ProblemError({
      ...problemOf(null, new Response(null, { status: 422 })),
      errors: pointers.map((pointer) => ({ pointer, detail: `at ${pointer}` })),
    });
  expect(refusals(refused("/body/quantity", "/body/fee/amount"), "buy")).toEqual({
    errors: { units: "At /body/quantity", fee: "At /body/fee/amount" },
    rest: [],
  });
  expect(refusals(refused("/body/fee/amount"), "fee").errors).toEqual({
    amount: "At /body/fee/amount",
  });
  // a deposit has no price to stand beside
  expect(refusals(refused("/body/price", "/body/settlement_date"), "deposit")).toEqual({
    errors: {},
    rest: ["at /body/price", "at /body/settlement_date"],
  });
});

test("every kind that is offered can be written", () => {
  const full = { ...ENTRY, amount: "10", counterAmount: "9", newUnits: "2" };
  for (const kind of ENTRY_KINDS) expect(readEntry({ ...full, kind }).body?.kind).toBe(kind);
});

test("a conversion pays one currency and receives the other", () => {
  const entry: Entry = { ...ENTRY, kind: "fx_conversion", amount: "110", counterAmount: "100" };
  expect(readEntry(entry).body).toMatchObject({
    gross: part("-110"),
    counter: { amount: "100", currency: "EUR", rate: "1" },
    is_external_flow: false,
  });
  expect(readEntry({ ...entry, counterCurrency: "USD" }).errors).toEqual({
    counterCurrency: "A conversion has two currencies",
  });
  expect(readEntry({ ...entry, counterAmount: "" }).errors.counterAmount).toBeDefined();
});

test("a spin-off names what it came out of and the part of the cost that moves", () => {
  const entry: Entry = { ...ENTRY, kind: "spin_off", source: AAPL, units: "25", fraction: "13.25" };
  expect(readEntry(entry).body).toMatchObject({
    quantity: "25",
    source_instrument_id: AAPL.id,
    basis_fraction: "0.1325",
    gross: null,
  });
  expect(readEntry({ ...entry, fraction: "" }).body?.basis_fraction).toBeNull();
  expect(readEntry({ ...entry, fraction: "101" }).errors.fraction).toBe("At most 100 percent");
});

test("units that leave are counted out, units that arrive may bring date and cost", () => {
  const out = readEntry({ ...ENTRY, kind: "transfer_out" }).body;
  expect(out).toMatchObject({ quantity: "-10", is_external_flow: true, price: null });
  const into = readEntry({ ...ENTRY, kind: "transfer_in", acquired: "2010-05-06" }).body;
  expect(into).toMatchObject({ quantity: "10", price: "100", acquired_date: "2010-05-06" });
  expect(readEntry({ ...ENTRY, kind: "worthless", units: "" }).errors.units).toBeDefined();
});

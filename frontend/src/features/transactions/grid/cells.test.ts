import { expect, test } from "vitest";
import { ProblemError, problemOf } from "@/shared/api/problem";
import { AAPL, ACCOUNT, PURCHASE } from "@/shared/testing/samples";
import { bodyOf, patchedBody } from "./body";
import { blankEntry, entryFrom, lockOf, putCell } from "./cells";
import { contested, merged } from "./conflict";
import { readRefusal } from "./refused";

const AROUND = { accounts: [ACCOUNT], locale: "en-US" };
const entry = () => {
  const found = entryFrom(PURCHASE);
  if (!found) throw new Error("a purchase has an entry");
  return found;
};

test("an amount that was units at their price follows them; a broker's own does not", () => {
  const computed = putCell(entry(), "units", { text: "12" }, AROUND);
  expect(computed.entry).toMatchObject({ units: "12", amount: "1200" });
  const own = { ...entry(), amount: "999.98" };
  expect(putCell(own, "units", { text: "12" }, AROUND).entry?.amount).toBe("999.98");
});

test("cells take what spreadsheets show, and say what they cannot take", () => {
  const put = (field: Parameters<typeof putCell>[1], text: string) =>
    putCell(entry(), field, { text }, AROUND);
  expect(put("fee", "$1,234.50").entry?.fee).toBe("1234.50");
  expect(put("fee", "(3.00)").entry?.fee).toBe("-3.00");
  expect(put("fee", "").entry?.fee).toBe("");
  expect(put("kind", "transfer in").entry?.kind).toBe("transfer_in");
  expect(put("account", "schwab").entry?.account).toBe(ACCOUNT.id);
  for (const [field, text] of [
    ["units", "ten"],
    ["kind", "split"], // asks for a ratio, which has no column
    ["account", "nowhere"],
    ["instrument", "XYZ"],
    ["date", "13/13/2013"],
    ["currency", "dollars"],
  ] as const) {
    expect(put(field, text).error, field).toBeDefined();
  }
  const chosen = putCell(
    blankEntry([ACCOUNT], undefined, "2013-01-01"),
    "instrument",
    { text: "SAP", instrument: { ...AAPL, symbol: "SAP", currency: "EUR" } },
    AROUND,
  );
  expect(chosen.entry?.currency).toBe("EUR");
});

test("what a record says beyond an entry is not typed over", () => {
  expect(lockOf(PURCHASE, entry(), "units")).toBeNull();
  expect(lockOf(PURCHASE, entry(), "cash")).not.toBeNull();
  const named = { ...PURCHASE, lot_choices: [{ lot_id: AAPL.id, quantity: "1" }] };
  expect(lockOf(named, entryFrom(named), "units")).not.toBeNull();
  expect(lockOf(named, entryFrom(named), "note")).toBeNull();
  expect(lockOf({ ...PURCHASE, is_reversed: true }, entry(), "note")).not.toBeNull();
  const merger = { ...PURCHASE, kind: "merger" as const };
  expect(lockOf(merger, entryFrom(merger), "date")).not.toBeNull();
});

test("a correction says what was typed and all the rest as it was", () => {
  const whole = {
    ...PURCHASE,
    sub_kind: "reinvestment" as const,
    settlement_date: "2013-01-15",
    lot_method: "lifo" as const,
    gross: { amount: "-1000", currency: "USD", rate: "1" },
  };
  const before = entryFrom(whole);
  if (!before) throw new Error("no entry");
  const noted = patchedBody(whole, before, { ...before, note: " seen " });
  expect(noted.body).toEqual({ ...bodyOf(whole), note: "seen" });
  const priced = patchedBody(whole, before, { ...before, price: "110", amount: "1100" });
  expect(priced.body).toEqual({
    ...bodyOf(whole),
    price: "110",
    gross: { amount: "-1100", currency: "USD", rate: "1" },
  });
  // it settled on the day that belonged to the other trade date
  const moved = patchedBody(whole, before, { ...before, date: "2013-01-09" });
  expect(moved.body).toMatchObject({ trade_date: "2013-01-09", settlement_date: null });
  const sold = patchedBody(whole, before, { ...before, kind: "sell" });
  expect(sold.body).toMatchObject({ kind: "sell", quantity: "-10" });
  expect(sold.body?.sub_kind).toBeUndefined();
  expect(patchedBody(whole, before, { ...before, price: "-1" }).errors).toHaveProperty("price");
});

test("two changes of one record: apart they merge, together they are asked about", () => {
  const base = entry();
  const mine = { ...base, units: "12", note: "mine" };
  const theirs = { ...base, units: "11", fee: "2" };
  expect(contested(base, mine, theirs)).toEqual(["units"]);
  expect(merged(base, mine, theirs)).toEqual({ ...base, units: "11", fee: "2", note: "mine" });
  expect(merged(base, mine, theirs, { units: "mine" })).toMatchObject({ units: "12", fee: "2" });
  expect(contested(base, mine, { ...base, units: "12" })).toEqual([]); // of one mind
  // an amount that follows from units and price is asked of nobody: 12 x 90
  const bought = { ...base, units: "12", amount: "1200" };
  const priced = { ...base, price: "90", amount: "900" };
  expect(contested(base, bought, priced)).toEqual([]);
  expect(merged(base, bought, priced)).toMatchObject({ units: "12", price: "90", amount: "1080" });
});

const refused = (parts: Partial<ProblemError["problem"]>) =>
  new ProblemError({ ...problemOf(null, new Response(null, { status: 422 })), ...parts });

test("refusals find their rows and cells", () => {
  const at = (pointer: string) => ({ pointer, detail: "is wrong" });
  const error = refused({
    errors: [
      at("/body/operations/1/body/quantity"),
      at("/body/operations/10/body/fee/amount"),
      at("/body/operations/1/body/settlement_date"),
    ],
  });
  const found = readRefusal(
    error,
    Array.from({ length: 11 }, () => "buy" as const),
  );
  if (found.kind !== "rows") throw new Error(found.kind);
  expect([...found.rows]).toEqual([
    [1, { errors: { units: "Is wrong" }, rest: ["is wrong"] }],
    [10, { errors: { fee: "Is wrong" }, rest: [] }],
  ]);
  const stale = refused({ code: "stale_version", status: 409, current: { ...PURCHASE } });
  expect(readRefusal(stale, [])).toMatchObject({ kind: "stale", chain: PURCHASE.chain_id });
  const gone = refused({ code: "stale_version", current: { id: null, chain_id: "c" } });
  expect(readRefusal(gone, [])).toEqual({ kind: "stale", chain: "c", theirs: null });
  expect(readRefusal(refused({ status: 503 }), [])).toMatchObject({ kind: "all", isFinal: false });
  expect(readRefusal(refused({ status: 409 }), [])).toMatchObject({ kind: "all", isFinal: true });
  expect(readRefusal(new Error("x"), [])).toMatchObject({ isFinal: false });
});

import { expect, test } from "vitest";
import { PURCHASE } from "@/shared/testing/samples";
import { readDay } from "./days";
import { intentOf, tabbed, type Pressed } from "./keys";
import { cellsText, parseCells, planPaste } from "./paste";
import { mapRows, missingPages, pageAt, sheetOf, startsOf, withPage } from "./sheet";

test.each([
  ["2013-01-10", "en-US", "2013-01-10"],
  ["2013-1-9", "en-US", "2013-01-09"],
  ["1/10/2013", "en-US", "2013-01-10"],
  ["1/10/2013", "en-GB", "2013-10-01"],
  ["10.1.2013", "de-DE", "2013-01-10"],
  ["2013/01/10", "de-DE", "2013-01-10"],
  ["1/10/13", "en-US", "2013-01-10"],
  ["1/10/99", "en-US", "1999-01-10"],
  ["Jan 10, 2013", "de-DE", "2013-01-10"],
  ["10 January 2013", "en-US", "2013-01-10"],
  ["2013-02-30", "en-US", null],
  ["13/1/2013", "en-US", null],
  ["1/10/201", "en-US", null],
  ["10 Foo 2013", "en-US", null],
  ["5 Jan 6 2013", "en-US", null],
  ["41284", "en-US", null],
  ["", "en-US", null],
])("the day %j is read in %s as %j", (typed, locale, day) => {
  expect(readDay(typed, locale)).toBe(day);
});

test("cells of a spreadsheet, with its quotes, and of a comma file", () => {
  expect(parseCells("a\tb\r\n1\t2\r\n")).toEqual([["a", "b"], ["1", "2"]]); // prettier-ignore
  expect(parseCells('"two\nlines"\t"say ""hi"""')).toEqual([["two\nlines", 'say "hi"']]);
  expect(parseCells("a,b\n1,2")).toEqual([["a", "b"], ["1", "2"]]); // prettier-ignore
  expect(parseCells("$1,234.50")).toEqual([["$1,234.50"]]);
  expect(parseCells("one, two\nthree")).toEqual([["one, two"], ["three"]]);
  expect(parseCells("\t\n5\t")).toEqual([["", ""], ["5", ""]]); // prettier-ignore
  expect(parseCells("")).toEqual([]);
  const odd = [["plain", 'a "quote"'], ["two\nlines", "tab\there"]]; // prettier-ignore
  expect(parseCells(cellsText(odd))).toEqual(odd);
});

test("a paste goes right and down from its cell, over what is computed", () => {
  const plan = planPaste([["1", "2"], ["3", "4"]], 8); // prettier-ignore
  expect(plan.cells).toEqual([
    { row: 0, field: "fee", text: "1" },
    { row: 0, field: "tax", text: "2" },
    { row: 1, field: "fee", text: "3" },
    { row: 1, field: "tax", text: "4" },
  ]);
  // tax, cash, account, note: the cash is passed over, the fifth column has no place
  const wide = planPaste([["1", "2", "3", "4", "5"]], 9);
  expect(wide.cells.map(({ field }) => field)).toEqual(["tax", "account", "note"]);
  expect(wide.lostColumns).toBe(1);
  const named = planPaste([["Symbol", "Quantity"], ["AAPL", "5"]], 1); // prettier-ignore
  expect(named).toMatchObject({ hasHeader: true, rows: 1 });
  expect(named.cells.map(({ field }) => field)).toEqual(["instrument", "units"]);
});

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});
const BOUNDS = { rows: 100_000, columns: 13, page: 20 };

test.each<[string, Partial<Pressed>, unknown]>([
  ["ArrowDown", {}, { do: "move", to: { row: 51, column: 4 }, extends: false }],
  ["ArrowUp", { shiftKey: true }, { do: "move", to: { row: 49, column: 4 }, extends: true }],
  ["ArrowDown", { ctrlKey: true }, { do: "move", to: { row: 99_999, column: 4 }, extends: false }],
  ["Home", {}, { do: "move", to: { row: 50, column: 0 }, extends: false }],
  ["End", {}, { do: "move", to: { row: 50, column: 12 }, extends: false }],
  ["Home", { ctrlKey: true }, { do: "move", to: { row: 0, column: 0 }, extends: false }],
  ["End", { metaKey: true }, { do: "move", to: { row: 99_999, column: 12 }, extends: false }],
  ["PageDown", {}, { do: "move", to: { row: 70, column: 4 }, extends: false }],
  ["PageUp", {}, { do: "move", to: { row: 30, column: 4 }, extends: false }],
  ["Tab", {}, { do: "move", to: { row: 50, column: 5 }, extends: false }],
  ["Enter", {}, { do: "edit", text: null }],
  ["F2", {}, { do: "edit", text: null }],
  ["7", {}, { do: "edit", text: "7" }],
  ["Delete", {}, { do: "delete" }],
  ["Backspace", {}, { do: "clear" }],
  ["Escape", {}, { do: "leave" }],
  ["z", { ctrlKey: true }, { do: "undo" }],
  ["Z", { ctrlKey: true, shiftKey: true }, { do: "redo" }],
  ["y", { ctrlKey: true }, { do: "redo" }],
  ["Enter", { ctrlKey: true }, { do: "add" }],
  ["Enter", { altKey: true }, { do: "details" }],
  ["c", { ctrlKey: true }, null],
  ["v", { ctrlKey: true }, null],
  ["F5", {}, null],
  ["Shift", { shiftKey: true }, null],
])("%s %j", (key, held, intent) => {
  expect(intentOf({ row: 50, column: 4 }, press(key, held), BOUNDS)).toEqual(intent);
});

test("Tab goes over the end of a row, and out of the grid at its ends", () => {
  const bounds = { rows: 2, columns: 3, page: 1 };
  expect(tabbed({ row: 0, column: 2 }, false, bounds)).toEqual({ row: 1, column: 0 });
  expect(tabbed({ row: 1, column: 0 }, true, bounds)).toEqual({ row: 0, column: 2 });
  expect(tabbed({ row: 1, column: 2 }, false, bounds)).toBeNull();
  expect(tabbed({ row: 0, column: 0 }, true, bounds)).toBeNull();
});

test("pages of a long list are found by their marks, loaded or not", () => {
  const record = (id: string) => ({ ...PURCHASE, id });
  const sheet = sheetOf(450, 200, ["c1", "c2"]);
  expect(startsOf(sheet)).toEqual([0, 200, 400, 450]);
  expect(missingPages(sheet, 190, 210)).toEqual([0, 1]);
  expect(missingPages(sheet, -50, -1)).toEqual([]);
  expect(missingPages(sheet, 440, 9_999)).toEqual([2]);
  // one record less than the mark promised: what follows moves up
  const short = withPage(
    sheet,
    0,
    Array.from({ length: 199 }, (_, n) => record(String(n))),
  );
  expect(startsOf(short)).toEqual([0, 199, 399, 449]);
  expect([0, 198, 199, 398, 399, 448].map((row) => pageAt(startsOf(short), row))).toEqual([
    0, 0, 1, 1, 2, 2,
  ]);
  const less = mapRows(short, (one) => (one.id === "7" ? null : one));
  expect(startsOf(less)).toEqual([0, 198, 398, 448]);
  expect(startsOf(sheetOf(0, 200, []))).toEqual([0]);
});

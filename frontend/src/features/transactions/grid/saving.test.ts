import { beforeEach, expect, test, vi } from "vitest";
import type { TransactionOut } from "@/shared/api/gen/types.gen";
import { AAPL, ACCOUNT } from "@/shared/testing/samples";
import { blankEntry } from "./cells";
import { PAUSE_MS, RowEditor } from "./editor";
import { FakeLedger, problem, record } from "./fake-ledger";
import { Saver } from "./saving";
import { GridStore } from "./store";

function begin(ledger: FakeLedger) {
  const store = new GridStore(ledger.api, {}, [ACCOUNT]);
  const saver = new Saver(store, () => {});
  return { store, saver, editor: new RowEditor(store, saver, "en-US") };
}

let ledger: FakeLedger;
let grid: ReturnType<typeof begin>;
beforeEach(async () => {
  vi.useRealTimers();
  ledger = new FakeLedger();
  grid = begin(ledger);
  await grid.store.load();
});

const row = (index: number) => {
  const found = grid.store.rowAt(index);
  if (!found) throw new Error(`no row ${String(index)}`);
  return found;
};
const type = (index: number, field: "note" | "units" | "fee", text: string) =>
  grid.editor.put([{ row: row(index), field, typed: { text } }]);
const notes = () =>
  Array.from({ length: grid.store.rowCount }, (_, index) => row(index).entry?.note);

test("what is typed stands there at once and goes out as one correction of the row", async () => {
  type(1, "note", "seen");
  type(1, "fee", "2");
  expect(row(1)).toMatchObject({ entry: { note: "seen" }, edit: { changed: ["fee", "note"] } });
  grid.editor.leave(row(1).key);
  await grid.saver.settled();
  expect(ledger.calls).toHaveLength(1);
  expect(ledger.calls[0]?.operations).toMatchObject([
    { op: "correct", id: "r2", body: { note: "seen", fee: { amount: "2" } } },
  ]);
  expect(row(1)).toMatchObject({ edit: undefined, record: { id: "x1", chain_id: "c2" } });
});

test("a pause saves too, and typing back what was there saves nothing", async () => {
  vi.useFakeTimers();
  type(0, "note", "a");
  await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
  type(0, "note", "note 1");
  await vi.advanceTimersByTimeAsync(PAUSE_MS * 2);
  expect(ledger.calls).toEqual([]);
  type(0, "note", "b");
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(ledger.live.get("c1")?.note).toBe("b");
});

test("what is typed while a row is on its way follows it", async () => {
  type(0, "note", "first");
  void grid.saver.flush();
  type(0, "note", "second");
  await grid.saver.settled();
  expect(row(0)).toMatchObject({ entry: { note: "second" }, edit: { status: "typing" } });
  await grid.saver.flush();
  expect(ledger.calls[1]?.operations).toMatchObject([{ id: "x1", body: { note: "second" } }]);
});

test("undo and redo walk the chain: edit, delete, new row", async () => {
  type(0, "note", "changed");
  await grid.saver.flush();
  grid.editor.remove([row(1)]);
  expect(notes()).toEqual(["changed", "note 3", "note 4", "note 5"]); // at once
  await grid.saver.settled();
  grid.editor.add({
    ...blankEntry([ACCOUNT], undefined, "2013-01-01"),
    kind: "deposit",
    amount: "5",
  });
  grid.editor.leave();
  await grid.saver.settled();
  expect(ledger.live.size).toBe(5);

  await grid.editor.undo(); // the new row
  expect(notes()).toEqual(["changed", "note 3", "note 4", "note 5"]);
  await grid.editor.undo(); // the deletion
  expect(notes()).toEqual(["changed", "note 2", "note 3", "note 4", "note 5"]);
  await grid.editor.undo(); // the edit
  expect(notes()[0]).toBe("note 1");
  await grid.editor.undo();
  expect(grid.store.state.message).toBe("Nothing to undo");

  await grid.editor.redo();
  await grid.editor.redo();
  await grid.editor.redo();
  expect(ledger.live.get("c1")?.note).toBe("changed");
  expect(ledger.live.has("c2")).toBe(false);
  expect(ledger.live.size).toBe(5);
  expect(notes()).toEqual(["", "changed", "note 3", "note 4", "note 5"]);
  await grid.editor.undo();
  await grid.editor.undo();
  expect(notes()).toEqual(["changed", "note 2", "note 3", "note 4", "note 5"]);
  // a new step forgets what was undone
  type(2, "note", "other");
  await grid.saver.flush();
  await grid.editor.redo();
  expect(grid.store.state.message).toBe("Nothing to redo");
});

test("a paste is one call; what is refused is marked and the rest goes again without it", async () => {
  ledger.failing = [
    () => {
      const errors = [{ pointer: "/body/operations/1/body/quantity", detail: "is too much" }];
      throw problem(422, { errors });
    },
  ];
  const cells = [0, 1, 2].map((at) => ({ row: at, field: "units" as const, text: "7" }));
  await grid.editor.paste(cells, 1, () => blankEntry([ACCOUNT], undefined, "2013-01-01"));
  await grid.saver.settled();
  expect(ledger.calls.map(({ operations }) => operations.length)).toEqual([3, 2]);
  expect([1, 2, 3].map((n) => row(n).edit?.errors.units)).toEqual([
    undefined,
    "Is too much",
    undefined,
  ]);
  expect(row(2).entry?.units).toBe("7"); // nothing typed is lost
  expect(ledger.live.get("c2")?.quantity).toBe("7");
  // undo first lets go of what was never saved, then takes the paste back as a whole
  await grid.editor.undo();
  expect(row(2)).toMatchObject({ edit: undefined, entry: { units: "10" } });
  await grid.editor.undo();
  expect([...ledger.live.values()].map(({ quantity }) => quantity)).toEqual(
    Array.from({ length: 5 }, () => "10"),
  );
});

test("rows pasted below the last become new ones, their instruments found by symbol", async () => {
  const texts = { kind: "Buy", instrument: "AAPL", units: "3", price: "4", note: "new" } as const;
  const line = (at: number, instrument: string) =>
    Object.entries({ ...texts, instrument }).map(([field, text]) => ({
      row: at,
      field: field as keyof typeof texts,
      text,
    }));
  const blank = () => blankEntry([ACCOUNT], undefined, "2013-01-01");
  await grid.editor.paste([...line(0, "AAPL"), ...line(1, "NONE")], 5, blank);
  await grid.saver.settled();
  expect(grid.store.rowCount).toBe(7);
  expect(row(0).edit).toMatchObject({
    raw: { instrument: "NONE" },
    errors: { instrument: "No such instrument is known" },
  });
  expect(ledger.calls[0]?.operations).toMatchObject([
    { op: "create", body: { instrument_id: AAPL.id, quantity: "3", gross: { amount: "-12" } } },
  ]);
});

test("a new row that is not complete says so once it is left, and stays", async () => {
  const key = grid.editor.add(blankEntry([ACCOUNT], undefined, "2013-01-01"));
  grid.editor.leave(key); // nothing typed, nothing said
  expect(row(0).edit?.errors).toEqual({});
  grid.editor.put([{ row: row(0), field: "kind", typed: { text: "Deposit" } }]);
  grid.editor.put([{ row: row(0), field: "note", typed: { text: "gift" } }]);
  grid.editor.leave(key);
  await grid.saver.settled();
  expect(row(0).edit).toMatchObject({
    status: "refused",
    errors: { amount: "An amount is needed" },
  });
  expect(ledger.calls).toEqual([]);
  grid.editor.remove([row(0)]);
  expect(grid.store.state.drafts).toEqual([]);
  await grid.editor.undo();
  expect(row(0).entry?.note).toBe("gift");
});

test("who was first wins nothing by it: apart it merges, together it is asked", async () => {
  const theirs = record(1, { id: "t1", note: "theirs" });
  ledger.live.set("c1", theirs);
  ledger.all.set("t1", theirs);
  type(0, "fee", "3");
  await grid.saver.flush();
  await grid.saver.settled();
  expect(ledger.live.get("c1")).toMatchObject({ note: "theirs", fee: { amount: "3" } });

  const again = { ...theirs, id: "t2", note: "theirs again" };
  ledger.live.set("c1", again);
  ledger.all.set("t2", again);
  type(0, "note", "mine");
  await grid.saver.flush();
  expect(row(0).edit).toMatchObject({ status: "conflict", theirs: { id: "t2" } });
  expect(row(0).entry?.note).toBe("mine");
  grid.editor.settle(row(0).key, { note: "mine" });
  await grid.saver.settled();
  expect(ledger.live.get("c1")?.note).toBe("mine");
});

test("an undo over somebody else's change is reviewed, not forced", async () => {
  type(0, "note", "mine");
  await grid.saver.flush();
  const theirs = { ...row(0).record, id: "t1", note: "theirs" } as TransactionOut;
  ledger.live.set("c1", theirs);
  ledger.all.set("t1", theirs);
  await grid.editor.undo();
  expect(ledger.live.get("c1")?.note).toBe("theirs");
  expect(row(0).edit).toMatchObject({ status: "conflict", entry: { note: "note 1" } });
  grid.editor.settle("c1", {});
  await grid.saver.settled();
  expect(row(0)).toMatchObject({ edit: undefined, record: { note: "theirs" } });
});

test("a deletion that comes too late leaves the record and says why", async () => {
  ledger.live.set("c1", record(1, { id: "t1", note: "theirs" }));
  grid.editor.remove([row(0)]);
  await grid.saver.settled();
  expect(row(0).record?.note).toBe("theirs");
  expect(grid.store.state.message).toMatch(/changed this record meanwhile/);
});

test("without an answer what was typed stays, and is sent again under the same name", async () => {
  ledger.failing = [
    () => {
      throw problem(0);
    },
  ];
  type(0, "note", "kept");
  await grid.saver.flush();
  expect(row(0).edit).toMatchObject({ status: "refused", entry: { note: "kept" } });
  grid.editor.retry();
  await grid.saver.settled();
  expect(ledger.live.get("c1")?.note).toBe("kept");
  expect(new Set(ledger.calls.map(({ key }) => key)).size).toBe(1);
});

test("the list as it was known on a day takes nothing", async () => {
  await grid.store.load({ known: "2013-01-01" });
  expect(type(0, "note", "x")).toBe(0);
  grid.editor.remove([row(0)]);
  await grid.saver.settled();
  expect(ledger.calls).toEqual([]);
});

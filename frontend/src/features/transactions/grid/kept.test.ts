import { beforeEach, expect, test } from "vitest";
import { ACCOUNT } from "@/shared/testing/samples";
import { blankEntry } from "./cells";
import { RowEditor } from "./editor";
import { FakeLedger, problem } from "./fake-ledger";
import { keepIn, restoreFrom } from "./kept";
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
  sessionStorage.clear();
  ledger = new FakeLedger();
  grid = begin(ledger);
  await grid.store.load();
});

test("what is not saved outlives a reload of the tab, for the same person alone", async () => {
  const stop = keepIn(sessionStorage, "ann", grid.store, grid.saver);
  const row = grid.store.rowAt(0);
  if (!row) throw new Error("no row");
  grid.editor.put([{ row, field: "note", typed: { text: "unsaved" } }]);
  grid.editor.add({ ...blankEntry([ACCOUNT], undefined, "2013-01-01"), note: "draft" });
  stop();
  const other = begin(ledger);
  restoreFrom(sessionStorage, "bob", other.store, other.saver);
  expect(other.store.state.edits.size).toBe(0);
  restoreFrom(sessionStorage, "ann", other.store, other.saver);
  await other.store.load();
  expect(other.store.rowAt(0)?.entry?.note).toBe("draft");
  expect(other.store.rowAt(1)?.entry?.note).toBe("unsaved");
  sessionStorage.setItem("truenav.grid.eve", "{broken");
  restoreFrom(sessionStorage, "eve", other.store, other.saver);
  expect(other.store.rowCount).toBe(6);
});

test("a new row whose answer was lost with the page is sent again under its name", async () => {
  keepIn(sessionStorage, "ann", grid.store, grid.saver);
  ledger.failing = [
    () => {
      throw problem(0);
    },
  ];
  const day = blankEntry([ACCOUNT], undefined, "2013-01-01");
  grid.editor.add({ ...day, kind: "deposit", amount: "5" });
  grid.editor.leave();
  await grid.saver.settled();
  const other = begin(ledger);
  restoreFrom(sessionStorage, "ann", other.store, other.saver);
  other.editor.retry();
  await other.saver.settled();
  expect(ledger.calls.map(({ key }) => key)).toEqual([ledger.calls[0]?.key, ledger.calls[0]?.key]);
  expect(other.store.state.drafts).toEqual([]);
  expect(sessionStorage.length).toBe(1); // what this page kept; the new one keeps nothing itself
});

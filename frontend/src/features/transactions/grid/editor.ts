import type { TransactionOut } from "@/shared/api/gen/types.gen";
import type { EntryField } from "../entry-kinds";
import { cellText, lockOf, type Surroundings, type Typed } from "./cells";
import type { TypedField } from "./columns";
import type { Choices } from "./conflict";
import type { PasteCell } from "./paste";
import { isUnchanged, newEdit, takeOver, typeInto, type RowEdit, type RowView } from "./rows";
import type { Saver } from "./saving";
import type { GridStore } from "./store";
import type { Entry } from "../entry-kinds";

export const PAUSE_MS = 1500;

/** What a person does to rows: type, paste, add, delete, settle. Saving follows by itself. */
export class RowEditor {
  readonly #store: GridStore;
  readonly #saver: Saver;
  readonly #locale: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;

  constructor(store: GridStore, saver: Saver, locale: string) {
    this.#store = store;
    this.#saver = saver;
    this.#locale = locale;
  }

  get around(): Surroundings {
    return { accounts: this.#store.state.accounts, locale: this.#locale };
  }

  /** Why a cell takes no typing; null when it does. */
  lock(row: RowView, field: TypedField | "cash"): string | null {
    if (this.#store.isReadOnly) return "The list as it was known on a day cannot be changed";
    return lockOf(row.record, row.entry, field);
  }

  /** Type into cells of rows; ones that take no typing are passed over. */
  put(cells: readonly { row: RowView; field: TypedField; typed: Typed }[]): number {
    const edits = new Map<string, RowEdit>();
    let count = 0;
    for (const { row, field, typed } of cells) {
      const before = edits.get(row.key) ?? row.edit;
      const entry = before?.entry ?? row.entry;
      if (!entry || this.lock({ ...row, entry }, field) !== null) continue;
      const edit = before ?? newEdit(row.key, row.record, entry);
      edits.set(row.key, typeInto(edit, field, typed, this.around));
      count += 1;
    }
    this.#store.setEdits(
      [...edits].map(([key, edit]) => [key, isUnchanged(edit) ? undefined : edit] as const),
    );
    this.#later();
    return count;
  }

  /** Type the symbol of an instrument; which one it is the server knows. */
  async putSymbol(key: string, symbol: string): Promise<void> {
    const instrument = await this.#store.api.findInstrument(symbol).catch(() => null);
    const row = this.#store.rowAt(this.#store.indexOf(key));
    if (row) this.put([{ row, field: "instrument", typed: { text: symbol, instrument } }]);
  }

  /** What an earlier look at the page left unsaved goes on. */
  resume(): void {
    if (this.#store.state.edits.size > 0) this.#later();
  }

  /** Records are saved after a pause; a new row only once it is left. */
  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { edits, drafts } = this.#store.state;
      void this.#saver.flush(new Set([...edits.keys()].filter((key) => !drafts.includes(key))));
    }, PAUSE_MS);
  }

  /** A row was left, or all of them: what was typed there is saved, or marked where it cannot be. */
  leave(key?: string): void {
    const { edits, drafts } = this.#store.state;
    const wanted = key === undefined ? [...edits.keys()] : [key];
    const begun = wanted.filter((one) => !drafts.includes(one) || !this.#isBlank(edits.get(one)));
    if (begun.length > 0) void this.#saver.flush(new Set(begun));
  }

  #isBlank(edit: RowEdit | undefined): boolean {
    if (!edit) return true;
    const { entry } = edit;
    const said = [entry.units, entry.price, entry.amount, entry.fee, entry.tax, entry.note];
    return said.every((text) => text === "") && !entry.instrument && isEmpty(edit.raw);
  }

  /** A new row on top; its key. */
  add(entry: Entry): string {
    this.#count += 1;
    const key = `new:${String(Date.now())}-${String(this.#count)}`;
    this.#store.setEdits([[key, newEdit(key, null, entry)]]);
    this.#store.set({ drafts: [...this.#store.state.drafts, key] });
    return key;
  }

  /** Delete rows; nothing is asked, undo brings them back. */
  remove(rows: readonly RowView[]): void {
    const records: TransactionOut[] = [];
    for (const row of rows) {
      if (row.record && this.lock({ ...row, entry: row.entry }, "note") === null) {
        records.push(row.record);
      } else if (row.record && row.entry === null && !this.#store.isReadOnly) {
        if (!row.record.is_reversed && row.record.kind !== "reversal") records.push(row.record);
      } else if (row.edit && !row.record && row.edit.status !== "saving") this.#discard(row.edit);
    }
    if (records.length > 0) void this.#saver.remove(records);
  }

  #discard(draft: RowEdit): void {
    if (!this.#isBlank(draft)) {
      this.#saver.stack.push({ label: "new row", changes: [], draft });
    }
    this.#store.setEdits([[draft.key, undefined]]);
    this.#store.set({ drafts: this.#store.state.drafts.filter((key) => key !== draft.key) });
  }

  /** Give up what was typed into a row and not saved. */
  revert(key: string): void {
    const edit = this.#store.state.edits.get(key);
    if (edit?.base) this.#store.setEdits([[key, undefined]]);
    else if (edit) this.#discard(edit);
  }

  /** Undo: first what was refused and never saved, then the last step that was. */
  undo(): Promise<void> {
    const open = [...this.#store.state.edits.values()].filter(({ base, status, raw }) => {
      // words that mean nothing are told before they are sent: they are what was typed last
      const isWrong = status === "typing" && !isEmpty(raw);
      return base !== null && (status === "refused" || status === "conflict" || isWrong);
    });
    const last = open.at(-1);
    if (!last) return this.#saver.step("undo");
    this.revert(last.key);
    this.#store.set({ message: "What was typed and not saved was put back" });
    return Promise.resolve();
  }

  redo(): Promise<void> {
    return this.#saver.step("redo");
  }

  /** Try again what had been refused, as it stands. */
  retry(): void {
    const again = [...this.#store.state.edits].flatMap(([key, edit]) =>
      edit.status === "refused" && isEmpty(edit.raw)
        ? [[key, { ...edit, status: "typing" as const }] as const]
        : [],
    );
    this.#store.setEdits(again);
    void this.#saver.flush(new Set(again.map(([key]) => key)));
  }

  /** A conflict as somebody settled it, field by field; without a choice theirs stands. */
  settle(key: string, choices: Choices): void {
    const edit = this.#store.state.edits.get(key);
    if (!edit?.theirs) return;
    const settled = takeOver(edit, choices);
    this.#store.setEdits([[key, isUnchanged(settled) ? undefined : settled]]);
    void this.#saver.flush(new Set([key]));
  }

  /** Where a paste runs out of rows: new rows do not run over into what is recorded. */
  #roomFrom(from: number): { isDraft: boolean; room: number } {
    const { drafts } = this.#store.state;
    const isDraft = from < drafts.length || this.#store.rowCount === 0;
    return { isDraft, room: isDraft ? drafts.length : this.#store.rowCount };
  }

  /** How many rows a paste would add. */
  newRowsOf(rows: number, from: number): number {
    return Math.max(0, from + rows - this.#roomFrom(from).room);
  }

  /** Cells of a paste, from a row on; rows below the last become new ones. */
  async paste(cells: readonly PasteCell[], from: number, blank: () => Entry): Promise<number> {
    const symbols = new Set(cells.filter(({ field }) => field === "instrument").map((c) => c.text));
    const found = new Map(
      await Promise.all(
        [...symbols].map(async (symbol) => {
          const name = symbol.trim();
          return [symbol, name === "" ? null : await this.#store.api.findInstrument(name)] as const;
        }),
      ),
    );
    const rows = new Map<number, RowView>();
    const wanted = [...new Set(cells.map(({ row }) => row))];
    const { isDraft, room } = this.#roomFrom(from);
    for (const row of wanted.filter((one) => from + one >= room)) {
      const key = this.add(blank());
      const edit = this.#store.state.edits.get(key);
      if (edit) rows.set(row, { key, record: null, entry: edit.entry, edit });
    }
    const shift = isDraft ? 0 : rows.size; // what was added stands on top
    for (const row of wanted.filter((one) => !rows.has(one))) {
      const view = this.#store.rowAt(from + row + shift);
      if (view) rows.set(row, view);
    }
    // instruments before amounts: they bring the currency
    const ordered = [...cells].sort((a, b) => rank(a.field) - rank(b.field));
    const count = this.put(
      ordered.flatMap(({ row, field, text }) => {
        const view = rows.get(row);
        if (!view || field === "cash") return [];
        return [{ row: view, field, typed: { text, instrument: found.get(text) ?? null } }];
      }),
    );
    this.leave();
    return count;
  }

  /** What a cell says to the clipboard. */
  copied(row: RowView | undefined, field: TypedField): string {
    if (!row?.entry) return "";
    return row.edit?.raw[field] ?? cellText(row.entry, field, this.around.accounts);
  }
}

const isEmpty = (of: object): boolean => Object.keys(of).length === 0;
const ORDER: readonly EntryField[] = ["kind", "account", "instrument", "currency"];
const rank = (field: string): number => {
  const place = (ORDER as readonly string[]).indexOf(field);
  return place < 0 ? ORDER.length : place;
};

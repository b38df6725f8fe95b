import type {
  AccountOut,
  OperationIn,
  OperationOut,
  TransactionOut,
} from "@/shared/api/gen/types.gen";
import type { Entry, EntryInstrument } from "../entry-kinds";
import type { TransactionFilter } from "../queries";
import { entryFrom } from "./cells";
import { keyOf, type RowEdit, type RowView } from "./rows";
import {
  EMPTY_SHEET,
  mapRows,
  missingPages,
  pageAt,
  sheetOf,
  startsOf,
  withPage,
  type Sheet,
} from "./sheet";

/** What the grid asks of the server. */
export type GridApi = {
  marks: (
    filter: TransactionFilter,
  ) => Promise<{ total: number; every: number; cursors: string[] }>;
  page: (filter: TransactionFilter, cursor: string | null) => Promise<TransactionOut[]>;
  change: (operations: OperationIn[], key: string) => Promise<OperationOut[]>;
  findInstrument: (symbol: string) => Promise<EntryInstrument | null>;
};

export type GridState = {
  filter: TransactionFilter;
  accounts: readonly AccountOut[];
  sheet: Sheet;
  phase: "loading" | "ready" | "failed";
  /** Why the list, or a part of it, is not here. */
  error: unknown;
  /** Rows recorded since the list was loaded, newest first; they stand on top until it is again. */
  added: readonly string[];
  /** What counts now in chains that were changed since; null where it was deleted. */
  latest: ReadonlyMap<string, TransactionOut | null>;
  drafts: readonly string[];
  edits: ReadonlyMap<string, RowEdit>;
  /** Said once to those who listen, and shown in the status line. */
  message: string;
  callsUnderWay: number;
};

type Shown = { sheet: Sheet; starts: number[]; added: string[] };

/** The rows of the grid: the list as it is loaded, and over it what was typed and saved since. */
export class GridStore {
  state: GridState;
  readonly api: GridApi;
  #listeners = new Set<() => void>();
  #shown: { of: GridState; value: Shown } | null = null;
  readonly #entries = new WeakMap<TransactionOut, Entry | null>();
  #generation = 0;
  #asked = new Set<number>();
  /** A new row goes on under its chain once it is recorded. */
  readonly renamed = new Map<string, string>();

  constructor(api: GridApi, filter: TransactionFilter, accounts: readonly AccountOut[]) {
    this.api = api;
    this.state = {
      filter,
      accounts,
      sheet: EMPTY_SHEET,
      phase: "loading",
      error: null,
      added: [],
      latest: new Map(),
      drafts: [],
      edits: new Map(),
      message: "",
      callsUnderWay: 0,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): GridState => this.state;

  set(part: Partial<GridState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.#listeners) listener();
  }

  get isReadOnly(): boolean {
    return this.state.filter.known !== undefined;
  }

  // --- what is loaded

  /** Load the list anew, under a filter; what was typed and is not saved yet stays. */
  async load(filter: TransactionFilter = this.state.filter): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const isSame = JSON.stringify(filter) === JSON.stringify(this.state.filter);
    this.set({ filter, phase: isSame && this.state.phase === "ready" ? "ready" : "loading" });
    try {
      const [marks, first] = await Promise.all([
        this.api.marks(filter),
        this.api.page(filter, null),
      ]);
      const { total, every, cursors } = marks;
      const empty = sheetOf(total, every, cursors);
      if (generation !== this.#generation) return;
      this.#asked.clear();
      const sheet = total > 0 ? withPage(empty, 0, first) : empty;
      this.set({ sheet, phase: "ready", error: null, added: [], latest: new Map() });
    } catch (error) {
      if (generation === this.#generation) this.set({ error, phase: "failed" });
    }
  }

  /** Load what a span of rows shows; pages under way are not asked for again. */
  async need(first: number, last: number): Promise<void> {
    const above = this.state.drafts.length + this.shown.added.length;
    const pages = missingPages(this.shown.sheet, first - above, last - above);
    await Promise.all(pages.map((page) => this.#loadPage(page)));
  }

  async #loadPage(page: number): Promise<void> {
    const generation = this.#generation;
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    try {
      const { filter, sheet } = this.state;
      const rows = await this.api.page(filter, sheet.cursors[page] ?? null);
      if (generation !== this.#generation) return;
      // what was recorded since the marks were made belongs to its neighbor, or to nobody yet
      this.set({ sheet: withPage(this.state.sheet, page, rows), error: null });
    } catch (error) {
      if (generation === this.#generation) this.set({ error });
    } finally {
      if (generation === this.#generation) this.#asked.delete(page);
    }
  }

  // --- what is shown

  get shown(): Shown {
    if (this.#shown?.of === this.state) return this.#shown.value;
    const { sheet, latest, added } = this.state;
    const before = this.#shown;
    const isSame =
      before?.of.sheet === sheet && before.of.latest === latest && before.of.added === added;
    const value = before && isSame ? before.value : this.#show();
    this.#shown = { of: this.state, value };
    return value;
  }

  #show(): Shown {
    const { sheet, latest, added } = this.state;
    const changed =
      latest.size === 0
        ? sheet
        : mapRows(sheet, (record) => {
            const key = keyOf(record);
            if (added.includes(key)) return null;
            const now = latest.get(key);
            return now === undefined ? record : now;
          });
    return {
      sheet: changed,
      starts: startsOf(changed),
      added: added.filter((key) => latest.get(key)),
    };
  }

  /** Records of the list, those added since among them. */
  get recordCount(): number {
    return this.shown.added.length + (this.shown.starts.at(-1) ?? 0);
  }
  get rowCount(): number {
    return this.state.drafts.length + this.recordCount;
  }

  /** The row at a place; undefined while its page is not here. */
  rowAt(index: number): RowView | undefined {
    const { drafts, edits, latest } = this.state;
    const draft = drafts[index];
    if (draft !== undefined) {
      const edit = edits.get(draft);
      return edit && { key: draft, record: null, entry: edit.entry, edit };
    }
    const { added, sheet, starts } = this.shown;
    const below = index - drafts.length;
    const own = added[below];
    if (own !== undefined) return this.#view(latest.get(own));
    const row = below - added.length;
    const page = pageAt(starts, row);
    return this.#view(sheet.pages[page]?.[row - (starts[page] ?? 0)]);
  }

  #view(record: TransactionOut | null | undefined): RowView | undefined {
    if (!record) return undefined;
    const key = keyOf(record);
    const edit = this.state.edits.get(key);
    return { key, record, entry: edit?.entry ?? this.#entryOf(record), edit };
  }

  /** Rows are looked at far more often than they change. */
  #entryOf(record: TransactionOut): Entry | null {
    const known = this.#entries.get(record);
    if (known !== undefined) return known;
    const entry = entryFrom(record);
    this.#entries.set(record, entry);
    return entry;
  }

  /** Where a row stands now; -1 when it is not loaded, or not in this list. */
  indexOf(key: string): number {
    const name = this.renamed.get(key) ?? key;
    const draft = this.state.drafts.indexOf(name);
    if (draft >= 0) return draft;
    const { added, sheet, starts } = this.shown;
    const above = this.state.drafts.length;
    const own = added.indexOf(name);
    if (own >= 0) return above + own;
    for (const [page, rows] of sheet.pages.entries()) {
      const at = rows?.findIndex((record) => keyOf(record) === name) ?? -1;
      if (at >= 0) return above + added.length + (starts[page] ?? 0) + at;
    }
    return -1;
  }

  /** Change what is typed into rows; an undefined edit is over. */
  setEdits(changes: Iterable<readonly [string, RowEdit | undefined]>): void {
    const edits = new Map(this.state.edits);
    for (const [key, edit] of changes) {
      if (!edit || edit.key !== key) edits.delete(key);
      if (edit) edits.set(edit.key, edit);
    }
    this.set({ edits });
  }
}

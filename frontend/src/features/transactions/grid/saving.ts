import type { OperationIn, OperationOut, TransactionOut } from "@/shared/api/gen/types.gen";
import { Calls } from "./calls";
import { entryFrom } from "./cells";
import { readRefusal, type Refused } from "./refused";
import { afterSaving, keyOf, meet, newEdit, operationOf, refusedWhole, type RowEdit } from "./rows";
import type { GridStore } from "./store";
import { labelOf, operationTo, targetOf, UndoStack, type Change, type Direction } from "./undo";

type Taken = { records: Map<string, TransactionOut | null> | null; isStale: boolean };
type Sending = { edit: RowEdit; operation: OperationIn };

/**
 * Sends what was typed, one call after another, and remembers how to take it back. Each call is all
 * or nothing; what keeps it from happening is told where it stands, and the rest is sent again.
 */
export class Saver {
  readonly #store: GridStore;
  readonly stack = new UndoStack();
  /** What counts now in chains that were changed here, also after the list was loaded again. */
  readonly #now = new Map<string, TransactionOut | null>();
  readonly calls: Calls;
  #queue: Promise<void> = Promise.resolve();

  constructor(store: GridStore, onSaved: () => void) {
    this.#store = store;
    this.calls = new Calls(store.api, () => store.set({}), onSaved);
  }

  /** After everything before it. */
  #then(job: () => Promise<void>): Promise<void> {
    this.#store.set({ callsUnderWay: this.#store.state.callsUnderWay + 1 });
    this.#queue = this.#queue.then(job).finally(() => {
      this.#store.set({ callsUnderWay: this.#store.state.callsUnderWay - 1 });
    });
    return this.#queue;
  }

  /** Everything that was asked for is done. */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** Save rows that are ready: each as one correction, all of them in one call. */
  flush(keys?: ReadonlySet<string>): Promise<void> {
    const ready: Sending[] = [];
    const marked: [string, RowEdit][] = [];
    for (const [key, edit] of this.#store.state.edits) {
      if (edit.status !== "typing" || (keys && !keys.has(key))) continue;
      const { operation, errors } = operationOf(edit);
      if (errors) marked.push([key, { ...edit, errors, status: "refused" }]);
      else {
        const sending: RowEdit = { ...edit, status: "saving", sent: edit.entry, errors: {} };
        marked.push([key, sending]);
        ready.push({ edit: sending, operation });
      }
    }
    if (marked.length > 0) this.#store.setEdits(marked);
    return ready.length === 0 ? this.#queue : this.#then(() => this.#send(ready));
  }

  async #send(sending: readonly Sending[]): Promise<void> {
    try {
      const results = await this.calls.send(sending.map(({ operation }) => operation));
      this.#succeeded(sending, results);
    } catch (error) {
      const kinds = sending.map(({ edit }) => edit.entry.kind);
      const left = this.#refused(sending, readRefusal(error, kinds));
      if (left.length > 0) await this.#send(left);
    }
  }

  #succeeded(sending: readonly Sending[], results: readonly OperationOut[]): void {
    const { state } = this.#store;
    const edits: [string, RowEdit | undefined][] = [];
    const changes: Change[] = [];
    const made: string[] = [];
    const latest = new Map(state.latest);
    sending.forEach(({ edit }, place) => {
      const record = results[place]?.record;
      if (!record) return;
      const chain = keyOf(record);
      const typedSince = state.edits.get(edit.key);
      const open = typedSince && afterSaving(typedSince, record);
      edits.push([edit.key, open ?? undefined]);
      changes.push({ chain, before: edit.base, after: record });
      latest.set(chain, record);
      this.#now.set(chain, record);
      if (edit.base === null) {
        made.unshift(chain);
        this.#store.renamed.set(edit.key, chain);
      }
    });
    this.stack.push({ label: labelOf(changes), changes });
    const gone = new Set(sending.map(({ edit }) => edit.key));
    this.#store.setEdits(edits);
    this.#store.set({
      latest,
      added: [...made, ...state.added],
      drafts: state.drafts.filter((key) => !gone.has(key)),
      message: `Saved: ${labelOf(changes)}`,
    });
  }

  /** Mark what is refused where it stands; what may go again without it. */
  #refused(sending: readonly Sending[], refused: Refused): Sending[] {
    const held: [string, RowEdit][] = [];
    const left: Sending[] = [];
    sending.forEach((one, place) => {
      const edit = this.#store.state.edits.get(one.edit.key);
      if (!edit) return;
      const back = (part: Partial<RowEdit>) => {
        held.push([edit.key, { ...edit, sent: null, status: "refused", ...part }]);
      };
      if (refused.kind === "all") back(refusedWhole(edit, refused, sending.length));
      else if (refused.kind === "rows") {
        const row = refused.rows.get(place);
        if (row) back({ errors: row.errors, rest: row.rest });
        else left.push(one);
      } else if (edit.base && keyOf(edit.base) === refused.chain) {
        held.push([edit.key, meet(edit, refused.theirs)]);
      } else left.push(one);
    });
    // a refusal that names none of ours must not be asked for again and again
    if (held.length === 0) return [];
    this.#store.setEdits(held);
    if (refused.kind === "stale") this.#met(held, refused.theirs);
    else this.#store.set({ message: "Not saved: see what is marked" });
    return left;
  }

  #met(held: readonly [string, RowEdit][], theirs: TransactionOut | null): void {
    const open = held.filter(([, edit]) => edit.status === "conflict");
    if (theirs) this.#show(new Map([[keyOf(theirs), theirs]]));
    if (open.length > 0) this.#store.set({ message: "Somebody else changed this record too" });
    else void this.flush(new Set(held.map(([key]) => key)));
  }

  #show(records: ReadonlyMap<string, TransactionOut | null>): void {
    for (const [chain, record] of records) this.#now.set(chain, record);
    this.#store.set({ latest: new Map([...this.#store.state.latest, ...records]) });
  }

  /** Delete records: they go at once, and come back when the server will not. */
  remove(records: readonly TransactionOut[]): Promise<void> {
    this.#store.setEdits(records.map((record) => [keyOf(record), undefined]));
    const before = new Map(records.map((record) => [keyOf(record), record]));
    const latest = new Map(this.#store.state.latest);
    for (const chain of before.keys()) latest.set(chain, null);
    this.#store.set({ latest });
    return this.#then(async () => {
      const changes = [...before].map(([chain, seen]): Change => {
        const now = this.#now.get(chain) ?? seen;
        return { chain, before: now, after: null };
      });
      const { records } = await this.#take(changes);
      if (!records) return;
      this.stack.push({ label: labelOf(changes), changes });
      this.#store.set({ message: `Deleted: ${labelOf(changes)}` });
    });
  }

  /** Bring chains to what shall count. What was shown before is shown again if that fails. */
  async #take(wanted: readonly Change[]): Promise<Taken> {
    const asked = wanted.flatMap((change) => {
      const operation = operationTo(change.before, change.after);
      return operation ? [{ change, operation }] : [];
    });
    if (asked.length === 0) return { records: new Map(), isStale: false };
    try {
      const results = await this.calls.send(asked.map(({ operation }) => operation));
      const records = new Map(
        asked.map(({ change: { chain, after } }, place) => [
          chain,
          after === null ? null : (results[place]?.record ?? null),
        ]),
      );
      this.#show(records);
      return { records, isStale: false };
    } catch (error) {
      this.#show(new Map(wanted.map(({ chain, before }) => [chain, before])));
      const refused = readRefusal(error, []);
      this.#notTaken(wanted, refused);
      return { records: null, isStale: refused.kind === "stale" };
    }
  }

  #notTaken(changes: readonly Change[], refused: Refused): void {
    const detail = refused.kind === "all" ? refused.detail : "see what is marked";
    this.#store.set({ message: `Not done: ${detail}` });
    if (refused.kind !== "stale") return;
    const { chain, theirs } = refused;
    this.#show(new Map([[chain, theirs]]));
    const change = changes.find((one) => one.chain === chain);
    const target = change?.after && entryFrom(change.after);
    if (change?.before && target) {
      const met = meet(newEdit(chain, change.before, target), theirs);
      this.#store.setEdits([[chain, met]]);
      this.#met([[chain, met]], theirs);
    } else {
      this.#store.set({
        message: theirs
          ? "Somebody else changed this record meanwhile. Nothing was done; look at it again."
          : "Somebody else deleted this record meanwhile.",
      });
    }
  }

  /** Take the last step back, or again; what is typed is saved before. */
  async step(way: Direction): Promise<void> {
    void this.flush();
    await this.#then(async () => {
      const isOpen = [...this.#store.state.edits.values()].some(
        ({ base, status }) => base !== null && status !== "typing",
      );
      if (isOpen) return; // what was typed last was refused: that is told, and nothing older undone
      const step = this.stack.next(way);
      if (!step) {
        this.#store.set({ message: way === "undo" ? "Nothing to undo" : "Nothing to redo" });
        return;
      }
      if (step.draft) return this.#draft(way, step.draft);
      const changes = step.changes.map((change) => {
        const now = this.#now.get(change.chain);
        return {
          chain: change.chain,
          before: now === undefined ? targetOf(change, way === "undo" ? "redo" : "undo") : now,
          after: targetOf(change, way),
        };
      });
      const { records, isStale } = await this.#take(changes);
      // what somebody else changed is settled in its row; asking again would gain nothing
      if (isStale) this.stack.drop(way);
      if (records === null) return;
      this.stack.taken(way, records);
      this.#store.set({ message: `${way === "undo" ? "Undone" : "Done again"}: ${step.label}` });
    });
  }

  #draft(way: Direction, draft: RowEdit): Promise<void> {
    const isBack = way === "undo";
    const { drafts } = this.#store.state;
    this.stack.taken(way, new Map());
    this.#store.setEdits([[draft.key, isBack ? draft : undefined]]);
    this.#store.set({
      drafts: isBack ? [draft.key, ...drafts] : drafts.filter((key) => key !== draft.key),
    });
    return Promise.resolve();
  }
}

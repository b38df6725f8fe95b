import type { RowEdit } from "./rows";
import type { Saver } from "./saving";
import type { GridStore } from "./store";

type Kept = { edits: RowEdit[]; drafts: string[]; attempts: [string, string][] };

/** One per person: who signs in after another in the same tab finds nothing of theirs. */
const nameOf = (person: string): string => `truenav.grid.${person}`;

/** Keep what is typed and not saved until the tab is closed. */
export function keepIn(
  storage: Storage,
  person: string,
  store: GridStore,
  saver: Saver,
): () => void {
  let last: unknown[] = [];
  return store.subscribe(() => {
    const { edits, drafts } = store.state;
    const now = [edits, drafts, saver.calls.attempts.size];
    if (now.every((part, at) => part === last[at])) return;
    last = now;
    const kept: Kept = {
      edits: [...edits.values()],
      drafts: [...drafts],
      attempts: [...saver.calls.attempts],
    };
    try {
      if (edits.size === 0) storage.removeItem(nameOf(person));
      else storage.setItem(nameOf(person), JSON.stringify(kept));
    } catch {
      // a full or forbidden storage keeps nothing; the page itself still does
    }
  });
}

/** Put back what an earlier look at this page left unsaved. */
export function restoreFrom(
  storage: Storage,
  person: string,
  store: GridStore,
  saver: Saver,
): void {
  const kept = read(storage.getItem(nameOf(person)));
  if (!kept) return;
  for (const [text, key] of kept.attempts) saver.calls.attempts.set(text, key);
  // what was under way may have arrived: sent again under its name it acts once
  const edits = kept.edits.map((edit): RowEdit => ({
    ...edit,
    sent: null,
    status: edit.status === "saving" ? "typing" : edit.status,
  }));
  store.setEdits(edits.map((edit) => [edit.key, edit] as const));
  const held = new Set(edits.map(({ key }) => key));
  store.set({ drafts: kept.drafts.filter((key) => held.has(key)) });
}

function read(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const found: unknown = JSON.parse(text);
    const isKept =
      typeof found === "object" &&
      found !== null &&
      ["edits", "drafts", "attempts"].every((name) =>
        Array.isArray((found as Record<string, unknown>)[name]),
      );
    return isKept ? (found as Kept) : null;
  } catch {
    return null;
  }
}

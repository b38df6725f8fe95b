import type { TransactionOut } from "@/shared/api/gen/types.gen";

/**
 * A long list of which only some pages are here. Pages lie between marks, so each can be loaded by
 * itself; the place of a row counts the rows before it, as many as are known or expected.
 */
export type Sheet = {
  total: number;
  every: number;
  /** The cursor of each page; the first has none. */
  cursors: readonly (string | null)[];
  pages: readonly (readonly TransactionOut[] | undefined)[];
};

export const EMPTY_SHEET: Sheet = { total: 0, every: 1, cursors: [], pages: [] };

export function sheetOf(total: number, every: number, cursors: readonly string[]): Sheet {
  const all = total > 0 ? [null, ...cursors] : [];
  return { total, every, cursors: all, pages: all.map(() => undefined) };
}

/** Rows a page has; an unloaded one as many as its mark promises. */
const sizeOf = ({ total, every, pages }: Sheet, page: number): number =>
  pages[page]?.length ?? Math.max(0, Math.min(every, total - page * every));

/** Where each page begins; one more than there are pages, the last is the length. */
export function startsOf(sheet: Sheet): number[] {
  const starts = [0];
  for (let page = 0; page < sheet.pages.length; page += 1) {
    starts.push((starts[page] ?? 0) + sizeOf(sheet, page));
  }
  return starts;
}

/** The page a row stands on, by bisection of the starts. */
export function pageAt(starts: readonly number[], row: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high - 1) {
    const middle = Math.floor((low + high) / 2);
    if ((starts[middle] ?? 0) <= row) low = middle;
    else high = middle;
  }
  return low;
}

/** Pages of a span of rows that are not here yet. */
export function missingPages(sheet: Sheet, first: number, last: number): number[] {
  const starts = startsOf(sheet);
  const length = starts.at(-1) ?? 0;
  if (length === 0 || last < 0) return [];
  const from = pageAt(starts, Math.max(0, first));
  const to = pageAt(starts, Math.min(last, length - 1));
  return Array.from({ length: to - from + 1 }, (_, step) => from + step).filter(
    (page) => sheet.pages[page] === undefined,
  );
}

export const withPage = (sheet: Sheet, page: number, rows: readonly TransactionOut[]): Sheet => ({
  ...sheet,
  pages: sheet.pages.map((held, index) => (index === page ? rows : held)),
});

/** The same records, as `change` says of each; a null takes it out of the list. */
export const mapRows = (
  sheet: Sheet,
  change: (record: TransactionOut) => TransactionOut | null,
): Sheet => ({
  ...sheet,
  pages: sheet.pages.map((rows) => rows?.flatMap((record) => change(record) ?? [])),
});

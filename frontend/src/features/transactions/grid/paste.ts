import { COLUMNS, type Column, type GridField } from "./columns";

export const PASTE_LIMIT = 1000; // as many as one call may change
export const PREVIEW_FROM = 50;

/** Cells of a spreadsheet: tabs, or commas where there is no tab; quotes as both write them. */
export function parseCells(text: string): string[][] {
  const plain = text.replaceAll(/\r\n?/g, "\n").replace(/\n$/, "");
  if (plain === "") return [];
  return split(plain, plain.includes("\t") ? "\t" : hasCommas(plain) ? "," : "\t");
}

/** Commas part cells only when they part the same number in each line; "1,234.50" is one cell. */
function hasCommas(text: string): boolean {
  if (/^[\s$€£(−+-]*\d{1,3}(,\d{3})+(\.\d+)?\)?$/.test(text)) return false;
  const counts = split(text, ",").map((row) => row.length);
  return counts.every((count) => count === counts[0] && count > 1);
}

function split(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let isQuoted = false;
  const end = () => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"' && cell === "") isQuoted = true;
    else if (char === separator) end();
    else if (char === "\n") {
      end();
      rows.push([]);
    } else cell += char;
  }
  end();
  return rows;
}

/** A range as a spreadsheet reads it. */
export const cellsText = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) =>
      row
        .map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join("\t"),
    )
    .join("\n");

const SYNONYMS: Readonly<Record<string, GridField>> = {
  day: "date",
  "trade date": "date",
  type: "kind",
  action: "kind",
  symbol: "instrument",
  ticker: "instrument",
  quantity: "units",
  shares: "units",
  "price per unit": "price",
  gross: "amount",
  currency: "currency",
  fees: "fee",
  commission: "fee",
  taxes: "tax",
  notes: "note",
  description: "note",
};

const columnNamed = (name: string): Column | undefined => {
  const plain = name.trim().toLowerCase();
  const field = SYNONYMS[plain];
  return COLUMNS.find((one) => one.field === field || one.label.toLowerCase() === plain);
};

export type PasteCell = { row: number; field: GridField; text: string };
export type PastePlan = {
  /** Cells to change; `row` counts from the row pasted at. */
  cells: PasteCell[];
  rows: number;
  /** Columns of the clipboard that stand beyond the last of the grid. */
  lostColumns: number;
  hasHeader: boolean;
};

/**
 * Which cell each text goes into, from a place on. A first row of column names says the columns;
 * what is computed is passed over, so a copied range can be pasted as it is.
 */
export function planPaste(rows: readonly (readonly string[])[], place: number): PastePlan {
  const named = (rows[0] ?? []).map(columnNamed);
  const hasHeader = rows.length > 1 && named.length > 1 && named.every((one) => one !== undefined);
  const body = hasHeader ? rows.slice(1) : rows;
  const width = Math.max(0, ...body.map((row) => row.length));
  const columns = hasHeader ? named : COLUMNS.slice(Math.max(0, place - 1)).slice(0, width);
  const cells = body.flatMap((texts, row) =>
    texts.flatMap((text, index) => {
      const column = columns[index];
      return column && column.editor !== null ? [{ row, field: column.field, text }] : [];
    }),
  );
  return { cells, rows: body.length, lostColumns: Math.max(0, width - columns.length), hasHeader };
}

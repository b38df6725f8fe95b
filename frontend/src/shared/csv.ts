import { saveFile } from "./save-file";

const cell = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Rows as the text of a file; what is not known stays empty. */
export const csvText = (rows: readonly (readonly (string | null)[])[]): string =>
  rows.map((row) => `${row.map((value) => cell(value ?? "")).join(",")}\r\n`).join("");

/** A file the browser saves. */
export function saveCsv(name: string, rows: readonly (readonly (string | null)[])[]): void {
  saveFile(`${name}.csv`, new Blob([csvText(rows)], { type: "text/csv" }));
}

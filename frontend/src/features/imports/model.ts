import type { ImportBatchOut, ImportRowOut } from "@/shared/api/gen/types.gen";

export type Batch = ImportBatchOut;
export type BatchStatus = Batch["status"];
export type RowStatus = ImportRowOut["status"];

export const STATUS_WORDS: Record<BatchStatus, string> = {
  uploaded: "Waiting to be read",
  reading: "Being read",
  needs_mapping: "Columns to be named",
  preview: "Ready to import",
  committing: "Being imported",
  committed: "Imported",
  undoing: "Being taken back",
  undone: "Taken back",
  failed: "Could not be read",
  discarded: "Discarded",
};

const FORMATS: Record<string, string> = {
  schwab_csv: "Schwab CSV",
  fidelity_csv: "Fidelity CSV",
  ibkr_activity_csv: "Interactive Brokers CSV",
  ibkr_flex_xml: "Interactive Brokers Flex XML",
  generic_csv: "CSV",
};

export const formatName = (format: string | null): string =>
  format === null ? "" : (FORMATS[format] ?? format);

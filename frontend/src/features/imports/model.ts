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

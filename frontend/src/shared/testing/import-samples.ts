import type { ImportBatchOut, ImportRowOut } from "@/shared/api/gen/types.gen";
import { ACCOUNT } from "./samples";

export const BATCH: ImportBatchOut = {
  id: "0190a000-0000-7000-8000-0000000000c1",
  account_id: ACCOUNT.id,
  account_name: ACCOUNT.name,
  file_name: "history.csv",
  file_size: 400,
  format: "schwab_csv",
  broker: "schwab",
  status: "preview",
  progress: null,
  problem_code: null,
  problem_detail: null,
  notices: [],
  row_count: 4,
  imported_count: 1,
  duplicate_count: 1,
  skipped_count: 1,
  failed_count: 1,
  warning_count: 0,
  preview: {
    transaction_count: 1,
    first_trade_date: "2013-01-10",
    last_trade_date: "2013-01-10",
    new_instruments: [{ symbol: "AAPL", isin: null, name: "Apple Inc", currency: "USD" }],
    cash_changes: [{ currency: "USD", amount: "-1001" }],
    kinds: { buy: 1 },
    nav_before: "10000",
    nav_after: null,
    nav_currency: "USD",
    unknown_reasons: ["price_missing"],
    explanations: [],
  },
  mapping_question: null,
  version: 2,
  created_at: "2024-01-02T10:00:00Z",
  committed_at: null,
  undone_at: null,
};

export const IMPORT_ROW: ImportRowOut = {
  row_number: 3,
  ordinal: 0,
  status: "imported",
  reason_code: null,
  message: null,
  column_name: null,
  draft: {
    kind: "buy",
    sub_kind: null,
    trade_date: "2013-01-10",
    symbol: "AAPL",
    quantity: "10",
    price: "100",
    net_amount: "-1001",
    currency: "USD",
  },
  original: { Date: "01/10/2013", Action: "Buy" },
};

/** Signed in for the next ten minutes. */

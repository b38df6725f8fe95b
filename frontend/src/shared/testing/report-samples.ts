import type { RecomputedOut, ReportDetailOut, ReportOut } from "@/shared/api/gen/types.gen";

export const REPORT_ID = "01a22ab7-20aa-70a0-91e7-b48150e3c097";
export const REPORT: ReportOut = {
  id: REPORT_ID,
  kind: "performance",
  name: "End of February",
  version: 1,
  recorded_at: "2026-03-01T10:00:00Z",
  as_of: "2026-02-28",
  currency: "USD",
  parameters: { period: "1Y", flow_timing: "start_of_day", account_id: null },
  calculations: [
    {
      name: "twrr",
      version: "2026.1",
      current_version: "2026.2",
      is_live: true,
      is_upstream: false,
    },
  ],
  fingerprint_sha256: "f".repeat(64),
  inputs_sha256: "1".repeat(64),
  answer_sha256: "a".repeat(64),
  inputs_size: 900,
  answer_size: 400,
  differed_at: null,
};
export const DETAIL: ReportDetailOut = {
  ...REPORT,
  fingerprint: {
    first_day: "2026-01-05",
    accounts: [{ account_id: REPORT_ID, name: "Brokerage", last_sequence: 4, record_count: 4 }],
    instruments: [
      { instrument_id: REPORT_ID, symbol: "AAPL", data_version: 3, closes_sha256: "c".repeat(64) },
    ],
    currencies: [],
    series: [],
  },
};
export const SAME: RecomputedOut = {
  report_id: REPORT_ID,
  is_equal: true,
  reason: null,
  answer_sha256: "a".repeat(64),
  recomputed_sha256: "a".repeat(64),
  difference_count: 0,
  differences: [],
  today: {
    is_equal: false,
    reason: null,
    causes: [
      { cause: "data", difference_count: 0, differences: [] },
      {
        cause: "records",
        difference_count: 1,
        differences: [{ pointer: "/items/0/nav", before: "2000", after: "2300" }],
      },
      { cause: "calculation", difference_count: 0, differences: [] },
    ],
    since: {
      record_count: 1,
      records: [
        {
          transaction_id: REPORT_ID,
          account_id: REPORT_ID,
          sequence: 5,
          kind: "deposit",
          trade_date: "2026-01-20",
          recorded_at: "2026-03-02T10:00:00Z",
        },
      ],
      instruments: [],
      currencies: [],
      series: [],
      accounts: [],
      joined_accounts: [],
      left_accounts: [],
      benchmark: null,
      taxonomy: null,
      reclassified: [],
      is_preferred_otherwise: false,
      calculations: [],
    },
  },
};

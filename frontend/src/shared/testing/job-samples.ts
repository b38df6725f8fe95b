import type {
  BackfillOut,
  JobOut,
  JobsSummaryOut,
  ScheduleEntryOut,
} from "@/shared/api/gen/types.gen";

/* Jobs as the server tells of them; a test changes what it is about. */

// asked for anew each time: files share their modules, and a run takes minutes
const minutesAgo = (minutes: number): string =>
  new Date(Date.now() - minutes * 60_000).toISOString();
const id = (end: string): string => `0190a000-0000-7000-8000-${end.padStart(12, "0")}`;

/** Closes of AAPL, which wait. */
export const WAITING: JobOut = {
  id: id("e1"),
  kind: "marketdata.prices_due",
  tenant_id: null,
  batch_id: null,
  state: "waiting",
  about: { instrument_id: id("aa"), day: "2026-11-27" },
  symbol: "AAPL",
  progress: null,
  outcome: null,
  get requested_at() {
    return minutesAgo(5);
  },
  get queued_at() {
    return minutesAgo(4);
  },
  running_since: null,
  due_at: null,
  ended_at: null,
  queued_count: 1,
  failure_count: 0,
  crash_count: 0,
  last_error: null,
  park_reason: null,
  alerted_at: null,
};

export const RUNNING: JobOut = {
  ...WAITING,
  id: id("e2"),
  kind: "marketdata.backfill_requested",
  state: "running",
  about: { first: "2020-01-01", last: "2026-11-27", symbols: "AAPL MSFT" },
  symbol: null,
  progress: { done: 37, total: 100, message: "splitting the backfill" },
  get running_since() {
    return minutesAgo(2);
  },
};

export const RETRYING: JobOut = {
  ...WAITING,
  id: id("e3"),
  symbol: "MSFT",
  state: "retrying",
  failure_count: 2,
  due_at: new Date(Date.now() + 90_000).toISOString(),
  last_error: "nobody_answered: asked yahoo transport",
};

/** A tenant's work: neither what it is about nor what its error said is told. */
export const PARKED: JobOut = {
  ...WAITING,
  id: id("e4"),
  kind: "ledger.transactions_posted",
  tenant_id: id("d2"),
  state: "parked",
  about: null,
  symbol: null,
  failure_count: 4,
  get ended_at() {
    return minutesAgo(61);
  },
  last_error: "OperationalError",
  park_reason: "failed",
  get alerted_at() {
    return minutesAgo(60);
  },
};

export const CANCELLED: JobOut = {
  ...WAITING,
  id: id("e5"),
  kind: "marketdata.span_due",
  batch_id: id("b9"),
  state: "cancelled",
  about: { instrument_id: id("aa"), first: "2015-01-01", last: "2019-12-31" },
  get ended_at() {
    return minutesAgo(3);
  },
};

export const DONE: JobOut = {
  ...CANCELLED,
  id: id("e6"),
  state: "done",
  about: { instrument_id: id("aa"), first: "2020-01-01", last: "2024-12-31" },
  outcome: { rows: 12, source: "tiingo" },
};

const entry = (name: string, parts: Partial<ScheduleEntryOut> = {}): ScheduleEntryOut => ({
  name,
  last_at: "2026-11-27T21:45:00Z",
  next_at: "2026-11-30T21:45:00Z",
  is_paused: false,
  ...parts,
});

/** All is well: every queue has its worker, one thing runs, three wait, an alert channel is set. */
export const SUMMARY: JobsSummaryOut = {
  is_queue_up: true,
  queues: [
    { name: "high", waiting_count: 0, workers: ["idle"] },
    { name: "default", waiting_count: 1, workers: ["busy"] },
    { name: "low", waiting_count: 2, workers: ["busy", "idle"] },
  ],
  counts: [
    {
      kind: "marketdata.backfill_requested",
      state: "running",
      job_count: 1,
      get oldest_at() {
        return minutesAgo(5);
      },
    },
    { kind: "marketdata.prices_due", state: "waiting", job_count: 2, oldest_at: minutesAgo(5) },
    { kind: "marketdata.events_due", state: "waiting", job_count: 1, oldest_at: minutesAgo(130) },
    { kind: "marketdata.prices_due", state: "done", job_count: 40, oldest_at: minutesAgo(900) },
  ],
  schedule: [
    entry("eod-XNYS"),
    entry("eod-XQQQ", { next_at: null }),
    entry("snapshots", { last_at: null }),
    entry("rates", { is_paused: true }),
  ],
  alert_channels: ["slack", "mail"],
  canary: null,
};

/** 3 of 4 parts done, one of them without an answer. */
export const BACKFILL: BackfillOut = {
  id: id("b9"),
  first_day: "2015-01-01",
  last_day: "2026-11-27",
  symbols: ["AAPL"],
  state: "running",
  get requested_at() {
    return minutesAgo(5);
  },
  ended_at: null,
  part_count: 4,
  done_count: 3,
  failed_count: 0,
  cancelled_count: 0,
  row_count: 1204,
  unanswered_count: 1,
};

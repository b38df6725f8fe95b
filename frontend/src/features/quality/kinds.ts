import type { FindingOut } from "@/shared/api/gen/types.gen";

export type FindingKind = FindingOut["kind"];
export type FindingStatus = FindingOut["status"];

/** What each oddity is called, and what accepting it or taking the other word over means. */
export const KIND_NAMES: Record<FindingKind, string> = {
  missing_split: "Split missing",
  missed_dividend: "Dividend missing",
  ex_date_off: "Ex-date differs",
  minor_units: "Hundred times off",
  other_basis: "Adjusted differently",
  stale_repeat: "Repeated close",
  missing_day: "Day missing",
  restated: "Figures differ",
  missing_sessions: "Sessions missing",
  closed_day: "Bar on a closed day",
  outlier: "Outlier",
  leap: "Leap without an event",
  no_bars: "No bars any more",
};

export const STATUS_NAMES: Record<FindingStatus, string> = {
  open: "Open",
  accepted: "Accepted",
  overridden: "Taken over",
  gone: "Gone by itself",
};

export const KIND_OPTIONS: readonly (readonly [string, string])[] = [
  ["", "Every kind"],
  ...Object.entries(KIND_NAMES),
];

export const asKind = (text: string): FindingKind | undefined =>
  (Object.keys(KIND_NAMES) as FindingKind[]).find((kind) => kind === text);

/** What the button that does not accept would do. */
export const overrideName = (finding: FindingOut): string => {
  if (finding.kind === "no_bars") return "Mark as delisted";
  return finding.theirs === null ? "Strike ours out" : `Take ${finding.source}'s over`;
};

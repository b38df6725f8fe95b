import type { ExplainedOut, ExplanationOut } from "@/shared/api/gen/types.gen";

/** An explanation that came with an answer: a figure of parts that are told no further. */
export const explained = (
  figure: string | null,
  ...parts: readonly (readonly [string, string | null])[]
): ExplanationOut => ({
  figure,
  is_equal: true,
  root: part("The figure", figure, parts.length > 0 ? "sum" : "event", [
    ...parts.map(([label, value]) => part(label, value)),
  ]),
});

const part = (
  label: string,
  value: string | null,
  kind: ExplainedOut["kind"] = "event",
  children: ExplainedOut[] = [],
): ExplainedOut => ({
  label,
  kind,
  unit: "USD",
  value,
  formula: "",
  note: "",
  unknown_reason: value === null ? "cost_unknown" : null,
  is_stale: false,
  ref: null,
  page: null,
  more: null,
  children,
});

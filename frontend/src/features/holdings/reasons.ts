const REASONS: Record<string, string> = {
  price_missing: "no price is known",
  fx_missing: "no exchange rate within seven days",
  cost_unknown: "the cost of some units is not known",
  fx_missing_at_acquisition: "no exchange rate for the day of purchase",
};

/** Reason codes in words; undefined when there is nothing to explain. */
export function reasonText(codes: readonly string[]): string | undefined {
  if (codes.length === 0) return undefined;
  return codes.map((code) => REASONS[code] ?? code.replaceAll("_", " ")).join("; ");
}

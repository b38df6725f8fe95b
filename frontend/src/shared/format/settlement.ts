const MARKETS: Readonly<Record<string, string>> = {
  US: "in the United States",
  EU: "in the euro area",
  UK: "in the United Kingdom",
};

/** The rule of a settlement, as the server names it ("US T+1"), in words. */
export function settlementRule(rule: string): string {
  if (rule === "stated") return "as the broker states";
  const [, market, days] = /^(\S+) T\+(\d+)$/.exec(rule) ?? [];
  if (market === undefined || days === undefined) return rule;
  if (days === "0") return "on the day of the trade";
  const count = days === "1" ? "one business day" : `${days} business days`;
  if (market === "spot") return `${count} on which the banks of both currencies work`;
  return `${count} after the trade ${MARKETS[market] ?? market}`;
}

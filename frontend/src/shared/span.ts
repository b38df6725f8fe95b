/** The days of a page: a period that ends today, or days of one's own, which go before it. */
export type Span<P extends string> = {
  period: P;
  from?: string | undefined;
  to?: string | undefined;
};

export const isOwnSpan = ({ from, to }: Omit<Span<string>, "period">): boolean =>
  from !== undefined || to !== undefined;

/** As the API is asked. */
export const spanQuery = <P extends string>({ period, from, to }: Span<P>) =>
  isOwnSpan({ from, to }) ? { ...(from ? { from } : {}), ...(to ? { to } : {}) } : { period };

/** For a report that is kept. */
export const spanParameters = <P extends string>({ period, from, to }: Span<P>) =>
  isOwnSpan({ from, to }) ? { from_date: from ?? null, to_date: to ?? null } : { period };

/** In the name of a report. */
export const spanName = ({ period, from, to }: Span<string>): string => {
  if (from && to) return `${from} to ${to}`;
  if (from) return `from ${from}`;
  return to ? `to ${to}` : period;
};

/** In the name of a file. */
export const spanFile = (span: Span<string>): string => spanName(span).replaceAll(" ", "-");

/** Why these days are no span; undefined of days that are. */
export function whyNoSpan(from: string | undefined, to: string | undefined): string | undefined {
  if (!from && !to) return "Name the first day, the last, or both.";
  return from && to && to <= from ? "The last day has to come after the first." : undefined;
}

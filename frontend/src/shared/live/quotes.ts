import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getQuote } from "@/shared/api/gen/sdk.gen";
import type { QuoteOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import type { LiveState } from "./ladder";
import { live, useLive } from "./live";

/** What the server tells of a quote: the fields of `QuoteOut` that change with it. */
type QuoteTold = Pick<
  QuoteOut,
  "price" | "previous_close" | "currency" | "as_of" | "received_at" | "source" | "delay_minutes"
>;

const SOON_MS = 15_000;
const SELDOM_MS = 300_000;
const key = (instrumentId: string) => ["quotes", instrumentId] as const;

const quoteQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: key(instrumentId),
    queryFn: ({ signal }) => unwrap(getQuote({ path: { instrument_id: instrumentId }, signal })),
  });

/** Told quotes wait for the next frame: many at once are one change of the page. */
const waiting = new Map<string, QuoteTold>();
let frame: number | null = null;

function keep(queries: QueryClient, instrumentId: string, told: QuoteTold): void {
  waiting.set(instrumentId, told);
  frame ??= requestAnimationFrame(() => {
    frame = null;
    for (const [id, quote] of waiting) {
      queries.setQueryData(key(id), (old: QuoteOut | undefined) => merged(old, quote));
    }
    waiting.clear();
  });
}

/** The newer of what is shown and what is told; what was read anew meanwhile may be newer. */
export function merged(old: QuoteOut | undefined, told: QuoteTold): QuoteOut | undefined {
  if (old === undefined) return undefined; // the answer that is on its way holds it
  const isOlder =
    old.as_of !== null && told.as_of !== null && Date.parse(told.as_of) < Date.parse(old.as_of);
  if (isOlder) return old;
  return { ...old, ...told, price_date: null, is_stale: false, reason: null };
}

/** How long until it is asked for again where nothing is told; apart, so that tabs do not meet. */
export function pollAfter(
  state: LiveState,
  quote: QuoteOut | undefined,
  random: number,
): number | false {
  if (state.isOpen) return false;
  const isTrading = quote !== undefined && ["pre", "regular", "post"].includes(quote.session);
  return (isTrading ? SOON_MS : SELDOM_MS) * (0.9 + random * 0.2);
}

/** A quote as it stands now: told as it happens, or asked for again and again. */
export function useLiveQuote(instrumentId: string) {
  const state = useLive();
  const queries = useQueryClient();
  const answer = useQuery({
    ...quoteQuery(instrumentId),
    refetchInterval: ({ state: { data } }) => pollAfter(state, data, Math.random()),
  });
  useEffect(
    () =>
      live.listen(`instrument:${instrumentId}`, {
        onData: (kind, data) => {
          if (kind === "quote") keep(queries, instrumentId, data as QuoteTold);
        },
        onReload: () => {
          void queries.invalidateQueries({ queryKey: key(instrumentId) });
        },
      }),
    [instrumentId, queries],
  );
  return { ...answer, state };
}

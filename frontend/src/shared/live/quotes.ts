import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { getQuote } from "@/shared/api/gen/sdk.gen";
import type { QuoteOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { live, useLive } from "./live";

/** What the server tells of a quote: the fields of `QuoteOut` that change with it. */
type QuoteTold = Pick<
  QuoteOut,
  "price" | "previous_close" | "currency" | "as_of" | "received_at" | "source" | "delay_minutes"
> & { fresh_until: string };
/** A quote as shown; told ones say until when they are fresh. */
export type LiveQuote = QuoteOut & { fresh_until?: string };

const SOON_MS = 15_000;
const SELDOM_MS = 300_000;
/** For the next quote to be asked for and to arrive. */
const GRACE_MS = 20_000;
const key = (instrumentId: string) => ["quotes", instrumentId] as const;

const quoteQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: key(instrumentId),
    queryFn: async ({ signal }): Promise<LiveQuote> => {
      const answer = await unwrap(getQuote({ path: { instrument_id: instrumentId }, signal }));
      // what was told while the answer was on its way may be newer
      const told = newest.get(instrumentId);
      return told === undefined ? answer : merged(answer, told);
    },
  });

/** The last quote told of each instrument. */
const newest = new Map<string, QuoteTold>();
/** Told quotes wait for the next frame: many at once are one change of the page. */
const waiting = new Map<string, QuoteTold>();
let frame: number | null = null;

function keep(queries: QueryClient, instrumentId: string, told: QuoteTold): void {
  newest.set(instrumentId, told);
  waiting.set(instrumentId, told);
  frame ??= requestAnimationFrame(() => {
    frame = null;
    for (const [id, quote] of waiting) {
      // where there is no answer yet, the one that comes is compared with it
      queries.setQueryData(key(id), (old: LiveQuote | undefined) => old && merged(old, quote));
    }
    waiting.clear();
  });
}

/** The later traded of what is shown and what is told. */
export function merged(shown: LiveQuote, told: QuoteTold): LiveQuote {
  const isOlder =
    shown.as_of !== null && told.as_of !== null && Date.parse(told.as_of) < Date.parse(shown.as_of);
  if (isOlder) return shown;
  // an answer that knows the same trade knows better whether it is still the last one
  if (shown.as_of === told.as_of && shown.price_date === null) {
    return { ...shown, fresh_until: told.fresh_until };
  }
  return { ...shown, ...told, price_date: null, is_stale: false, reason: null };
}

/**
 * How long until it is asked for again. Where it is told: when the told one is fresh no more and no
 * newer one came, and now and then, for whether the market trades is not told. Else every quarter
 * of a minute while there is trading; `random` keeps tabs apart.
 */
export function pollAfter(
  isTold: boolean,
  quote: LiveQuote | undefined,
  random: number,
  now: number,
): number {
  const apart = 0.9 + random * 0.2;
  if (isTold) {
    const until = quote?.fresh_until === undefined ? NaN : Date.parse(quote.fresh_until) - now;
    const wait = until > 0 ? until + GRACE_MS : SELDOM_MS;
    return Math.min(wait, SELDOM_MS) * apart;
  }
  const isTrading = quote !== undefined && ["pre", "regular", "post"].includes(quote.session);
  return (isTrading ? SOON_MS : SELDOM_MS) * apart;
}

/** A quote as it stands now: told as it happens, or asked for again and again. */
export function useLiveQuote(instrumentId: string) {
  const { notice } = useLive();
  const isTold = live.hears(topicOf(instrumentId));
  const queries = useQueryClient();
  const [random] = useState(() => Math.random());
  const { data, error, refetch } = useQuery({
    ...quoteQuery(instrumentId),
    refetchInterval: ({ state }) => pollAfter(isTold, state.data, random, Date.now()),
  });
  useEffect(() => {
    const leave = live.listen(topicOf(instrumentId), {
      onData: (kind, told) => {
        if (kind === "quote") keep(queries, instrumentId, told as QuoteTold);
      },
      onReload: () => {
        void queries.invalidateQueries({ queryKey: key(instrumentId) });
      },
    });
    return () => {
      leave();
      newest.delete(instrumentId);
    };
  }, [instrumentId, queries]);
  return { data, error, refetch, isTold, notice };
}

const topicOf = (instrumentId: string): string => `instrument:${instrumentId}`;

import {
  keepPreviousData,
  queryOptions,
  useQuery,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { getQuote, listQuotes } from "@/shared/api/gen/sdk.gen";
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
/** As many as one question about quotes may name. */
const AT_ONCE = 200;
/** A connection hears of 200 topics; a page may have others, and what is left over is asked for. */
const MOST_TOLD = 190;
const QUOTES = "quotes";
const key = (instrumentId: string) => [QUOTES, instrumentId] as const;

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

/** Quotes of several instruments, by id. */
export type LiveQuotes = Readonly<Record<string, LiveQuote>>;
const manyKey = [QUOTES, "many"] as const;

const manyQuery = (instrumentIds: readonly string[]) =>
  queryOptions({
    queryKey: [...manyKey, instrumentIds.join(",")],
    queryFn: async ({ signal }): Promise<LiveQuotes> => {
      const parts = Array.from({ length: Math.ceil(instrumentIds.length / AT_ONCE) }, (_, part) =>
        instrumentIds.slice(part * AT_ONCE, (part + 1) * AT_ONCE).join(","),
      );
      const answers = await Promise.all(
        parts.map((ids) => unwrap(listQuotes({ query: { instrument_ids: ids }, signal }))),
      );
      const items = answers.flatMap((answer) => answer.items);
      return mergedAll(Object.fromEntries(items.map((one) => [one.instrument_id, one])), newest);
    },
    enabled: instrumentIds.length > 0,
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
    queries.setQueriesData({ queryKey: manyKey }, (old: LiveQuotes | undefined) =>
      old === undefined ? old : mergedAll(old, waiting),
    );
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
  // of a stored close the session is over; whether the one of a new trade is, nobody told yet
  const session = shown.price_date === null ? shown.session : "unknown";
  return { ...shown, ...told, session, price_date: null, is_stale: false, reason: null };
}

function mergedAll(shown: LiveQuotes, told: ReadonlyMap<string, QuoteTold>): LiveQuotes {
  const changed: Record<string, LiveQuote> = {};
  for (const [id, quote] of told) {
    const old = shown[id];
    if (old !== undefined) changed[id] = merged(old, quote);
  }
  return Object.keys(changed).length > 0 ? { ...shown, ...changed } : shown;
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
  const [random] = useState(() => Math.random());
  const { data, error, refetch } = useQuery({
    ...quoteQuery(instrumentId),
    refetchInterval: ({ state }) => pollAfter(isTold, state.data, random, Date.now()),
  });
  useListening(instrumentId);
  return { data, error, refetch, isTold, notice };
}

/** The same of several instruments: asked for together, each told by itself. */
export function useLiveQuotes(instrumentIds: readonly string[]) {
  const { notice } = useLive();
  const [random] = useState(() => Math.random());
  // another order is no other question
  const ids = instrumentIds.toSorted();
  const listened = new Set(instrumentIds.slice(0, MOST_TOLD));
  const isTold = (id: string): boolean => listened.has(id) && live.hears(topicOf(id));
  const { data, error, refetch } = useQuery({
    ...manyQuery(ids),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      ids.length > 0 &&
      Math.min(...ids.map((id) => pollAfter(isTold(id), state.data?.[id], random, Date.now()))),
  });
  useListening(ids.filter((id) => listened.has(id)).join(" "));
  return { data, error, refetch, isTold, notice };
}

/** Hears of instruments, by ids with spaces between; the lines of those that stay are not cut where others come or go. */
function useListening(instrumentIds: string): void {
  const queries = useQueryClient();
  const lines = useRef(new Map<string, () => void>());
  const isReloading = useRef(false);
  useEffect(() => {
    // many are told to be read anew at once: that is one question
    const reload = () => {
      if (isReloading.current) return;
      isReloading.current = true;
      requestAnimationFrame(() => {
        isReloading.current = false;
        void queries.invalidateQueries({ queryKey: [QUOTES] });
      });
    };
    const wanted = new Set(instrumentIds.split(" ").filter((id) => id !== ""));
    for (const id of wanted) {
      if (lines.current.has(id)) continue;
      const leave = live.listen(topicOf(id), {
        onData: (kind, told) => {
          if (kind === "quote") keep(queries, id, told as QuoteTold);
        },
        onReload: reload,
      });
      lines.current.set(id, leave);
    }
    cut(lines.current, (id) => !wanted.has(id));
  }, [instrumentIds, queries]);
  useEffect(() => {
    const held = lines.current;
    return () => {
      cut(held, () => true);
    };
  }, []);
}

function cut(lines: Map<string, () => void>, isOver: (id: string) => boolean): void {
  for (const [id, leave] of lines) {
    if (!isOver(id)) continue;
    leave();
    lines.delete(id);
    newest.delete(id);
  }
}

const topicOf = (instrumentId: string): string => `instrument:${instrumentId}`;

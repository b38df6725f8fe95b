import {
  keepPreviousData,
  useQuery,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { listHoldings } from "@/shared/api/gen/sdk.gen";
import type { CashHoldingOut, HoldingOut, HoldingsOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { currentMe, subscribeSession } from "@/shared/api/session";
import { isNarrowed, sliceQuery, type Slice } from "@/shared/slice";
import { live, useLive } from "./live";

/** What moves of a portfolio: the fields of `HoldingsOut` that change with a trade. */
type Moving = Pick<
  HoldingsOut,
  | "as_of"
  | "currency"
  | "nav"
  | "total_market_value"
  | "total_day_change"
  | "total_unrealized_gain"
  | "receivable_weight_ratio"
  | "valued_count"
  | "latest"
>;
export type PortfolioTold = Moving & {
  items: (Pick<HoldingOut, "instrument_id"> & Partial<HoldingOut>)[];
  cash: Pick<CashHoldingOut, "currency" | "weight_ratio">[];
};

const SOON_MS = 15_000;
const SELDOM_MS = 60_000;
/** A part of the portfolio is worked out by the server: not for every trade. */
export const PART_MS = 5_000;

/**
 * The page with what was told. Null where they are not of the same: another currency, or something
 * held that the other does not know.
 */
export function movedTo(page: HoldingsOut, told: PortfolioTold): HoldingsOut | null {
  const items = new Map(told.items.map((item) => [item.instrument_id, item]));
  const isSame =
    page.currency === told.currency &&
    page.items.length === told.items.length &&
    page.items.every((item) => items.has(item.instrument_id));
  if (!isSame) return null;
  const weights = new Map(told.cash.map((cash) => [cash.currency, cash.weight_ratio]));
  return {
    ...page,
    ...told,
    items: page.items.map((item) => ({ ...item, ...items.get(item.instrument_id) })),
    cash: page.cash.map((cash) => ({
      ...cash,
      weight_ratio: weights.get(cash.currency) ?? cash.weight_ratio,
    })),
  };
}

const tradedAt = ({ latest }: Pick<HoldingsOut, "latest">): number =>
  latest?.newest_as_of ? Date.parse(latest.newest_as_of) : 0;

/** The last told of each topic: an answer that was on its way meanwhile may be older. */
const newest = new Map<string, PortfolioTold>();

/** The later of an answer and of what was told while it was on its way. */
export function later(page: HoldingsOut, told: PortfolioTold | undefined): HoldingsOut {
  if (told === undefined || tradedAt(told) <= tradedAt(page)) return page;
  return movedTo(page, told) ?? page;
}

type Of = { account: string | undefined; slice?: Slice | undefined };

const key = ({ account, slice }: Of) =>
  ["valuation", "holdings", account ?? "all", "latest", slice ?? "whole"] as const;

/** Holdings at the latest trades: told as they come where all is shown, else asked for again. */
export function useLatestHoldings(of: Of) {
  const queries = useQueryClient();
  const { notice } = useLive();
  const tenantId = useSyncExternalStore(subscribeSession, currentMe)?.tenant.id;
  const topic = tenantId === undefined ? undefined : `portfolio:${tenantId}`;
  const isTold = topic !== undefined && live.hears(topic);
  const isWhole = of.account === undefined && !isNarrowed(of.slice);
  const [random] = useState(() => 0.9 + Math.random() * 0.2);
  const queryKey = key(of);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const query = { ...sliceQuery(of.account, of.slice), prices: "latest" as const };
      const page = await unwrap(listHoldings({ query, signal }));
      return isWhole ? later(page, newest.get(topic ?? "")) : page;
    },
    placeholderData: keepPreviousData,
    refetchInterval: (isTold ? SELDOM_MS : SOON_MS) * random,
  });
  const name = JSON.stringify(queryKey);
  useEffect(() => {
    if (topic === undefined) return undefined;
    const line = listening(queries, JSON.parse(name) as string[], isWhole ? topic : null);
    const leave = live.listen(topic, line);
    return () => {
      line.stop();
      leave();
      newest.delete(topic);
    };
  }, [queries, name, isWhole, topic]);
  return { data, error, refetch, isTold, notice };
}

/** Puts what is told into the page once a frame; of a part it is asked for again, now and then. */
function listening(queries: QueryClient, queryKey: readonly unknown[], whole: string | null) {
  let frame: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey });
    }, PART_MS);
  };
  const draw = (): void => {
    frame = null;
    const told = newest.get(whole ?? "");
    const page = queries.getQueryData<HoldingsOut>(queryKey);
    // where there is no answer yet, the one that comes is compared with it
    if (page === undefined || told === undefined || tradedAt(told) < tradedAt(page)) return;
    const moved = movedTo(page, told);
    if (moved === null) again();
    else queries.setQueryData(queryKey, moved);
  };
  return {
    onData: (kind: string, told: unknown): void => {
      if (kind !== "portfolio") return;
      if (whole === null) {
        again();
        return;
      }
      newest.set(whole, told as PortfolioTold);
      frame ??= requestAnimationFrame(draw);
    },
    onReload: again,
    stop: (): void => {
      clearTimeout(timer);
      if (frame !== null) cancelAnimationFrame(frame);
    },
  };
}

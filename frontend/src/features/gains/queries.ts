import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { exportRealizedGains, getGains, listRealizedGains } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";
import { saveFile } from "@/shared/save-file";

export type GainFilter = {
  account?: string | undefined;
  year?: number | undefined;
  term?: "short" | "long" | undefined;
  slice?: Slice | undefined;
  /** The gains as they were known at the end of a day. */
  known?: string | undefined;
};

/** Each gain keeps the currency of its tax, so none is asked for. */
const ofPart = ({ account, slice }: GainFilter) =>
  sliceQuery(account, slice && { ...slice, base: undefined });

const asked = ({ year, term, known, ...of }: GainFilter) => ({
  ...ofPart(of),
  ...(year ? { year } : {}),
  ...(term ? { term } : {}),
  ...(known ? { as_known_on: known } : {}),
});

export const gainsQuery = (filter: GainFilter) =>
  infiniteQueryOptions({
    // what follows from records is asked for again with the other figures
    queryKey: ["valuation", "gains", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listRealizedGains({
          query: { ...asked(filter), limit: 100, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export type TogetherFilter = {
  account?: string | undefined;
  year?: number | undefined;
  known?: string | undefined;
  slice?: Slice;
};

/** Realized and unrealized gains and income of each instrument. */
export const togetherQuery = (filter: TogetherFilter) =>
  queryOptions({
    queryKey: ["valuation", "gains-together", filter],
    queryFn: ({ signal }) =>
      unwrap(
        getGains({
          query: {
            ...sliceQuery(filter.account, filter.slice),
            ...(filter.year ? { year: filter.year } : {}),
            ...knownQuery(filter.known),
          },
          signal,
        }),
      ),
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });

/** The same gains as a file the browser saves. */
export async function saveGains(filter: GainFilter): Promise<void> {
  const text = await unwrap(exportRealizedGains({ query: asked(filter), parseAs: "text" }));
  const name = `realized-gains${filter.year ? `-${String(filter.year)}` : ""}.csv`;
  saveFile(name, new Blob([text], { type: "text/csv" }));
}

import { infiniteQueryOptions } from "@tanstack/react-query";
import { exportRealizedGains, listRealizedGains } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { saveFile } from "@/shared/save-file";

export type GainFilter = {
  account?: string | undefined;
  year?: number | undefined;
  term?: "short" | "long" | undefined;
  /** The gains as they were known at the end of a day. */
  known?: string | undefined;
};

const asked = ({ account, year, term, known }: GainFilter) => ({
  ...(account ? { account_id: account } : {}),
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

/** The same gains as a file the browser saves. */
export async function saveGains(filter: GainFilter): Promise<void> {
  const text = await unwrap(exportRealizedGains({ query: asked(filter), parseAs: "text" }));
  const name = `realized-gains${filter.year ? `-${String(filter.year)}` : ""}.csv`;
  saveFile(name, new Blob([text], { type: "text/csv" }));
}

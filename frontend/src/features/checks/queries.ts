import { queryOptions } from "@tanstack/react-query";
import { getChecks } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { isNarrowed, sliceQuery, sliceText, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";

export const checksKey = ["valuation", "checks"] as const;

/** What the address says the checks are of. */
export type ChecksFilter = {
  account?: string | undefined;
  known?: string | undefined;
  slice?: Slice;
};

/** Whether they are of everything there is, as it is known today. */
export const isOfAll = ({ account, known, slice }: ChecksFilter): boolean =>
  account === undefined && known === undefined && !isNarrowed(slice);

/** The words of the address of pages that can be of the same account, as known on the same day. */
export const ofAccount = ({ account, known }: ChecksFilter) => ({
  ...(account === undefined ? {} : { account }),
  ...(known === undefined ? {} : { known }),
});

/** The same of pages that can be of the same part, too. */
export const ofPart = (filter: ChecksFilter) => ({
  ...ofAccount(filter),
  ...Object.fromEntries(
    Object.entries(filter.slice ? sliceText(filter.slice) : {}).filter(
      ([, named]) => named !== undefined,
    ),
  ),
});

export const checksQuery = (filter: ChecksFilter) =>
  queryOptions({
    queryKey: [...checksKey, filter],
    queryFn: ({ signal }) =>
      unwrap(
        getChecks({
          query: { ...knownQuery(filter.known), ...sliceQuery(filter.account, filter.slice) },
          signal,
        }),
      ),
  });

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { listActions, previewAction } from "@/shared/api/gen/sdk.gen";
import type { ActionState } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";

export type ActionFilter = {
  account?: string | undefined;
  instrument?: string | undefined;
  state?: ActionState | undefined;
};

const asked = ({ account, instrument, state }: ActionFilter) => ({
  ...(account ? { account_id: account } : {}),
  ...(instrument ? { instrument_id: instrument } : {}),
  ...(state ? { state: [state] } : {}),
});

/* What is decided of an event follows from the records, so it is asked for again with them. */

export const actionsQuery = (filter: ActionFilter) =>
  infiniteQueryOptions({
    queryKey: ["valuation", "actions", "list", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listActions({
          query: { ...asked(filter), limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

/** How many events wait for a person; beside every page, so it is not asked with every change. */
export const waitingQuery = queryOptions({
  queryKey: ["actions", "waiting"],
  queryFn: ({ signal }) =>
    unwrap(listActions({ query: { state: ["pending"], limit: 1, include_total: true }, signal })),
  staleTime: 300_000,
});

export const previewQuery = (id: string, accounts: readonly string[]) =>
  queryOptions({
    queryKey: ["valuation", "actions", "preview", id, accounts],
    queryFn: ({ signal }) =>
      unwrap(
        previewAction({
          path: { action_id: id },
          body: { accounts: accounts.map((account_id) => ({ account_id })) },
          signal,
        }),
      ),
  });

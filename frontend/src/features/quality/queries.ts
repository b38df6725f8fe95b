import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getInstrumentSourceOrder,
  listDataCoverage,
  listDataFindings,
  listProviders,
  listQuarantine,
} from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import type { FindingKind, FindingStatus, HeldState } from "./kinds";

export type FindingFilter = {
  instrument?: string | undefined;
  kind?: FindingKind | undefined;
  status?: FindingStatus | undefined;
};

export const providersQuery = () =>
  queryOptions({
    queryKey: ["operations", "providers"],
    queryFn: ({ signal }) => unwrap(listProviders({ signal })),
    refetchInterval: 30_000,
  });

export const coverageQuery = (words: string, onlyOpen: boolean) =>
  infiniteQueryOptions({
    queryKey: ["operations", "data", "coverage", words, onlyOpen],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listDataCoverage({
          query: {
            limit: 50,
            ...(words ? { query: words } : {}),
            ...(onlyOpen ? { only_open: true } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const findingsQuery = ({ instrument, kind, status }: FindingFilter) =>
  infiniteQueryOptions({
    queryKey: ["operations", "data", "findings", instrument, kind, status],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listDataFindings({
          query: {
            limit: 50,
            ...(instrument ? { instrument_id: instrument } : {}),
            ...(kind ? { kind: [kind] } : {}),
            ...(status ? { status } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const heldQuery = (state: HeldState | undefined) =>
  infiniteQueryOptions({
    queryKey: ["operations", "data", "held", state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listQuarantine({
          query: {
            limit: 50,
            ...(state ? { state } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const instrumentOrderQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ["operations", "data", "order", instrumentId],
    queryFn: ({ signal }) =>
      unwrap(getInstrumentSourceOrder({ path: { instrument_id: instrumentId }, signal })),
  });

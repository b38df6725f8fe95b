import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getReport, getReportBody, listCalculations, listReports } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import type { ReportKind } from "./words";

/** Every key of reports starts here, so one call can invalidate them all. */
export const reportsKey = ["reports"] as const;
const PAGE = 30;

export type ReportFilter = { kind?: ReportKind | undefined; on?: string | undefined };

export const reportsQuery = ({ kind, on }: ReportFilter) =>
  infiniteQueryOptions({
    queryKey: [...reportsKey, "list", kind, on],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listReports({
          query: {
            limit: PAGE,
            ...(kind ? { kind } : {}),
            ...(on ? { as_reported_on: on } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: [...reportsKey, "one", id],
    queryFn: ({ signal }) => unwrap(getReport({ path: { report_id: id }, signal })),
  });

/** What the page said never changes. */
export const bodyQuery = (id: string) =>
  queryOptions({
    queryKey: [...reportsKey, "body", id],
    queryFn: ({ signal }) => unwrap(getReportBody({ path: { report_id: id }, signal })),
    staleTime: Infinity,
  });

export const calculationsQuery = queryOptions({
  queryKey: ["calculations"],
  queryFn: ({ signal }) => unwrap(listCalculations({ signal })),
  staleTime: Infinity,
});

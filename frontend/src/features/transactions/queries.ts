import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getTransaction,
  getTransactionHistory,
  listTransactions,
  searchInstruments,
} from "@/shared/api/gen/sdk.gen";
import type { TransactionKind } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";

/** What follows from the records: every list and figure that must be asked for again. */
export const RECORD_KEYS = ["valuation", "transactions", "instruments"] as const;

export type TransactionFilter = {
  account?: string | undefined;
  instrument?: string | undefined;
  kind?: string | undefined;
  text?: string | undefined;
  /** The records as they were known at the end of a day. */
  known?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  review?: boolean | undefined;
  reversed?: boolean | undefined;
};

const defined = <T extends object>(query: T): T =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as T;

/** A filter as the server is asked; what is not narrowed is not said. */
export const filterQuery = (filter: TransactionFilter) =>
  defined({
    account_id: filter.account,
    instrument_id: filter.instrument,
    kind: filter.kind ? [filter.kind as TransactionKind] : undefined,
    text: filter.text,
    as_known_on: filter.known,
    from: filter.from,
    to: filter.to,
    needs_review: filter.review,
    include_reversed: filter.reversed,
  });

export const transactionsQuery = (filter: TransactionFilter) =>
  infiniteQueryOptions({
    queryKey: ["transactions", "list", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listTransactions({
          query: { ...filterQuery(filter), ...defined({ cursor: pageParam }), limit: 100 },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ["transactions", "history", id],
    queryFn: ({ signal }) =>
      unwrap(getTransactionHistory({ path: { transaction_id: id }, signal })),
  });

export const transactionQuery = (id: string) =>
  queryOptions({
    queryKey: ["transactions", "one", id],
    queryFn: ({ signal }) => unwrap(getTransaction({ path: { transaction_id: id }, signal })),
  });

/** Ours by symbol or name; what providers list besides only when they are to be asked. */
export const searchQuery = (words: string, isAsking: boolean) =>
  queryOptions({
    queryKey: ["instruments", "found", words, isAsking],
    queryFn: ({ signal }) =>
      unwrap(
        searchInstruments({
          query: { q: words, ...(isAsking ? { ask_providers: true } : {}) },
          signal,
        }),
      ),
    staleTime: 60_000,
    retry: false,
  });

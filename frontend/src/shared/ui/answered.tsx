import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemNotice, Skeleton, StaleNotice } from "./states";

type Props<T> = {
  query: UseQueryResult<T>;
  what: string;
  rows?: number;
  children: (data: T) => ReactNode;
};

/** What a section shows while it waits, when it fails, and when it has only earlier figures. */
export function Answered<T>({ query, what, rows = 6, children }: Props<T>) {
  const retry = () => {
    void query.refetch();
  };
  if (query.data === undefined) {
    return query.error ? (
      <ProblemNotice error={query.error} onRetry={retry} />
    ) : (
      <Skeleton label={`Loading ${what}`} rows={rows} height={32} />
    );
  }
  return (
    <>
      {query.error && <StaleNotice what={what} onRetry={retry} />}
      {children(query.data)}
    </>
  );
}

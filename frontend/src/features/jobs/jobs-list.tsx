import { useInfiniteQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef } from "react";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import type { Tell } from "@/shared/ui/toast";
import { JobRow } from "./job-row";
import { jobsQuery, usePace, type JobFilter } from "./queries";
import { useDecision } from "./use-decision";

type Props = { filter: JobFilter; canChange: boolean; tell: Tell };

/** Work of the installation and of its tenants, the newest first. */
export function JobsList({ filter, canChange, tell }: Props) {
  const query = useInfiniteQuery({ ...jobsQuery(filter), refetchInterval: usePace() });
  const decision = useDecision(tell);
  const list = useRef<HTMLUListElement>(null);
  const { data, error } = query;
  useKeptFocus(list, decision.isIdle);
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the jobs" rows={6} height={52} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="the jobs" onRetry={retry} />}
      {items.length === 0 ? (
        <Nothing filter={filter} />
      ) : (
        <ul
          ref={list}
          tabIndex={-1}
          aria-label="Jobs"
          className="border-t border-rule outline-none md:grid md:grid-cols-[6.5rem_minmax(0,1fr)_minmax(0,1.3fr)_auto] md:gap-x-5"
          data-testid="jobs"
        >
          {items.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              now={query.dataUpdatedAt}
              isBusy={decision.isPending}
              onDecide={canChange ? decision.mutate : null}
            />
          ))}
        </ul>
      )}
      <Earlier query={query} what="jobs" />
    </>
  );
}

/** A button that was pressed may go with its row: the list is where one goes on then. */
function useKeptFocus(list: React.RefObject<HTMLElement | null>, isUntouched: boolean): void {
  useLayoutEffect(() => {
    if (!isUntouched && document.activeElement === document.body) {
      list.current?.focus({ preventScroll: true });
    }
  });
}

function Nothing({ filter: { state, kind, batch } }: { filter: JobFilter }) {
  if (state === "parked") {
    return (
      <EmptyState title="Nothing was given up">
        <p>Work that failed four times would wait here for your decision.</p>
      </EmptyState>
    );
  }
  const isFiltered = state !== undefined || kind !== undefined || batch !== undefined;
  return (
    <EmptyState title={isFiltered ? "Nothing like that" : "No work yet"}>
      <p>
        {isFiltered
          ? "No job matches; choose All to see every one."
          : "Imports, prices and values of new days show here, as they are asked for."}
      </p>
    </EmptyState>
  );
}

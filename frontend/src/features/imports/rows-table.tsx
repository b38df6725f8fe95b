import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ImportRowOut } from "@/shared/api/gen/types.gen";
import { Choice } from "@/shared/ui/choice";
import { ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
import { ImportRow } from "./import-row";
import type { Batch, RowStatus } from "./model";
import { importRowsQuery } from "./queries";

type Filter = RowStatus | "all";
const FILTERS = [
  ["all", "All"],
  ["imported", "Imported"],
  ["duplicate", "Already there"],
  ["skipped", "Skipped"],
  ["failed", "Failed"],
] as const;

/** Every row of the file and what becomes of it; failed ones first when there are any. */
export function RowsTable({ batch }: { batch: Batch }) {
  const [filter, setFilter] = useState<Filter>(batch.failed_count > 0 ? "failed" : "all");
  const status = filter === "all" ? undefined : filter;
  const query = useInfiniteQuery(importRowsQuery(batch.id, status, batch.version));
  const rows = query.data?.pages.flatMap((page) => page.items);
  return (
    <Section
      id="rows"
      title="Rows"
      aside={
        <Choice
          label="Rows shown"
          look="quiet"
          value={filter}
          options={FILTERS}
          onChange={setFilter}
        />
      }
    >
      {rows ? (
        <Rows rows={rows} />
      ) : query.error ? (
        <ProblemNotice
          error={query.error}
          onRetry={() => {
            void query.refetch();
          }}
        />
      ) : (
        <Skeleton label="Loading rows" rows={6} height={32} />
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className="btn line mt-4"
          disabled={query.isFetchingNextPage}
          onClick={() => {
            void query.fetchNextPage();
          }}
        >
          Show more rows
        </button>
      )}
    </Section>
  );
}

function Rows({ rows }: { rows: readonly ImportRowOut[] }) {
  if (rows.length === 0) return <p className="text-sm text-ink-2">No rows of this kind.</p>;
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="import-rows">
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col" className="!text-left">
              What it becomes
            </th>
            <th scope="col">Units</th>
            <th scope="col">Cash</th>
            <th scope="col" className="!text-left">
              Why
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ImportRow key={`${String(row.row_number)}-${String(row.ordinal)}`} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

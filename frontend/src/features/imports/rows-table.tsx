import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ImportRowOut } from "@/shared/api/gen/types.gen";
import { day, quantity, words } from "@/shared/format/format";
import { Choice } from "@/shared/ui/choice";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
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
      {rows === undefined ? (
        query.error ? (
          <ProblemNotice
            error={query.error}
            onRetry={() => {
              void query.refetch();
            }}
          />
        ) : (
          <Skeleton label="Loading rows" rows={6} height={32} />
        )
      ) : rows.length === 0 ? (
        <p className="text-sm text-ink-2">No rows of this kind.</p>
      ) : (
        <div className="tablewrap">
          <table className="tbl" data-testid="import-rows">
            <thead>
              <tr>
                <th scope="col">Row</th>
                <th scope="col" className="!text-left">
                  What it becomes
                </th>
                <th scope="col" className="max-sm:hidden">
                  Units
                </th>
                <th scope="col">Cash</th>
                <th scope="col" className="!text-left max-sm:hidden">
                  Why
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row key={`${String(row.row_number)}-${String(row.ordinal)}`} row={row} />
              ))}
            </tbody>
          </table>
        </div>
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

const STATUS_TONES: Record<RowStatus, string> = {
  imported: "text-gain",
  duplicate: "text-ink-2",
  skipped: "text-ink-2",
  failed: "text-loss",
};

function Row({ row }: { row: ImportRowOut }) {
  const { draft } = row;
  const original = Object.entries(row.original).filter(([, value]) => value.trim() !== "");
  return (
    <tr>
      <td className="num align-top">{row.row_number}</td>
      <td className="!text-left align-top whitespace-normal">
        <span className={`text-xs ${STATUS_TONES[row.status]}`}>{words(row.status)}</span>{" "}
        {draft && (
          <span>
            {words(draft.kind)} <b>{draft.symbol}</b>{" "}
            <span className="text-ink-2">{day(draft.trade_date)}</span>
          </span>
        )}
        {row.message && <span className="block text-xs sm:hidden">{row.message}</span>}
        <details className="text-xs text-ink-2">
          <summary className="cursor-pointer min-h-6">Original row</summary>
          <dl>
            {original.map(([name, value]) => (
              <div key={name} className="flex gap-2">
                <dt className={name === row.column_name ? "text-loss" : ""}>{name}</dt>
                <dd className="break-all">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </td>
      <td className="num max-sm:hidden align-top">
        {draft?.quantity ? quantity(draft.quantity) : ""}
      </td>
      <td className="align-top">
        {draft?.net_amount != null && (
          <Money value={draft.net_amount} currency={draft.currency} signed />
        )}
      </td>
      <td className="!text-left max-sm:hidden align-top whitespace-normal max-w-[36ch]">
        {row.message}
      </td>
    </tr>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReportOut } from "@/shared/api/gen/types.gen";
import { day, instant } from "@/shared/format/format";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { reportsQuery, type ReportFilter } from "./queries";
import { KIND_NAMES, parametersText } from "./words";

/** What was kept, the newest first. */
export function ReportsList({ filter }: { filter: ReportFilter }) {
  const query = useInfiniteQuery(reportsQuery(filter));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the reports" rows={4} height={52} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  const isFiltered = filter.kind !== undefined || filter.on !== undefined;
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="the reports" onRetry={retry} />}
      {items.length === 0 ? (
        <EmptyState title={isFiltered ? "Nothing like that was kept" : "No report yet"}>
          <p>
            {isFiltered
              ? "Another kind or a later day may have some."
              : "“Keep as a report” on Performance, Attribution, Risk, Income and Holdings keeps what those pages say."}
          </p>
        </EmptyState>
      ) : (
        <ul aria-label="Reports" className="border-t border-rule" data-testid="reports">
          {items.map((report) => (
            <Item key={report.id} report={report} />
          ))}
        </ul>
      )}
      <Earlier query={query} what="reports" />
    </>
  );
}

function Item({ report }: { report: ReportOut }) {
  const isOlder = report.calculations.some((one) => one.version !== one.current_version);
  return (
    <li className="border-b border-rule py-3 grid gap-x-6 gap-y-1 md:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <Link
          to="/reports/$reportId"
          params={{ reportId: report.id }}
          className="lnk font-semibold break-words"
        >
          {report.name}
        </Link>
        <p className="text-sm text-ink-2 break-words">
          {KIND_NAMES[report.kind]} in {report.currency}, as of {day(report.as_of)}
          {parametersText(report.parameters) && ` · ${parametersText(report.parameters)}`}
        </p>
      </div>
      <div className="text-sm text-ink-2 md:text-right">
        <p>
          kept <time dateTime={report.recorded_at}>{instant(report.recorded_at)}</time>
        </p>
        {report.differed_at ? (
          <p className="text-loss font-semibold">Differs from its inputs</p>
        ) : (
          isOlder && <p>A newer version exists</p>
        )}
      </div>
    </li>
  );
}

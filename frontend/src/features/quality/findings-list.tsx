import { useInfiniteQuery } from "@tanstack/react-query";
import type { FindingOut } from "@/shared/api/gen/types.gen";
import { counted, day, instant } from "@/shared/format/format";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { DecideForm } from "./decide-form";
import { KIND_NAMES, STATUS_NAMES } from "./kinds";
import { findingsQuery, type FindingFilter } from "./queries";

type Props = { filter: FindingFilter; canDecide: boolean };

/** What is odd about the data, newest first, with what was decided of it. */
export function FindingsList({ filter, canDecide }: Props) {
  const query = useInfiniteQuery(findingsQuery(filter));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the findings" rows={5} height={72} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="the findings" onRetry={retry} />}
      {items.length === 0 ? (
        <EmptyState title="Nothing odd">
          <p>Gaps, leaps and what sources tell differently show here.</p>
        </EmptyState>
      ) : (
        <ul className="border-t border-rule" data-testid="findings">
          {items.map((finding) => (
            <Finding key={finding.id} finding={finding} canDecide={canDecide} />
          ))}
        </ul>
      )}
      <Earlier query={query} what="findings" />
    </>
  );
}

function days({ day: first, last_day: last, day_count: count }: FindingOut): string {
  return first === last ? day(first) : `${day(first)} – ${day(last)}, ${counted(count, "day")}`;
}

function Finding({ finding, canDecide }: { finding: FindingOut; canDecide: boolean }) {
  const { ours, theirs, source, status } = finding;
  return (
    <li className="border-b border-rule py-4 flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-semibold">{finding.symbol}</span>
        <span>{KIND_NAMES[finding.kind]}</span>
        <span className="text-sm text-ink-2">{days(finding)}</span>
        <span className={`chip ${status === "open" ? "text-warn" : ""}`}>
          {STATUS_NAMES[status]}
        </span>
      </div>
      <p className="text-sm text-ink-2 max-w-[75ch]">
        {source && (
          <>
            Ours <b className="text-ink num">{ours ?? "nothing"}</b>, {source}{" "}
            <b className="text-ink num">{theirs ?? "nothing"}</b>:{" "}
          </>
        )}
        {finding.note}.
      </p>
      {finding.decisions.map((decision) => (
        <p key={decision.decided_at} className="text-sm">
          {STATUS_NAMES[decision.decision]} on {instant(decision.decided_at)}: {decision.reason}
        </p>
      ))}
      {status === "open" && canDecide && <DecideForm finding={finding} />}
    </li>
  );
}

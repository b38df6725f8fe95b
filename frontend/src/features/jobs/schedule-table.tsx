import { useQuery } from "@tanstack/react-query";
import { CirclePause } from "lucide-react";
import type { ScheduleEntryOut } from "@/shared/api/gen/types.gen";
import { instant } from "@/shared/format/format";
import { ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { entryName } from "./kinds";
import { isOffline, summaryQuery } from "./queries";

/** What is done by itself: when it was asked for last, and when it comes next. */
export function ScheduleTable() {
  const { data, error, refetch } = useQuery(summaryQuery());
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the schedule" rows={6} height={32} />
    );
  }
  return (
    <>
      {error && <StaleNotice what="the schedule" onRetry={retry} />}
      {isOffline(data) && (
        <p className="note mb-3">
          This installation works offline, so nobody is asked for prices, events and rates. What is
          paused is made up for once it is online again.
        </p>
      )}
      <p className="text-xs text-ink-2 mb-1">Times are of your own zone, {zone()}.</p>
      <table className="tbl stack" data-testid="schedule">
        <caption className="sr">What is done by itself, and when</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Last</th>
            <th scope="col">Next</th>
          </tr>
        </thead>
        <tbody>
          {data.schedule.map((entry) => (
            <Entry key={entry.name} entry={entry} />
          ))}
        </tbody>
      </table>
    </>
  );
}

const zone = (): string =>
  new Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");

function Entry({ entry }: { entry: ScheduleEntryOut }) {
  return (
    <tr>
      <td className="max-md:col-span-2">{entryName(entry.name)}</td>
      <td className="num max-md:text-xs max-md:whitespace-normal">
        <span className="md:hidden text-ink-2">Last </span>
        {entry.last_at === null ? "not yet" : instant(entry.last_at)}
      </td>
      <td className="num max-md:text-xs max-md:!text-right max-md:whitespace-normal">
        <span className="md:hidden text-ink-2">Next </span>
        {entry.is_paused ? <Paused /> : (entry.next_at && instant(entry.next_at)) || "not known"}
      </td>
    </tr>
  );
}

const Paused = () => (
  <span className="inline-flex items-center gap-1.5 text-ink-2">
    <CirclePause aria-hidden="true" size={14} />
    paused: offline
  </span>
);

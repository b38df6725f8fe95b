import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { AlertOut } from "@/shared/api/gen/types.gen";
import { ago, day, instant } from "@/shared/format/format";
import { sourceInText } from "@/shared/format/sources";
import { Choice } from "@/shared/ui/choice";
import { Earlier } from "@/shared/ui/earlier";
import { Moment } from "@/shared/ui/moment";
import { EmptyState, ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import type { Tell } from "@/shared/ui/toast";
import { alertsQuery } from "./queries";
import { AlertSentence } from "./sentences";
import { useDismiss, useRead } from "./use-changes";

const SHOWN = [
  ["open", "Open"],
  ["all", "All"],
] as const;

/** What rules told, the newest first. */
export function AlertsList({ canChange, tell }: { canChange: boolean; tell: Tell }) {
  const [shown, setShown] = useState<"open" | "all">("open");
  const query = useInfiniteQuery(alertsQuery(shown === "all"));
  const read = useRead(tell);
  const items = query.data?.pages.flatMap((page) => page.items);
  const unread = (items ?? []).filter(({ read_at }) => read_at === null).map(({ id }) => id);
  return (
    <Section
      id="told"
      title="Told"
      aside={
        <Choice label="Shown" value={shown} options={SHOWN} onChange={setShown} look="quiet" />
      }
    >
      {canChange && unread.length > 0 && (
        <button
          type="button"
          className="btn line mb-3"
          disabled={read.isPending}
          onClick={() => {
            read.mutate(unread.slice(0, 200));
          }}
        >
          Mark as read
        </button>
      )}
      <Rows query={query} items={items} canChange={canChange} tell={tell} isAll={shown === "all"} />
      <Earlier query={query} what="alerts" />
    </Section>
  );
}

type RowsProps = {
  query: { error: unknown; refetch: () => Promise<unknown>; dataUpdatedAt: number };
  items: readonly AlertOut[] | undefined;
  isAll: boolean;
  canChange: boolean;
  tell: Tell;
};

function Rows({ query, items, isAll, canChange, tell }: RowsProps) {
  const dismiss = useDismiss(tell);
  const retry = () => {
    void query.refetch();
  };
  if (!items) {
    return query.error ? (
      <ProblemNotice error={query.error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the alerts" rows={4} height={44} />
    );
  }
  return (
    <>
      {Boolean(query.error) && <StaleNotice what="the alerts" onRetry={retry} />}
      {items.length === 0 ? (
        <EmptyState title={isAll ? "Nothing was told yet" : "Nothing is open"}>
          <p>What your rules notice stands here, and is counted on the bell.</p>
        </EmptyState>
      ) : (
        <ul aria-label="Alerts" className="border-t border-rule">
          {items.map((alert) => (
            <Row
              key={alert.id}
              alert={alert}
              now={query.dataUpdatedAt}
              onDismiss={canChange && !alert.dismissed_at ? dismiss.mutate : null}
            />
          ))}
        </ul>
      )}
    </>
  );
}

type RowProps = { alert: AlertOut; now: number; onDismiss: ((id: string) => void) | null };

function Row({ alert, now, onDismiss }: RowProps) {
  const isUnread = alert.read_at === null;
  const sources = [alert.source && sourceInText(alert.source), alert.on_date && day(alert.on_date)];
  return (
    <li className="border-b border-rule py-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0 break-words">
        <p className={isUnread ? "font-semibold" : ""}>
          {isUnread && <span className="sr">Unread: </span>}
          <AlertSentence alert={alert} />
        </p>
        <p className="text-xs text-ink-2">
          <Moment iso={alert.fired_at}>{ago(alert.fired_at, now)}</Moment>
          {`, as of ${instant(alert.as_of)}`}
          {sources.filter(Boolean).map((text) => ` · ${String(text)}`)}
          {alert.dismissed_at && " · put away"}
        </p>
      </div>
      <div className="flex items-center gap-3">
        <About alert={alert} />
        {onDismiss && (
          <button
            type="button"
            className="btn line"
            onClick={() => {
              onDismiss(alert.id);
            }}
          >
            Put away
          </button>
        )}
      </div>
    </li>
  );
}

/** Where one looks into it. */
function About({ alert }: { alert: AlertOut }) {
  if (alert.instrument_id) {
    return (
      <Link
        to="/holdings/$instrumentId"
        params={{ instrumentId: alert.instrument_id }}
        className="lnk"
      >
        {alert.symbol}
      </Link>
    );
  }
  if (alert.kind === "import_failed" && alert.subject_id) {
    return (
      <Link to="/import/$importId" params={{ importId: alert.subject_id }} className="lnk">
        The import
      </Link>
    );
  }
  return null;
}

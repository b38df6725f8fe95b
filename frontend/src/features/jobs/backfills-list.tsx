import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { BackfillOut } from "@/shared/api/gen/types.gen";
import { ago, counted } from "@/shared/format/format";
import { Confirm } from "@/shared/ui/confirm";
import { Earlier } from "@/shared/ui/earlier";
import { Moment } from "@/shared/ui/moment";
import { ProgressBar } from "@/shared/ui/progress";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import type { Tell } from "@/shared/ui/toast";
import { spanOf } from "./phrases";
import { backfillsQuery, usePace } from "./queries";
import { BackfillMark } from "./states";
import { useBackfillCancel } from "./use-decision";

type Props = { canChange: boolean; tell: Tell };

/** What was asked for, the newest first, and how far it is. */
export function BackfillsList({ canChange, tell }: Props) {
  const query = useInfiniteQuery({ ...backfillsQuery(), refetchInterval: usePace() });
  const cancel = useBackfillCancel(tell);
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the backfills" rows={2} height={64} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="the backfills" onRetry={retry} />}
      {items.length === 0 ? (
        <EmptyState title="No backfill was asked for">
          <p>Missing days are filled by themselves; a backfill asks for past ones once more.</p>
        </EmptyState>
      ) : (
        <ul
          aria-label="Backfills"
          className="border-t border-rule md:grid md:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)_auto] md:gap-x-5"
          data-testid="backfills"
        >
          {items.map((backfill) => (
            <Backfill
              key={backfill.id}
              backfill={backfill}
              now={query.dataUpdatedAt}
              isBusy={cancel.isPending}
              onCancel={canChange ? cancel.mutate : null}
            />
          ))}
        </ul>
      )}
      <Earlier query={query} what="backfills" />
    </>
  );
}

type ItemProps = {
  backfill: BackfillOut;
  now: number;
  isBusy: boolean;
  onCancel: ((backfill: BackfillOut) => void) | null;
};

const symbolsText = (symbols: readonly string[]): string => {
  if (symbols.length === 0) return "Everything held";
  const more = symbols.length - 6;
  return more > 0
    ? `${symbols.slice(0, 6).join(", ")} and ${String(more)} more`
    : symbols.join(", ");
};

function Backfill({ backfill, now, isBusy, onCancel }: ItemProps) {
  const { state } = backfill;
  const isOpen = state === "splitting" || state === "running";
  const about = `${symbolsText(backfill.symbols)}, ${spanOf(backfill.first_day, backfill.last_day)}`;
  return (
    <li className="border-b border-rule py-3.5 grid gap-y-1.5 md:col-span-full md:grid-cols-subgrid md:items-start">
      <div className="min-w-0">
        <p className="break-words">
          <span className="font-semibold">{symbolsText(backfill.symbols)}</span>{" "}
          <span className="text-sm">{spanOf(backfill.first_day, backfill.last_day)}</span>
        </p>
        <p className="text-xs text-ink-2">
          asked for <Moment iso={backfill.requested_at}>{ago(backfill.requested_at, now)}</Moment>
        </p>
      </div>
      <div className="min-w-0 text-sm flex flex-col gap-1">
        <BackfillMark state={state} />
        <ProgressBar
          label={`Parts done of ${about}`}
          done={backfill.done_count}
          total={backfill.part_count}
        />
        <p className="text-ink-2">{resultText(backfill)}</p>
        {backfill.part_count > 0 && (
          <Link
            to="/operations/jobs"
            search={{ batch: backfill.id }}
            hash="work"
            className="lnk self-start"
          >
            Show its parts
          </Link>
        )}
      </div>
      <div className="md:justify-self-end">
        {isOpen && onCancel && (
          <Confirm
            label="Cancel"
            about={about}
            question="Cancel this backfill?"
            consequence="Parts that are not done will not be done. What is done stays, and each part can be tried again later."
            yes="Cancel it"
            no="Let it go on"
            isDisabled={isBusy}
            onConfirm={() => {
              onCancel(backfill);
            }}
          />
        )}
      </div>
    </li>
  );
}

/** How far a backfill is, and what came of it. */
function resultText(backfill: BackfillOut): string {
  const { part_count: parts, state } = backfill;
  if (parts === 0) {
    return state === "done" ? "Nothing to ask for: none of these symbols is known here." : "";
  }
  const some = (count: number, told: string) => (count > 0 ? told : null);
  const { failed_count: failed, cancelled_count: cancelled, unanswered_count: mute } = backfill;
  const told = [
    `${String(backfill.done_count)} of ${counted(parts, "part")} done`,
    some(failed, `${String(failed)} given up`),
    some(cancelled, `${String(cancelled)} cancelled`),
    `${backfill.row_count.toLocaleString("en-US")} closes new or different`,
    some(mute, `${counted(mute, "part")} nobody could tell anything about`),
  ];
  return told.filter((part) => part !== null).join(", ");
}

import { useInfiniteQuery } from "@tanstack/react-query";
import type { HeldBarOut } from "@/shared/api/gen/types.gen";
import { counted, day, instant } from "@/shared/format/format";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { HeldForm } from "./held-form";
import { HELD_NAMES, HELD_STATE_NAMES, type HeldState } from "./kinds";
import { heldQuery } from "./queries";

type Props = { state: HeldState | undefined; canDecide: boolean };

/** Prices that were not stored as they came, newest first, and what became of them. */
export function HeldBars({ state, canDecide }: Props) {
  const query = useInfiniteQuery(heldQuery(state));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading what was held back" rows={3} height={72} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      {error && !query.isFetchNextPageError && (
        <StaleNotice what="what was held back" onRetry={retry} />
      )}
      {items.length === 0 ? (
        <EmptyState title="Nothing held back">
          <p>Prices nobody would believe wait here instead of being stored.</p>
        </EmptyState>
      ) : (
        <ul className="border-t border-rule" data-testid="held">
          {items.map((bar) => (
            <Held key={bar.id} bar={bar} canDecide={canDecide} />
          ))}
        </ul>
      )}
      <Earlier query={query} what="prices" />
    </>
  );
}

function Held({ bar, canDecide }: { bar: HeldBarOut; canDecide: boolean }) {
  return (
    <li className="border-b border-rule py-4 flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="font-semibold">{bar.symbol}</span>
        <span>{HELD_NAMES[bar.reason]}</span>
        <span className="text-sm text-ink-2">
          {bar.bar_count > 1
            ? `${counted(bar.bar_count, "day")} from ${day(bar.day)}`
            : day(bar.day)}
        </span>
        <span className={`chip ${bar.state === "open" ? "text-warn" : ""}`}>
          {HELD_STATE_NAMES[bar.state]}
        </span>
      </div>
      <p className="text-sm text-ink-2 max-w-[75ch] [overflow-wrap:anywhere]">
        {bar.source} tells{" "}
        {bar.close !== null && (
          <>
            <b className="text-ink num">{bar.close}</b> {bar.currency}:{" "}
          </>
        )}
        {bar.detail}.
      </p>
      {bar.decided_at !== null && (
        <p className="text-sm">
          {HELD_STATE_NAMES[bar.state]} on {instant(bar.decided_at)}: {bar.decision_note}
        </p>
      )}
      {bar.state === "open" && canDecide && <HeldForm bar={bar} />}
    </li>
  );
}

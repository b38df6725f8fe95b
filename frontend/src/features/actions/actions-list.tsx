import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ActionOut, ActionState } from "@/shared/api/gen/types.gen";
import { Choice } from "@/shared/ui/choice";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { ActionItem } from "./action-item";
import { actionsQuery, type ActionFilter } from "./queries";

type Props = {
  filter: ActionFilter;
  /** Left out, there is no choice of states. */
  onState?: ((state: ActionState | undefined) => void) | undefined;
  /** The form that changes an event's terms. */
  renderEdit: (action: ActionOut, onDone: () => void) => ReactNode;
};

const STATES = [
  ["pending", "To decide"],
  ["applied", "Applied"],
  ["dismissed", "Dismissed"],
  ["recorded", "Already recorded"],
  ["all", "All"],
] as const;
type StateChoice = (typeof STATES)[number][0];

const EMPTY: Record<StateChoice, readonly [string, string]> = {
  pending: [
    "Nothing to decide",
    "Splits, dividends and other events of what you hold show here when your records do not tell them.",
  ],
  applied: ["Nothing applied", "Events you apply show here and can be reversed."],
  dismissed: ["Nothing dismissed", "Events you dismiss can be brought back from here."],
  recorded: ["Nothing recorded", "Events that your broker's files tell show here."],
  all: ["No events", "No event is known of what you hold or held."],
};

/** Corporate actions that concern what is held, newest first, each with what can be done. */
export function ActionsList({ filter, onState, renderEdit }: Props) {
  const choice = STATES.find(([state]) => state === filter.state)?.[0] ?? "all";
  return (
    <>
      {onState && (
        <div className="mb-6">
          <Choice
            label="Which events"
            value={choice}
            options={STATES}
            onChange={(next) => {
              onState(next === "all" ? undefined : next);
            }}
          />
        </div>
      )}
      <Events filter={filter} empty={EMPTY[choice]} renderEdit={renderEdit} />
    </>
  );
}

type EventsProps = Pick<Props, "filter" | "renderEdit"> & { empty: readonly [string, string] };

function Events({ filter, empty, renderEdit }: EventsProps) {
  const query = useInfiniteQuery(actionsQuery(filter));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading corporate actions" rows={5} height={56} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="the events" onRetry={retry} />}
      {items.length === 0 ? (
        <EmptyState title={empty[0]}>
          <p>{empty[1]}</p>
        </EmptyState>
      ) : (
        <ul className="border-t border-rule" data-testid="actions">
          {items.map((action) => (
            <ActionItem key={action.id} action={action} renderEdit={renderEdit} />
          ))}
        </ul>
      )}
      <Earlier query={query} what="events" />
    </>
  );
}

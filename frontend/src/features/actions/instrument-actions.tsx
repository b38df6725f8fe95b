import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ActionOut } from "@/shared/api/gen/types.gen";
import { Section } from "@/shared/ui/states";
import { ActionsList } from "./actions-list";
import { actionsQuery } from "./queries";

type Props = {
  instrumentId: string;
  account: string | undefined;
  renderEdit: (action: ActionOut, onDone: () => void) => ReactNode;
};

/** What one instrument's events still ask for; nothing at all while they ask for nothing. */
export function InstrumentActions({ instrumentId, account, renderEdit }: Props) {
  const filter = { instrument: instrumentId, account, state: "pending" } as const;
  const { data, error } = useInfiniteQuery(actionsQuery(filter));
  const isEmpty = data ? data.pages.every((page) => page.items.length === 0) : !error;
  if (isEmpty) return null;
  return (
    <div className="mt-10">
      <Section
        id="actions"
        title="Corporate actions to decide"
        aside={
          <Link
            to="/actions"
            search={{ state: "all", ...(account ? { account } : {}) }}
            className="lnk"
          >
            All events
          </Link>
        }
      >
        <ActionsList filter={filter} renderEdit={renderEdit} />
      </Section>
    </div>
  );
}

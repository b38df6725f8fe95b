import { Plus } from "lucide-react";
import { useState } from "react";
import { ActionForm } from "@/features/actions/action-form";
import { ActionsList } from "@/features/actions/actions-list";
import { InstrumentField } from "@/features/transactions/instrument-field";
import type { ActionOut } from "@/shared/api/gen/types.gen";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

/** The form that changes an event's terms, with the field that finds instruments. */
export const editTerms = (action: ActionOut, onDone: () => void) => (
  <ActionForm action={action} InstrumentField={InstrumentField} onDone={onDone} />
);

export function ActionsPage() {
  const [search, change] = usePageSearch();
  const [isAdding, setAdding] = useState(false);
  const state = search.state ?? "pending";
  return (
    <>
      <PageTitle
        aside={
          <button
            type="button"
            className="btn line"
            aria-expanded={isAdding}
            onClick={() => {
              setAdding(!isAdding);
            }}
          >
            <Plus aria-hidden="true" size={16} />
            Add an event
          </button>
        }
      >
        Corporate actions
      </PageTitle>
      <p className="text-ink-2 -mt-3 mb-6 max-w-[65ch]">
        Splits, dividends and mergers of what you hold. Look at what one would change, then apply
        it; it can be reversed at any time.
      </p>
      {isAdding && (
        <div className="mb-8">
          <ActionForm
            InstrumentField={InstrumentField}
            onDone={() => {
              setAdding(false);
            }}
          />
        </div>
      )}
      <ActionsList
        filter={{ account: search.account, state: state === "all" ? undefined : state }}
        onState={(next) => {
          change({ state: next === "pending" ? undefined : (next ?? "all") });
        }}
        renderEdit={editTerms}
      />
    </>
  );
}

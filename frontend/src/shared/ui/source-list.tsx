import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";
import type { SourceOrderOut } from "@/shared/api/gen/types.gen";
import { chosenOf, moved, sourceName } from "@/shared/format/sources";
import { Mover } from "@/shared/ui/mover";
import { ProblemNotice } from "@/shared/ui/states";

type Props = {
  order: SourceOrderOut;
  canChange: boolean;
  isPending: boolean;
  error: unknown;
  onSave: (sources: string[]) => void;
};

/** Sources in the order they count; each moves by a button, and nothing counts before it is saved. */
export function SourceList({ order, canChange, isPending, error, onSave }: Props) {
  const [draft, setDraft] = useState(order.effective);
  const [told, setTold] = useState("");
  const isChanged = draft.join() !== order.effective.join();
  const move = (from: number, by: 1 | -1) => {
    const next = moved(draft, from, by);
    setDraft(next);
    setTold(`${sourceName(draft[from] ?? "")} is now number ${String(from + by + 1)}`);
  };
  return (
    <div className="max-w-xl">
      <ol className="border-t border-rule" data-testid="sources">
        {draft.map((source, place) => (
          <li key={source} className="flex items-center gap-3 border-b border-rule py-1.5">
            <span className="num text-ink-2 min-w-[1.5em] text-right">{place + 1}</span>
            <span className="grow">{sourceName(source)}</span>
            {canChange && (
              <>
                <Mover
                  label={`Move ${sourceName(source)} up`}
                  isOff={place === 0}
                  onPress={() => {
                    move(place, -1);
                  }}
                >
                  <ArrowUp aria-hidden="true" size={16} />
                </Mover>
                <Mover
                  label={`Move ${sourceName(source)} down`}
                  isOff={place === draft.length - 1}
                  onPress={() => {
                    move(place, 1);
                  }}
                >
                  <ArrowDown aria-hidden="true" size={16} />
                </Mover>
              </>
            )}
          </li>
        ))}
      </ol>
      <p role="status" className="sr">
        {told}
      </p>
      {Boolean(error) && <ProblemNotice error={error} title="The order was not saved" />}
      {canChange && (
        <div className="flex flex-wrap gap-3 mt-4">
          <button
            type="button"
            className="btn primary"
            disabled={!isChanged || isPending}
            onClick={() => {
              onSave(chosenOf(draft, order.declared));
            }}
          >
            {isPending ? "Saving…" : "Save the order"}
          </button>
          {draft.join() !== order.declared.join() && (
            <button
              type="button"
              className="btn line"
              onClick={() => {
                setDraft(order.declared);
                setTold("As usual again");
              }}
            >
              As usual
            </button>
          )}
        </div>
      )}
    </div>
  );
}

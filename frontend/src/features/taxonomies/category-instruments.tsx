import { X } from "lucide-react";
import { assignInstruments } from "@/shared/api/gen/sdk.gen";
import type { CategoryOut, TaxonomyOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { percent } from "@/shared/format/format";
import { percentOf } from "@/shared/format/percent";
import type { Editor } from "./use-editor";
import { restOf, typedWeight, weightsOf, withWeight } from "./weights";

type Props = { data: TaxonomyOut; category: CategoryOut; editor: Editor };

/** What is in a category, and how much of it. */
export function CategoryInstruments({ data, category, editor }: Props) {
  const held = data.assignments.filter((found) => found.category_id === category.id);
  const names = new Map(data.instruments.map((found) => [found.id, found]));
  if (held.length === 0) {
    return <p className="text-sm text-ink-2">No instrument is put right here.</p>;
  }
  const save = (instrumentId: string, label: string, ratio: string | null) => {
    const items = [withWeight(data, instrumentId, category.id, ratio)];
    editor.edit(`the weight of ${label}`, (version) =>
      unwrap(assignInstruments({ path: { taxonomy_id: data.id }, body: { version, items } })),
    );
  };
  return (
    <ul className="text-sm">
      {held.map(({ instrument_id: id, weight_ratio: weight }) => {
        const label = names.get(id)?.symbol ?? "An instrument";
        const rest = restOf(weightsOf(data, id));
        return (
          <li key={id} className="flex items-center gap-3 py-1.5 border-b border-rule">
            <span className="min-w-0 flex-1">
              <b className="font-semibold">{label}</b>{" "}
              <span className="text-ink-2">{names.get(id)?.name}</span>
              {rest !== "0" && (
                <span className="block text-xs text-warn">
                  {percent(rest, 2)} of it is nowhere yet
                </span>
              )}
            </span>
            <WeightField
              key={weight}
              label={`Percent of ${label} in ${category.name}`}
              weight={weight}
              isDisabled={editor.isPending}
              onSave={(ratio) => {
                save(id, label, ratio);
              }}
            />
            <button
              type="button"
              className="btn icon"
              aria-label={`Take ${label} out of ${category.name}`}
              disabled={editor.isPending}
              onClick={() => {
                save(id, label, null);
              }}
            >
              <X aria-hidden="true" size={16} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

type WeightProps = {
  label: string;
  weight: string;
  isDisabled: boolean;
  onSave: (ratio: string) => void;
};

function WeightField({ label, weight, isDisabled, onSave }: WeightProps) {
  return (
    <span className="field !flex-row items-center !gap-1.5 shrink-0">
      <input
        aria-label={label}
        className="num !w-24 !h-9 text-right"
        inputMode="decimal"
        defaultValue={percentOf(weight)}
        disabled={isDisabled}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
        }}
        onBlur={(event) => {
          const ratio = typedWeight(event.target.value);
          if (ratio === null) event.target.value = percentOf(weight);
          else if (ratio !== weight) onSave(ratio);
        }}
      />
      <span aria-hidden="true" className="text-ink-2">
        %
      </span>
    </span>
  );
}

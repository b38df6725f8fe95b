import { CircleAlert } from "lucide-react";
import { counted } from "@/shared/format/format";
import { COLUMNS, type GridField } from "./columns";
import { firstWrongPlace, rowName } from "./grid-row";
import type { RowEdit } from "./rows";

type Props = {
  edits: Iterable<RowEdit>;
  onGo: (key: string, place: number) => void;
  onDiscard: (key: string) => void;
  onRetry: () => void;
};

/** What is not saved and why; each line leads to its cell. */
export function EditErrors({ edits, onGo, onDiscard, onRetry }: Props) {
  const wrong = [...edits].filter(({ status }) => status === "refused");
  if (wrong.length === 0) return null;
  return (
    <section className="note loss mb-3 max-h-44 overflow-auto" aria-label="Not saved">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <p className="font-semibold flex items-center gap-2">
          <CircleAlert aria-hidden="true" size={16} />
          {counted(wrong.length, "row")} not saved. What was typed is kept.
        </p>
        <button type="button" className="lnk" onClick={onRetry}>
          Try again
        </button>
      </div>
      <ul className="flex flex-col text-sm">
        {wrong.map((edit) => (
          <Line key={edit.key} edit={edit} onGo={onGo} onDiscard={onDiscard} />
        ))}
      </ul>
    </section>
  );
}

const labelOf = (field: string): string =>
  COLUMNS.find((column) => column.field === (field as GridField))?.label ?? field;

function Line({ edit, onGo, onDiscard }: { edit: RowEdit } & Pick<Props, "onGo" | "onDiscard">) {
  const said = [
    ...Object.entries(edit.errors).map(([field, detail]) => `${labelOf(field)}: ${detail}`),
    ...edit.rest,
  ];
  const name = rowName({ key: edit.key, record: edit.base, entry: edit.entry, edit });
  return (
    <li className="flex flex-wrap items-center gap-x-4">
      <button
        type="button"
        className="lnk text-left"
        onClick={() => {
          onGo(edit.key, firstWrongPlace(edit));
        }}
      >
        {name}: {said.join("; ") || "not complete"}
      </button>
      <button
        type="button"
        className="lnk"
        aria-label={`Discard what was typed into ${name}`}
        onClick={() => {
          onDiscard(edit.key);
        }}
      >
        Discard
      </button>
    </li>
  );
}

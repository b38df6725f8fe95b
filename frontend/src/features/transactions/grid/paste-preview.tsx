import { useEffect, useRef } from "react";
import { counted } from "@/shared/format/format";
import { useEscape } from "@/shared/ui/use-escape";
import { COLUMNS } from "./columns";
import { PASTE_LIMIT, type PastePlan } from "./paste";

const SHOWN_ROWS = 8;

type Props = {
  plan: PastePlan;
  /** Rows that no row of the grid stands under; they become new ones. */
  newRows: number;
  onApply: () => void;
  onCancel: () => void;
};

/** A large paste, or one that does not fit, before it happens. */
export function PastePreview({ plan, newRows, onApply, onCancel }: Props) {
  const apply = useRef<HTMLButtonElement>(null);
  const part = useRef<HTMLElement>(null);
  useEscape(part, onCancel);
  const isTooMany = plan.rows > PASTE_LIMIT;
  useEffect(() => {
    apply.current?.focus();
  }, []);
  return (
    <section
      ref={part}
      role="dialog"
      aria-label="Paste"
      className="note warn mb-3 flex flex-col gap-2"
    >
      <p className="font-semibold">
        Paste {counted(plan.cells.length, "cell")} in {counted(plan.rows, "row")}?
      </p>
      <ul className="list-disc pl-5">
        {plan.hasHeader && <li>The first row names the columns and is not pasted.</li>}
        {newRows > 0 && <li>Added as new: {counted(newRows, "row")}.</li>}
        {plan.lostColumns > 0 && (
          <li>Left out, beyond the last column: {counted(plan.lostColumns, "column")}.</li>
        )}
        {isTooMany && <li>At most {String(PASTE_LIMIT)} rows can be pasted at once.</li>}
      </ul>
      <Sample plan={plan} />
      <div className="flex gap-2">
        <button
          ref={apply}
          type="button"
          className="btn primary"
          disabled={isTooMany}
          onClick={onApply}
        >
          Paste
        </button>
        <button type="button" className="btn line" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}

function Sample({ plan }: { plan: PastePlan }) {
  const fields = COLUMNS.filter(({ field }) => plan.cells.some((cell) => cell.field === field));
  const rows = Array.from({ length: Math.min(plan.rows, SHOWN_ROWS) }, (_, row) => row);
  return (
    <div className="tablewrap" role="region" aria-label="The first rows" tabIndex={0}>
      <table className="tbl">
        <thead>
          <tr>
            {fields.map(({ field, label }) => (
              <th key={field} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              {fields.map(({ field }) => (
                <td key={field} className="num">
                  {plan.cells.find((cell) => cell.row === row && cell.field === field)?.text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {plan.rows > SHOWN_ROWS && (
        <p className="text-ink-2 pt-1">and {counted(plan.rows - SHOWN_ROWS, "more row")}</p>
      )}
    </div>
  );
}

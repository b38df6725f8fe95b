import type { ImportRowOut } from "@/shared/api/gen/types.gen";
import { day, quantity, words } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import type { RowStatus } from "./model";
import { rowReason, withoutPlace } from "./reasons";

const STATUS: Record<RowStatus, { word: string; tone: string }> = {
  imported: { word: "Imported", tone: "text-gain" },
  duplicate: { word: "Already there", tone: "text-ink-2" },
  skipped: { word: "Skipped", tone: "text-ink-2" },
  failed: { word: "Failed", tone: "text-loss" },
};

/** One row of the file: what becomes of it, why, and what the file says. */
export function ImportRow({ row }: { row: ImportRowOut }) {
  const { draft } = row;
  return (
    <tr>
      <td className="num align-top text-ink-2 max-md:col-span-2 max-md:row-start-1 max-md:text-xs">
        <span className="md:hidden">Row </span>
        {row.row_number}
        <span className={`md:hidden ml-2 ${STATUS[row.status].tone}`}>
          {STATUS[row.status].word}
        </span>
      </td>
      <td className="!text-left align-top max-md:col-start-1 max-md:row-start-2">
        {draft && (
          <span className="block">
            <span className="font-medium">{words(draft.kind)}</span> {draft.symbol}{" "}
            <span className="text-ink-2 whitespace-nowrap">{day(draft.trade_date)}</span>
          </span>
        )}
        <span className={`max-md:hidden text-xs ${STATUS[row.status].tone}`}>
          {STATUS[row.status].word}
        </span>
      </td>
      <td className="num align-top max-md:hidden">
        {draft?.quantity ? quantity(draft.quantity) : ""}
      </td>
      <td className="align-top max-md:col-start-2 max-md:row-start-2 max-md:!text-right">
        {draft?.net_amount != null && (
          <Money value={draft.net_amount} currency={draft.currency} signed />
        )}
      </td>
      <td className="!text-left align-top whitespace-normal md:w-2/5 max-md:col-span-2">
        <Why row={row} />
        <Original row={row} />
      </td>
    </tr>
  );
}

/** In words first; then the server's own, which name the column and quote the cell. */
function Why({ row }: { row: ImportRowOut }) {
  if (row.reason_code === null && row.message === null) return null;
  const detail = row.message === null ? "" : withoutPlace(row.message);
  const reason = row.reason_code === null ? null : rowReason(row.reason_code);
  return (
    <p>
      {reason}
      {detail !== "" && detail.toLowerCase() !== reason?.toLowerCase() && (
        <span className="block text-xs text-ink-2 break-words">{detail}</span>
      )}
    </p>
  );
}

function Original({ row }: { row: ImportRowOut }) {
  const filled = Object.entries(row.original).filter(([, value]) => value.trim() !== "");
  if (filled.length === 0) return null;
  return (
    <details className="text-xs text-ink-2">
      <summary className="cursor-pointer min-h-6 leading-6">
        Original row<span className="sr"> {row.row_number}</span>
      </summary>
      <dl className="pb-1">
        {filled.map(([name, value]) => {
          const isCause = name === row.column_name;
          return (
            <div key={name} className="flex gap-2">
              <dt className={`shrink-0 max-w-[50%] break-words ${isCause ? "text-loss" : ""}`}>
                {name}
                {isCause && <span className="sr"> (the cause)</span>}
              </dt>
              <dd className="break-all text-ink">{value}</dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}

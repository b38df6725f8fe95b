import { keptExplanation } from "@/shared/api/explanations";
import type { PreviewOut } from "@/shared/api/gen/types.gen";
import { day, words } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";
import type { Batch } from "./model";

/** What happens to every row, and what it does to cash and value. */
export function PreviewPanel({ batch }: { batch: Batch }) {
  const counts = [
    ["Rows read", batch.row_count, ""],
    ["Imported", batch.imported_count, ""],
    ["Already there", batch.duplicate_count, ""],
    ["Skipped", batch.skipped_count, ""],
    ["Failed", batch.failed_count, "text-loss"],
    ["To look at", batch.warning_count, "text-warn"],
  ] as const;
  const { preview } = batch;
  return (
    <div className="flex flex-col gap-6">
      <dl className="grid grid-cols-3 lg:grid-cols-6 gap-4 border-y border-rule-strong py-4">
        {counts.map(([label, count, tone]) => (
          <div key={label}>
            <dt className="eyebrow">{label}</dt>
            <dd className={`num text-[1.25rem] leading-7 font-[540] ${count > 0 ? tone : ""}`}>
              {count}
            </dd>
          </div>
        ))}
      </dl>
      {preview && preview.transaction_count > 0 && (
        <div className="grid md:grid-cols-3 gap-x-8 gap-y-6 text-sm">
          <Kinds preview={preview} />
          <Effects preview={preview} />
          <NewInstruments found={preview.new_instruments} />
        </div>
      )}
    </div>
  );
}

function Kinds({ preview }: { preview: PreviewOut }) {
  const { first_trade_date: first, last_trade_date: last } = preview;
  return (
    <div>
      <h2 className="text-base mb-1">Transactions</h2>
      <ul>
        {Object.entries(preview.kinds).map(([kind, count]) => (
          <li key={kind} className="flex justify-between border-b border-rule py-1">
            {words(kind)} <span className="num">{count}</span>
          </li>
        ))}
      </ul>
      {first && last && (
        <p className="text-xs text-ink-2 mt-2">
          {first === last ? day(first) : `${day(first)} to ${day(last)}`}
        </p>
      )}
    </div>
  );
}

function Effects({ preview }: { preview: PreviewOut }) {
  const why = reasonText(preview.unknown_reasons);
  const told = (of: string) => keptExplanation(preview.explanations, of, preview.nav_currency);
  return (
    <div>
      <h2 className="text-base mb-1">Cash</h2>
      <ul>
        {preview.cash_changes.map((change) => (
          <li key={change.currency} className="flex justify-between border-b border-rule py-1">
            {change.currency}
            <Why
              figure={`Cash in ${change.currency}`}
              path={keptExplanation(preview.explanations, "cash", change.currency)}
            >
              <Money value={change.amount} currency={change.currency} signed />
            </Why>
          </li>
        ))}
      </ul>
      <h2 className="text-base mt-4 mb-1">Value of the account</h2>
      <p>
        <Why figure="Value of the account now" path={told("nav_before")}>
          <Money value={preview.nav_before} currency={preview.nav_currency} reason={why} />
        </Why>{" "}
        →{" "}
        <Why figure="Value of the account with the file" path={told("nav_after")}>
          <Money value={preview.nav_after} currency={preview.nav_currency} reason={why} />
        </Why>
      </p>
      {preview.nav_after === null && why && <p className="text-ink-2">Not known: {why}.</p>}
    </div>
  );
}

const SHOWN = 12;

function NewInstruments({ found }: { found: PreviewOut["new_instruments"] }) {
  return (
    <div className="min-w-0">
      <h2 className="text-base mb-1">New instruments</h2>
      {found.length === 0 ? (
        <p className="text-ink-2">None.</p>
      ) : (
        <ul>
          {found.slice(0, SHOWN).map((item) => (
            <li
              key={`${item.symbol ?? ""} ${item.isin ?? ""} ${item.currency}`}
              className="border-b border-rule py-1 break-words"
            >
              <b>{item.symbol ?? item.isin}</b> <span className="text-ink-2">{item.name}</span>
            </li>
          ))}
          {found.length > SHOWN && (
            <li className="py-1 text-ink-2">and {found.length - SHOWN} more</li>
          )}
        </ul>
      )}
    </div>
  );
}

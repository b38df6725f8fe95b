import { words } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import type { Batch } from "./model";

const REASONS: Record<string, string> = {
  price_missing: "a price is missing for one of the instruments",
  fx_missing: "an exchange rate is missing",
};

/** What happens to every row, and what it does to cash and value. */
export function PreviewPanel({ batch }: { batch: Batch }) {
  const counts = [
    ["Rows read", batch.row_count],
    ["Imported", batch.imported_count],
    ["Already there", batch.duplicate_count],
    ["Skipped", batch.skipped_count],
    ["Failed", batch.failed_count],
    ["With a warning", batch.warning_count],
  ] as const;
  const { preview } = batch;
  return (
    <div className="flex flex-col gap-6">
      <dl className="grid grid-cols-3 lg:grid-cols-6 gap-4 border-y border-rule-strong py-4">
        {counts.map(([label, count]) => (
          <div key={label}>
            <dt className="eyebrow">{label}</dt>
            <dd
              className={`num text-[1.25rem] font-[540] ${label === "Failed" && count > 0 ? "text-loss" : ""}`}
            >
              {count}
            </dd>
          </div>
        ))}
      </dl>
      {preview && preview.transaction_count > 0 && (
        <div className="grid md:grid-cols-3 gap-6 text-sm">
          <div>
            <h2 className="text-base mb-1">Transactions</h2>
            <ul>
              {Object.entries(preview.kinds).map(([kind, count]) => (
                <li key={kind} className="flex justify-between border-b border-rule py-1">
                  {words(kind)} <span className="num">{count}</span>
                </li>
              ))}
            </ul>
          </div>
          <div>
            <h2 className="text-base mb-1">Cash</h2>
            <ul>
              {preview.cash_changes.map((change) => (
                <li
                  key={change.currency}
                  className="flex justify-between border-b border-rule py-1"
                >
                  {change.currency}
                  <Money value={change.amount} currency={change.currency} signed />
                </li>
              ))}
            </ul>
            <h2 className="text-base mt-4 mb-1">Value of the account</h2>
            <p>
              <Money value={preview.nav_before} currency={preview.nav_currency} /> →{" "}
              <Money
                value={preview.nav_after}
                currency={preview.nav_currency}
                reason={preview.unknown_reasons.map((code) => REASONS[code] ?? code).join("; ")}
              />
            </p>
            {preview.nav_after === null && (
              <p className="text-ink-2">
                Not known: {preview.unknown_reasons.map((code) => REASONS[code] ?? code).join("; ")}
                .
              </p>
            )}
          </div>
          <div>
            <h2 className="text-base mb-1">New instruments</h2>
            {preview.new_instruments.length === 0 ? (
              <p className="text-ink-2">None.</p>
            ) : (
              <ul>
                {preview.new_instruments.slice(0, 12).map((found) => (
                  <li
                    key={`${found.symbol ?? ""} ${found.isin ?? ""} ${found.currency}`}
                    className="border-b border-rule py-1"
                  >
                    <b>{found.symbol ?? found.isin}</b>{" "}
                    <span className="text-ink-2">{found.name}</span>
                  </li>
                ))}
                {preview.new_instruments.length > 12 && (
                  <li className="py-1 text-ink-2">
                    and {preview.new_instruments.length - 12} more
                  </li>
                )}
              </ul>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

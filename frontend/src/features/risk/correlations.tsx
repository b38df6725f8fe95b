import type { CorrelationsOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { Unknown } from "@/shared/ui/figures";

/** Which holdings move together: numbers first, the shade only helps the eye. */
export function Correlations({ found }: { found: CorrelationsOut }) {
  if (found.reason !== null || found.items.length === 0) {
    return (
      <p className="text-sm text-ink-2">Nothing to compare: {reasonOf(found.reason) ?? "—"}.</p>
    );
  }
  return (
    <>
      <p className="text-sm text-ink-2 max-w-[72ch] mb-3">
        1 moves in step, 0 on its own, −1 against. Holdings that are alike stand beside each other;
        a portfolio of such is less spread than it looks.
        {found.first_date &&
          found.last_date &&
          ` ${String(found.return_count)} returns, ${day(found.first_date)} to ${day(found.last_date)}, dividends reinvested.`}
      </p>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Correlations">
        <table className="text-xs num border-separate border-spacing-px" data-testid="correlations">
          <caption className="sr">Correlation of each holding with each other one</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">Holding</span>
              </th>
              {found.items.map((item) => (
                <th
                  key={item.instrument_id}
                  scope="col"
                  title={item.name}
                  className="font-medium text-ink-2 px-1 min-w-11"
                >
                  {item.symbol}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.items.map((item, row) => (
              <tr key={item.instrument_id}>
                <th scope="row" title={item.name} className="text-left font-medium pr-2">
                  {item.symbol}
                </th>
                {(found.rows[row] ?? []).map((value, column) => (
                  <Cell key={found.items[column]?.instrument_id} value={value} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Cell({ value }: { value: string | null }) {
  if (value === null) {
    return (
      <td className="h-8 text-center">
        <Unknown reason="too few common days" />
      </td>
    );
  }
  const number = Number(value);
  // at most a third of the color: the number keeps its contrast
  const share = Math.round(Math.abs(number) * 34);
  const color = number < 0 ? "var(--loss)" : "var(--blue)";
  return (
    <td
      className="h-8 text-center"
      style={{ background: `color-mix(in oklab, ${color} ${String(share)}%, var(--paper))` }}
    >
      {number.toFixed(2).replace("-0.00", "0.00").replace("-", "\u2212")}
    </td>
  );
}

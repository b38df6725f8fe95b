import { useRef } from "react";
import type { CorrelationsOut } from "@/shared/api/gen/types.gen";
import { HeatDrawing } from "@/shared/charts/heat-drawing";
import { SaveAs } from "@/shared/charts/save-as";
import { counted, day } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { Unknown } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";
import type { RiskPoint } from "./queries";

type Props = { found: CorrelationsOut; where: (point: RiskPoint) => string };

/** Which holdings move together: numbers first, the shade only helps the eye. */
export function Correlations({ found, where }: Props) {
  const picture = useRef<HTMLDivElement>(null);
  if (found.reason !== null || found.items.length === 0) {
    return (
      <p className="text-sm text-ink-2">Nothing to compare: {reasonOf(found.reason) ?? "—"}.</p>
    );
  }
  const span = spanOf(found);
  return (
    <>
      <p className="text-sm text-ink-2 max-w-[72ch] mb-3">
        1 moves in step, 0 on its own, −1 against. Holdings that are alike stand beside each other;
        a portfolio of such is less spread than it looks.
        {span && ` ${span}, dividends reinvested.`}
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
                {found.items.map((other, column) => (
                  <Cell
                    key={other.instrument_id}
                    value={found.rows[row]?.[column] ?? null}
                    figure={`Correlation of ${item.symbol} and ${other.symbol}`}
                    path={where({
                      of: "correlation",
                      left_id: item.instrument_id,
                      right_id: other.instrument_id,
                    })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div ref={picture} hidden>
        <HeatDrawing
          columns={found.items.map((item) => item.symbol)}
          rows={found.items.map((item, row) => ({
            label: item.symbol,
            cells: (found.rows[row] ?? []).map((value) => ({
              text: value === null ? "—" : twoPlaces(value),
              tint: value === null ? undefined : tintOf(value),
            })),
          }))}
        />
      </div>
      <SaveAs
        className="mt-2 text-xs text-ink-2"
        file="correlations"
        rows={() => [
          ["Holding", ...found.items.map((item) => item.symbol)],
          ...found.items.map((item, row) => [item.symbol, ...(found.rows[row] ?? [])]),
        ]}
        chart={{ box: picture, heading: span ? `Correlations; ${span}` : "Correlations" }}
      />
    </>
  );
}

const spanOf = ({ first_date: first, last_date: last, return_count: count }: CorrelationsOut) =>
  first && last ? `${counted(count, "return")}, ${day(first)} to ${day(last)}` : null;

const twoPlaces = (value: string): string =>
  Number(value).toFixed(2).replace("-0.00", "0.00").replace("-", "\u2212");

/** At most a third of the color: the number keeps its contrast. */
function tintOf(value: string): string {
  const share = Math.round(Math.abs(Number(value)) * 34);
  const color = value.startsWith("-") ? "var(--loss)" : "var(--blue)";
  return `color-mix(in oklab, ${color} ${String(share)}%, var(--paper))`;
}

type CellProps = { value: string | null; figure: string; path: string };

function Cell({ value, figure, path }: CellProps) {
  return (
    <td className="h-8 text-center" style={{ background: value === null ? "" : tintOf(value) }}>
      <Why figure={figure} path={path}>
        {value === null ? (
          <Unknown reason="too few common days, or a price that did not move" />
        ) : (
          twoPlaces(value)
        )}
      </Why>
    </td>
  );
}

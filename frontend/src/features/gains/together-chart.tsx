import { useRef, useState } from "react";
import type { GainsOut, GainsRowOut } from "@/shared/api/gen/types.gen";
import { ReadingSlider } from "@/shared/charts/reading-slider";
import { SaveAs } from "@/shared/charts/save-as";
import { useWidth } from "@/shared/charts/use-width";
import { counted, money } from "@/shared/format/format";
import { usePreferences } from "@/shared/preferences/preferences";
import { amountOf, csvOf, drawnRows, nameOf, partName, PARTS, reasonOfPart } from "./together";
import { PartKey, plotHeight, rowAt, TogetherPlot } from "./together-plot";

const DRAWN = 15;
const NARROWEST = 700;

/** Three bars a row, the row that is read in words above, the same as a file. */
export function TogetherChart({ data }: { data: GainsOut }) {
  const { isHidden } = usePreferences();
  const [at, setAt] = useState<number | null>(null);
  const drawing = useRef<HTMLDivElement>(null);
  const { rows, left } = drawnRows(data, DRAWN);
  const names = PARTS.map((part) => partName(part, data.year));
  // another year may have fewer rows
  const read = at === null ? undefined : rows[at];
  if (rows.length === 0) return null;
  const speak = (row: GainsRowOut) => spoken(row, data, isHidden);
  return (
    <>
      <p
        className="no-print min-h-12 sm:min-h-6 text-sm text-ink-2 tabular-nums"
        aria-live="off"
        data-testid="gains-read"
      >
        {read ? speak(read) : "Point at a row, or move through them by arrow keys, to read it."}
      </p>
      <Drawn
        rows={rows}
        at={read ? at : null}
        currency={data.currency}
        isHidden={isHidden}
        drawing={drawing}
        speak={speak}
        onRead={setAt}
      />
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1 mt-1 text-xs text-ink-2">
        {PARTS.map((part, place) => (
          <span key={part} className="flex items-center gap-2">
            <PartKey part={part} />
            {names[place]}
          </span>
        ))}
        {left > 0 && <span>{counted(left, "smaller one")} in the table only</span>}
        <SaveAs
          className="sm:ml-auto"
          file={data.year === null ? "gains" : `gains-${String(data.year)}`}
          rows={() => csvOf(data)}
          chart={{
            box: drawing,
            heading: `${names[0] ?? ""} (full), ${(names[1] ?? "").toLowerCase()} (pale), ${(names[2] ?? "").toLowerCase()} (hatched), in ${data.currency}`,
          }}
        />
      </div>
    </>
  );
}

/** One row in words: every part of it, and why one is not known. */
function spoken(row: GainsRowOut, { currency, year }: GainsOut, isHidden: boolean): string {
  const said = (amount: string | null, reason: string | undefined): string => {
    if (amount === null) return reason ? `unknown (${reason})` : "unknown";
    return isHidden ? "hidden" : money(amount, currency, { signed: true });
  };
  const parts = PARTS.map(
    (part) =>
      `${partName(part, year).toLowerCase()} ${said(amountOf(row, part), reasonOfPart(row, part))}`,
  );
  return `${nameOf(row)}: ${parts.join(", ")}; together ${said(row.total, undefined)}`;
}

type DrawnProps = {
  rows: readonly GainsRowOut[];
  at: number | null;
  currency: string;
  isHidden: boolean;
  drawing: React.RefObject<HTMLDivElement | null>;
  speak: (row: GainsRowOut) => string;
  onRead: (place: number | null) => void;
};

/** The plot, read by pointer; the same reading by arrow keys, spoken. */
function Drawn({ rows, at, currency, isHidden, drawing, speak, onRead }: DrawnProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const readAt = ({ clientY }: { clientY: number }) => {
    if (!box.current || width === 0) return;
    onRead(rowAt(clientY - box.current.getBoundingClientRect().top, rows.length, width));
  };
  const row = rows[at ?? 0];
  return (
    <div
      ref={box}
      data-testid="gains-plot"
      className="relative select-none touch-pan-y"
      style={{ minHeight: plotHeight(rows.length, width || NARROWEST) }}
      onPointerMove={readAt}
      onPointerDown={readAt}
      onPointerLeave={() => {
        onRead(null);
      }}
    >
      <ReadingSlider
        label="Inspect the gains by instrument"
        help="Arrow keys move through the instruments. The table below lists the same values."
        count={rows.length}
        at={at ?? 0}
        spoken={row && speak(row)}
        onMove={onRead}
        onLeave={() => {
          onRead(null);
        }}
        onFocus={() => {
          onRead(at ?? 0);
        }}
      />
      <div ref={drawing}>
        {width > 0 && (
          <TogetherPlot rows={rows} width={width} currency={currency} isHidden={isHidden} at={at} />
        )}
      </div>
    </div>
  );
}

import { useRef, useState } from "react";
import { DataRegion } from "@/shared/charts/data-region";
import { ReadingSlider } from "@/shared/charts/reading-slider";
import { SaveAs } from "@/shared/charts/save-as";
import type { CalendarMonthOut, CalendarOut } from "@/shared/api/gen/types.gen";
import { TableToggle } from "@/shared/charts/table-toggle";
import { useTable } from "@/shared/charts/use-table";
import { useWidth } from "@/shared/charts/use-width";
import { money } from "@/shared/format/format";
import { usePreferences } from "@/shared/preferences/preferences";
import { Money } from "@/shared/ui/figures";
import { monthName, MonthPlot, placeOf, StateKey } from "./month-plot";
import { STATE_HELP, STATE_NAMES, STATES } from "./phrases";

const HEIGHT = 260;
const NOT_KNOWN = "no exchange rate for one of its payments";

/** Net income by month: bars, the same as a table, the same as a file. */
export function Months({ data }: { data: CalendarOut }) {
  const { isHidden } = usePreferences();
  const [at, setAt] = useState<number | null>(null);
  const [isTable, setTable] = useTable("income");
  const box = useRef<HTMLDivElement>(null);
  const current = data.months.findIndex(({ month }) => data.as_of.startsWith(month));
  const read = data.months[at ?? current] ?? data.months.at(-1);
  const speak = (month: CalendarMonthOut) => spoken(month, data.currency, isHidden);
  return (
    <>
      <p className="min-h-6 text-sm text-ink-2 num" aria-live="off">
        {read && speak(read)}
      </p>
      {isTable ? (
        <MonthTable data={data} />
      ) : (
        <div ref={box}>
          <Chart data={data} at={at} start={Math.max(current, 0)} onRead={setAt} speak={speak} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1 mt-1 text-xs text-ink-2">
        {STATES.map((state) => (
          <span key={state} className="flex items-center gap-2" title={STATE_HELP[state]}>
            <StateKey state={state} />
            {STATE_NAMES[state]}
          </span>
        ))}
        <span className="flex flex-wrap gap-x-5 sm:ml-auto">
          <TableToggle isTable={isTable} onChange={setTable} />
          <SaveAs
            file="income-by-month"
            rows={() => rowsOf(data)}
            chart={isTable ? undefined : { box, heading: headingOf(data) }}
          />
        </span>
      </div>
    </>
  );
}

function spoken(month: CalendarMonthOut, currency: string, isHidden: boolean): string {
  const parts = STATES.filter((state) => month[state] !== "0").map((state) => {
    const value = month[state];
    const amount = value === null ? "unknown" : isHidden ? "hidden" : money(value, currency);
    return `${STATE_NAMES[state].toLowerCase()} ${amount}`;
  });
  return `${monthName(month.month, true)}: ${parts.length > 0 ? parts.join(", ") : "nothing"}`;
}

/** A picture has no legend beside it: its heading says how the bars look. */
const headingOf = ({ currency }: CalendarOut): string =>
  `Net income by month in ${currency}: paid, declared (pale), estimated (hatched)`;

const rowsOf = (data: CalendarOut) => [
  ["Month", "Paid", "Declared", "Estimated", "Currency"],
  ...data.months.map((m) => [m.month, m.paid, m.declared, m.estimated, data.currency]),
];

type ChartProps = {
  data: CalendarOut;
  at: number | null;
  start: number;
  onRead: (place: number | null) => void;
  speak: (month: CalendarMonthOut) => string;
};

function Chart({ data, at, start, onRead, speak }: ChartProps) {
  const { isHidden } = usePreferences();
  const [box, width] = useWidth<HTMLDivElement>();
  const readAt = ({ clientX }: { clientX: number }) => {
    if (!box.current || width === 0) return;
    const x = placeOf(data.months, width);
    const place = Math.floor((clientX - box.current.getBoundingClientRect().left) / x.step());
    onRead(Math.min(Math.max(place, 0), data.months.length - 1));
  };
  const month = data.months[at ?? start];
  return (
    <div
      ref={box}
      className="relative select-none touch-pan-y"
      style={{ height: HEIGHT }}
      onPointerMove={readAt}
      onPointerDown={readAt}
      onPointerLeave={() => {
        onRead(null);
      }}
    >
      <ReadingSlider
        label="Inspect the income by month"
        help="Arrow keys move through the months. “Show as table” lists the same values."
        count={data.months.length}
        at={at ?? start}
        spoken={month && speak(month)}
        onMove={onRead}
        onLeave={() => {
          onRead(null);
        }}
      />
      {width > 0 && (
        <MonthPlot
          months={data.months}
          width={width}
          height={HEIGHT}
          currency={data.currency}
          isHidden={isHidden}
          at={at}
        />
      )}
    </div>
  );
}

function MonthTable({ data }: { data: CalendarOut }) {
  return (
    <DataRegion label="Income by month: data" height={HEIGHT}>
      <thead>
        <tr>
          <th scope="col">Month</th>
          {STATES.map((state) => (
            <th key={state} scope="col">
              {STATE_NAMES[state]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {data.months.map((month) => (
          <tr key={month.month}>
            <td>{monthName(month.month, true)}</td>
            {STATES.map((state) => (
              <td key={state}>
                <Money value={month[state]} currency={data.currency} reason={NOT_KNOWN} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </DataRegion>
  );
}

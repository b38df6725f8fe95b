import { useRef, useState, type ReactNode } from "react";
import { DataRegion } from "@/shared/charts/data-region";
import { LineKey } from "@/shared/charts/line-key";
import { SaveAs, type Rows } from "@/shared/charts/save-as";
import { Thinned } from "@/shared/charts/thinned";
import { TableToggle } from "@/shared/charts/table-toggle";
import { useTable } from "@/shared/charts/use-table";
import { TimeChart } from "@/shared/charts/time-chart";
import type { TimePoint } from "@/shared/charts/time-plot";
import { day, longDay, percent } from "@/shared/format/format";
import { Why } from "@/shared/ui/why";

type Props = {
  points: readonly TimePoint[];
  /** What the line is, and the one it is compared with. */
  name: string;
  second?: string | undefined;
  color: string;
  height: number;
  file: string;
  /** Every day, to the last digit, for the file. */
  rows: () => Rows | Promise<Rows>;
  label: string;
  /** Whether there are more days than points. */
  isThinned: boolean;
  /** Where the point of a day is explained. */
  where?: (on: string) => string | null;
  /** What the address calls it, where its table is shown. */
  table: string;
};

const told = (value: number | null | undefined): string =>
  value === null || value === undefined ? "unknown" : percent(value.toFixed(6), 2, true);

/** Ratios over time: a chart, the same as a table, the same as a file. */
export function RatioSeries({
  points,
  name,
  second,
  color,
  height,
  file,
  rows,
  label,
  isThinned,
  where,
  table,
}: Props) {
  const [read, setRead] = useState<TimePoint | null>(null);
  const [isTable, setTable] = useTable(table);
  const box = useRef<HTMLDivElement>(null);
  if (points.filter((point) => point.value !== null).length < 2) {
    return <p className="note">The line appears once there are two days to connect.</p>;
  }
  const shown = points.find((point) => point.date === read?.date) ?? points.at(-1);
  const speak = (point: TimePoint) =>
    `${longDay(point.date)}: ${told(point.value)}` +
    (second ? `, ${second} ${told(point.second)}` : "");
  return (
    <>
      <p className="min-h-6 text-sm text-ink-2 num" aria-live="off">
        {shown && (
          <Why mark figure={whyOf(name, shown)} path={where?.(shown.date)}>
            {speak(shown)}
          </Why>
        )}
      </p>
      {isTable ? (
        <SeriesTable {...{ points, name, second, height, label, where }} />
      ) : (
        <div ref={box}>
          <TimeChart
            points={points}
            height={height}
            color={color}
            label={label}
            baseline="zero"
            tick={(value) => percent(value.toFixed(4), 0)}
            speak={speak}
            onRead={setRead}
            keeps={where !== undefined}
          />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1 mt-1 text-xs text-ink-2">
        <Key color={color}>{name}</Key>
        {second && (
          <Key color="var(--ink-2)" dashes="4 3">
            {second}
          </Key>
        )}
        <Thinned isThinned={isThinned} count={points.length} />
        <span className="flex flex-wrap gap-x-5 sm:ml-auto">
          <TableToggle isTable={isTable} onChange={setTable} />
          <SaveAs
            file={file}
            rows={rows}
            chart={isTable ? undefined : { box, heading: second ? `${name}; ${second}` : name }}
          />
        </span>
      </div>
    </>
  );
}

const whyOf = (name: string, { date }: TimePoint) => `${name} ${day(date)}`;

function Key({ color, dashes, children }: { color: string; dashes?: string; children: ReactNode }) {
  return (
    <span className="flex items-center gap-2">
      <LineKey color={color} dashes={dashes} />
      {children}
    </span>
  );
}

type TableProps = Pick<Props, "points" | "name" | "second" | "height" | "label" | "where">;

function SeriesTable({ points, name, second, height, label, where }: TableProps) {
  return (
    <DataRegion label={`${label}: data`} height={height}>
      <thead>
        <tr>
          <th scope="col">Date</th>
          <th scope="col">{name}</th>
          {second && <th scope="col">{second}</th>}
        </tr>
      </thead>
      <tbody>
        {[...points].reverse().map((point) => (
          <tr key={point.date}>
            <td>{longDay(point.date)}</td>
            <td className="num">
              <Why figure={whyOf(name, point)} path={where?.(point.date)}>
                {told(point.value)}
              </Why>
            </td>
            {second && <td className="num">{told(point.second)}</td>}
          </tr>
        ))}
      </tbody>
    </DataRegion>
  );
}

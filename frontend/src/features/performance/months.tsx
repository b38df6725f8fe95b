import { useRef } from "react";
import type { MonthlyOut, PartOut } from "@/shared/api/gen/types.gen";
import { HeatDrawing } from "@/shared/charts/heat-drawing";
import { SaveAs } from "@/shared/charts/save-as";
import { day, percent } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { useWide } from "@/shared/ui/use-wide";
import { Why } from "@/shared/ui/why";
import { returnPath, type ReturnFilter } from "./queries";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const STRONGEST = 0.1; // a month of 10 % has the full tint
const MOST_TINT = 36;

/** The number says it; the tint repeats it. */
function tint(ratio: string | null): string | undefined {
  const value = Number(ratio ?? 0);
  if (!value) return undefined;
  const share = Math.min(Math.abs(value) / STRONGEST, 1) * MOST_TINT;
  const color = value < 0 ? "var(--loss)" : "var(--gain)";
  return `color-mix(in oklab, ${color} ${share.toFixed(0)}%, var(--paper))`;
}

/** Where the return of a month or a year is explained. */
type Where = (part: PartOut) => string | null;
type Props = { data: MonthlyOut; filter: ReturnFilter };
type TableProps = { data: MonthlyOut; where: Where };

/** `name` is the month of the year or the year. */
function Cell({ part, name, where }: { part: PartOut; name: string; where: Where }) {
  const reason = part.ratio === null ? (reasonOf(part.reason) ?? "not known") : undefined;
  const cut = part.is_partial ? `${day(part.from_date)} to ${day(part.to_date)} only` : undefined;
  return (
    <Why figure={`Return of ${name}`} path={where(part)}>
      <span className="num" title={reason ?? cut}>
        {part.ratio === null ? (
          <>
            <span aria-hidden="true">—</span>
            <span className="sr">unknown: {reason}</span>
          </>
        ) : (
          percent(part.ratio, 1, true)
        )}
        {part.is_partial && part.ratio !== null && (
          <>
            <span aria-hidden="true">*</span>
            <span className="sr"> {cut}</span>
          </>
        )}
      </span>
    </Why>
  );
}

/** Year × month: numbers always, color second. */
export function Months({ data, filter }: Props) {
  const isWide = useWide();
  const picture = useRef<HTMLDivElement>(null);
  if (data.years.length === 0) {
    return <p className="text-sm text-ink-2">There is no month to tell of yet.</p>;
  }
  const where = (part: PartOut) =>
    returnPath(filter, data, "time_weighted", { since: part.from_date, until: part.to_date });
  return (
    <>
      {isWide ? <Wide data={data} where={where} /> : <Narrow data={data} where={where} />}
      <p className="mt-2 text-xs text-ink-2 flex flex-wrap gap-x-5">
        <span>* a part of the month or year: the span begins or ends within it</span>
        <SaveAs
          className="sm:ml-auto"
          file="monthly-returns"
          rows={() => csvRows(data)}
          chart={{ box: picture, heading: "Returns by month; * a part of the month or year" }}
        />
      </p>
      <div ref={picture} hidden>
        <Drawing data={data} />
      </div>
    </>
  );
}

const inMonth = (months: readonly PartOut[], place: number): PartOut | undefined =>
  months.find((part) => part.month === place + 1);

const csvRows = (data: MonthlyOut) => [
  ["Year", ...MONTHS, "Year"],
  ...data.years.map(({ year, months, whole }) => [
    String(year),
    ...MONTHS.map((_, place) => inMonth(months, place)?.ratio ?? null),
    whole.ratio,
  ]),
];

/** The same as one drawing, for a picture of it. */
function Drawing({ data }: { data: MonthlyOut }) {
  const cell = (part: PartOut | undefined) => ({
    text: part ? `${told(part)}${part.is_partial && part.ratio !== null ? "*" : ""}` : "",
    tint: tint(part?.ratio ?? null),
  });
  return (
    <HeatDrawing
      columns={[...MONTHS, "Whole"]}
      rows={data.years.map(({ year, months, whole }) => ({
        label: String(year),
        cells: [
          ...MONTHS.map((_, place) => cell(inMonth(months, place))),
          { ...cell(whole), tint: undefined },
        ],
      }))}
    />
  );
}

const told = ({ ratio }: PartOut): string => (ratio === null ? "—" : percent(ratio, 1, true));

function Wide({ data, where }: TableProps) {
  return (
    <div className="tablewrap">
      <table className="tbl rows heat" aria-label="Returns by month">
        <thead>
          <tr>
            <th scope="col">Year</th>
            {MONTHS.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">Whole</th>
          </tr>
        </thead>
        <tbody>
          {data.years.map(({ year, months, whole }) => (
            <tr key={year}>
              <th scope="row">{year}</th>
              {MONTHS.map((name, place) => {
                const part = inMonth(months, place);
                return (
                  <td key={name} style={{ background: tint(part?.ratio ?? null) }}>
                    {part && <Cell part={part} name={`${name} ${String(year)}`} where={where} />}
                  </td>
                );
              })}
              <td className="font-semibold">
                <Cell part={whole} name={String(year)} where={where} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A phone has room for four months beside each other. */
function Narrow({ data, where }: TableProps) {
  return (
    <ul className="flex flex-col gap-4" aria-label="Returns by month">
      {data.years.map(({ year, months, whole }) => (
        <li key={year}>
          <p className="flex justify-between text-sm font-semibold mb-1">
            <span>{year}</span>
            <Cell part={whole} name={String(year)} where={where} />
          </p>
          <ul className="grid grid-cols-4 gap-px">
            {months.map((part) => (
              <li
                key={part.month}
                className="px-1.5 py-1 text-xs"
                style={{ background: tint(part.ratio) }}
              >
                <span className="block">{MONTHS[part.month - 1]}</span>
                <Cell
                  part={part}
                  name={`${MONTHS[part.month - 1] ?? ""} ${String(year)}`}
                  where={where}
                />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

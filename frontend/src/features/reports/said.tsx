import { useQuery } from "@tanstack/react-query";
import type { ReportDetailOut } from "@/shared/api/gen/types.gen";
import { SaveAs } from "@/shared/charts/save-as";
import { counted } from "@/shared/format/format";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { Figure, toldBy, type Reported } from "./figure";
import { leaves, ofLine, type Leaf } from "./figures";
import { capitalized, columnsOf, type Line } from "./lists";
import { fieldOf, placeText } from "./places";
import { bodyQuery } from "./queries";
import { howOf, saidOf, type Said as SaidPart } from "./sections";

const MOST_LINES = 50;

/** What the page said, answer by answer, and how it was worked out. */
export function Said({ report }: { report: ReportDetailOut }) {
  const { data, error, refetch } = useQuery(bodyQuery(report.id));
  if (data === undefined) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading what it said" rows={6} height={24} />
    );
  }
  const how = howOf(data);
  return (
    <>
      <div data-testid="said" className="flex flex-col gap-6">
        {saidOf(data).map((part) => (
          <Part key={part.place} report={report} part={part} />
        ))}
      </div>
      {how.length > 0 && (
        <details className="mt-4 text-sm">
          <summary className="cursor-pointer py-1.5">How it was worked out</summary>
          <Figures report={report} place="/conventions" figures={how} />
        </details>
      )}
      <SaveAs className="mt-4 text-sm" file={`${report.kind}-${report.as_of}`} json={() => data} />
    </>
  );
}

/** One answer: its single figures, then its lists, each to be opened. */
function Part({ report, part }: { report: Reported; part: SaidPart }) {
  return (
    <div>
      {part.place !== "" && (
        <h3 className="text-sm font-semibold mb-1">{capitalized(placeText(part.place))}</h3>
      )}
      <Figures report={report} place={part.place} figures={part.figures} />
      {part.lists.map(([place, lines]) => (
        <List key={place} report={report} place={`${part.place}${place}`} lines={lines} />
      ))}
    </div>
  );
}

type FiguresProps = { report: Reported; place: string; figures: readonly Leaf[] };

const Figures = ({ report, place, figures }: FiguresProps) => (
  <dl className="grid grid-cols-[minmax(0,1fr)] sm:grid-cols-[minmax(0,18rem)_minmax(0,1fr)] gap-x-6 text-sm">
    {figures.map(([of, value]) => (
      <div key={of} className="contents">
        <dt className="text-ink-2 sm:py-1 sm:border-b border-rule">{capitalized(placeText(of))}</dt>
        <dd className="pb-1 sm:py-1 border-b border-rule break-words tabular-nums">
          <Figure report={report} place={`${place}${of}`} value={value} />
        </dd>
      </div>
    ))}
  </dl>
);

type ListProps = { report: Reported; place: string; lines: readonly Line[] };

/** A list of the answer as a table; a long one is cut, and whole in the file. */
function List({ report, place, lines }: ListProps) {
  const columns = columnsOf(lines);
  const name = capitalized(placeText(`/${fieldOf(place)}`));
  return (
    <details className="mt-3 text-sm">
      <summary className="cursor-pointer py-1.5">
        {name}: {counted(lines.length, "line")}
      </summary>
      <div className="tablewrap">
        <table className="tbl" aria-label={name}>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={column} scope="col" className={index === 0 ? "!text-left" : ""}>
                  {capitalized(placeText(column))}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, MOST_LINES).map((line, index) => (
              <LineRow
                key={`${place}/${String(index)}`}
                {...{ report, place, columns, line, index }}
              />
            ))}
          </tbody>
        </table>
      </div>
      {lines.length > MOST_LINES && (
        <p className="text-ink-2 mt-2">
          The first {MOST_LINES}; all {lines.length} are in the file.
        </p>
      )}
    </details>
  );
}

/** Words may take several lines of a cell, figures and days may not. */
const LONG = /(name|label|message|reason|reasons)$/;

type LineProps = {
  report: Reported;
  place: string;
  columns: readonly string[];
  line: Line;
  index: number;
};

function LineRow({ report, place, columns, line, index }: LineProps) {
  const told = ofLine(line, toldBy(report));
  const found = new Map(leaves(line));
  return (
    <tr>
      {columns.map((column, at) => (
        <td
          key={column}
          className={`${at === 0 ? "!text-left" : "tabular-nums"} ${LONG.test(column) ? "" : "whitespace-nowrap"}`}
        >
          {found.has(column) && (
            <Figure
              report={report}
              told={told}
              place={`${place}/${String(index)}${column}`}
              value={found.get(column) ?? null}
            />
          )}
        </td>
      ))}
    </tr>
  );
}

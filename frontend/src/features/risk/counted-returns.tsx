import { useRef, useState } from "react";
import type { RiskOut } from "@/shared/api/gen/types.gen";
import { DataRegion } from "@/shared/charts/data-region";
import { SaveAs } from "@/shared/charts/save-as";
import { TableToggle } from "@/shared/charts/table-toggle";
import { useTable } from "@/shared/charts/use-table";
import { counted, day, percent } from "@/shared/format/format";
import { Why, WhyOpened } from "@/shared/ui/why";
import { barText, Histogram, HISTOGRAM_HEIGHT } from "./histogram";
import type { RiskPoint } from "./queries";

type Props = { risk: RiskOut; where: (point: RiskPoint) => string };

/** How often returns lay where: bars, the same as a table, the same as a file. */
export function CountedReturns({ risk, where }: Props) {
  const [isTable, setTable] = useTable("histogram");
  const [pressed, setPressed] = useState<number | null>(null);
  const [read, setRead] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const { past_tail: tail } = risk;
  if (risk.histogram.length === 0) {
    return <p className="text-sm text-ink-2">There is no return to count yet.</p>;
  }
  const span =
    tail.first_date && tail.last_date ? `, ${day(tail.first_date)} to ${day(tail.last_date)}` : "";
  return (
    <figure className="min-w-0">
      {isTable ? (
        <BinTable risk={risk} where={where} />
      ) : (
        <>
          <p className="num text-sm text-ink-2 min-h-5" aria-hidden="true">
            {read === null ? "" : barText(risk, read)}
          </p>
          <div ref={box}>
            <Histogram risk={risk} at={read} onRead={setRead} onPress={setPressed} />
          </div>
        </>
      )}
      <figcaption className="text-xs text-ink-2 mt-2 flex flex-wrap gap-x-4 gap-y-1">
        <span>
          The newest {counted(tail.return_count, "return")}
          {span}.
          <span className="no-print"> Press a bar, or a number of the table, for its days.</span>
        </span>
        <TableToggle isTable={isTable} onChange={setTable} />
        <SaveAs
          file="returns-counted"
          rows={() => [
            ["From", "To", "Days"],
            ...risk.histogram.map((bin) => [bin.from_ratio, bin.to_ratio, String(bin.count)]),
          ]}
          chart={
            isTable
              ? undefined
              : {
                  box,
                  heading: `How often returns lay where; ${counted(tail.return_count, "return")}${span}`,
                }
          }
        />
      </figcaption>
      {pressed !== null && (
        <WhyOpened
          {...barOf({ risk, where }, pressed)}
          onClose={() => {
            setPressed(null);
          }}
        />
      )}
    </figure>
  );
}

/** What a bar is called and where it is explained; the first one is numbered 1. */
function barOf({ risk, where }: Props, place: number) {
  const { from_ratio: from = "0", to_ratio: to = "0" } = risk.histogram[place] ?? {};
  return {
    figure: `Days from ${percent(from, 2, true)} to ${percent(to, 2, true)}`,
    path: where({ of: "histogram", bar: String(place + 1) }),
  };
}

function BinTable({ risk, where }: Props) {
  return (
    <DataRegion label="Returns counted" height={HISTOGRAM_HEIGHT}>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">Days</th>
        </tr>
      </thead>
      <tbody>
        {risk.histogram.map((bin, place) => (
          <tr key={bin.from_ratio}>
            <td className="num">{percent(bin.from_ratio, 2, true)}</td>
            <td className="num">{percent(bin.to_ratio, 2, true)}</td>
            <td className="num">
              <Why {...barOf({ risk, where }, place)}>{bin.count}</Why>
            </td>
          </tr>
        ))}
      </tbody>
    </DataRegion>
  );
}

import { ChevronDown } from "lucide-react";
import { useRef, useState } from "react";
import type { WaterfallOut } from "./waterfall-types";
import { explainPath } from "@/shared/api/explanations";
import { SaveAs } from "@/shared/charts/save-as";
import { compactMoney, day } from "@/shared/format/format";
import { reasonOf, reasonText } from "@/shared/format/reasons";
import { usePreferences } from "@/shared/preferences/preferences";
import { Money, tone } from "@/shared/ui/figures";
import { sliceQuery } from "@/shared/slice";
import { Why } from "@/shared/ui/why";
import { BarRecords } from "./bar-records";
import { ChangeParts } from "./change-parts";
import type { ReturnFilter } from "./queries";
import { colorOf, placed, told, type PlacedBar } from "./waterfall-bars";
import { WaterfallDrawing } from "./waterfall-drawing";

type Props = { data: WaterfallOut; filter: ReturnFilter };

/** Where a bar is explained, of a slice as well. */
function barPath({ data, filter }: Props, bar: string): string | null {
  if (data.from_date === null) return null;
  return explainPath("value-change", {
    bar,
    ...sliceQuery(filter.account, filter.slice),
    from: data.from_date,
    to: data.to_date ?? undefined,
  });
}

/** Where the value of a day is explained, of a slice as well. */
const valuePath = (day: string, { account, slice }: ReturnFilter): string =>
  explainPath("nav", { on: day, ...sliceQuery(account, slice) });

/** Opening value, what changed it, closing value: a chart that is a table that adds up. */
export function Waterfall({ data, filter }: Props) {
  const { isHidden } = usePreferences();
  const picture = useRef<HTMLDivElement>(null);
  if (data.from_date === null || data.to_date === null) {
    return <p className="text-sm text-ink-2">{reasonOf(data.reason)}.</p>;
  }
  const bars = placed(data);
  return (
    <>
      {data.reason && (
        <div className="note warn mb-3" role="status">
          <p>{reasonOf(data.reason)}. What needs it is shown as unknown, never as a part.</p>
          {data.unknowns.map((unknown) => (
            <p key={`${unknown.reason_code} ${unknown.message}`}>{unknown.message}</p>
          ))}
        </div>
      )}
      <table className="tbl rows" aria-label="Value change">
        <thead>
          <tr>
            <th scope="col">What changed it</th>
            <th scope="col" className="max-sm:hidden w-1/2">
              <span className="sr">Drawn</span>
            </th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          <End
            label={`Value on ${day(data.from_date)}`}
            data={data}
            value={data.opening_nav}
            path={valuePath(data.from_date, filter)}
          />
          {bars.map((bar) => (
            <Row
              key={bar.bar.bar}
              placed={bar}
              data={data}
              filter={filter}
              path={barPath({ data, filter }, bar.bar.bar)}
            />
          ))}
          <End
            label={`Value on ${day(data.to_date)}`}
            data={data}
            value={data.closing_nav}
            path={barPath({ data, filter }, "closing")}
          />
        </tbody>
      </table>
      <p className="mt-2 text-xs text-ink-2 flex flex-wrap gap-x-5">
        <span>
          The value before and every line add up to the value after, to the last digit.
          {bars[0] && !isHidden && ` Drawn from ${compactMoney(bars[0].from, data.currency)}.`}
        </span>
        <SaveAs
          className="sm:ml-auto"
          file="value-change"
          rows={() => csvRows(data)}
          chart={{ box: picture, heading: `What changed the value, in ${data.currency}` }}
        />
      </p>
      <div ref={picture} hidden>
        <WaterfallDrawing data={data} bars={bars} />
      </div>
    </>
  );
}

const csvRows = (data: WaterfallOut) => [
  ["What changed it", "Amount", "Currency"],
  [`Value on ${data.from_date ?? ""}`, data.opening_nav, data.currency],
  ...data.bars.map((bar) => [told(bar.bar, data)[0], bar.amount, data.currency]),
  [`Value on ${data.to_date ?? ""}`, data.closing_nav, data.currency],
];

type EndProps = { label: string; value: string | null; data: WaterfallOut; path: string | null };

function End({ label, value, data, path }: EndProps) {
  return (
    <tr className="font-semibold">
      <th scope="row" className="!text-left !font-semibold">
        {label}
      </th>
      <td className="max-sm:hidden" />
      <td>
        <Why figure={label} path={path}>
          <Money value={value} currency={data.currency} reason={reasonOf(data.reason)} />
        </Why>
      </td>
    </tr>
  );
}

type RowProps = Props & { placed: PlacedBar; path: string | null };

function Row({ placed: { bar, start, width }, data, filter, path }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const [name, help] = told(bar.bar, data);
  const parts = bar.bar === "unrealized" || bar.bar === "fx" ? bar.bar : undefined;
  const canOpen = bar.record_count > 0 || parts !== undefined;
  return (
    <>
      <tr>
        <td title={help}>
          {canOpen ? (
            <button
              type="button"
              className="said lnk gap-1"
              aria-expanded={isOpen}
              onClick={() => {
                setOpen(!isOpen);
              }}
            >
              {name}
              <ChevronDown aria-hidden="true" size={14} className={isOpen ? "rotate-180" : ""} />
            </button>
          ) : (
            name
          )}
          <span className="sm:hidden block mt-1">
            <Track bar={bar} start={start} width={width} />
          </span>
        </td>
        <td className="max-sm:hidden">
          <Track bar={bar} start={start} width={width} />
        </td>
        <td>
          <Why figure={name} path={path}>
            <Money
              value={bar.amount}
              currency={data.currency}
              signed
              reason={reasonText(bar.reasons)}
              className={tone(bar.amount)}
            />
          </Why>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={3} className="!p-0 !text-left">
            {parts && <ChangeParts bar={parts} filter={filter} />}
            {bar.record_count > 0 && (
              <BarRecords bar={bar} currency={data.currency} name={name} filter={filter} />
            )}
          </td>
        </tr>
      )}
    </>
  );
}

function Track({ bar, start, width }: Omit<PlacedBar, "from">) {
  if (bar.amount === null) return null;
  return (
    <span aria-hidden="true" className="relative block h-2 sm:h-4 min-w-32">
      <i
        className="absolute inset-y-0 rounded-[2px] min-w-px"
        style={{
          left: `${start.toFixed(2)}%`,
          width: `${width.toFixed(2)}%`,
          background: colorOf(bar),
        }}
      />
    </span>
  );
}

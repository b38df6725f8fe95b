import { Link } from "@tanstack/react-router";
import { SaveAs } from "@/shared/charts/save-as";
import { explainPath } from "@/shared/api/explanations";
import type { InstrumentYieldsOut, YieldsOut } from "@/shared/api/gen/types.gen";
import { counted, LOT_DIGITS } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { Money } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { Why } from "@/shared/ui/why";
import { YieldFigure } from "./headline";
import type { IncomeFilter } from "./queries";

type Props = { data: YieldsOut; filter: IncomeFilter };

/** Yields of each long position; a dash says why there is none. */
export function YieldsTable({ data, filter }: Props) {
  if (data.items.length === 0) return <p className="text-sm text-ink-2">Nothing is held.</p>;
  return (
    <>
      <div className="tablewrap">
        <table className="tbl stack" aria-label="Yields">
          <thead>
            <tr>
              <th scope="col" className="!text-left">
                Instrument
              </th>
              <th scope="col">Value</th>
              <th scope="col">Paid, a unit</th>
              <th scope="col">Trailing</th>
              <th scope="col">Forward</th>
              <th scope="col">On cost</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <Row key={item.instrument_id} item={item} filter={filter} base={data.currency} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-xs text-ink-2 flex flex-wrap gap-x-5">
        <span>
          Before tax.
          {data.without_history_count > 0 &&
            ` Of ${counted(data.without_history_count, "position")} nothing is known to have been paid.`}
        </span>
        <SaveAs className="sm:ml-auto" file="yields" rows={() => rowsOf(data)} />
      </p>
    </>
  );
}

const rowsOf = (data: YieldsOut) => [
  ["Symbol", "Value", "Currency", "Trailing a unit", "Forward a unit", "Price currency",
    "Trailing yield", "Forward yield", "Yield on cost"], // prettier-ignore
  ...data.items.map((item) => [
    item.symbol,
    item.market_value,
    data.currency,
    item.trailing_per_unit,
    item.forward_per_unit,
    item.currency,
    item.trailing.ratio,
    item.forward.ratio,
    item.on_cost.ratio,
  ]),
];

type RowProps = { item: InstrumentYieldsOut; filter: IncomeFilter; base: string };

function Row({ item, filter, base }: RowProps) {
  const search = useScopeSearch();
  const path = (figure: string) =>
    explainPath(`income/yields/${item.instrument_id}`, { figure, account_id: filter.account });
  return (
    <tr>
      <td className="!text-left">
        <Link
          to="/holdings/$instrumentId"
          params={{ instrumentId: item.instrument_id }}
          search={search}
          className="lnk font-semibold"
        >
          {item.symbol}
        </Link>
        <span className="block text-xs text-ink-2 max-md:hidden truncate max-w-56">
          {item.name}
        </span>
      </td>
      <td className="max-md:!text-right">
        <Money
          value={item.market_value}
          currency={base}
          digits={0}
          reason="its value is not known"
        />
      </td>
      <td className="max-md:hidden">
        <Why
          figure={`Paid in a year for one unit of ${item.symbol}`}
          path={item.trailing_per_unit && path("trailing_per_unit")}
        >
          <Money
            value={item.trailing_per_unit}
            currency={item.currency}
            upTo={LOT_DIGITS}
            reason={reasonOf(item.trailing.reason)}
          />
        </Why>
      </td>
      {FIGURES.map(([name, label]) => (
        <td key={name} className="max-md:hidden">
          <Figure item={item} name={name} label={label} path={path} />
        </td>
      ))}
      {/* on a phone no heading stands above a figure: each says its name itself */}
      <td className="md:hidden max-md:col-span-2 max-md:!text-left text-xs text-ink-2">
        <span className="flex flex-wrap gap-x-3">
          {FIGURES.map(([name, label, word]) => (
            <span key={name}>
              {word} <Figure item={item} name={name} label={label} path={path} />
            </span>
          ))}
        </span>
      </td>
    </tr>
  );
}

const FIGURES = [
  ["trailing", "Trailing yield", "Trailing"],
  ["forward", "Forward yield", "forward"],
  ["on_cost", "Yield on cost", "on cost"],
] as const;

type FigureProps = {
  item: InstrumentYieldsOut;
  name: "trailing" | "forward" | "on_cost";
  label: string;
  path: (figure: string) => string;
};

const Figure = ({ item, name, label, path }: FigureProps) => (
  <Why figure={`${label} of ${item.symbol}`} path={path(name)}>
    <YieldFigure found={item[name]} />
  </Why>
);

import type { ProjectedInstrumentOut, ProjectionOut } from "@/shared/api/gen/types.gen";
import { SaveAs } from "@/shared/charts/save-as";
import { day } from "@/shared/format/format";
import { Amounts } from "./received";

const nameOf = ({ symbol }: ProjectedInstrumentOut): string => symbol ?? "Interest";

/** What the next twelve months are expected to bring, by who pays it. */
export function Projected({ data }: { data: ProjectionOut }) {
  const { currency } = data;
  return (
    <>
      <p className="text-sm text-ink-2 mb-2">
        {day(data.as_of)} to {day(data.through_date)}. What is declared is known; the rest is
        estimated from what was paid before.
      </p>
      <div className="tablewrap">
        <table className="tbl" aria-label="Income expected">
          <thead>
            <tr>
              <th scope="col" className="!text-left">
                Paid by
              </th>
              <th scope="col" className="max-sm:hidden">
                Before tax
              </th>
              <th scope="col" className="max-sm:hidden">
                Withheld
              </th>
              <th scope="col">Net</th>
            </tr>
          </thead>
          <tbody>
            {data.instruments.map((one) => (
              <Amounts
                key={one.instrument_id ?? "interest"}
                label={nameOf(one)}
                amounts={one.amounts}
                currency={currency}
              />
            ))}
          </tbody>
          <tfoot>
            <Amounts label="Declared" amounts={data.declared} currency={currency} />
            <Amounts label="Estimated" amounts={data.estimated} currency={currency} />
            <Amounts label="Together" amounts={data.total} currency={currency} />
          </tfoot>
        </table>
      </div>
      <SaveAs className="mt-2 text-xs" file="income-expected" rows={() => rowsOf(data)} />
    </>
  );
}

const rowsOf = (data: ProjectionOut) => [
  ["Paid by", "Before tax", "Withheld", "Net", "Currency"],
  ...data.instruments.map((one) => [
    nameOf(one), one.amounts.gross, one.amounts.withheld, one.amounts.net, data.currency,
  ]), // prettier-ignore
];

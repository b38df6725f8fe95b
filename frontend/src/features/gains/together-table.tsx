import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { explainPath } from "@/shared/api/explanations";
import type { GainOut, GainsOut, GainsRowOut } from "@/shared/api/gen/types.gen";
import { reasonText } from "@/shared/format/reasons";
import { Money, tone } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { Why } from "@/shared/ui/why";
import {
  amountOf,
  nameOf,
  partName,
  PARTS,
  reasonOfGain,
  reasonOfPart,
  type Part,
} from "./together";

type Props = { data: GainsOut; account: string | undefined };

/** Every instrument by what it brought; the last line adds them up. */
export function TogetherTable({ data, account }: Props) {
  return (
    <div className="tablewrap">
      <table className="tbl" aria-label="Realized, unrealized and income">
        <thead>
          <tr>
            <th scope="col" className="!text-left">
              Instrument
            </th>
            {PARTS.map((part) => (
              <th key={part} scope="col" className="max-md:hidden">
                {partName(part, data.year)}
              </th>
            ))}
            <th scope="col">Together</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((row) => (
            <Row key={row.instrument_id ?? "none"} row={row} data={data} account={account} />
          ))}
        </tbody>
        <tfoot>
          <Row row={data.total} data={data} account={account} isTotal />
        </tfoot>
      </table>
    </div>
  );
}

type RowProps = Props & { row: GainsRowOut; isTotal?: boolean };

function Row({ row, data, account, isTotal = false }: RowProps) {
  const where = (part: Part) => whyOf(part, { row, data, account, isTotal });
  return (
    <tr>
      <td className="!text-left align-top">
        <Instrument row={row} />
        {/* on a phone the parts stand under the name, each with its own */}
        <dl className="md:hidden mt-1 grid grid-cols-[auto_auto] justify-start gap-x-3 text-xs text-ink-2">
          {PARTS.map((part) => (
            <Fragmented key={part} label={partName(part, data.year)}>
              <Figure row={row} part={part} data={data} path={where(part)} />
            </Fragmented>
          ))}
        </dl>
      </td>
      {PARTS.map((part) => (
        <td key={part} className="max-md:hidden align-top">
          <Figure row={row} part={part} data={data} path={where(part)} />
        </td>
      ))}
      <td className={`align-top ${isTotal ? "" : "font-medium"}`}>
        <Money
          value={row.total}
          currency={data.currency}
          signed
          reason={reasonText(row.reasons) ?? "a part of it is not known"}
          className={tone(row.total)}
        />
      </td>
    </tr>
  );
}

const Fragmented = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt>{label}</dt>
    <dd className="text-right">{children}</dd>
  </>
);

function Instrument({ row }: { row: GainsRowOut }) {
  const search = useScopeSearch();
  if (row.instrument_id === null) return <span className="font-semibold">{row.name}</span>;
  return (
    <Link
      to="/holdings/$instrumentId"
      params={{ instrumentId: row.instrument_id }}
      search={search}
      className="lnk !py-0 font-semibold"
      title={row.name}
    >
      {nameOf(row)}
    </Link>
  );
}

type FigureProps = {
  row: GainsRowOut;
  part: Part;
  data: GainsOut;
  path: string | null;
};

function Figure({ row, part, data, path }: FigureProps) {
  const value = amountOf(row, part);
  return (
    <>
      <Why figure={`${partName(part, data.year)} of ${nameOf(row)}`} path={path}>
        <Money
          value={value}
          currency={data.currency}
          signed
          reason={reasonOfPart(row, part) ?? "a part of it is not known"}
          className={part === "income" ? "" : tone(value)}
        />
      </Why>
      {part === "realized" && <FromCurrency gain={row.realized} currency={data.currency} />}
      {part === "unrealized" && data.year === null && (
        <FromCurrency gain={row.unrealized} currency={data.currency} />
      )}
      {part === "unrealized" && data.year !== null && (
        <span className="md:block text-xs text-ink-2 max-md:ml-2">
          <Money
            value={row.unrealized.gain}
            currency={data.currency}
            signed
            reason={reasonOfGain(row.unrealized)}
          />{" "}
          at its end
        </span>
      )}
    </>
  );
}

const UNSPLIT = "some units were paid for in another currency than they are priced in";

/** What exchange rates made of it, where they made something and that is known. */
function FromCurrency({ gain, currency }: { gain: GainOut; currency: string }) {
  if (gain.gain === null || gain.from_currency === "0") return null;
  if (gain.from_currency === null) {
    const why = reasonOfGain(gain) ?? UNSPLIT;
    return (
      <span className="md:block text-xs text-ink-2 max-md:ml-2" title={why}>
        currency’s part not known<span className="sr">: {why}</span>
      </span>
    );
  }
  return (
    <span className="md:block text-xs text-ink-2 max-md:ml-2">
      <Money value={gain.from_currency} currency={currency} signed /> from the currency
    </span>
  );
}

/** Where a figure is explained; each by the page that shows it alone, as far as that tells it. */
function whyOf(part: Part, { row, data, account, isTotal }: Required<RowProps>): string | null {
  const of = row.instrument_id ?? undefined;
  if (part === "unrealized") {
    if (data.year !== null || (!isTotal && of === undefined)) return null;
    return explainPath(isTotal ? "holdings" : `holdings/${of ?? ""}`, {
      figure: "unrealized_gain",
      account_id: account,
    });
  }
  if (!isTotal && of === undefined) return null;
  if (part === "income") {
    return explainPath("income", {
      figure: "net",
      instrument_id: of,
      account_id: account,
      ...(data.year === null
        ? { period: "Max" }
        : { from: data.from_date ?? undefined, to: data.to_date }),
    });
  }
  if (!data.is_realized_explained) {
    if (data.year !== null) return null;
    return explainPath("overview", {
      figure: "realized_gain",
      instrument_id: of,
      account_id: account,
    });
  }
  return explainPath("realized-gains", {
    figure: "gain",
    basis: "tax",
    in_currency: data.currency,
    instrument_id: of,
    account_id: account,
    year: data.year === null ? undefined : String(data.year),
  });
}

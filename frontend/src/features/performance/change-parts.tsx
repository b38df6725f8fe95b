import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { explainPath } from "@/shared/api/explanations";
import type { ChangePartsOut, PricePartOut, RatePartOut } from "@/shared/api/gen/types.gen";
import { rate } from "@/shared/format/format";
import { sliceQuery } from "@/shared/slice";
import { Answered } from "@/shared/ui/answered";
import { Money, tone } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { usePartSearch } from "@/shared/ui/sliced";
import { Why } from "@/shared/ui/why";
import { changePartsQuery, type ReturnFilter } from "./queries";

type Props = { bar: "unrealized" | "fx"; filter: ReturnFilter };
const MISSING = "a price, a rate or a cost of it is not known";

/** What a bar that has no records is made of: each instrument, or each currency. */
export function ChangeParts({ bar, filter }: Props) {
  const query = useQuery(changePartsQuery(filter));
  return (
    <Answered query={query} what="the parts" rows={3}>
      {(data) => (
        <div className="bg-sunk/60 px-3 py-2 tablewrap max-h-96 overflow-auto">
          {bar === "unrealized" ? (
            <Instruments data={data} filter={filter} />
          ) : (
            <Rates data={data} />
          )}
        </div>
      )}
    </Answered>
  );
}

type ListProps = { data: ChangePartsOut; filter: ReturnFilter };

function Instruments({ data, filter }: ListProps) {
  if (data.instruments.length === 0) return <p className="text-sm text-ink-2">Nothing was held.</p>;
  return (
    <>
      <table className="tbl stack rows" aria-label="Unrealized gains by instrument">
        <thead>
          <tr>
            <th scope="col">Instrument</th>
            <th scope="col">Value before</th>
            <th scope="col">Moved in and out</th>
            <th scope="col">Income less costs</th>
            <th scope="col">Prices</th>
            <th scope="col">Rates</th>
            <th scope="col">Value after</th>
            <th scope="col">Realized</th>
            <th scope="col">Unrealized</th>
          </tr>
        </thead>
        <tbody>
          {data.instruments.map((part) => (
            <Instrument key={part.instrument_id} {...{ part, data, filter }} />
          ))}
          <Rest value={data.unrealized_rest} currency={data.currency} columns={7} />
        </tbody>
      </table>
      <p className="text-xs text-ink-2 mt-2">
        Of each: value before + moved + income less costs + prices + rates = value after; prices
        less what was realized is unrealized.
      </p>
    </>
  );
}

type PartProps = ListProps & { part: PricePartOut };

function Instrument({ part, data, filter }: PartProps) {
  const search = { ...useScopeSearch(), ...usePartSearch() };
  const amount = (value: string | null, isResult = false) => (
    <Money
      value={value}
      currency={data.currency}
      signed={isResult}
      reason={MISSING}
      className={isResult ? tone(value) : ""}
    />
  );
  const why = (bar: string, name: string) => ({
    figure: `${name}, ${part.symbol}`,
    path: explainPath("value-change", {
      bar,
      ...sliceQuery(filter.account, filter.slice),
      instrument_id: part.instrument_id,
      from: data.from_date ?? undefined,
      to: data.to_date ?? undefined,
    }),
  });
  return (
    <tr>
      <td>
        <Link
          to="/holdings/$instrumentId"
          params={{ instrumentId: part.instrument_id }}
          search={search}
          className="lnk !py-0"
          title={part.instrument_name}
        >
          {part.symbol}
        </Link>
      </td>
      <td data-label="Value before">{amount(part.opening_value)}</td>
      <td data-label="Moved in and out">{amount(part.moved)}</td>
      <td data-label="Income less costs">{amount(part.borne)}</td>
      <td data-label="Prices">
        <Why {...why("price_result", "What prices did")}>{amount(part.price_result, true)}</Why>
      </td>
      <td data-label="Rates">
        <Why {...why("fx", "Exchange rates")}>{amount(part.rate_result, true)}</Why>
      </td>
      <td data-label="Value after">{amount(part.closing_value)}</td>
      <td data-label="Realized">
        <Why {...why("realized", "Realized gains")}>{amount(part.realized, true)}</Why>
      </td>
      <td data-label="Unrealized" className="font-medium">
        <Why {...why("unrealized", "Unrealized gains")}>{amount(part.unrealized, true)}</Why>
      </td>
    </tr>
  );
}

function Rates({ data }: { data: ChangePartsOut }) {
  if (data.currencies.length === 0) {
    return <p className="text-sm text-ink-2">Nothing was held in another currency.</p>;
  }
  return (
    <table className="tbl stack rows" aria-label="Exchange rates by currency">
      <thead>
        <tr>
          <th scope="col">Currency</th>
          <th scope="col">Held before</th>
          <th scope="col">Rate before</th>
          <th scope="col">Held after</th>
          <th scope="col">Rate after</th>
          <th scope="col">Rates</th>
          <th scope="col">Conversions</th>
          <th scope="col">Together</th>
        </tr>
      </thead>
      <tbody>
        {data.currencies.map((part) => (
          <Rate key={part.currency} part={part} currency={data.currency} />
        ))}
        <Rest value={data.fx_rest} currency={data.currency} columns={6} />
      </tbody>
    </table>
  );
}

function Rate({ part, currency }: { part: RatePartOut; currency: string }) {
  const result = (value: string | null) => (
    <Money value={value} currency={currency} signed reason={MISSING} className={tone(value)} />
  );
  const held = (value: string | null) => (
    <Money value={value} currency={part.currency} reason={MISSING} />
  );
  const at = (value: string | null) => (value === null ? "unknown" : rate(value));
  return (
    <tr>
      <td>{part.currency}</td>
      <td data-label="Held before">{held(part.opening_amount)}</td>
      <td data-label="Rate before" className="num">
        {at(part.opening_rate)}
      </td>
      <td data-label="Held after">{held(part.closing_amount)}</td>
      <td data-label="Rate after" className="num">
        {at(part.closing_rate)}
      </td>
      <td data-label="Rates">{result(part.rate_result)}</td>
      <td data-label="Conversions">{result(part.converted)}</td>
      <td data-label="Together" className="font-medium">
        {result(part.amount)}
      </td>
    </tr>
  );
}

type RestProps = { value: string | null; currency: string; columns: number };

/** Records that name no instrument, and what rounding leaves: told, so that the lines add up. */
function Rest({ value, currency, columns }: RestProps) {
  if (value === null || Number(value) === 0) return null;
  return (
    <tr>
      <td className="text-ink-2">Of no part, and rounding</td>
      <td colSpan={columns} className="max-md:hidden" />
      <td>
        <Money value={value} currency={currency} signed upTo={10} />
      </td>
    </tr>
  );
}

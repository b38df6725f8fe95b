import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { explainPath } from "@/shared/api/explanations";
import type { RealizedGainOut, TermTotalOut } from "@/shared/api/gen/types.gen";
import { day, LOT_DIGITS, quantity } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { isNarrowed } from "@/shared/slice";
import { Money, tone } from "@/shared/ui/figures";
import { PartOf } from "@/shared/ui/sliced";
import { Why } from "@/shared/ui/why";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { GainFilters } from "./gains-filters";
import { gainsQuery, type GainFilter } from "./queries";

type Props = {
  filter: GainFilter;
  onChange: (part: Omit<GainFilter, "account" | "slice">) => void;
};

/** Every gain by the day it counts on, its totals by term, and the same as a file. */
export function GainsTable({ filter, onChange }: Props) {
  const query = useInfiniteQuery(gainsQuery(filter));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading gains" rows={8} height={34} />
    );
  }
  const [first] = data.pages;
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      <GainFilters filter={filter} years={first?.years ?? []} onChange={onChange} />
      {error && !query.isFetchNextPageError && <StaleNotice what="the gains" onRetry={retry} />}
      {items.length === 0 ? (
        <EmptyState title={isFiltered(filter) ? "No gains match" : "No gains yet"}>
          <p>A sale, or whatever else closes a lot, shows here with the lots it closed.</p>
        </EmptyState>
      ) : (
        <>
          <Totals totals={first?.totals ?? []} filter={filter} />
          <Rows items={items} isPast={Boolean(filter.known)} />
        </>
      )}
      <Earlier query={query} what="gains" />
    </>
  );
}

const isFiltered = ({ year, term, known, slice }: GainFilter) =>
  Boolean(year ?? term ?? known) || isNarrowed(slice);

type TotalsProps = { totals: readonly TermTotalOut[]; filter: GainFilter };

function Totals({ totals, filter }: TotalsProps) {
  const why = (total: TermTotalOut, figure: string, name: string) => ({
    figure: `${name}, ${total.term} term`,
    // what was known on a day is shown, not explained
    path: filter.known
      ? null
      : explainPath("realized-gains", {
          figure,
          in_currency: total.currency,
          term: total.term,
          account_id: filter.account,
          year: filter.year ? String(filter.year) : undefined,
        }),
  });
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-4 border-y border-rule py-4 mb-6">
      {totals.map((total) => (
        <div key={`${total.currency} ${total.term}`}>
          <dt className="text-xs text-ink-2">
            {total.term === "long" ? "Long term" : "Short term"}, {total.count}{" "}
            {total.count === 1 ? "gain" : "gains"}
          </dt>
          <dd className={`font-serif text-xl ${tone(total.gain)}`}>
            <Why mark {...why(total, "gain", "Realized gain")}>
              <Money
                value={total.gain}
                currency={total.currency}
                signed
                reason={`${String(total.unknown_count)} of them have no known cost or rate`}
              />
            </Why>
          </dd>
          <dd className="text-xs text-ink-2">
            <Why {...why(total, "proceeds", "Proceeds")}>
              <Money value={total.proceeds} currency={total.currency} />
            </Why>{" "}
            for{" "}
            <Why {...why(total, "cost", "Cost")}>
              <Money value={total.cost} currency={total.currency} />
            </Why>
          </dd>
        </div>
      ))}
    </dl>
  );
}

type RowsProps = { items: readonly RealizedGainOut[]; isPast: boolean };

function Rows({ items, isPast }: RowsProps) {
  const isAbroad = items.some((item) => item.currency !== item.tax_currency);
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="gains">
        <thead>
          <tr>
            <th scope="col">Counts on</th>
            <th scope="col" className="!text-left">
              What
            </th>
            <th scope="col">Acquired</th>
            <th scope="col">Units</th>
            <th scope="col">Proceeds</th>
            <th scope="col">Cost</th>
            <th scope="col">Gain</th>
            {isAbroad && (
              <th scope="col" className="max-lg:hidden">
                From the currency
              </th>
            )}
            <th scope="col">Term</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <GainRow key={item.id} item={item} isPast={isPast} isAbroad={isAbroad} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const KINDS = { closed: "", boot: "cash in an exchange", capital_returned: "capital returned" };
const LEFT_2 = "max-md:col-start-1 max-md:row-start-2 max-md:text-xs max-md:text-ink-2";
const RIGHT_2 =
  "max-md:col-start-2 max-md:row-start-2 max-md:!text-right max-md:text-xs max-md:text-ink-2";

type GainRowProps = { item: RealizedGainOut; isPast: boolean; isAbroad: boolean };

function GainRow({ item, isPast, isAbroad }: GainRowProps) {
  const reason = reasonText(item.unknown_reason ? [item.unknown_reason] : []);
  const why = (figure: string, name: string) => ({
    figure: `${name} of ${item.symbol}, ${day(item.gain_date)}`,
    // the whole closure is explained, not a part of it
    path:
      isPast || item.weight_ratio !== "1" ? null : explainPath(`closures/${item.id}`, { figure }),
  });
  const money = (value: string | null, figure: string, name: string) => (
    <Why {...why(figure, name)}>
      <Money value={value} currency={item.tax_currency} upTo={LOT_DIGITS} reason={reason} />
    </Why>
  );
  return (
    <tr>
      <td className={`whitespace-nowrap ${LEFT_2}`}>
        {day(item.gain_date)}
        <span className="md:hidden">, bought {day(item.acquired_date)}</span>
      </td>
      <td className="!text-left max-md:col-start-1 max-md:row-start-1">
        <Link
          to="/holdings/$instrumentId"
          params={{ instrumentId: item.instrument_id }}
          search={{ account: item.account_id }}
          className="font-medium hover:underline"
          title={item.instrument_name}
        >
          {item.symbol}
        </Link>
        {KINDS[item.kind] && <span className="text-ink-2">, {KINDS[item.kind]}</span>}
        <PartOf ratio={item.weight_ratio} />
      </td>
      <td className="whitespace-nowrap max-md:hidden">{day(item.acquired_date)}</td>
      <td className="num max-md:hidden">
        {item.kind === "closed" && (
          <Why {...why("quantity", "Units")}>{quantity(item.quantity)}</Why>
        )}
      </td>
      <td className="max-md:hidden">{money(item.tax_proceeds, "tax_proceeds", "Proceeds")}</td>
      <td className="max-md:hidden">{money(item.tax_cost, "tax_cost", "Cost")}</td>
      <td className="max-md:col-start-2 max-md:row-start-1 max-md:!text-right">
        <Why {...why("tax_gain", "Gain")}>
          <Money
            value={item.tax_gain}
            currency={item.tax_currency}
            upTo={LOT_DIGITS}
            signed
            reason={reason}
            className={tone(item.tax_gain)}
          />
        </Why>
      </td>
      {isAbroad && (
        <td className="max-lg:hidden">
          {item.currency !== item.tax_currency && (
            <Why {...why("currency_effect", "From the currency")}>
              <Money
                value={item.currency_effect}
                currency={item.tax_currency}
                signed
                reason={reason}
              />
            </Why>
          )}
        </td>
      )}
      <td className={RIGHT_2}>{item.is_short ? "short sale" : `${item.term} term`}</td>
    </tr>
  );
}

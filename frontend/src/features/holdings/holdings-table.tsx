import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { HoldingOut, HoldingsOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { isNarrowed } from "@/shared/slice";
import { useLatestHoldings } from "@/shared/live/portfolio";
import { useKnown } from "@/shared/ui/known";
import { NothingOfPart, useSlice } from "@/shared/ui/sliced";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { NotExplained } from "@/shared/ui/why";
import { DueRow } from "./due-row";
import { CashRow, HoldingRow, TotalRow, type Column } from "./holding-rows";
import { LatestNote } from "./latest-note";
import { holdingsQuery } from "./queries";

type Props = { account: string | undefined };

/** At the last closes, as every other page tells it. */
export function HoldingsTable({ account }: Props) {
  const slice = useSlice();
  return <Shown {...useQuery(holdingsQuery(account, useKnown(), slice))} account={account} />;
}

/** At the latest trades, as they come in. */
export function LatestHoldings({ account }: Props) {
  const slice = useSlice();
  const { isTold, notice, ...answer } = useLatestHoldings({ account, slice });
  const { data } = answer;
  return (
    <NotExplained>
      {data?.latest && (
        <LatestNote latest={data.latest} of={data.items.length} isTold={isTold} notice={notice} />
      )}
      <Shown {...answer} account={account} />
    </NotExplained>
  );
}

type ShownProps = Props & {
  data: HoldingsOut | undefined;
  error: Error | null;
  refetch: () => Promise<unknown>;
};

function Shown({ data, error, refetch, account }: ShownProps) {
  const slice = useSlice();
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading holdings" rows={6} height={40} />
    );
  }
  if (data.items.length + data.cash.length + data.receivables.length === 0) {
    if (isNarrowed(slice)) return <NothingOfPart />;
    return <NoHoldings />;
  }
  return (
    <>
      {error && <StaleNotice what="the holdings" onRetry={retry} />}
      <Filled data={data} account={account} />
    </>
  );
}

const NoHoldings = () => (
  <EmptyState title="No holdings yet">
    <p>They appear when a purchase or a deposit is recorded.</p>
    <div className="flex flex-wrap justify-center gap-2">
      <Link to="/import" className="btn primary">
        Import a file
      </Link>
      <Link to="/transactions/new" className="btn line">
        Add a transaction
      </Link>
    </div>
  </EmptyState>
);

const byNumber = (value: string | null): number =>
  value === null ? Number.NEGATIVE_INFINITY : Number(value);

function sorted(items: readonly HoldingOut[], column: Column, down: boolean): HoldingOut[] {
  const way = down ? -1 : 1;
  return items.toSorted((a, b) =>
    column === "symbol"
      ? way * a.symbol.localeCompare(b.symbol)
      : way * (byNumber(a[column]) - byNumber(b[column])),
  );
}

type Sort = { column: Column; down: boolean };

type FilledProps = { data: HoldingsOut; account: string | undefined };

function Filled({ data, account }: FilledProps) {
  const [sort, setSort] = useState<Sort>({ column: "market_value", down: true });
  const items = useMemo(() => sorted(data.items, sort.column, sort.down), [data, sort]);
  const row = { currency: data.currency, asOf: data.as_of, column: sort.column, account };
  return (
    <>
      {data.valued_count < data.items.length && (
        <p className="note warn mb-3">
          {data.valued_count} of {data.items.length} holdings could be valued, so the total is not
          known: {data.unknowns.map((unknown) => unknown.message).join("; ")}.
        </p>
      )}
      <div className="tablewrap">
        <table className="tbl stack edged">
          <caption className="sr">
            Holdings as of {day(data.as_of)} in {data.currency}
          </caption>
          <Head sort={sort} onSort={setSort} />
          <tbody>
            {items.map((item) => (
              <HoldingRow key={item.instrument_id} item={item} {...row} />
            ))}
            {data.cash.map((cash) => (
              <CashRow key={cash.currency} cash={cash} {...row} />
            ))}
            {data.receivables.length > 0 && <DueRow data={data} account={account} />}
          </tbody>
          <TotalRow data={data} column={sort.column} account={account} />
        </table>
      </div>
    </>
  );
}

/** On a phone only what can be sorted by; the figure sorted by is then the one shown. */
function Head({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
  const sortable = (column: Column, label: string) => {
    const isSorted = sort.column === column;
    return (
      <th scope="col" aria-sort={isSorted ? (sort.down ? "descending" : "ascending") : undefined}>
        <button
          type="button"
          className="sortbtn"
          onClick={() => {
            onSort({ column, down: isSorted ? !sort.down : column !== "symbol" });
          }}
        >
          {label}
          {isSorted && <SortArrow isDown={sort.down} />}
        </button>
      </th>
    );
  };
  return (
    <thead className="sorts">
      <tr>
        {sortable("symbol", "Holding")}
        <th scope="col" className="max-md:hidden">
          Price
        </th>
        {sortable("day_change", "Day")}
        {sortable("market_value", "Market value")}
        <th scope="col" className="max-md:hidden">
          Weight
        </th>
        <th scope="col" className="max-lg:hidden">
          Cost
        </th>
        {sortable("unrealized_gain", "Unrealized gain")}
      </tr>
    </thead>
  );
}

function SortArrow({ isDown }: { isDown: boolean }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 10 12" className="size-3">
      <path
        d={isDown ? "M5 1v9M1.5 6.5 5 10l3.5-3.5" : "M5 11V2M1.5 5.5 5 2l3.5 3.5"}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Clock3 } from "lucide-react";
import { useMemo, useState } from "react";
import type { CashHoldingOut, HoldingOut, HoldingsOut } from "@/shared/api/gen/types.gen";
import { day, percent, quantity } from "@/shared/format/format";
import { Money, SignedPercent, tone, Unknown } from "@/shared/ui/figures";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { reasonText } from "./reasons";
import { holdingsQuery } from "./queries";

type Column = "symbol" | "market_value" | "day_change" | "unrealized_gain";

export function HoldingsTable({ account }: { account: string | undefined }) {
  const { data, error, refetch } = useQuery(holdingsQuery(account));
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
  if (data.items.length === 0 && data.cash.length === 0) {
    return (
      <EmptyState title="No holdings yet">
        <p>They appear when a purchase or a deposit is recorded.</p>
        <Link to="/import" className="btn primary">
          Import a file
        </Link>
      </EmptyState>
    );
  }
  return (
    <>
      {error && <StaleNotice what="the holdings" onRetry={retry} />}
      <Filled data={data} />
    </>
  );
}

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

function Filled({ data }: { data: HoldingsOut }) {
  const [sort, setSort] = useState<{ column: Column; down: boolean }>({
    column: "market_value",
    down: true,
  });
  const items = useMemo(() => sorted(data.items, sort.column, sort.down), [data, sort]);
  const partial = data.valued_count < data.items.length;
  const head = (column: Column, label: string) => (
    <th
      scope="col"
      aria-sort={sort.column === column ? (sort.down ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        className="sortbtn"
        onClick={() => {
          setSort({ column, down: sort.column === column ? !sort.down : column !== "symbol" });
        }}
      >
        {label}
        {sort.column === column && <span aria-hidden="true">{sort.down ? "↓" : "↑"}</span>}
      </button>
    </th>
  );
  return (
    <>
      {partial && (
        <p className="note warn mb-3">
          {data.valued_count} of {data.items.length} holdings could be valued, so the total is not
          known: {data.unknowns.map((unknown) => unknown.message).join("; ")}.
        </p>
      )}
      <div className="tablewrap">
        <table className="tbl">
          <caption className="sr">
            Holdings as of {day(data.as_of)} in {data.currency}
          </caption>
          <thead>
            <tr>
              {head("symbol", "Holding")}
              <th scope="col" className="max-sm:hidden">
                Price
              </th>
              {head("day_change", "Day")}
              {head("market_value", "Market value")}
              <th scope="col" className="max-md:hidden">
                Weight
              </th>
              <th scope="col" className="max-lg:hidden">
                Cost
              </th>
              {head("unrealized_gain", "Unrealized gain")}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <HoldingRow key={item.instrument_id} item={item} currency={data.currency} />
            ))}
            {data.cash.map((cash) => (
              <CashRow key={cash.currency} cash={cash} currency={data.currency} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td>Net asset value</td>
              <td className="max-sm:hidden" />
              <td>
                <Money
                  value={data.total_day_change}
                  currency={data.currency}
                  signed
                  reason="one holding has no earlier price"
                />
              </td>
              <td data-testid="holdings-total">
                <Money
                  value={data.nav}
                  currency={data.currency}
                  reason={data.unknowns[0]?.message}
                />
              </td>
              <td className="max-md:hidden num">{data.nav === null ? "—" : "100.0%"}</td>
              <td className="max-lg:hidden" />
              <td>
                <Money
                  value={data.total_unrealized_gain}
                  currency={data.currency}
                  signed
                  reason={data.unknowns[0]?.message}
                />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  );
}

function HoldingRow({ item, currency }: { item: HoldingOut; currency: string }) {
  const reason = reasonText(item.unknown_reasons);
  return (
    <tr>
      <td>
        <Link
          to="/holdings/$instrumentId"
          params={{ instrumentId: item.instrument_id }}
          className="block border-l-3 border-blue pl-2.5 min-h-6"
        >
          <span className="font-semibold">{item.symbol}</span>
          {item.is_stale && (
            <span className="chip ml-2 text-warn">
              <Clock3 aria-hidden="true" size={12} />
              stale
            </span>
          )}
          <span className="block text-xs text-ink-2 max-w-[26ch] truncate">{item.name}</span>
        </Link>
      </td>
      <td className="max-sm:hidden">
        <Money value={item.price} currency={item.currency} reason={reason} />
        <span className="block text-xs text-ink-2 num">{quantity(item.quantity)} units</span>
      </td>
      <td>
        <SignedPercent ratio={item.day_change_ratio} reason={reason ?? "no earlier price"} />
        <span className={`block text-xs ${tone(item.day_change)}`}>
          <Money value={item.day_change} currency={currency} signed />
        </span>
      </td>
      <td className="font-medium">
        <Money value={item.market_value} currency={currency} reason={reason} />
        <span className="block text-xs text-ink-2">
          {item.price_date && `close of ${day(item.price_date)}`}
        </span>
      </td>
      <td className="max-md:hidden num">
        {item.weight_ratio === null ? <Unknown reason={reason} /> : percent(item.weight_ratio, 1)}
      </td>
      <td className="max-lg:hidden">
        <Money value={item.cost} currency={currency} reason={reason} />
      </td>
      <td>
        <Money
          value={item.unrealized_gain}
          currency={currency}
          signed
          reason={reason}
          className={tone(item.unrealized_gain)}
        />
        <span className="block text-xs">
          <SignedPercent ratio={item.unrealized_gain_ratio} arrow={false} reason={reason} />
        </span>
      </td>
    </tr>
  );
}

function CashRow({ cash, currency }: { cash: CashHoldingOut; currency: string }) {
  const reason = reasonText(cash.unknown_reasons);
  return (
    <tr>
      <td>
        <span className="block border-l-3 border-[var(--c3)] pl-2.5">
          <span className="font-semibold">Cash</span>
          <span className="block text-xs text-ink-2">{cash.currency}</span>
        </span>
      </td>
      <td className="max-sm:hidden">
        <Money value={cash.amount} currency={cash.currency} />
      </td>
      <td />
      <td className="font-medium">
        <Money value={cash.value} currency={currency} reason={reason} />
      </td>
      <td className="max-md:hidden num">
        {cash.weight_ratio === null ? <Unknown reason={reason} /> : percent(cash.weight_ratio, 1)}
      </td>
      <td className="max-lg:hidden" />
      <td />
    </tr>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CashMovementOut } from "@/shared/api/gen/types.gen";
import { day, words } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { settlementRule } from "@/shared/format/settlement";
import { Money, Unknown } from "@/shared/ui/figures";
import type { Moment } from "@/shared/ui/moment-fields";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { movementsQuery } from "./queries";

type Props = { account: string; currency: string; moment: Moment };

/** What moved the cash of one account in one currency, and the balance after each. */
export function MovementsTable({ account, currency, moment }: Props) {
  const query = useInfiniteQuery(movementsQuery(account, currency, moment));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading movements" rows={8} height={34} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState title="Nothing moved">
        <p>No record brought or took {currency} here, up to the day asked for.</p>
      </EmptyState>
    );
  }
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="the movements" onRetry={retry} />}
      <Rows items={items} currency={currency} />
      <Earlier query={query} what="movements" />
    </>
  );
}

type RowsProps = { items: readonly CashMovementOut[]; currency: string };

function Rows({ items, currency }: RowsProps) {
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="movements">
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col" className="!text-left">
              What
            </th>
            <th scope="col">Settles</th>
            <th scope="col">Amount</th>
            <th scope="col">Balance</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Movement key={item.transaction_id} item={item} currency={currency} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Movement({ item, currency }: { item: CashMovementOut; currency: string }) {
  return (
    <tr>
      <td className="whitespace-nowrap max-md:row-start-2 max-md:text-xs max-md:text-ink-2">
        {day(item.trade_date)}
      </td>
      <td className="!text-left max-md:col-start-1 max-md:row-start-1">
        <Link
          to="/transactions/$transactionId"
          params={{ transactionId: item.transaction_id }}
          className="font-medium hover:underline inline-block min-h-6"
        >
          {words(item.kind)}
          {item.symbol && ` ${item.symbol}`}
        </Link>
        {item.other_currency !== null && (
          <span className="text-ink-2">
            {item.amount.startsWith("-") ? " into " : " out of "}
            <Money value={item.other_amount} currency={item.other_currency} />
          </span>
        )}
      </td>
      <td className="whitespace-nowrap text-ink-2 max-md:hidden">
        <Settles item={item} />
      </td>
      <td className="max-md:col-start-2 max-md:row-start-1 max-md:!text-right">
        <Money value={item.amount} currency={currency} signed />
      </td>
      <td className="max-md:col-start-2 max-md:row-start-2 max-md:!text-right max-md:text-xs max-md:text-ink-2">
        <span className="md:hidden">balance </span>
        <Money value={item.balance} currency={currency} />
      </td>
    </tr>
  );
}

function Settles({ item }: { item: CashMovementOut }) {
  if (item.settles_on === null) {
    return <Unknown reason={reasonText(item.unknown_reason ? [item.unknown_reason] : [])} />;
  }
  if (item.settles_on === item.trade_date) return <>same day</>;
  return <span title={settlementRule(item.settlement_rule)}>{day(item.settles_on)}</span>;
}

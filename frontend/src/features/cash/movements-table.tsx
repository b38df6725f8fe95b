import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CashMovementOut } from "@/shared/api/gen/types.gen";
import { day, words } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { settlementRule } from "@/shared/format/settlement";
import { Money, Unknown } from "@/shared/ui/figures";
import type { Moment } from "@/shared/ui/moment-fields";
import { explainPath } from "@/shared/api/explanations";
import { Why } from "@/shared/ui/why";
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
      <Rows items={items} why={whyOf(account, currency, moment.known)} currency={currency} />
      <Earlier query={query} what="movements" />
    </>
  );
}

type PathOf = (item: CashMovementOut, figure: "amount" | "balance") => string;
type RowsProps = { items: readonly CashMovementOut[]; why: PathOf; currency: string };

/** Where what a record moved, or the balance after it, is explained. */
const whyOf =
  (account: string, currency: string, known: string | undefined): PathOf =>
  (item, figure) =>
    explainPath("cash/movement", {
      account_id: account,
      currency,
      transaction_id: item.transaction_id,
      figure,
      as_known_on: known,
      on: item.trade_date,
    });

function Rows({ items, why, currency }: RowsProps) {
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
            <Movement key={item.transaction_id} item={item} why={why} currency={currency} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type MovementProps = { item: CashMovementOut; why: PathOf; currency: string };

function Movement({ item, why, currency }: MovementProps) {
  const what = `${words(item.kind)}, ${day(item.trade_date)}`;
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
        <Why figure={`Amount of ${what}`} path={why(item, "amount")}>
          <Money value={item.amount} currency={currency} signed />
        </Why>
      </td>
      <td className="max-md:col-start-2 max-md:row-start-2 max-md:!text-right max-md:text-xs max-md:text-ink-2">
        <span className="md:hidden">balance </span>
        <Why figure={`Balance after ${what}`} path={why(item, "balance")}>
          <Money value={item.balance} currency={currency} />
        </Why>
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

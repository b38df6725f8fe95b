import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AlertTriangle } from "lucide-react";
import { useState } from "react";
import type { TransactionOut } from "@/shared/api/gen/types.gen";
import { day, quantity, words } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { EmptyState, ProblemNotice, Skeleton } from "@/shared/ui/states";
import { transactionsQuery, type TransactionFilter } from "./queries";
import { TransactionDetail } from "./transaction-detail";

export function TransactionsTable({ filter }: { filter: TransactionFilter }) {
  const query = useInfiniteQuery(transactionsQuery(filter));
  const [open, setOpen] = useState<string | null>(null);
  const { data, error, hasNextPage, isFetchingNextPage } = query;
  if (!data) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void query.refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading transactions" rows={8} height={34} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState title="No transactions here">
        <p>Either nothing was recorded yet, or the filters above leave nothing over.</p>
        <Link to="/import" className="btn primary">
          Import a file
        </Link>
      </EmptyState>
    );
  }
  return (
    <>
      <div className="tablewrap">
        <table className="tbl" data-testid="transactions">
          <thead>
            <tr>
              <th scope="col">Date</th>
              <th scope="col" className="!text-left">
                What
              </th>
              <th scope="col">Units</th>
              <th scope="col" className="max-md:hidden">
                Price
              </th>
              <th scope="col" className="max-lg:hidden">
                Fee and tax
              </th>
              <th scope="col">Cash</th>
              <th scope="col" className="max-lg:hidden">
                Account
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Row
                key={item.id}
                item={item}
                isOpen={open === item.id}
                onToggle={() => {
                  setOpen(open === item.id ? null : item.id);
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
      {hasNextPage && (
        <button
          type="button"
          className="btn line mt-4"
          disabled={isFetchingNextPage}
          onClick={() => {
            void query.fetchNextPage();
          }}
        >
          {isFetchingNextPage ? "Loading…" : "Show earlier transactions"}
        </button>
      )}
      {error && <ProblemNotice error={error} title="The next ones could not be loaded" />}
    </>
  );
}

type RowProps = { item: TransactionOut; isOpen: boolean; onToggle: () => void };

function Row({ item, isOpen, onToggle }: RowProps) {
  return (
    <>
      <tr className={item.is_reversed || item.kind === "reversal" ? "text-ink-2 line-through" : ""}>
        <td className="whitespace-nowrap">{day(item.trade_date)}</td>
        <td className="!text-left">
          <button
            type="button"
            className="text-left min-h-6 cursor-pointer hover:underline"
            aria-expanded={isOpen}
            onClick={onToggle}
          >
            <span className="font-medium">{words(item.kind)}</span>{" "}
            <span className="text-ink-2">{item.symbol}</span>
            {item.sub_kind && (
              <span className="block text-xs text-ink-2">{words(item.sub_kind)}</span>
            )}
          </button>
          {item.review_reasons.length > 0 && (
            <span className="chip text-warn ml-2" title={item.review_reasons.join(", ")}>
              <AlertTriangle aria-hidden="true" size={12} />
              review
            </span>
          )}
        </td>
        <td className="num">{item.quantity === null ? "" : quantity(item.quantity)}</td>
        <td className="max-md:hidden">
          {item.price !== null && <Money value={item.price} currency={item.currency} />}
        </td>
        <td className="max-lg:hidden">
          {item.fee && <Money value={item.fee.amount} currency={item.fee.currency} />}
          {item.tax && (
            <span className="block">
              <Money value={item.tax.amount} currency={item.tax.currency} />
            </span>
          )}
        </td>
        <td>
          {item.net_amount !== null && (
            <Money value={item.net_amount} currency={item.currency} signed />
          )}
        </td>
        <td className="max-lg:hidden">{item.account_name}</td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={7} className="!text-left">
            <TransactionDetail id={item.id} />
          </td>
        </tr>
      )}
    </>
  );
}

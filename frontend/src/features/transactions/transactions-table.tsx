import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { transactionsQuery, type TransactionFilter } from "./queries";
import { TransactionRow } from "./transaction-row";

type Props = {
  filter: TransactionFilter;
  /** What to offer where there is nothing: clearing the filters, or a first record. */
  empty: { title: string; body: ReactNode };
};

export function TransactionsTable({ filter, empty }: Props) {
  const query = useInfiniteQuery(transactionsQuery(filter));
  const { data, error } = query;
  const [isReversed, setReversed] = useState(false);
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading transactions" rows={8} height={34} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      <p role="status" className={isReversed ? "note mb-4" : "sr"}>
        {isReversed && "Taken back. The reversal stands beside the record under “Show taken back”."}
      </p>
      {error && !query.isFetchNextPageError && (
        <StaleNotice what="the transactions" onRetry={retry} />
      )}
      {items.length > 0 ? (
        <Filled items={items} onReversed={setReversed} />
      ) : (
        <EmptyState title={empty.title}>{empty.body}</EmptyState>
      )}
      <Earlier query={query} what="transactions" />
    </>
  );
}

type Items = React.ComponentProps<typeof TransactionRow>["item"][];

type FilledProps = { items: Items; onReversed: (isReversed: boolean) => void };

function Filled({ items, onReversed }: FilledProps) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="transactions">
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col" className="!text-left">
              What
            </th>
            <th scope="col">Units</th>
            <th scope="col">Price</th>
            <th scope="col" className="max-lg:hidden">
              Fee and tax
            </th>
            <th scope="col">Cash</th>
            <th scope="col">Account</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <TransactionRow
              key={item.id}
              item={item}
              isOpen={open === item.id}
              onToggle={() => {
                onReversed(false);
                setOpen(open === item.id ? null : item.id);
              }}
              onReversed={() => {
                onReversed(true);
                setOpen(null);
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

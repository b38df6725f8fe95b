import { useQuery } from "@tanstack/react-query";
import type { ComponentProps } from "react";
import { TransactionsGrid } from "@/features/transactions/grid/transactions-grid";
import { accountsQuery } from "@/shared/api/accounts";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";

/** The grid, with the accounts that its cells name; a module of its own, which phones never load. */
export default function TransactionsDesk(
  props: Omit<ComponentProps<typeof TransactionsGrid>, "accounts">,
) {
  const { data, error, refetch } = useQuery(accountsQuery);
  if (data) return <TransactionsGrid {...props} accounts={data.items} />;
  if (!error) return <Skeleton label="Loading transactions" rows={12} height={30} />;
  return (
    <ProblemNotice
      error={error}
      onRetry={() => {
        void refetch();
      }}
    />
  );
}

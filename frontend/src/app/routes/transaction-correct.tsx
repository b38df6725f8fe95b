import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { instrumentQuery } from "@/shared/api/instruments";
import { entryOf } from "@/features/transactions/entry-of";
import { transactionQuery } from "@/features/transactions/queries";
import { TransactionForm } from "@/features/transactions/transaction-form";
import { accountsQuery } from "@/shared/api/accounts";
import { PageTitle, ProblemNotice, Skeleton } from "@/shared/ui/states";

export function TransactionCorrectPage() {
  return (
    <>
      <PageTitle
        aside={
          <Link to="/transactions" className="lnk">
            All transactions
          </Link>
        }
      >
        Correct a transaction
      </PageTitle>
      <Body />
    </>
  );
}

function Body() {
  const { transactionId = "" } = useParams({ strict: false });
  const accounts = useQuery(accountsQuery);
  const record = useQuery({ ...transactionQuery(transactionId), gcTime: 0 });
  const of = (id: string | null | undefined) => ({
    ...instrumentQuery(id ?? ""),
    enabled: Boolean(id),
  });
  const instrument = useQuery(of(record.data?.instrument_id));
  const source = useQuery(of(record.data?.source_instrument_id));
  const error = record.error ?? accounts.error ?? instrument.error ?? source.error;
  if (error) {
    return (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void record.refetch();
        }}
      />
    );
  }
  if (!record.data || !accounts.data || instrument.isLoading || source.isLoading) {
    return <Skeleton label="Loading the record" rows={6} height={44} />;
  }
  const start = entryOf(record.data, instrument.data ?? null, source.data ?? null);
  if (record.data.is_reversed || !start) {
    return (
      <p className="note">
        {record.data.is_reversed
          ? "This record does not count any more: it was corrected or taken back."
          : "This record says more than this form can ask. Take it back and import or add it anew."}
      </p>
    );
  }
  return (
    <TransactionForm
      key={record.data.id}
      accounts={accounts.data.items}
      corrects={{ id: record.data.id, start }}
    />
  );
}

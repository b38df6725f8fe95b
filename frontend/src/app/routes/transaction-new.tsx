import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AccountForm } from "@/features/accounts/account-form";
import { instrumentQuery } from "@/shared/api/instruments";
import { TransactionForm } from "@/features/transactions/transaction-form";
import { accountsQuery } from "@/shared/api/accounts";
import { PageTitle, ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function TransactionNewPage() {
  return (
    <>
      <PageTitle
        aside={
          <Link to="/transactions" className="lnk">
            All transactions
          </Link>
        }
      >
        Add a transaction
      </PageTitle>
      <Body />
    </>
  );
}

function Body() {
  const [search] = usePageSearch();
  const accounts = useQuery(accountsQuery);
  const instrument = useQuery({
    ...instrumentQuery(search.instrument ?? ""),
    enabled: search.instrument !== undefined,
  });
  if (!accounts.data || instrument.isLoading) {
    return accounts.error ? (
      <ProblemNotice
        error={accounts.error}
        onRetry={() => {
          void accounts.refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading the form" rows={6} height={44} />
    );
  }
  if (accounts.data.items.length === 0) {
    return (
      <Section id="first" title="First, an account for it">
        <p className="text-sm text-ink-2 -mt-2 mb-4">One place at one broker.</p>
        <AccountForm />
      </Section>
    );
  }
  return (
    <TransactionForm
      accounts={accounts.data.items}
      account={search.account}
      instrument={instrument.data}
    />
  );
}

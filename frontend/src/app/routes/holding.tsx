import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { HoldingSummary } from "@/features/holdings/holding-summary";
import { LotsPanel } from "@/features/holdings/lots-panel";
import { instrumentQuery } from "@/features/holdings/queries";
import { TransactionsTable } from "@/features/transactions/transactions-table";
import { ProblemError } from "@/shared/api/problem";
import { words } from "@/shared/format/format";
import { PageTitle, ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
import { NotFound } from "../fallbacks";
import { usePageSearch } from "../use-search";

export function HoldingPage() {
  const { instrumentId = "" } = useParams({ strict: false });
  const [search] = usePageSearch();
  const { data, error, refetch } = useQuery(instrumentQuery(instrumentId));
  if (!data) {
    const missing = error instanceof ProblemError && [404, 422].includes(error.problem.status);
    if (missing) return <NotFound />;
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading the instrument" rows={3} height={40} />
    );
  }
  return (
    <>
      <PageTitle
        aside={
          <Link to="/holdings" className="lnk">
            All holdings
          </Link>
        }
      >
        {data.symbol}
      </PageTitle>
      <p className="text-ink-2 -mt-4 mb-6">
        {data.name} · {words(data.asset_class)} · {data.currency}
        {data.aliases
          .filter((alias) => alias.scheme === "isin")
          .map((alias) => ` · ${alias.value}`)}
      </p>
      <HoldingSummary instrumentId={instrumentId} account={search.account} />
      <LotsPanel instrumentId={instrumentId} account={search.account} />
      <div className="mt-10">
        <Section
          id="records"
          title="Transactions"
          aside={
            <Link
              to="/transactions/new"
              search={{
                instrument: instrumentId,
                ...(search.account ? { account: search.account } : {}),
              }}
              className="lnk"
            >
              Add one
            </Link>
          }
        >
          <TransactionsTable
            filter={{ instrument: instrumentId, account: search.account }}
            empty={{
              title: "No transactions here",
              body: <p>None of {data.symbol} in this account.</p>,
            }}
          />
        </Section>
      </div>
    </>
  );
}

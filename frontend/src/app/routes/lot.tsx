import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { LotHistory } from "@/features/holdings/lot-history";
import { lotQuery } from "@/features/holdings/queries";
import { ProblemError } from "@/shared/api/problem";
import { day } from "@/shared/format/format";
import { EmptyState, PageTitle, ProblemNotice, Skeleton } from "@/shared/ui/states";

/** One lot on a page of its own: what opened, changed and closed it. */
export function LotPage() {
  const { lotId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(lotQuery(lotId));
  if (!data) {
    const isMissing = error instanceof ProblemError && [404, 422].includes(error.problem.status);
    return (
      <>
        <PageTitle>A lot</PageTitle>
        {isMissing ? (
          <EmptyState title="There is no such lot today">
            <p>The record that opened it was corrected or taken back since, or never was yours.</p>
            <Link to="/holdings" className="btn line">
              All holdings
            </Link>
          </EmptyState>
        ) : error ? (
          <ProblemNotice
            error={error}
            onRetry={() => {
              void refetch();
            }}
          />
        ) : (
          <Skeleton label="Loading the lot" rows={5} height={44} />
        )}
      </>
    );
  }
  const since = data.acquired_date === null ? "" : ` of ${day(data.acquired_date)}`;
  return (
    <>
      <PageTitle
        aside={
          <Link
            to="/holdings/$instrumentId"
            params={{ instrumentId: data.instrument_id }}
            search={{ account: data.account_id }}
            className="lnk"
          >
            All lots of {data.symbol}
          </Link>
        }
      >
        {`${data.symbol}, lot${since}`}
      </PageTitle>
      <p className="text-ink-2 -mt-4 mb-6">
        {[data.instrument_name, data.account_name, data.currency].join(" · ")}
      </p>
      <LotHistory lot={data} />
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { AccountOut, ScopeOut } from "@/shared/api/gen/types.gen";
import { reasonOf } from "@/shared/format/reasons";
import { Money, SignedPercent, Unknown } from "@/shared/ui/figures";
import { ProblemNotice, StaleNotice } from "@/shared/ui/states";
import { yearQuery } from "./queries";

/** This year of every account of a list, and a notice while it could not be told. */
export function useYears(accounts: readonly AccountOut[]) {
  const query = useQuery(yearQuery(accounts.map((account) => account.id)));
  const { data, error, isPending } = query;
  const retry = () => void query.refetch();
  const notice =
    error === null ? null : data === undefined ? (
      <ProblemNotice
        error={error}
        title="This year’s returns could not be loaded"
        onRetry={retry}
      />
    ) : (
      <StaleNotice what="this year’s returns" onRetry={retry} />
    );
  const of = (account: AccountOut) => data?.byId.get(account.id);
  return { of, notice, isPending: isPending && accounts.length > 0 };
}

type Props = { year: ScopeOut | undefined; isPending: boolean; currency: string };

/** What an account is worth, and its time-weighted return since the year began. */
export function AccountYear({ year, isPending, currency }: Props) {
  if (year === undefined) {
    if (!isPending) return null;
    return (
      <p className="text-sm text-ink-2 basis-40">
        <span aria-hidden="true">…</span>
        <span className="sr">Loading this year</span>
      </p>
    );
  }
  if (year.figures === null) {
    return (
      <p className="text-sm basis-40">
        <Unknown reason={year.problem?.detail} />
      </p>
    );
  }
  const { closing_nav: value, time_weighted: found, ...told } = year.figures;
  const isEmpty = told.from_date === null;
  const why = reasonOf(isEmpty ? "no_capital" : "value_unknown");
  return (
    <p className="text-sm basis-40 flex flex-wrap items-center gap-x-4">
      <Money value={value} currency={isEmpty ? currency : told.currency} reason={why} />
      <span className="inline-flex items-center gap-[.35em]">
        <SignedPercent ratio={found.ratio} reason={reasonOf(found.reason)} />
        <span className="text-ink-2">this year</span>
      </span>
    </p>
  );
}

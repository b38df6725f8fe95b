import { INCOME_PERIODS, IncomeView } from "@/features/income/income-view";
import { KeepReport } from "@/features/reports/keep-report";
import { isNarrowed, sliceOf, sliceParameters } from "@/shared/slice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function IncomePage() {
  const [search, change] = usePageSearch();
  // the shorter periods of other pages say little about income
  const period = INCOME_PERIODS.find((name) => name === search.period) ?? "1Y";
  const slice = sliceOf(search);
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          search.known === undefined && (
            <KeepReport
              suggested={isNarrowed(slice) ? `Income of a part, ${period}` : `Income, ${period}`}
              parameters={{
                kind: "income",
                account_id: search.account ?? null,
                period,
                ...sliceParameters(slice),
              }}
            />
          )
        }
      >
        Income
      </PageTitle>
      <SliceBar />
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Income" />
        <IncomeView
          filter={{ account: search.account, known: search.known, slice, period }}
          onChange={(next) => {
            change({ period: next });
          }}
        />
      </OfSlice>
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}

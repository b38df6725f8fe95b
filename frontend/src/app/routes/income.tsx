import { INCOME_PERIODS, IncomeView } from "@/features/income/income-view";
import { sliceOf } from "@/shared/slice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function IncomePage() {
  const [search, change] = usePageSearch();
  const slice = sliceOf(search);
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle>Income</PageTitle>
      <SliceBar />
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Income" />
        <IncomeView
          filter={{
            account: search.account,
            known: search.known,
            slice,
            // the shorter periods of other pages say little about income
            period: INCOME_PERIODS.find((period) => period === search.period) ?? "1Y",
          }}
          onChange={(period) => {
            change({ period });
          }}
        />
      </OfSlice>
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}

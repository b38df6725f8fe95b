import { INCOME_PERIODS, IncomeView } from "@/features/income/income-view";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function IncomePage() {
  const [search, change] = usePageSearch();
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle>Income</PageTitle>
      <IncomeView
        filter={{
          account: search.account,
          known: search.known,
          // the shorter periods of other pages say little about income
          period: INCOME_PERIODS.find((period) => period === search.period) ?? "1Y",
        }}
        onChange={(period) => {
          change({ period });
        }}
      />
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}

import { INCOME_PERIODS, IncomeView } from "@/features/income/income-view";
import { KeepReport } from "@/features/reports/keep-report";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function IncomePage() {
  const [search, change] = usePageSearch();
  // the shorter periods of other pages say little about income
  const period = INCOME_PERIODS.find((name) => name === search.period) ?? "1Y";
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          search.known === undefined && (
            <KeepReport
              suggested={`Income, ${period}`}
              parameters={{ kind: "income", account_id: search.account ?? null, period }}
            />
          )
        }
      >
        Income
      </PageTitle>
      <IncomeView
        filter={{
          account: search.account,
          known: search.known,
          period,
        }}
        onChange={(next) => {
          change({ period: next });
        }}
      />
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}

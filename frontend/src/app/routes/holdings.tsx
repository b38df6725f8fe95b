import { Link } from "@tanstack/react-router";
import { WaitingBadge } from "@/features/actions/waiting-badge";
import { HoldingsTable } from "@/features/holdings/holdings-table";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function HoldingsPage() {
  const [search] = usePageSearch();
  const scope = search.account ? { account: search.account } : {};
  return (
    <>
      <PageTitle
        aside={
          <span className="flex flex-wrap gap-x-5 gap-y-2">
            <Link to="/gains" search={scope} className="lnk">
              Realized gains
            </Link>
            <Link to="/actions" search={scope} className="lnk">
              Corporate actions <WaitingBadge />
            </Link>
          </span>
        }
      >
        Holdings
      </PageTitle>
      <HoldingsTable account={search.account} />
    </>
  );
}

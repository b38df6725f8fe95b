import { Link } from "@tanstack/react-router";
import { HoldingsTable } from "@/features/holdings/holdings-table";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function HoldingsPage() {
  const [search] = usePageSearch();
  return (
    <>
      <PageTitle
        aside={
          <Link
            to="/gains"
            search={search.account ? { account: search.account } : {}}
            className="lnk"
          >
            Realized gains
          </Link>
        }
      >
        Holdings
      </PageTitle>
      <HoldingsTable account={search.account} />
    </>
  );
}

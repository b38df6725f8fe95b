import { Link } from "@tanstack/react-router";
import { WaitingBadge } from "@/features/actions/waiting-badge";
import { HoldingsTable } from "@/features/holdings/holdings-table";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { kept } from "../search";
import { usePageSearch } from "../use-search";

export function HoldingsPage() {
  const [search, change] = usePageSearch();
  const scope = kept(search);
  return (
    <>
      <PageTitle
        aside={
          <nav aria-label="More of what is held" className="flex flex-wrap gap-x-5">
            <Link to="/holdings/past" search={scope} className="lnk">
              On a past day
            </Link>
            <Link to="/cash" search={scope} className="lnk">
              Cash
            </Link>
            <Link to="/gains" search={scope} className="lnk">
              Realized gains
            </Link>
            <Link to="/actions" search={scope} className="lnk">
              Corporate actions <WaitingBadge />
            </Link>
          </nav>
        }
      >
        Holdings
      </PageTitle>
      <AsKnown known={search.known} onChange={change}>
        <HoldingsTable account={search.account} />
      </AsKnown>
      <KnownControl known={search.known} onChange={change} />
    </>
  );
}

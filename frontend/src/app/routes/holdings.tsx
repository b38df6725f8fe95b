import { Link, useNavigate } from "@tanstack/react-router";
import { WaitingBadge } from "@/features/actions/waiting-badge";
import { HoldingsTable } from "@/features/holdings/holdings-table";
import { KeepReport } from "@/features/reports/keep-report";
import { AddInstrument } from "@/features/transactions/add-instrument";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { kept } from "../search";
import { usePageSearch } from "../use-search";

export function HoldingsPage() {
  const [search, change] = usePageSearch();
  const scope = kept(search);
  const navigate = useNavigate();
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
            <Link to="/income" search={scope} className="lnk">
              Income
            </Link>
            <Link to="/risk" search={scope} className="lnk">
              Risk
            </Link>
            <Link to="/actions" search={scope} className="lnk">
              Corporate actions <WaitingBadge />
            </Link>
            <AddInstrument
              onAdded={({ id }) => {
                void navigate({ to: "/holdings/$instrumentId", params: { instrumentId: id } });
              }}
            >
              Add an instrument
            </AddInstrument>
          </nav>
        }
      >
        Holdings
      </PageTitle>
      <AsKnown known={search.known} onChange={change}>
        <HoldingsTable account={search.account} />
      </AsKnown>
      {search.known === undefined && (
        <div className="flex justify-end mt-4">
          <KeepReport
            suggested="Holdings"
            parameters={{ kind: "holdings", account_id: search.account ?? null }}
          />
        </div>
      )}
      <KnownControl known={search.known} onChange={change} />
    </>
  );
}

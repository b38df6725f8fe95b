import { Link, useNavigate } from "@tanstack/react-router";
import { WaitingBadge } from "@/features/actions/waiting-badge";
import { HoldingsTable, LatestHoldings } from "@/features/holdings/holdings-table";
import { KeepReport } from "@/features/reports/keep-report";
import { AddInstrument } from "@/features/transactions/add-instrument";
import { isNarrowed, sliceOf, sliceParameters } from "@/shared/slice";
import { Choice } from "@/shared/ui/choice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { kept, keptPart } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

const PRICES = [
  ["close", "Last closes"],
  ["latest", "Latest trades"],
] as const;

export function HoldingsPage() {
  const [search, change] = usePageSearch();
  const scope = kept(search);
  const part = keptPart(search);
  const slice = sliceOf(search);
  const navigate = useNavigate();
  return (
    <>
      <PageTitle
        aside={
          <nav aria-label="More of what is held" className="flex flex-wrap gap-x-5">
            <Link to="/holdings/past" search={part} className="lnk">
              On a past day
            </Link>
            <Link to="/cash" search={part} className="lnk">
              Cash
            </Link>
            <Link to="/gains" search={part} className="lnk">
              Realized gains
            </Link>
            <Link to="/gains/unrealized" search={part} className="lnk">
              Realized vs unrealized
            </Link>
            <Link to="/income" search={part} className="lnk">
              Income
            </Link>
            <Link to="/risk" search={part} className="lnk">
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
        <SliceBar />
        <OfSlice slice={slice}>
          <PartNote slice={slice} what="Holdings" />
          {search.known === undefined && (
            <div className="my-3">
              <Choice
                label="Prices"
                value={search.prices ?? "close"}
                options={PRICES}
                look="quiet"
                onChange={(prices) => {
                  change({ prices: prices === "latest" ? prices : undefined });
                }}
              />
            </div>
          )}
          {search.prices === "latest" && search.known === undefined ? (
            <LatestHoldings account={search.account} />
          ) : (
            <HoldingsTable account={search.account} />
          )}
        </OfSlice>
      </AsKnown>
      {search.known === undefined && search.prices === undefined && (
        <div className="flex justify-end mt-4">
          <KeepReport
            suggested={isNarrowed(slice) ? "Holdings of a part" : "Holdings"}
            parameters={{
              kind: "holdings",
              account_id: search.account ?? null,
              ...sliceParameters(slice),
            }}
          />
        </div>
      )}
      <KnownControl known={search.known} onChange={change} />
    </>
  );
}

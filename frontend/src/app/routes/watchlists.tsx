import { InstrumentField } from "@/features/transactions/instrument-field";
import { WatchlistsView } from "@/features/watchlists/watchlists-view";
import { currentMe } from "@/shared/api/session";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function WatchlistsPage() {
  const [search, change] = usePageSearch();
  return (
    <>
      <PageTitle>Watchlists</PageTitle>
      <p className="text-sm text-ink-2 max-w-[72ch] mb-5">
        Instruments to keep an eye on, held or not. Prices move by themselves while trades are told.
      </p>
      <WatchlistsView
        chosen={search.watchlist}
        canChange={currentMe()?.role !== "viewer"}
        onChoose={(watchlist) => {
          change({ watchlist });
        }}
        pick={(onPicked) => (
          <InstrumentField
            label="Add an instrument"
            value={null}
            error={undefined}
            isOptional={false}
            isPassedOn
            onChange={(found) => {
              if (found) onPicked(found);
            }}
          />
        )}
      />
    </>
  );
}

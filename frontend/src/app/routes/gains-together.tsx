import { Link } from "@tanstack/react-router";
import { TogetherView } from "@/features/gains/together-view";
import { sliceOf } from "@/shared/slice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { keptPart } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function GainsTogetherPage() {
  const [search, change] = usePageSearch();
  const slice = sliceOf(search);
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          <Link to="/gains" search={{ ...keptPart(search), year: search.year }} className="lnk">
            Realized gains one by one
          </Link>
        }
      >
        Realized vs unrealized
      </PageTitle>
      <SliceBar />
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Gains" />
        <TogetherView
          filter={{ account: search.account, year: search.year, known: search.known, slice }}
          onYear={(year) => {
            change({ year });
          }}
        />
      </OfSlice>
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}

import { Link } from "@tanstack/react-router";
import { PastPositions } from "@/features/holdings/past-positions";
import { sliceOf } from "@/shared/slice";
import { MomentFields } from "@/shared/ui/moment-fields";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { keptPart } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function PastPositionsPage() {
  const [search, change] = usePageSearch();
  const moment = { on: search.on, known: search.known, basis: search.basis };
  // units have a cost in their own currency
  const slice = { ...sliceOf(search), base: undefined };
  return (
    <>
      <PageTitle
        aside={
          <Link to="/holdings" search={{ ...keptPart(search), known: undefined }} className="lnk">
            Today, with values
          </Link>
        }
      >
        Positions on a day
      </PageTitle>
      <MomentFields moment={moment} onChange={change} hasBasis />
      <SliceBar hasBase={false} />
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Positions" />
        <PastPositions account={search.account} moment={moment} />
      </OfSlice>
    </>
  );
}

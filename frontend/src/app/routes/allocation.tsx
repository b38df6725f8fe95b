import { Link } from "@tanstack/react-router";
import { AllocationView } from "@/features/allocation/allocation-view";
import { AllocationControls } from "@/features/allocation/controls";
import { ChecksPanel } from "@/features/checks/checks-panel";
import { sliceOf } from "@/shared/slice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { kept, keptPart } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function AllocationPage() {
  const [search, change] = usePageSearch();
  const slice = sliceOf(search);
  const by = search.by ?? "asset_class";
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          <nav aria-label="More of the allocation" className="flex flex-wrap gap-x-5">
            <Link to="/gains/unrealized" search={keptPart(search)} className="lnk">
              Realized vs unrealized
            </Link>
            <Link to="/taxonomies" search={kept} className="lnk">
              Edit taxonomies
            </Link>
          </nav>
        }
      >
        Allocation
      </PageTitle>
      <AllocationControls by={by} isDirect={search.direct ?? false} onChange={change} />
      <SliceBar />
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Allocation" />
        <AllocationView
          filter={{
            by,
            account: search.account,
            known: search.known,
            isDirect: search.direct,
            slice,
          }}
          look={search.look ?? "map"}
          node={search.node}
          onChange={change}
        />
      </OfSlice>
      <div className="mt-10">
        <ChecksPanel filter={{ account: search.account, known: search.known, slice }} />
      </div>
      <KnownControl known={search.known} onChange={change} />
      <footer className="mt-10 pt-4 border-t border-rule text-xs text-ink-2">
        <p className="max-w-[92ch]">
          Informational only, not investment advice. Exchange rates: European Central Bank.
        </p>
      </footer>
    </AsKnown>
  );
}

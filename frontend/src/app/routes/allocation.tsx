import { Link } from "@tanstack/react-router";
import { AllocationView } from "@/features/allocation/allocation-view";
import { AllocationControls } from "@/features/allocation/controls";
import { ChecksPanel } from "@/features/checks/checks-panel";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { kept } from "../search";
import { usePageSearch } from "../use-search";

export function AllocationPage() {
  const [search, change] = usePageSearch();
  const by = search.by ?? "asset_class";
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          <Link to="/taxonomies" search={kept} className="lnk">
            Edit taxonomies
          </Link>
        }
      >
        Allocation
      </PageTitle>
      <AllocationControls by={by} isDirect={search.direct ?? false} onChange={change} />
      <AllocationView
        filter={{ by, account: search.account, known: search.known, isDirect: search.direct }}
        look={search.look ?? "map"}
        node={search.node}
        onChange={change}
      />
      {search.known === undefined && (
        <div className="mt-10">
          <ChecksPanel />
        </div>
      )}
      <KnownControl known={search.known} onChange={change} />
      <footer className="mt-10 pt-4 border-t border-rule text-xs text-ink-2">
        <p className="max-w-[92ch]">
          Informational only, not investment advice. Exchange rates: European Central Bank.
        </p>
      </footer>
    </AsKnown>
  );
}

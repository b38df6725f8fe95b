import { Link } from "@tanstack/react-router";
import { PastPositions } from "@/features/holdings/past-positions";
import { MomentFields } from "@/shared/ui/moment-fields";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function PastPositionsPage() {
  const [search, change] = usePageSearch();
  const moment = { on: search.on, known: search.known, basis: search.basis };
  return (
    <>
      <PageTitle
        aside={
          <Link
            to="/holdings"
            search={search.account ? { account: search.account } : {}}
            className="lnk"
          >
            Today, with values
          </Link>
        }
      >
        Positions on a day
      </PageTitle>
      <MomentFields moment={moment} onChange={change} hasBasis />
      <PastPositions account={search.account} moment={moment} />
    </>
  );
}

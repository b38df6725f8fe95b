import { Link } from "@tanstack/react-router";
import { GainsTable } from "@/features/gains/gains-table";
import { sliceOf } from "@/shared/slice";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { keptPart } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function GainsPage() {
  const [search, change] = usePageSearch();
  // each gain keeps the currency of its tax
  const slice = { ...sliceOf(search), base: undefined };
  return (
    <>
      <PageTitle
        aside={
          <Link
            to="/gains/unrealized"
            search={{ ...keptPart(search), year: search.year }}
            className="lnk"
          >
            Realized vs unrealized
          </Link>
        }
      >
        Realized gains
      </PageTitle>
      <SliceBar hasBase={false} />
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Realized gains" />
        <GainsTable
          filter={{
            account: search.account,
            year: search.year,
            term: search.term,
            known: search.known,
            slice,
          }}
          onChange={({ year, term, known }) => {
            change({ year, term, known });
          }}
        />
      </OfSlice>
    </>
  );
}

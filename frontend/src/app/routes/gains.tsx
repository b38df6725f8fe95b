import { Link } from "@tanstack/react-router";
import { GainsTable } from "@/features/gains/gains-table";
import { PageTitle } from "@/shared/ui/states";
import { kept } from "../search";
import { usePageSearch } from "../use-search";

export function GainsPage() {
  const [search, change] = usePageSearch();
  return (
    <>
      <PageTitle
        aside={
          <Link
            to="/gains/unrealized"
            search={{ ...kept(search), year: search.year }}
            className="lnk"
          >
            Realized vs unrealized
          </Link>
        }
      >
        Realized gains
      </PageTitle>
      <GainsTable
        filter={{
          account: search.account,
          year: search.year,
          term: search.term,
          known: search.known,
        }}
        onChange={({ year, term, known }) => {
          change({ year, term, known });
        }}
      />
    </>
  );
}

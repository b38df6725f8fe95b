import { GainsTable } from "@/features/gains/gains-table";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function GainsPage() {
  const [search, change] = usePageSearch();
  return (
    <>
      <PageTitle>Realized gains</PageTitle>
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

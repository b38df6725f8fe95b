import { HoldingsTable } from "@/features/holdings/holdings-table";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function HoldingsPage() {
  const [search] = usePageSearch();
  return (
    <>
      <PageTitle>Holdings</PageTitle>
      <HoldingsTable account={search.account} />
    </>
  );
}

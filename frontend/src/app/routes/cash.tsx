import { CashTable } from "@/features/cash/cash-table";
import { MomentFields } from "@/shared/ui/moment-fields";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function CashPage() {
  const [search, change] = usePageSearch();
  const moment = { on: search.on, known: search.known };
  return (
    <>
      <PageTitle>Cash</PageTitle>
      <MomentFields moment={moment} onChange={change} />
      <CashTable account={search.account} moment={moment} />
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { MovementsTable } from "@/features/cash/movements-table";
import { accountsQuery } from "@/shared/api/accounts";
import { MomentFields, momentSearch } from "@/shared/ui/moment-fields";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function CashMovementsPage() {
  const { accountId = "", currency = "" } = useParams({ strict: false });
  const [search, change] = usePageSearch();
  const accounts = useQuery(accountsQuery);
  const name = accounts.data?.items.find((account) => account.id === accountId)?.name;
  const moment = { on: search.on, known: search.known };
  return (
    <>
      <PageTitle
        aside={
          <Link to="/cash" search={momentSearch(moment)} className="lnk">
            All cash
          </Link>
        }
      >
        {name ? `${currency} in ${name}` : `Movements of ${currency}`}
      </PageTitle>
      <MomentFields moment={moment} onChange={change} />
      <MovementsTable account={accountId} currency={currency} moment={moment} />
    </>
  );
}

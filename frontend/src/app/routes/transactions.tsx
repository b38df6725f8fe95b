import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { TransactionFilters } from "@/features/transactions/transaction-filters";
import { TransactionsTable } from "@/features/transactions/transactions-table";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

const NO_FILTERS = {
  kind: undefined,
  text: undefined,
  known: undefined,
  from: undefined,
  to: undefined,
  review: undefined,
  reversed: undefined,
};

export function TransactionsPage() {
  const [search, change] = usePageSearch();
  const isFiltered = Object.keys(NO_FILTERS).some((name) => name in search && name !== "reversed");
  const account = search.account ? { account: search.account } : {};
  const none = (
    <>
      <p>Nothing was recorded {search.account ? "in this account" : ""} yet.</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Link to="/import" className="btn primary">
          Import a file
        </Link>
        <Link to="/transactions/new" search={account} className="btn line">
          Add one by hand
        </Link>
      </div>
    </>
  );
  const filtered = (
    <>
      <p>The filters above leave nothing over.</p>
      <button
        type="button"
        className="btn line"
        onClick={() => {
          change(NO_FILTERS);
        }}
      >
        Clear the filters
      </button>
    </>
  );
  return (
    <>
      <PageTitle
        aside={
          <Link to="/transactions/new" search={account} className="btn line">
            <Plus aria-hidden="true" size={16} />
            Add
          </Link>
        }
      >
        Transactions
      </PageTitle>
      <TransactionFilters filter={search} onChange={change} />
      <TransactionsTable
        filter={search}
        empty={
          isFiltered
            ? { title: "No transactions match", body: filtered }
            : { title: "No transactions yet", body: none }
        }
      />
    </>
  );
}

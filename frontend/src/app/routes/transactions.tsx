import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { AddInstrument } from "@/features/transactions/add-instrument";
import { TransactionFilters } from "@/features/transactions/transaction-filters";
import type { TransactionFilter } from "@/features/transactions/queries";
import { TransactionsTable } from "@/features/transactions/transactions-table";
import type { InstrumentOut } from "@/shared/api/gen/types.gen";
import { PageTitle, Skeleton } from "@/shared/ui/states";
import { useWide } from "@/shared/ui/use-wide";
import type { Search } from "../search";
import { usePageSearch } from "../use-search";

const TransactionsDesk = lazy(() => import("./transactions-desk"));

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
  const isWide = useWide();
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
  const empty = isFiltered
    ? { title: "No transactions match", body: filtered }
    : { title: "No transactions yet", body: none };
  return (
    <>
      <PageTitle
        aside={
          <span className="flex flex-wrap items-center gap-4">
            <AddHere />
            <Link to="/transactions/new" search={account} className="btn line">
              <Plus aria-hidden="true" size={16} />
              Add
            </Link>
          </span>
        }
      >
        Transactions
      </PageTitle>
      <TransactionFilters filter={search} onChange={change} />
      {isWide ? (
        <Suspense fallback={<Skeleton label="Loading transactions" rows={12} height={30} />}>
          <TransactionsDesk filter={filterOf(search)} empty={empty} />
        </Suspense>
      ) : (
        <TransactionsTable filter={search} empty={empty} />
      )}
    </>
  );
}

/** Of what an address says, what narrows the list. */
function filterOf(search: Search): TransactionFilter {
  const { account, instrument, kind, text, known, from, to, review, reversed } = search;
  return { account, instrument, kind, text, known, from, to, review, reversed };
}

/** Adds an instrument and stays: the grid's cells find it from now on. */
function AddHere() {
  const [added, setAdded] = useState<InstrumentOut>();
  return (
    <>
      <span role="status" className="text-sm">
        {added && (
          <>
            <Link to="/holdings/$instrumentId" params={{ instrumentId: added.id }} className="lnk">
              {added.symbol}
            </Link>{" "}
            can be chosen now.
          </>
        )}
      </span>
      <AddInstrument onAdded={setAdded}>Add an instrument</AddInstrument>
    </>
  );
}

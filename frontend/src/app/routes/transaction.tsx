import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { TransactionDetail } from "@/features/transactions/transaction-detail";
import { transactionQuery } from "@/features/transactions/queries";
import { ProblemError } from "@/shared/api/problem";
import type { TransactionDetailOut } from "@/shared/api/gen/types.gen";
import { day, quantity, words } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { PageTitle } from "@/shared/ui/states";
import { NotFound } from "../fallbacks";

/** One record on a page of its own: what other pages link to. */
export function TransactionPage() {
  const { transactionId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(transactionQuery(transactionId));
  if (error instanceof ProblemError && [404, 422].includes(error.problem.status)) {
    return <NotFound />;
  }
  const title = data
    ? `${words(data.kind)}${data.symbol ? ` ${data.symbol}` : ""}, ${day(data.trade_date)}`
    : "Transaction";
  return (
    <>
      <PageTitle
        aside={
          data?.instrument_id ? (
            <Link
              to="/holdings/$instrumentId"
              params={{ instrumentId: data.instrument_id }}
              className="lnk"
            >
              All of {data.symbol}
            </Link>
          ) : (
            <Link to="/transactions" className="lnk">
              All transactions
            </Link>
          )
        }
      >
        {title}
      </PageTitle>
      {data && <Summary record={data} />}
      <TransactionDetail
        id={transactionId}
        onReversed={() => {
          void refetch();
        }}
      />
    </>
  );
}

/** What lists have columns for, and the details below leave out. */
function Summary({ record }: { record: TransactionDetailOut }) {
  if (record.quantity === null && record.net_amount === null) return null;
  return (
    <p className="mb-4">
      {record.quantity !== null && <>{quantity(record.quantity)} units</>}
      {record.quantity !== null && record.price !== null && (
        <>
          {" at "}
          <Money value={record.price} currency={record.currency} />
        </>
      )}
      {record.quantity !== null && record.net_amount !== null && ", "}
      {record.net_amount !== null && (
        <>
          cash <Money value={record.net_amount} currency={record.currency} signed />
        </>
      )}
    </p>
  );
}

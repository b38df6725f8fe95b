import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { counted, day, words } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { Earlier } from "@/shared/ui/earlier";
import { Money } from "@/shared/ui/figures";
import { useKnownSearch } from "@/shared/ui/known";
import { ProblemNotice } from "@/shared/ui/states";
import { barRecordsQuery, type ReturnFilter } from "./queries";
import type { BarRecordOut, ValueBar } from "./waterfall-types";

type Props = { bar: ValueBar; currency: string; name: string; filter: ReturnFilter };

/** The records behind a bar: the newest came with it, and the others are a button away. */
export function BarRecords({ bar, currency, name, filter }: Props) {
  const [isAll, setAll] = useState(false);
  const hidden = bar.record_count - bar.records.length;
  return (
    <div className="bg-sunk/60 px-3 py-2 max-h-80 overflow-auto">
      {isAll ? (
        <AllRecords {...{ bar, currency, name, filter }} />
      ) : (
        <>
          <Records records={bar.records} currency={currency} name={name} />
          {hidden > 0 && (
            <button
              type="button"
              className="btn line mt-2"
              onClick={() => {
                setAll(true);
              }}
            >
              Show {counted(hidden, "earlier record")}
            </button>
          )}
        </>
      )}
    </div>
  );
}

/** Page by page; those that came with the bar stand until the first page is there. */
function AllRecords({ bar, currency, name, filter }: Props) {
  const query = useInfiniteQuery(barRecordsQuery(filter, bar.bar));
  const records = query.data?.pages.flatMap((page) => page.items) ?? bar.records;
  return (
    <>
      <Records records={records} currency={currency} name={name} />
      {!query.data && query.error && (
        <ProblemNotice
          error={query.error}
          title="The earlier ones could not be loaded"
          onRetry={() => {
            void query.refetch();
          }}
        />
      )}
      {!query.data && !query.error && <p className="text-xs text-ink-2">Loading…</p>}
      <Earlier query={query} what="records" />
    </>
  );
}

type ListProps = { records: readonly BarRecordOut[]; currency: string; name: string };

const Records = ({ records, currency, name }: ListProps) => (
  <ul aria-label={`Records of ${name}`}>
    {records.map((record, place) => (
      <Record
        key={`${record.transaction_id ?? record.day} ${String(place)}`}
        {...{ record, currency }}
      />
    ))}
  </ul>
);

function Record({ record, currency }: { record: BarRecordOut; currency: string }) {
  const search = useKnownSearch();
  const name = `${day(record.day)} · ${words(record.kind)} ${record.symbol ?? ""}`;
  return (
    <li className="flex flex-wrap justify-between gap-x-4 text-sm py-0.5">
      {record.transaction_id === null ? (
        <span>{name}</span>
      ) : (
        <Link
          to="/transactions/$transactionId"
          params={{ transactionId: record.transaction_id }}
          search={search}
          className="lnk"
        >
          {name}
        </Link>
      )}
      <Money value={record.amount} currency={currency} signed reason={reasonOf(record.reason)} />
    </li>
  );
}

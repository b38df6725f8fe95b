import { useState } from "react";
import type { WatchlistOut } from "@/shared/api/gen/types.gen";
import { useLiveQuotes } from "@/shared/live/quotes";
import { ProblemNotice, StaleNotice } from "@/shared/ui/states";
import type { Edits } from "./use-edits";
import { WatchedQuote } from "./watched-quote";
import { WatchedRow } from "./watched-row";

type Props = { list: WatchlistOut; canChange: boolean; edits: Edits };

/** What is on a list, with the last trade of each as it stands now. */
export function WatchedTable({ list, canChange, edits }: Props) {
  const { items } = list;
  const quotes = useLiveQuotes(items.map((item) => item.instrument_id));
  const [told, setTold] = useState("");
  const retry = () => {
    void quotes.refetch();
  };
  const missing = quotes.error ? null : undefined;
  return (
    <>
      {quotes.error && !quotes.data && (
        <ProblemNotice
          error={quotes.error}
          title="The last trades could not be loaded"
          onRetry={retry}
        />
      )}
      {quotes.error && quotes.data && <StaleNotice what="the last trades" onRetry={retry} />}
      <div className="tablewrap">
        <table className="tbl stack">
          <caption className="sr">
            {list.name}
            {canChange && ". Alt with the arrow up or down moves a row."}
          </caption>
          <Head canChange={canChange} />
          <tbody>
            {items.map((item, place) => (
              <WatchedRow
                key={item.instrument_id}
                item={item}
                place={place}
                count={items.length}
                canChange={canChange}
                onNote={edits.note}
                onTakeAway={edits.takeAway}
                onMove={(moving, by) => {
                  const to = edits.move(moving, by);
                  if (to === null) return;
                  setTold(`${moving.symbol} is now ${String(to + 1)} of ${String(items.length)}`);
                }}
              >
                <WatchedQuote
                  quote={quotes.data?.[item.instrument_id] ?? missing}
                  isTold={quotes.isTold(item.instrument_id)}
                  notice={quotes.notice}
                />
              </WatchedRow>
            ))}
          </tbody>
        </table>
      </div>
      <p role="status" className="sr">
        {told}
      </p>
    </>
  );
}

function Head({ canChange }: { canChange: boolean }) {
  return (
    <thead>
      <tr>
        <th scope="col">Instrument</th>
        <th scope="col">Last trade</th>
        <th scope="col">Since the close before</th>
        <th scope="col" className="!text-left">
          Told by
        </th>
        <th scope="col" className="!text-left">
          Note
        </th>
        {canChange && (
          <th scope="col">
            <span className="sr">Order, and taking away</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

import { useInfiniteQuery } from "@tanstack/react-query";
import { Clock3 } from "lucide-react";
import type { CoverageOut } from "@/shared/api/gen/types.gen";
import { counted, day, percent } from "@/shared/format/format";
import { Earlier } from "@/shared/ui/earlier";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { coverageQuery } from "./queries";

type Props = {
  words: string;
  onlyOpen: boolean;
  /** The instrument whose findings are shown. */
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
};

/** What is known of every instrument that was looked through, and where something waits. */
export function CoverageTable({ words, onlyOpen, chosen, onChoose }: Props) {
  const query = useInfiniteQuery(coverageQuery(words, onlyOpen));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the coverage" rows={5} height={44} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState
        title={words || onlyOpen ? "Nothing like that" : "Nothing was looked through yet"}
      >
        <p>
          {words || onlyOpen
            ? "No instrument matches; clear the filter to see all."
            : "Prices are looked through once a day, after they were fetched."}
        </p>
      </EmptyState>
    );
  }
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="the coverage" onRetry={retry} />}
      <div className="tablewrap">
        <table className="tbl stack" data-testid="coverage">
          <thead>
            <tr>
              <th scope="col">Instrument</th>
              <th scope="col">From – to</th>
              <th scope="col">Bars of sessions</th>
              <th scope="col">Compared</th>
              <th scope="col">Worst</th>
              <th scope="col">Looked at</th>
              <th scope="col">Open</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Coverage
                key={item.instrument_id}
                item={item}
                isChosen={item.instrument_id === chosen}
                onChoose={onChoose}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Earlier query={query} what="instruments" />
    </>
  );
}

const worstOf = (item: CoverageOut): string | null =>
  item.sources
    .map((source) => source.worst_adjusted_difference)
    .filter((found) => found !== null)
    .toSorted((a, b) => Number(b) - Number(a))[0] ?? null;

type RowProps = Pick<Props, "onChoose"> & { item: CoverageOut; isChosen: boolean };

function Coverage({ item, isChosen, onChoose }: RowProps) {
  const worst = worstOf(item);
  const names = item.sources.map(({ source }) => source).join(", ");
  return (
    <tr>
      <td>
        <span className="font-semibold">{item.symbol}</span>{" "}
        {item.delisted_on && <span className="chip">delisted {day(item.delisted_on)}</span>}
        <span className="md:block text-xs text-ink-2">{item.name}</span>
      </td>
      <td>
        <span className="md:hidden text-xs text-ink-2">From – to </span>
        {item.first_day && item.last_day ? `${day(item.first_day)} – ${day(item.last_day)}` : "–"}
      </td>
      <td>
        <span className="md:hidden text-xs text-ink-2">Bars of sessions </span>
        {item.bar_count} of {item.session_count ?? "?"}
        {item.session_count === null && (
          <span className="block text-xs text-ink-2">calendar not known</span>
        )}
      </td>
      <td>
        <span className="md:hidden text-xs text-ink-2">Compared </span>
        {item.compared_count === 0 ? "one source" : counted(item.compared_count, "day")}
        <span className="block text-xs text-ink-2">{names}</span>
      </td>
      <td>
        <span className="md:hidden text-xs text-ink-2">Worst </span>
        {worst === null ? "–" : percent(worst)}
      </td>
      <td>
        <span className="md:hidden text-xs text-ink-2">Looked at </span>
        {day(item.ran_on)}
        {item.is_stale && (
          <span className="chip text-warn ml-2">
            <Clock3 aria-hidden="true" size={12} />
            old
          </span>
        )}
      </td>
      <td>
        <span className="md:hidden text-xs text-ink-2">Open </span>
        <button
          type="button"
          className="lnk"
          aria-pressed={isChosen}
          aria-label={`${counted(item.open_count, "finding")} of ${item.symbol}`}
          onClick={() => {
            onChoose(isChosen ? undefined : item.instrument_id);
          }}
        >
          {isChosen ? "Show all" : counted(item.open_count, "finding")}
        </button>
      </td>
    </tr>
  );
}

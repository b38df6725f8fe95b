import { useQuery } from "@tanstack/react-query";
import type { GainsOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { isNarrowed } from "@/shared/slice";
import { Answered } from "@/shared/ui/answered";
import { SelectField } from "@/shared/ui/field";
import { EmptyState, Section } from "@/shared/ui/states";
import { togetherQuery, type TogetherFilter } from "./queries";
import { TogetherChart } from "./together-chart";
import { TogetherTable } from "./together-table";

type Props = { filter: TogetherFilter; onYear: (year: number | undefined) => void };

/** What was realized, what is not yet, and income: instrument by instrument, side by side. */
export function TogetherView({ filter, onYear }: Props) {
  const query = useQuery(togetherQuery(filter));
  return (
    <Answered query={query} what="the gains" rows={10}>
      {(data) => (
        <>
          <div className="w-48 max-w-full mb-5">
            <SelectField
              label="Year"
              value={filter.year ?? ""}
              options={[
                ["", "Since ever"],
                ...data.years.map((year) => [String(year), String(year)] as const),
              ]}
              onChange={(event) => {
                onYear(Number(event.target.value) || undefined);
              }}
            />
          </div>
          {data.items.length === 0 ? (
            <Nothing isPart={isNarrowed(filter.slice)} year={data.year} />
          ) : (
            <Filled data={data} account={filter.account} />
          )}
        </>
      )}
    </Answered>
  );
}

function Nothing({ isPart, year }: { isPart: boolean; year: number | null }) {
  if (isPart || year !== null) {
    return (
      <EmptyState title={year === null ? "Nothing of this part" : `Nothing in ${String(year)}`}>
        <p>Take a filter away, or choose another year, to see what others brought.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No gains yet">
      <p>Once something is bought, its gains and its income show here side by side.</p>
    </EmptyState>
  );
}

function Filled({ data, account }: { data: GainsOut; account: string | undefined }) {
  const span =
    data.year === null
      ? `Since ever, up to ${day(data.to_date)}`
      : `${day(data.from_date ?? data.to_date)} to ${day(data.to_date)}`;
  return (
    <Section id="side-by-side" title={span}>
      {data.unknowns.length > 0 && (
        <div className="note warn mb-4" role="status">
          <p>What needs one of these is shown as unknown, never as a part:</p>
          <ul className="mt-1 list-disc pl-5">
            {data.unknowns.map((unknown) => (
              <li key={`${unknown.reason_code} ${unknown.message}`}>{unknown.message}</li>
            ))}
          </ul>
        </div>
      )}
      <TogetherChart data={data} />
      <div className="mt-6">
        <TogetherTable data={data} account={account} />
      </div>
      <p className="mt-3 text-xs text-ink-2 max-w-[92ch]">
        In {data.currency}. Realized: what came for units, at the rate of its day, less what they
        cost at the rate of theirs; fees and taxes of a trade are in it. Unrealized: today’s value
        less that cost. Income: after tax withheld. Each is the figure of the page that shows it
        alone.
      </p>
    </Section>
  );
}

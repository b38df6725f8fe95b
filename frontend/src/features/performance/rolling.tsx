import type { RollingOut } from "@/shared/api/gen/types.gen";
import { counted, percent } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { returnPath, rollingInFull, type Days, type ReturnFilter } from "./queries";
import { RatioSeries } from "./series";

export const SPANS = ["3", "12", "36", "60"] as const;
export type Span = (typeof SPANS)[number];
export const SPAN_NAMES: Readonly<Record<Span, string>> = {
  "3": "3 months",
  "12": "1 year",
  "36": "3 years",
  "60": "5 years",
};

type Props = { data: RollingOut; days: Days; filter: ReturnFilter };

/** What the months before each day returned: how much a good or bad start would have mattered. */
export function Rolling({ data, days, filter }: Props) {
  const { lowest_ratio: lowest, median_ratio: median, highest_ratio: highest } = data;
  if (lowest === null || median === null || highest === null) {
    return <p className="note">{reasonOf(data.reason ?? "span_shorter_than_window")}.</p>;
  }
  const where = (on: string) =>
    returnPath(filter, days, "rolling", { on, window: String(data.window_months) });
  return (
    <>
      <p className="text-sm text-ink-2 mb-2">
        Of {counted(data.observation_count, "window")}: lowest {percent(lowest, 1, true)}, half of
        them above {percent(median, 1, true)}, highest {percent(highest, 1, true)}. Neighbors share
        most of their days.
      </p>
      <RatioSeries
        points={data.items.map((item) => ({
          date: item.as_of,
          value: item.ratio === null ? null : Number(item.ratio),
        }))}
        name={`Return of the ${String(data.window_months)} months before`}
        color="var(--c5)"
        height={220}
        file={`rolling-${String(data.window_months)}-months`}
        rows={async () => {
          const full = data.is_decimated ? await rollingInFull(filter, data.window_months) : data;
          return [
            ["Date", `Return of the ${String(data.window_months)} months before`],
            ...full.items.map((item) => [item.as_of, item.ratio]),
          ];
        }}
        label="Inspect the rolling return by date"
        table="rolling"
        isThinned={data.is_decimated}
        where={where}
      />
    </>
  );
}

import { useMemo, useRef, useState } from "react";
import type { RiskOut } from "@/shared/api/gen/types.gen";
import { DataRegion } from "@/shared/charts/data-region";
import { SaveAs } from "@/shared/charts/save-as";
import { Thinned } from "@/shared/charts/thinned";
import { TableToggle } from "@/shared/charts/table-toggle";
import { useTable } from "@/shared/charts/use-table";
import { TimeChart } from "@/shared/charts/time-chart";
import type { TimePoint } from "@/shared/charts/time-plot";
import { day, longDay, percent } from "@/shared/format/format";
import { Choice } from "@/shared/ui/choice";
import { useAddress } from "@/shared/ui/use-address";
import { Why } from "@/shared/ui/why";
import type { RiskPoint } from "./queries";

const MEASURES = [
  ["volatility", "Volatility"],
  ["sharpe", "Sharpe ratio"],
  ["value_at_risk", "Value at risk"],
  ["beta", "Beta"],
] as const;
type Measure = (typeof MEASURES)[number][0];
const NAMES = Object.fromEntries(MEASURES) as Record<Measure, string>;
/** Ratios are told in percent, the others as plain numbers. */
const isRatio = (measure: Measure) => measure === "volatility" || measure === "value_at_risk";
const HEIGHT = 260;

type Props = { risk: RiskOut; where: (point: RiskPoint) => string };

/** The same figure of every window, so one sees whether it is a figure of the past or of now. */
export function Rolling({ risk, where }: Props) {
  const [measure, setMeasure] = useAddress<Measure>("measure", MEASURES, "volatility");
  const [read, setRead] = useState<TimePoint | null>(null);
  const [isTable, setTable] = useTable("rolling");
  const box = useRef<HTMLDivElement>(null);
  const points = useMemo(
    () =>
      risk.rolling.map((point) => ({
        date: point.as_of,
        value: point[measure] === null ? null : Number(point[measure]),
      })),
    [risk.rolling, measure],
  );
  if (points.length < 2) {
    return (
      <p className="text-sm text-ink-2">
        A window needs {risk.window} returns, and there are {risk.return_count}. Choose a shorter
        window or a longer period.
      </p>
    );
  }
  // by its day: another measure has another value then
  const shown = points.find((point) => point.date === read?.date) ?? points.at(-1) ?? null;
  const told = { measure, where };
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2 mb-2">
        <Choice
          label="Measure"
          look="text"
          value={measure}
          options={MEASURES}
          onChange={setMeasure}
        />
        <TableToggle isTable={isTable} onChange={setTable} className="text-sm" />
      </div>
      {points.every((point) => point.value === null) && <Nothing measure={measure} risk={risk} />}
      {shown && (
        <p className="min-h-7 mb-2 text-[1.1875rem] leading-7 font-[540] num" data-testid="rolling">
          <Asked point={shown} mark {...told} />
          <span className="text-sm font-normal text-ink-2 ml-3">{longDay(shown.date)}</span>
        </p>
      )}
      {isTable ? (
        <RollingTable points={points} {...told} />
      ) : (
        <div ref={box}>
          <TimeChart
            points={points}
            height={HEIGHT}
            color="var(--blue)"
            label="Inspect the rolling figure by date"
            baseline="zero"
            tick={(value) =>
              isRatio(measure)
                ? percent(value.toFixed(4), measure === "volatility" ? 0 : 1)
                : value.toFixed(1)
            }
            speak={(point) => `${longDay(point.date)}: ${show(measure, point.value)}`}
            onRead={setRead}
            keeps
          />
        </div>
      )}
      <p className="text-xs text-ink-2">
        <Thinned isThinned={risk.is_decimated} count={points.length} />
      </p>
      <SaveAs
        className="mt-1 text-xs text-ink-2"
        file={`rolling-${measure.replaceAll("_", "-")}`}
        rows={() => [
          ["Window ends", NAMES[measure]],
          ...risk.rolling.map((point) => [point.as_of, point[measure]]),
        ]}
        chart={
          isTable
            ? undefined
            : { box, heading: `${NAMES[measure]}, ${String(risk.window)} returns at a time` }
        }
      />
    </>
  );
}

/** Why no window has the figure. */
function Nothing({ measure, risk }: { measure: Measure; risk: RiskOut }) {
  const why = {
    volatility: "The returns did not vary.",
    sharpe:
      risk.risk_free_ratio === null
        ? "No yields of Treasury bills are known for these days."
        : "The returns did not vary.",
    value_at_risk: "The window is too short for its tail: choose a longer one.",
    beta: risk.benchmark
      ? `${risk.benchmark.symbol} has too few days in common with the portfolio.`
      : "Choose something to compare with above.",
  }[measure];
  return <p className="note mb-2">{why}</p>;
}

function show(measure: Measure, value: number | null): string {
  if (value === null) return "unknown";
  return isRatio(measure) ? percent(value.toFixed(6)) : value.toFixed(2).replace("-", "\u2212");
}

type Told = { measure: Measure; where: Props["where"] };

/** The figure of one window, which can be asked where it comes from. */
function Asked({ point, measure, where, mark }: Told & { point: TimePoint; mark?: boolean }) {
  return (
    <Why
      mark={mark ?? false}
      figure={`${NAMES[measure]}, window to ${day(point.date)}`}
      path={where({ of: "window", figure: measure, on: point.date })}
    >
      {show(measure, point.value)}
    </Why>
  );
}

function RollingTable({ points, ...told }: Told & { points: readonly TimePoint[] }) {
  return (
    <DataRegion label="Rolling figures" height={HEIGHT}>
      <thead>
        <tr>
          <th scope="col">Window ends</th>
          <th scope="col">{NAMES[told.measure]}</th>
        </tr>
      </thead>
      <tbody>
        {[...points].reverse().map((point) => (
          <tr key={point.date}>
            <td>{longDay(point.date)}</td>
            <td className="num">
              <Asked point={point} {...told} />
            </td>
          </tr>
        ))}
      </tbody>
    </DataRegion>
  );
}

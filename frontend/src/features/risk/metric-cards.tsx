import type { MetricOut, RiskOut } from "@/shared/api/gen/types.gen";
import { day, percent, quantity } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { Unknown } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";
import { inputWords, METRICS } from "./phrases";

type Props = {
  risk: RiskOut;
  names: readonly string[];
  label: string;
  /** Where a figure is explained. */
  where: (figure: string) => string;
};

/** Figures with what they mean; how they were worked out stands behind each. */
export function MetricCards({ risk, names, label, where }: Props) {
  const found = names.flatMap((name) => risk.metrics.filter((metric) => metric.name === name));
  return (
    <ul
      aria-label={label}
      className="grid gap-x-8 gap-y-0 sm:grid-cols-2 lg:grid-cols-3 border-t border-rule"
    >
      {found.map((metric) => (
        <li key={metric.name} className="border-b border-rule py-4" data-testid={metric.name}>
          <Card metric={metric} path={where(metric.name)} />
        </li>
      ))}
    </ul>
  );
}

/** A ratio as a percentage, a plain number with two places. */
export const shownMetric = ({ value, unit }: Pick<MetricOut, "value" | "unit">): string | null =>
  value === null ? null : unit === "ratio" ? percent(value) : twoPlaces(value);

const twoPlaces = (value: string): string => {
  const rounded = Number(value).toFixed(2);
  return (Number(rounded) === 0 ? "0.00" : rounded).replace("-", "\u2212");
};

function Card({ metric, path }: { metric: MetricOut; path: string }) {
  const words = METRICS[metric.name] ?? { title: metric.name, says: "" };
  const reason = reasonOf(metric.reason);
  return (
    <>
      <h3 className="text-sm font-sans font-medium text-ink-2">{words.title}</h3>
      <p className="font-serif text-[1.625rem] leading-9 num">
        <Why mark figure={words.title} path={path}>
          {shownMetric(metric) ?? <Unknown reason={reason} />}
        </Why>
      </p>
      <p className="text-sm text-ink-2 max-w-[44ch]">
        {metric.value === null && reason ? `Not known: ${reason}.` : words.says}
      </p>
      <details className="mt-1.5 text-sm">
        <summary className="lnk w-fit cursor-pointer min-h-6">
          How it is worked out<span className="sr">: {words.title}</span>
        </summary>
        <Working metric={metric} />
      </details>
    </>
  );
}

function Working({ metric }: { metric: MetricOut }) {
  return (
    <div className="mt-2 flex flex-col gap-2">
      <p className="num overflow-x-auto bg-sunk rounded-md px-2.5 py-1.5">{metric.formula}</p>
      {metric.inputs.length > 0 && (
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 text-xs">
          {metric.inputs.map((input) => (
            <div key={input.name} className="contents">
              <dt className="text-ink-2">{inputWords(input.name)}</dt>
              <dd className="num text-right">{quantity(input.value, 8)}</dd>
            </div>
          ))}
        </dl>
      )}
      {metric.first_date && metric.last_date && (
        <p className="text-xs text-ink-2">
          {metric.return_count} returns, {day(metric.first_date)} to {day(metric.last_date)}.
        </p>
      )}
    </div>
  );
}

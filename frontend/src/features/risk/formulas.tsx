import type { RiskOut, TailOut } from "@/shared/api/gen/types.gen";
import { counted, day, percent } from "@/shared/format/format";
import { levelWords, QUANTILE_WORDS, TAIL_ROWS } from "./phrases";

const formulaOf = (risk: RiskOut, name: string): string | undefined =>
  risk.conventions?.formulas.find((one) => one.name === name)?.formula;

type LineProps = { name: string; formula: string };

function Line({ name, formula }: LineProps) {
  return (
    <>
      <dt className="text-xs text-ink-2">{name}</dt>
      <dd className="num overflow-x-auto bg-sunk rounded-md px-2.5 py-1.5 mb-1">{formula}</dd>
    </>
  );
}

/** How the figures of a bad day are worked out, and of which returns. */
export function TailFormulas({ risk }: { risk: RiskOut }) {
  const lines = TAIL_ROWS.flatMap(([key, name]) => {
    const formula = formulaOf(risk, key);
    return formula === undefined ? [] : [{ name, formula }];
  });
  if (lines.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="lnk w-fit cursor-pointer min-h-6">
        How it is worked out<span className="sr">: a bad day</span>
      </summary>
      <div className="mt-2 flex flex-col gap-2">
        <dl>
          {lines.map((line) => (
            <Line key={line.name} {...line} />
          ))}
        </dl>
        <p className="text-xs text-ink-2">
          Confidence {levelWords(risk.confidence_ratio)}; quantile{" "}
          {(QUANTILE_WORDS[risk.method] ?? risk.method).toLowerCase()}. r is one return, and a loss
          is below zero.
        </p>
        <ul className="text-xs text-ink-2">
          <li>Past: {ofReturns(risk.past_tail)}.</li>
          <li>Held today: {ofReturns(risk.held_tail)}, of today’s weights.</li>
        </ul>
      </div>
    </details>
  );
}

const ofReturns = (tail: TailOut): string =>
  counted(tail.return_count, "return") +
  (tail.first_date && tail.last_date ? `, ${day(tail.first_date)} to ${day(tail.last_date)}` : "");

/** How the worst fall is worked out, and between which days. */
export function FallFormula({ risk }: { risk: RiskOut }) {
  const formula = formulaOf(risk, "max_drawdown");
  const { ratio, peak_date: peak, trough_date: trough } = risk.max_drawdown;
  if (formula === undefined) return null;
  return (
    <details className="mt-1.5 text-sm">
      <summary className="lnk w-fit cursor-pointer min-h-6">
        How it is worked out<span className="sr">: Worst fall</span>
      </summary>
      <dl className="mt-2 max-w-[44ch]">
        <Line name="Of every day, priced or not" formula={formula} />
      </dl>
      {ratio !== null && peak && trough && (
        <p className="text-xs text-ink-2">
          The level of {day(trough)} is {percent((1 + Number(ratio)).toFixed(6))} of that of{" "}
          {day(peak)}.
        </p>
      )}
    </details>
  );
}

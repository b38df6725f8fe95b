import type { RiskOut, TailOut } from "@/shared/api/gen/types.gen";
import { percent } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { Unknown } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";
import { CountedReturns } from "./counted-returns";
import { TailFormulas } from "./formulas";
import { levelWords, TAIL_ROWS } from "./phrases";
import type { RiskPoint } from "./queries";

/** Where a tail is explained: of the past, or of what is held today. */
type Where = (figure: string, of?: "held") => string;
type Props = {
  risk: RiskOut;
  isFewAllowed: boolean;
  onAllowFew: (isAllowed: boolean) => void;
  where: Where;
  wherePoint: (point: RiskPoint) => string;
};

/** A bad day: of the portfolio as it was, and of what is held today on the same days. */
export function Tails({ risk, isFewAllowed, onAllowFew, where, wherePoint }: Props) {
  const level = levelWords(risk.confidence_ratio);
  const isRefused = [risk.past_tail, risk.held_tail].some(
    (tail) => tail.reason === "too_few_returns",
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_336px] gap-x-12 gap-y-6">
      <CountedReturns risk={risk} where={wherePoint} />
      <div className="flex flex-col gap-4 text-sm min-w-0">
        <p className="text-ink-2">
          On {level} of days the loss was smaller than the value at risk; on the other days it was,
          on average, the expected shortfall. What happened, not a promise: worse days come.
        </p>
        <TailTable risk={risk} where={where} />
        <TailFormulas risk={risk} />
        {(isRefused || isFewAllowed) && (
          <label className="flex items-start gap-2">
            <input
              type="checkbox"
              className="mt-1 size-4"
              checked={isFewAllowed}
              onChange={(event) => {
                onAllowFew(event.target.checked);
              }}
            />
            Measure it on fewer than{" "}
            {risk.past_tail.least_count > 1 ? risk.past_tail.least_count : "enough"} returns, too
          </label>
        )}
      </div>
    </div>
  );
}

const ROW_NAME = "!text-left !font-normal !text-ink !whitespace-normal !border-rule";

function TailTable({ risk, where }: { risk: RiskOut; where: Where }) {
  const tails = [
    ["Past", risk.past_tail, undefined],
    ["Held today", risk.held_tail, "held"],
  ] as const;
  return (
    <div className="tablewrap">
      <table className="tbl" data-testid="tails">
        <caption className="sr">A bad day, as returns of one day</caption>
        <thead>
          <tr>
            <th scope="col">One day, {levelWords(risk.confidence_ratio)}</th>
            {tails.map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {TAIL_ROWS.map(([key, name]) => (
            <tr key={key}>
              <th scope="row" className={ROW_NAME}>
                {name}
              </th>
              {tails.map(([which, tail, of]) => (
                <td key={which} className="num">
                  <Why figure={`${name}, ${which.toLowerCase()}`} path={where(key, of)}>
                    <Loss tail={tail} value={tail[key]} />
                  </Why>
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row" className={ROW_NAME}>
              Returns
            </th>
            {tails.map(([which, tail]) => (
              <td key={which} className="num text-ink-2">
                {tail.return_count}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <Reasons tails={tails} />
    </div>
  );
}

function Loss({ tail, value }: { tail: TailOut; value: string | null }) {
  return value === null ? (
    <Unknown reason={reasonOf(tail.reason)} />
  ) : (
    <>{percent(value, 2, true)}</>
  );
}

function Reasons({ tails }: { tails: readonly (readonly [string, TailOut, unknown])[] }) {
  return tails.map(([name, tail]) =>
    tail.reason === null ? null : (
      <p key={name} className="text-xs text-ink-2 mt-2">
        {name}: {reasonOf(tail.reason)}
        {tail.reason === "too_few_returns" &&
          ` (${String(tail.return_count)} of at least ${String(tail.least_count)})`}
        .
      </p>
    ),
  );
}

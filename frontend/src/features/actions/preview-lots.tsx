import { keptExplanation } from "@/shared/api/explanations";
import type {
  ActionLotOut,
  ActionPreviewAccountOut,
  ExplanationOut,
} from "@/shared/api/gen/types.gen";
import { counted, day, quantity } from "@/shared/format/format";
import { Money, tone } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";

const UNKNOWN = "the cost of this lot is not known";

/** The lots before and after, and what the event realizes on them. */
export function PreviewLots({ account }: { account: ActionPreviewAccountOut }) {
  const told: Told = (of, place) => keptExplanation(account.explanations, of, String(place));
  return (
    <>
      {account.gains.map((gain, place) => (
        <p key={`${gain.symbol} ${gain.acquired_date} ${gain.quantity}`} className="text-sm">
          Realizes{" "}
          <Why figure={`Gain on ${gain.symbol}`} path={told("gain", place)}>
            <Money
              value={gain.gain}
              currency={gain.currency}
              signed
              reason={UNKNOWN}
              className={tone(gain.gain)}
            />
          </Why>{" "}
          {gain.term} term on {gain.symbol} of {day(gain.acquired_date)}
          {gain.quantity === "0" ? "" : ` (${quantity(gain.quantity)} units)`}.
        </p>
      ))}
      <details>
        <summary className="cursor-pointer text-blue min-h-6 text-sm">
          {counted(account.lots_before.length, "lot")} before,{" "}
          {counted(account.lots_after.length, "lot")} after
        </summary>
        <div className="grid sm:grid-cols-2 gap-x-8 gap-y-3 mt-2">
          <Lots
            title="Before"
            lots={account.lots_before}
            told={(of, place) => told(`${of}_before`, place)}
          />
          <Lots title="After" lots={account.lots_after} told={told} />
        </div>
      </details>
    </>
  );
}

type Told = (of: string, place: number) => ExplanationOut | undefined;
type LotsProps = { title: string; lots: readonly ActionLotOut[]; told: Told };

function Lots({ title, lots, told }: LotsProps) {
  return (
    <div>
      <h4 className="text-xs text-ink-2">{title}</h4>
      <ul className="text-sm">
        {lots.map((lot, place) => (
          <li key={place}>
            {lot.symbol}, {day(lot.acquired_date)}: {lot.is_short ? "owed " : ""}
            <Why figure={`Units of a lot of ${lot.symbol}`} path={told("lot_units", place)}>
              {quantity(lot.quantity)}
            </Why>{" "}
            for{" "}
            <Why figure={`Cost of a lot of ${lot.symbol}`} path={told("lot_cost", place)}>
              <Money value={lot.cost} currency={lot.currency} reason={UNKNOWN} />
            </Why>
          </li>
        ))}
        {lots.length === 0 && <li className="text-ink-2">none</li>}
      </ul>
    </div>
  );
}

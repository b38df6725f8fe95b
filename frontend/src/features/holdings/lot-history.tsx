import { Link } from "@tanstack/react-router";
import { explainPath } from "@/shared/api/explanations";
import type { LotEventOut, LotHistoryOut, TransactionOut } from "@/shared/api/gen/types.gen";
import { day, LOT_DIGITS, quantity, words } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money, tone } from "@/shared/ui/figures";
import { Section } from "@/shared/ui/states";
import { Why } from "@/shared/ui/why";

const UNKNOWN_COST = reasonText(["cost_unknown"]);

/** What is left of a lot, and everything that happened to it, each with its record. */
export function LotHistory({ lot }: { lot: LotHistoryOut }) {
  const records = new Map(lot.records.map((record) => [record.id, record]));
  return (
    <>
      <Left lot={lot} />
      <Section id="lot-events" title="What happened">
        <ol data-testid="lot-history">
          {lot.events.map((event, place) => (
            <Event key={place} event={event} lot={lot} record={records.get(event.transaction_id)} />
          ))}
        </ol>
      </Section>
    </>
  );
}

function Left({ lot }: { lot: LotHistoryOut }) {
  const isGone = lot.quantity === "0";
  const why = (figure: string, name: string) => ({
    figure: `${name} of the lot`,
    path: explainPath(`lots/${lot.id}`, { figure }),
  });
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-4 border-y border-rule py-4 mb-8">
      <div>
        <dt className="text-xs text-ink-2">{lot.is_short ? "Units owed" : "Units left"}</dt>
        <dd className="font-serif text-xl num">{isGone ? "none" : quantity(lot.quantity)}</dd>
      </div>
      {!isGone && (
        <>
          <div>
            <dt className="text-xs text-ink-2">Cost</dt>
            <dd className="font-serif text-xl">
              <Why mark {...why("cost", "Cost")}>
                <Money
                  value={lot.cost}
                  currency={lot.currency}
                  upTo={LOT_DIGITS}
                  reason={UNKNOWN_COST}
                />
              </Why>
            </dd>
          </div>
          <div>
            <dt className="text-xs text-ink-2">Cost per unit</dt>
            <dd className="font-serif text-xl">
              <Why mark {...why("cost_per_unit", "Cost per unit")}>
                <Money
                  value={lot.cost_per_unit}
                  currency={lot.currency}
                  digits={4}
                  reason={UNKNOWN_COST}
                />
              </Why>
            </dd>
          </div>
        </>
      )}
      {lot.acquired_date !== null && (
        <div>
          <dt className="text-xs text-ink-2">{lot.is_short ? "Sold short" : "Held since"}</dt>
          <dd className="font-serif text-xl">{day(lot.acquired_date)}</dd>
        </div>
      )}
    </dl>
  );
}

type EventProps = { event: LotEventOut; lot: LotHistoryOut; record: TransactionOut | undefined };

function Event({ event, lot, record }: EventProps) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] md:grid-cols-[9rem_minmax(0,1fr)_auto] gap-x-4 gap-y-1 py-3 border-b border-rule items-baseline">
      <span className="max-md:col-start-1 max-md:row-start-2 text-sm text-ink-2 whitespace-nowrap">
        {day(event.happened_on)}
      </span>
      <span className="max-md:row-start-1">
        <span className="font-medium">{headline(event, lot)}</span>
        <span className="block text-sm text-ink-2">
          <Effect event={event} lot={lot} />
        </span>
        <Link
          to="/transactions/$transactionId"
          params={{ transactionId: event.transaction_id }}
          className="lnk"
        >
          {record
            ? `${words(record.kind)}${record.symbol ? ` ${record.symbol}` : ""}, ${day(record.trade_date)}`
            : "Its transaction"}
        </Link>
      </span>
      <span className="max-md:row-start-2 max-md:col-start-2 text-sm num text-right">
        {quantity(event.units_after)} left
      </span>
    </li>
  );
}

function headline(event: LotEventOut, lot: LotHistoryOut): string {
  if (event.what === "opened") return lot.is_short ? "Sold short" : "Opened";
  if (event.gain) {
    if (event.gain.kind === "boot") return "Cash in an exchange";
    if (event.gain.kind === "capital_returned") return "More capital returned than it had cost";
    return `${quantity(event.gain.quantity)} units ${lot.is_short ? "bought back" : "closed"}`;
  }
  const kind = words(event.change?.kind ?? "").replace("Spin off", "Spin-off");
  if (event.what === "became") return `${kind}: ${event.change?.symbol ?? ""} came out of it`;
  return event.change?.other_lot_id ? `${kind}: came out of another lot` : kind;
}

function Effect({ event, lot }: Omit<EventProps, "record">) {
  const { change, gain } = event;
  const money = (value: string | null, currency: string) => (
    <Money value={value} currency={currency} upTo={LOT_DIGITS} reason={UNKNOWN_COST} />
  );
  if (gain) {
    return (
      <>
        {money(gain.proceeds, gain.currency)} for {money(gain.cost, gain.currency)}, gain{" "}
        <Money
          value={gain.gain}
          currency={gain.currency}
          upTo={LOT_DIGITS}
          signed
          reason={UNKNOWN_COST}
          className={tone(gain.gain)}
        />
        , {lot.is_short ? "short sale" : `${gain.term} term`}
      </>
    );
  }
  if (!change) return null;
  return (
    <>
      {change.quantity_before === change.quantity_after
        ? `${quantity(change.quantity_after)} units`
        : `${quantity(change.quantity_before)} to ${quantity(change.quantity_after)} units`}
      , cost{" "}
      {change.cost_before !== change.cost_after && (
        <>{money(change.cost_before, lot.currency)} to </>
      )}
      {money(change.cost_after, lot.currency)}
      {change.other_lot_id !== null && (
        <>
          {", "}
          <Link to="/holdings/lots/$lotId" params={{ lotId: change.other_lot_id }} className="lnk">
            that lot
          </Link>
        </>
      )}
    </>
  );
}

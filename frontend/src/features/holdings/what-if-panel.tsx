import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { whatIfSold } from "@/shared/api/gen/sdk.gen";
import type {
  ExplanationOut,
  LotOut,
  WhatIfIn,
  WhatIfOut,
  WhatIfSoldOut,
  WouldCloseOut,
} from "@/shared/api/gen/types.gen";
import { explainPath } from "@/shared/api/explanations";
import { fieldError, unwrap } from "@/shared/api/problem";
import { day, quantity } from "@/shared/format/format";
import { lotMethodName } from "@/shared/format/lot-methods";
import { SelectField, TextField } from "@/shared/ui/field";
import { Money, tone } from "@/shared/ui/figures";
import { ProblemNotice } from "@/shared/ui/states";
import { Why } from "@/shared/ui/why";

type Props = { instrumentId: string; lots: readonly LotOut[]; price: string | null };
const UNKNOWN = "the cost of some units is not known";

/** Long lots by account: only what is held can be sold. */
function accountsOf(lots: readonly LotOut[]): (readonly [string, string])[] {
  const names = new Map(
    lots.filter((lot) => !lot.is_short).map((lot) => [lot.account_id, lot.account_name] as const),
  );
  return [...names];
}

/** A sale to think about: every method's gain by term, and the lots it would take. */
export function WhatIfPanel({ instrumentId, lots, price }: Props) {
  const accounts = accountsOf(lots);
  const ask = useMutation({
    mutationFn: (body: WhatIfIn) => unwrap(whatIfSold({ body })),
  });
  if (accounts.length === 0) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    ask.mutate({
      account_id: text("account") || (accounts[0]?.[0] ?? ""),
      instrument_id: instrumentId,
      quantity: text("units"),
      price: text("price"),
      fee: text("fee") || "0",
    });
  };
  const { error } = ask;
  const beside = ["quantity", "price", "fee"].some((name) => fieldError(error, name));
  return (
    <>
      <form
        onSubmit={submit}
        aria-label="What if I sell"
        className="flex flex-col gap-4"
        noValidate
      >
        <div className="grid grid-cols-2 md:grid-cols-4 gap-x-5 gap-y-4 items-start">
          {accounts.length > 1 && <SelectField label="Account" name="account" options={accounts} />}
          <TextField
            label="Units"
            name="units"
            inputMode="decimal"
            required
            error={fieldError(error, "quantity")}
          />
          <TextField
            label="Price per unit"
            name="price"
            inputMode="decimal"
            required
            defaultValue={price ?? ""}
            error={fieldError(error, "price")}
          />
          <TextField
            label="Fee (optional)"
            name="fee"
            inputMode="decimal"
            error={fieldError(error, "fee")}
          />
        </div>
        <button type="submit" className="btn line self-start" disabled={ask.isPending}>
          {ask.isPending ? "Comparing…" : "Compare methods"}
        </button>
      </form>
      {error && !beside && <ProblemNotice error={error} title="Nothing could be compared" />}
      {ask.data && <Outcomes data={ask.data} />}
    </>
  );
}

function Outcomes({ data }: { data: WhatIfSoldOut }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <div className="mt-5">
      <p className="text-sm text-ink-2 mb-3">
        {quantity(data.quantity)} units on {day(data.day)} bring{" "}
        <Why figure="Proceeds" path={data.proceeds_explained}>
          <Money value={data.proceeds} currency={data.currency} />
        </Why>
        . Nothing is posted.
        {data.identify_by !== null &&
          ` Which lots are sold can be told the broker until ${day(data.identify_by)}, when it settles.`}
      </p>
      <div className="tablewrap">
        <table className="tbl" data-testid="what-if">
          <thead>
            <tr>
              <th scope="col">Takes</th>
              <th scope="col">Short-term</th>
              <th scope="col">Long-term</th>
              <th scope="col">Gain</th>
            </tr>
          </thead>
          {data.outcomes.map((outcome) => {
            const key = outcome.method ?? "named";
            return (
              <Outcome
                key={key}
                outcome={outcome}
                currency={data.currency}
                isOwn={outcome.method === data.account_method}
                isOpen={open === key}
                onToggle={() => {
                  setOpen(open === key ? null : key);
                }}
              />
            );
          })}
        </table>
      </div>
    </div>
  );
}

/** The whole lot's cost, of which the sale would take these units' part. */
const lotCostPath = (part: WouldCloseOut): string =>
  explainPath(`lots/${part.lot_id}`, { figure: "cost" });

/** One part of a sum, as a figure of its own. */
function partOf(whole: ExplanationOut, place: number, figure: string | null): ExplanationOut {
  const part = whole.root.children[place];
  return part ? { figure, is_equal: true, root: part } : whole;
}

type OutcomeProps = {
  outcome: WhatIfOut;
  currency: string;
  isOwn: boolean;
  isOpen: boolean;
  onToggle: () => void;
};

function Outcome({ outcome, currency, isOwn, isOpen, onToggle }: OutcomeProps) {
  const gain = (value: string | null, name: string, path: ExplanationOut) => (
    <Why figure={`${name}, ${lotMethodName(outcome.method)}`} path={path}>
      <Money value={value} currency={currency} signed reason={UNKNOWN} className={tone(value)} />
    </Why>
  );
  const { explained } = outcome;
  return (
    <tbody>
      <tr>
        <th
          scope="row"
          className="font-normal !text-left"
          style={{ borderBottomColor: "var(--rule)" }}
        >
          <button type="button" className="said lnk" aria-expanded={isOpen} onClick={onToggle}>
            {lotMethodName(outcome.method)}
          </button>
          {isOwn && <span className="text-xs text-ink-2 ml-2">this account’s method</span>}
        </th>
        <td>{gain(outcome.short_term_gain, "Short-term gain", explained.short_term_gain)}</td>
        <td>{gain(outcome.long_term_gain, "Long-term gain", explained.long_term_gain)}</td>
        <td className="font-semibold">{gain(outcome.gain, "Gain", explained.gain)}</td>
      </tr>
      {isOpen &&
        outcome.closes.map((part, place) => (
          <tr key={part.lot_id} className="text-sm text-ink-2">
            <td className="!text-left !pl-6">
              {quantity(part.quantity)} of {day(part.acquired_date)}
            </td>
            <td colSpan={2}>
              {part.term === "long" ? "long-term" : "short-term"}, cost{" "}
              <Why figure="Cost of a lot" path={lotCostPath(part)}>
                <Money value={part.cost} currency={currency} reason={UNKNOWN} />
              </Why>
            </td>
            <td>{gain(part.gain, "Gain of a lot", partOf(explained.gain, place, part.gain))}</td>
          </tr>
        ))}
    </tbody>
  );
}

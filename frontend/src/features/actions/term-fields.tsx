import type { ComponentType } from "react";
import type { ActionKind, ActionOut, InstrumentOut } from "@/shared/api/gen/types.gen";
import { fieldError } from "@/shared/api/problem";
import { CURRENCY_OPTIONS, SelectField, TextField } from "@/shared/ui/field";
import type { InstrumentFieldProps } from "./instrument-choice";
import { isAsked, isNeeded, NUMBERS, stated } from "./terms";

type Props = {
  kind: ActionKind;
  action: ActionOut | undefined;
  error: Error | null;
  added: InstrumentOut | null;
  other: InstrumentOut | null;
  onAdded: (instrument: InstrumentOut | null) => void;
  onOther: (instrument: InstrumentOut | null) => void;
  InstrumentField: ComponentType<InstrumentFieldProps>;
};

/** The currency an event has is offered, also where it is a rare one. */
const currencies = (own: string | null | undefined) =>
  own && !CURRENCY_OPTIONS.some(([code]) => code === own)
    ? [...CURRENCY_OPTIONS, [own, own] as const]
    : CURRENCY_OPTIONS;

const PAST = ["split", "worthless", "name_change"];
const isDatedOnce = (kind: ActionKind): boolean => PAST.some((word) => kind.endsWith(word));

/** The fields an event of a kind has: its days, its numbers, and what it brings. */
export function TermFields(props: Props) {
  const { kind, action, error, InstrumentField } = props;
  return (
    <>
      <TextField
        label={
          isNeeded(kind, "cash_amount") ? "Ex-date, or the day it takes effect" : "Takes effect"
        }
        name="ex_date"
        type="date"
        required
        defaultValue={action?.ex_date ?? ""}
        error={fieldError(error, "ex_date")}
      />
      {!isDatedOnce(kind) && (
        <TextField
          label="Paid on (optional)"
          name="pay_date"
          type="date"
          defaultValue={action?.pay_date ?? ""}
          error={fieldError(error, "pay_date")}
        />
      )}
      {isAsked(kind, "new_instrument") && (
        <InstrumentField
          label="New instrument"
          value={props.added}
          error={fieldError(error, "new_instrument_id")}
          isOptional={false}
          onChange={props.onAdded}
        />
      )}
      {isAsked(kind, "alternate_instrument") && (
        <InstrumentField
          label="Other new instrument"
          value={props.other}
          error={fieldError(error, "alternate_instrument_id")}
          isOptional={false}
          onChange={props.onOther}
        />
      )}
      <Numbers kind={kind} action={action} error={error} />
      {isAsked(kind, "currency") && (
        <SelectField
          label="Currency of the amounts"
          name="currency"
          options={currencies(action?.currency)}
          defaultValue={action?.currency ?? "USD"}
          error={fieldError(error, "currency")}
        />
      )}
      {isAsked(kind, "is_taxable") && (
        <label className="flex items-center gap-2 text-sm min-h-9 self-end">
          <input type="checkbox" name="is_taxable" defaultChecked={action?.is_taxable ?? false} />
          Taxed at its value
        </label>
      )}
      <TextField
        label="Note (optional)"
        name="note"
        defaultValue={action?.note ?? ""}
        error={fieldError(error, "note")}
      />
    </>
  );
}

function Numbers({ kind, action, error }: Pick<Props, "kind" | "action" | "error">) {
  return NUMBERS.filter(([term]) => isAsked(kind, term)).map(([term, label, hint]) => (
    <TextField
      key={term}
      label={isNeeded(kind, term) ? label : `${label} (optional)`}
      name={term}
      inputMode="decimal"
      hint={hint}
      defaultValue={stated(action, term)}
      error={fieldError(error, term)}
    />
  ));
}

import type { LotMethodChange, LotMethodsOut } from "@/shared/api/gen/types.gen";
import { fieldError } from "@/shared/api/problem";
import { asLotMethod, LOT_METHODS } from "@/shared/format/lot-methods";
import { CURRENCY_OPTIONS, SelectField, TextField } from "@/shared/ui/field";

const OVERSELL = [
  ["open_short", "opens a short position"],
  ["refuse", "is refused"],
] as const;

export const oversellName = (oversell: string): string =>
  OVERSELL.find(([key]) => key === oversell)?.[1] ?? oversell;

/** What a person chooses; the rest of the answer says what may be chosen. */
export type Choice = Pick<
  LotMethodsOut,
  "first" | "changes" | "base_currency" | "tax_currency" | "oversell"
>;

type Props = {
  choice: Choice;
  hasRecords: boolean;
  error: unknown;
  onChange: (part: Partial<Choice>) => void;
};

export function MethodFields({ choice, hasRecords, error, onChange }: Props) {
  return (
    <>
      <Methods choice={choice} onChange={onChange} />
      <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
        <SelectField
          label="Currency of its totals"
          options={withOwn(choice.base_currency)}
          value={choice.base_currency}
          disabled={hasRecords}
          hint={
            hasRecords
              ? "Stays while there are transactions: amounts that name no currency were read in it. Take the imports back to change it."
              : "Amounts of files that name no currency are read in it."
          }
          onChange={(event) => {
            onChange({ base_currency: event.target.value });
          }}
        />
        <TextField
          label="Tax currency"
          value={choice.tax_currency ?? ""}
          maxLength={3}
          autoComplete="off"
          placeholder={choice.base_currency}
          error={fieldError(error, "tax_currency") && "Three letters of a currency, such as EUR"}
          hint="What gains are reported in, at the rate of each day. Empty: the account's own."
          onChange={(event) => {
            onChange({ tax_currency: event.target.value });
          }}
        />
      </div>
      <SelectField
        label="Selling more than is held"
        options={OVERSELL}
        value={choice.oversell}
        hint="What is typed by hand. Files are kept whatever they say, and marked for review."
        onChange={(event) => {
          onChange({ oversell: event.target.value === "refuse" ? "refuse" : "open_short" });
        }}
      />
    </>
  );
}

const withOwn = (currency: string): readonly (readonly [string, string])[] =>
  CURRENCY_OPTIONS.some(([code]) => code === currency)
    ? CURRENCY_OPTIONS
    : [[currency, currency], ...CURRENCY_OPTIONS];

/** The method from the beginning on, and those that follow it from a day on. */
function Methods({ choice, onChange }: Pick<Props, "choice" | "onChange">) {
  const { first, changes } = choice;
  return (
    <>
      <SelectField
        label="Sales take"
        options={LOT_METHODS}
        value={first}
        hint="A sale may still name its lots."
        onChange={(event) => {
          onChange({ first: asLotMethod(event.target.value) });
        }}
      />
      {changes.map((entry, place) => (
        <ChangeFields
          key={place}
          entry={entry}
          onChange={(part) => {
            onChange({
              changes: changes.map((kept, index) =>
                index === place ? { ...kept, ...part } : kept,
              ),
            });
          }}
          onRemove={() => {
            onChange({ changes: changes.filter((_, index) => index !== place) });
          }}
        />
      ))}
      <button
        type="button"
        className="btn line self-start"
        onClick={() => {
          onChange({ changes: [...changes, { begins_on: "", lot_method: first }] });
        }}
      >
        Change it from a day on
      </button>
    </>
  );
}

type ChangeProps = {
  entry: LotMethodChange;
  onChange: (part: Partial<LotMethodChange>) => void;
  onRemove: () => void;
};

function ChangeFields({ entry, onChange, onRemove }: ChangeProps) {
  return (
    <div className="grid sm:grid-cols-[1fr_1fr_auto] gap-x-5 gap-y-2 items-end">
      <TextField
        label="From"
        type="date"
        required
        value={entry.begins_on}
        onChange={(event) => {
          onChange({ begins_on: event.target.value });
        }}
      />
      <SelectField
        label="sales take"
        options={LOT_METHODS}
        value={entry.lot_method}
        onChange={(event) => {
          onChange({ lot_method: asLotMethod(event.target.value) });
        }}
      />
      <button type="button" className="btn" onClick={onRemove}>
        Remove
      </button>
    </div>
  );
}

import type { AccountOut } from "@/shared/api/gen/types.gen";
import { money, words } from "@/shared/format/format";
import { CURRENCY_OPTIONS, SelectField, TextField } from "@/shared/ui/field";
import { tradeAmount } from "./entry";
import {
  asks,
  ENTRY_KINDS,
  isTrade,
  type Entry,
  type EntryErrors,
  type EntryField,
  type EntryKind,
} from "./entry-kinds";
import { InstrumentField } from "./instrument-field";

const KIND_OPTIONS = ENTRY_KINDS.map((kind) => [kind, words(kind)] as const);

type Props = {
  accounts: readonly AccountOut[];
  entry: Entry;
  errors: EntryErrors;
  onChange: (part: Partial<Entry>) => void;
};

/** What the chosen kind asks for, in the order of a slip. */
export function EntryFields(props: Props) {
  const { entry, errors, onChange } = props;
  return (
    <div className="grid grid-cols-2 gap-x-3 sm:gap-x-5 gap-y-4 items-start">
      <SelectField
        label="Kind"
        value={entry.kind}
        options={KIND_OPTIONS}
        error={errors.kind}
        onChange={(event) => {
          onChange({ kind: event.target.value as EntryKind });
        }}
      />
      <TextField
        label="Date"
        type="date"
        value={entry.date}
        error={errors.date}
        onChange={(event) => {
          onChange({ date: event.target.value });
        }}
      />
      <WhereFields {...props} />
      <FigureFields {...props} />
      <div className="col-span-2">
        <TextField
          label="Note (optional)"
          value={entry.note}
          error={errors.note}
          maxLength={2000}
          onChange={(event) => {
            onChange({ note: event.target.value });
          }}
        />
      </div>
    </div>
  );
}

/** The account, and what the record is about; either brings its currency. */
function WhereFields({ accounts, entry, errors, onChange }: Props) {
  return (
    <>
      <div className="max-sm:col-span-2">
        <SelectField
          label="Account"
          value={entry.account}
          options={accounts.map(({ id, name }) => [id, name] as const)}
          error={errors.account}
          onChange={(event) => {
            const chosen = accounts.find(({ id }) => id === event.target.value);
            const currency = entry.instrument ? entry.currency : chosen?.base_currency;
            onChange({ account: event.target.value, ...(currency ? { currency } : {}) });
          }}
        />
      </div>
      {asks(entry.kind, "instrument") && (
        <div className="max-sm:col-span-2">
          <InstrumentField
            label={entry.kind === "spin_off" ? "New instrument" : undefined}
            value={entry.instrument}
            error={errors.instrument}
            isOptional={entry.kind === "dividend"}
            onChange={(instrument) => {
              onChange({ instrument, ...(instrument ? { currency: instrument.currency } : {}) });
            }}
          />
        </div>
      )}
      {asks(entry.kind, "source") && (
        <div className="max-sm:col-span-2">
          <InstrumentField
            label="Came out of"
            value={entry.source}
            error={errors.source}
            isOptional
            onChange={(source) => {
              onChange({ source });
            }}
          />
        </div>
      )}
    </>
  );
}

function FigureFields(props: Props) {
  const { entry, errors, onChange } = props;
  const has = (field: EntryField) => asks(entry.kind, field);
  return (
    <>
      {has("units") && <NumberField {...props} field="units" label="Units" />}
      {has("price") && (
        <NumberField {...props} field="price" label={PRICES[entry.kind] ?? "Price per unit"} />
      )}
      {has("fraction") && (
        <NumberField
          {...props}
          field="fraction"
          label="Cost that moves, %"
          hint="From the issuer's Form 8937. Empty: unknown"
        />
      )}
      {has("acquired") && (
        <TextField
          label="Bought on (optional)"
          type="date"
          value={entry.acquired}
          error={errors.acquired}
          onChange={(event) => {
            onChange({ acquired: event.target.value });
          }}
        />
      )}
      {has("newUnits") && <NumberField {...props} field="newUnits" label="New units" />}
      {has("oldUnits") && (
        <NumberField
          {...props}
          field="oldUnits"
          label="For old units"
          hint="2 for 1 doubles them"
        />
      )}
      {has("currency") && (
        <SelectField
          label="Currency"
          value={entry.currency}
          options={CURRENCY_OPTIONS}
          error={errors.currency}
          onChange={(event) => {
            onChange({ currency: event.target.value });
          }}
        />
      )}
      {has("amount") && <AmountField {...props} />}
      {has("counterCurrency") && <CounterFields {...props} />}
      {has("fee") && <NumberField {...props} field="fee" label="Fee (optional)" />}
      {has("tax") && (
        <NumberField
          {...props}
          field="tax"
          label={has("units") ? "Tax (optional)" : "Tax withheld (optional)"}
        />
      )}
    </>
  );
}

const PRICES: Partial<Record<EntryKind, string>> = {
  reward: "Value per unit",
  transfer_in: "Cost per unit (optional)",
};

/** What a conversion brings in. */
function CounterFields(props: Props) {
  const { entry, errors, onChange } = props;
  return (
    <>
      <SelectField
        label="Into"
        value={entry.counterCurrency}
        options={CURRENCY_OPTIONS}
        error={errors.counterCurrency}
        onChange={(event) => {
          onChange({ counterCurrency: event.target.value });
        }}
      />
      <NumberField {...props} field="counterAmount" label="Amount received" />
    </>
  );
}

type NumberProps = Props & {
  field:
    | "units"
    | "price"
    | "amount"
    | "fee"
    | "tax"
    | "counterAmount"
    | "fraction"
    | "newUnits"
    | "oldUnits";
  label: string;
  hint?: string | undefined;
};

function NumberField({ entry, errors, onChange, field, label, hint }: NumberProps) {
  return (
    <TextField
      label={label}
      inputMode="decimal"
      autoComplete="off"
      className="num"
      value={entry[field]}
      error={errors[field]}
      hint={hint}
      onChange={(event) => {
        onChange({ [field]: event.target.value });
      }}
    />
  );
}

const AMOUNTS: Partial<Record<EntryKind, string>> = { fx_conversion: "Amount paid" };

/** A trade states its amount only where the broker's is not units × price. */
function AmountField(props: Props) {
  const { entry } = props;
  const trades = isTrade(entry.kind);
  const computed = trades ? tradeAmount(entry) : null;
  const hints: Partial<Record<EntryKind, string>> = {
    dividend: "Before tax",
    interest: "Before tax; below zero if you paid it",
  };
  const tradeHint =
    computed === null
      ? "Before fee and tax. Empty: units × price"
      : `Before fee and tax. Empty: ${money(computed, entry.currency)}`;
  return (
    <NumberField
      {...props}
      field="amount"
      label={trades ? "Amount (optional)" : (AMOUNTS[entry.kind] ?? "Amount")}
      hint={trades ? tradeHint : hints[entry.kind]}
    />
  );
}

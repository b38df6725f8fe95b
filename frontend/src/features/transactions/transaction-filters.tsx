import { words } from "@/shared/format/format";
import { SelectField, TextField } from "@/shared/ui/field";
import { DayField } from "@/shared/ui/moment-fields";
import type { TransactionFilter } from "./queries";

const KINDS = [
  "buy sell dividend interest fee tax deposit withdrawal transfer_in transfer_out fx_conversion",
  "split spin_off merger rights cash_in_lieu name_change worthless return_of_capital",
  "capital_gain_distribution option_expiry option_assignment option_exercise reward adjustment",
  "unknown",
]
  .join(" ")
  .split(" ");
const KIND_OPTIONS = [
  ["", "All kinds"],
  ...KINDS.map((kind) => [kind, words(kind)] as const),
] as const;

type Shown = Pick<
  TransactionFilter,
  "kind" | "text" | "from" | "to" | "known" | "review" | "reversed"
>;
type Props = { filter: Shown; onChange: (change: Shown) => void };

/** Filters as the URL has them; an empty one leaves it. */
export function TransactionFilters({ filter, onChange }: Props) {
  const day = (name: "from" | "to" | "known") => ({
    value: filter[name],
    onChange: (found: string | undefined) => {
      onChange({ [name]: found });
    },
  });
  const text = (name: "kind" | "text") => ({
    value: filter[name] ?? "",
    onChange: (event: { target: { value: string } }) => {
      onChange({ [name]: event.target.value || undefined });
    },
  });
  const check = (name: "review" | "reversed") => ({
    isOn: filter[name] === true,
    onChange: (isOn: boolean) => {
      onChange({ [name]: isOn || undefined });
    },
  });
  return (
    <form
      className="grid grid-cols-2 md:grid-cols-3 lg:grid-cols-[repeat(5,minmax(0,1fr))_auto] gap-x-4 gap-y-3 mb-6 items-end"
      aria-label="Filters"
    >
      <div className="max-md:col-span-2">
        <SelectField label="Kind" options={KIND_OPTIONS} {...text("kind")} />
      </div>
      <div className="max-md:col-span-2">
        <TextField
          label="Words"
          type="search"
          maxLength={100}
          placeholder="Symbol, note, reference"
          {...text("text")}
        />
      </div>
      <DayField label="From" {...day("from")} />
      <DayField label="To" {...day("to")} />
      <DayField label="As known on" {...day("known")} />
      <div className="flex flex-wrap gap-x-5 max-md:col-span-2 md:flex-col md:pl-2">
        <Check label="Only to review" {...check("review")} />
        <Check label="Show taken back" {...check("reversed")} />
      </div>
    </form>
  );
}

type CheckProps = { label: string; isOn: boolean; onChange: (isOn: boolean) => void };

function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label className="flex items-center gap-2 min-h-6 py-1 md:py-0 text-sm cursor-pointer">
      <input
        type="checkbox"
        className="size-4.5 accent-blue"
        checked={isOn}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      {label}
    </label>
  );
}

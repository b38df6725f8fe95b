import { TransactionsTable } from "@/features/transactions/transactions-table";
import { words } from "@/shared/format/format";
import { SelectField, TextField } from "@/shared/ui/field";
import { PageTitle } from "@/shared/ui/states";
import type { Search } from "../search";
import { usePageSearch } from "../use-search";

const KINDS = [
  "buy sell dividend interest fee tax deposit withdrawal transfer_in transfer_out fx_conversion",
  "split spin_off merger cash_in_lieu name_change return_of_capital capital_gain_distribution",
  "option_expiry option_assignment option_exercise reward adjustment unknown",
]
  .join(" ")
  .split(" ");
const KIND_OPTIONS = [
  ["", "All kinds"],
  ...KINDS.map((kind) => [kind, words(kind)] as const),
] as const;

export function TransactionsPage() {
  const [search, change] = usePageSearch();
  const set = (name: keyof Search) => (value: string | boolean) => {
    change({ [name]: value === "" || value === false ? undefined : value });
  };
  return (
    <>
      <PageTitle>Transactions</PageTitle>
      <form
        className="grid grid-cols-2 md:grid-cols-4 lg:grid-cols-5 gap-4 mb-6 items-end"
        aria-label="Filters"
      >
        <SelectField
          label="Kind"
          value={search.kind ?? ""}
          options={KIND_OPTIONS}
          onChange={(event) => {
            set("kind")(event.target.value);
          }}
        />
        <TextField
          label="From"
          type="date"
          value={search.from ?? ""}
          onChange={(event) => {
            set("from")(event.target.value);
          }}
        />
        <TextField
          label="To"
          type="date"
          value={search.to ?? ""}
          onChange={(event) => {
            set("to")(event.target.value);
          }}
        />
        <Check label="Only to review" on={search.review === true} onChange={set("review")} />
        <Check label="Also taken back" on={search.reversed === true} onChange={set("reversed")} />
      </form>
      <TransactionsTable filter={search} />
    </>
  );
}

type CheckProps = { label: string; on: boolean; onChange: (on: boolean) => void };

function Check({ label, on, onChange }: CheckProps) {
  return (
    <label className="flex items-center gap-2 h-10 text-sm cursor-pointer">
      <input
        type="checkbox"
        className="size-5"
        checked={on}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      {label}
    </label>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { discardImport, saveImportMapping } from "@/shared/api/gen/sdk.gen";
import type { MappingIn, MappingQuestionOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { words } from "@/shared/format/format";
import { CURRENCY_OPTIONS, SelectField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import type { Batch } from "./model";
import { importQuery } from "./queries";

const FIELDS = [
  ["date", "Date (needed)"],
  ["kind", "Kind (needed)"],
  ["symbol", "Symbol"],
  ["isin", "ISIN"],
  ["name", "Name"],
  ["quantity", "Quantity"],
  ["price", "Price per unit"],
  ["amount", "Amount"],
  ["fee", "Fee"],
  ["tax", "Tax"],
  ["currency", "Currency"],
  ["note", "Note"],
] as const;
const KINDS =
  "buy sell dividend interest fee tax deposit withdrawal transfer_in transfer_out split unknown"
    .split(" ")
    .map((kind) => [kind, words(kind)] as const);
const DATE_ORDERS = [
  ["ymd", "Year, month, day"],
  ["dmy", "Day, month, year"],
  ["mdy", "Month, day, year"],
] as const;
const MARKS = [
  [".", "1,234.56"],
  [",", "1.234,56"],
] as const;

const textOf = (value: unknown, fallback: string): string =>
  typeof value === "string" ? value : fallback;
const textRecord = (value: unknown): Record<string, string> =>
  typeof value === "object" && value !== null ? (value as Record<string, string>) : {};

type Mapping = {
  columns: Record<string, string>;
  kinds: Record<string, string>;
  order: string;
  mark: string;
  currency: string;
};
type PartProps = { mapping: Mapping; onChange: (part: Partial<Mapping>) => void };

const suggested = ({ suggested: found }: MappingQuestionOut): Mapping => ({
  columns: textRecord(found["columns"]),
  kinds: {},
  order: textOf(found["date_order"], "ymd"),
  mark: textOf(found["decimal_mark"], "."),
  currency: textOf(found["default_currency"], "USD"),
});

/** What is sent: nothing that was left open. */
const bodyOf = (mapping: Mapping): MappingIn => ({
  columns: Object.fromEntries(Object.entries(mapping.columns).filter(([, name]) => name !== "")),
  kinds: mapping.kinds,
  date_order: DATE_ORDERS.find(([key]) => key === mapping.order)?.[0] ?? "ymd",
  decimal_mark: MARKS.find(([key]) => key === mapping.mark)?.[0] ?? ".",
  default_currency: mapping.currency,
});

/** Which column is what, asked once per kind of file and remembered for the next. */
export function MappingForm({ batch, question }: { batch: Batch; question: MappingQuestionOut }) {
  const queryClient = useQueryClient();
  const [mapping, setMapping] = useState(() => suggested(question));
  const onSuccess = (next: Batch) => {
    queryClient.setQueryData(importQuery(batch.id).queryKey, next);
  };
  const path = { import_id: batch.id };
  const save = useMutation({
    mutationFn: (body: MappingIn) => unwrap(saveImportMapping({ path, body })),
    onSuccess,
  });
  const discard = useMutation({ mutationFn: () => unwrap(discardImport({ path })), onSuccess });
  const error = save.error ?? discard.error;
  const part = {
    mapping,
    onChange: (change: Partial<Mapping>) => {
      setMapping({ ...mapping, ...change });
    },
  };
  return (
    <form
      className="flex flex-col gap-6"
      aria-label="Columns of the file"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(bodyOf(mapping));
      }}
    >
      <div className="note warn">
        <p className="font-semibold">Please say which column is what</p>
        <ul className="list-disc pl-5">
          {question.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </div>
      <Sample question={question} />
      <Columns header={question.header} {...part} />
      <Notation {...part} />
      <Kinds found={wordsIn(question, mapping.columns["kind"])} {...part} />
      {error && <ProblemNotice error={error} title="The columns were not saved" />}
      <div className="flex gap-2">
        <button type="submit" className="btn primary" disabled={save.isPending}>
          Read the file
        </button>
        <button
          type="button"
          className="btn line"
          onClick={() => {
            discard.mutate();
          }}
        >
          Discard
        </button>
      </div>
    </form>
  );
}

const GRID = "grid grid-cols-2 lg:grid-cols-4 gap-x-3 sm:gap-x-4 gap-y-4 items-end";

function Columns({ header, mapping, onChange }: PartProps & { header: readonly string[] }) {
  const options = [
    ["", "not in the file"],
    ...header.map((name) => [name, name] as const),
  ] as const;
  return (
    <fieldset className={GRID}>
      <legend className="font-semibold mb-3">Columns</legend>
      {FIELDS.map(([field, label]) => (
        <SelectField
          key={field}
          label={label}
          value={mapping.columns[field] ?? ""}
          options={options}
          onChange={(event) => {
            onChange({ columns: { ...mapping.columns, [field]: event.target.value } });
          }}
        />
      ))}
    </fieldset>
  );
}

function Notation({ mapping, onChange }: PartProps) {
  const choice = (name: "order" | "mark" | "currency") => ({
    value: mapping[name],
    onChange: (event: { target: { value: string } }) => {
      onChange({ [name]: event.target.value });
    },
  });
  return (
    <fieldset className="grid sm:grid-cols-3 gap-4">
      <legend className="font-semibold mb-3">How to read it</legend>
      <SelectField label="Dates" options={DATE_ORDERS} {...choice("order")} />
      <SelectField label="Numbers" options={MARKS} {...choice("mark")} />
      <SelectField
        label="Currency where none is named"
        options={CURRENCY_OPTIONS}
        {...choice("currency")}
      />
    </fieldset>
  );
}

function Kinds({ found, mapping, onChange }: PartProps & { found: readonly string[] }) {
  if (found.length === 0) return null;
  return (
    <fieldset className={GRID}>
      <legend className="font-semibold mb-3">Words in the kind column</legend>
      {found.map((word) => (
        <SelectField
          key={word}
          label={word}
          value={mapping.kinds[word] ?? ""}
          options={[["", "as it says"], ...KINDS]}
          onChange={(event) => {
            const { [word]: _, ...others } = mapping.kinds;
            const kind = event.target.value;
            onChange({ kinds: kind ? { ...others, [word]: kind } : others });
          }}
        />
      ))}
    </fieldset>
  );
}

/** Distinct words of the chosen kind column, as far as the sample shows them. */
function wordsIn(question: MappingQuestionOut, column: string | undefined): string[] {
  const place = column ? question.header.indexOf(column) : -1;
  if (place < 0) return [];
  const found = question.sample.map((row) => row[place]?.trim() ?? "");
  return [...new Set(found)].filter((word) => word !== "").slice(0, 24);
}

function Sample({ question }: { question: MappingQuestionOut }) {
  return (
    <div className="tablewrap" tabIndex={0} role="region" aria-label="First rows of the file">
      <table className="tbl">
        <thead>
          <tr>
            {question.header.map((name) => (
              <th key={name} scope="col" className="!text-left">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {question.sample.slice(0, 5).map((row, index) => (
            <tr key={index}>
              {row.map((cell, place) => (
                <td key={place} className="!text-left max-w-[24ch] truncate">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

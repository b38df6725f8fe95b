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

/** Which column is what, asked once per kind of file and remembered for the next. */
export function MappingForm({ batch, question }: { batch: Batch; question: MappingQuestionOut }) {
  const queryClient = useQueryClient();
  const [columns, setColumns] = useState(textRecord(question.suggested["columns"]));
  const [kinds, setKinds] = useState<Record<string, string>>({});
  const [order, setOrder] = useState(textOf(question.suggested["date_order"], "ymd"));
  const [mark, setMark] = useState(textOf(question.suggested["decimal_mark"], "."));
  const [currency, setCurrency] = useState(textOf(question.suggested["default_currency"], "USD"));
  const after = (next: Batch) => {
    queryClient.setQueryData(importQuery(batch.id).queryKey, next);
  };
  const save = useMutation({
    mutationFn: (body: MappingIn) =>
      unwrap(saveImportMapping({ path: { import_id: batch.id }, body })),
    onSuccess: after,
  });
  const discard = useMutation({
    mutationFn: () => unwrap(discardImport({ path: { import_id: batch.id } })),
    onSuccess: after,
  });
  const options = [
    ["", "not in the file"],
    ...question.header.map((name) => [name, name] as const),
  ] as const;
  const unknownWords = wordsIn(question, columns["kind"]);
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          columns: Object.fromEntries(Object.entries(columns).filter(([, name]) => name !== "")),
          kinds,
          date_order: order as "ymd" | "dmy" | "mdy",
          decimal_mark: mark as "." | ",",
          default_currency: currency,
        });
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
      <fieldset className="grid grid-cols-2 lg:grid-cols-4 gap-x-3 sm:gap-x-4 gap-y-4 items-end">
        <legend className="font-semibold mb-3">Columns</legend>
        {FIELDS.map(([field, label]) => (
          <SelectField
            key={field}
            label={label}
            value={columns[field] ?? ""}
            options={options}
            onChange={(event) => {
              setColumns({ ...columns, [field]: event.target.value });
            }}
          />
        ))}
      </fieldset>
      <fieldset className="grid sm:grid-cols-3 gap-4">
        <legend className="font-semibold mb-3">How to read it</legend>
        <SelectField
          label="Dates"
          value={order}
          options={DATE_ORDERS}
          onChange={(event) => {
            setOrder(event.target.value);
          }}
        />
        <SelectField
          label="Numbers"
          value={mark}
          options={MARKS}
          onChange={(event) => {
            setMark(event.target.value);
          }}
        />
        <SelectField
          label="Currency where none is named"
          value={currency}
          options={CURRENCY_OPTIONS}
          onChange={(event) => {
            setCurrency(event.target.value);
          }}
        />
      </fieldset>
      {unknownWords.length > 0 && (
        <fieldset className="grid grid-cols-2 lg:grid-cols-4 gap-x-3 sm:gap-x-4 gap-y-4 items-end">
          <legend className="font-semibold mb-3">Words in the kind column</legend>
          {unknownWords.map((word) => (
            <SelectField
              key={word}
              label={word}
              value={kinds[word] ?? ""}
              options={[["", "as it says"], ...KINDS]}
              onChange={(event) => {
                const { [word]: _, ...others } = kinds;
                setKinds(event.target.value ? { ...others, [word]: event.target.value } : others);
              }}
            />
          ))}
        </fieldset>
      )}
      {(save.error ?? discard.error) && (
        <ProblemNotice error={save.error ?? discard.error} title="The columns were not saved" />
      )}
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

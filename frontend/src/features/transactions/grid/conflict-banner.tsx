import { useId, useState } from "react";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import type { Entry, EntryField } from "../entry-kinds";
import { cellText, entryFrom } from "./cells";
import { COLUMNS, TYPED_FIELDS, type TypedField } from "./columns";
import { contested, type Choices, type Side } from "./conflict";
import type { RowEdit } from "./rows";

const HEAD = 84;
const LINE = 34;

/** Fields of a row that both changed, as far as the grid has a column for them. */
function fieldsOf(edit: RowEdit): TypedField[] {
  const [before, theirs] = [
    edit.base && entryFrom(edit.base),
    edit.theirs && entryFrom(edit.theirs),
  ];
  if (!before || !theirs) return [];
  const both: readonly EntryField[] = contested(before, edit.entry, theirs);
  return TYPED_FIELDS.filter((field) => both.includes(field));
}

/** How tall a row's review is, known before it is drawn. */
export const bannerHeight = (edit: RowEdit): number => HEAD + LINE * fieldsOf(edit).length;

type Props = {
  edit: RowEdit;
  accounts: readonly AccountOut[];
  onSettle: (choices: Choices) => void;
  onDiscard: () => void;
};

/** Two people changed one record: what I typed, what counts now, and what shall. */
export function ConflictBanner({ edit, accounts, onSettle, onDiscard }: Props) {
  const [choices, setChoices] = useState<Choices>({});
  const fields = fieldsOf(edit);
  const theirs = edit.theirs && entryFrom(edit.theirs);
  if (!theirs) return <Deleted onDiscard={onDiscard} isDeleted={edit.theirs === null} />;
  return (
    <form
      className="tg-conflict"
      aria-label="Somebody else changed this record too"
      onSubmit={(event) => {
        event.preventDefault();
        onSettle(choices);
      }}
    >
      <p className="font-semibold">
        Somebody else changed this record too. What only one of you changed is kept; choose the
        rest.
      </p>
      {fields.map((field) => (
        <Line
          key={field}
          field={field}
          mine={shownText(edit.entry, field, accounts)}
          theirs={shownText(theirs, field, accounts)}
          chosen={choices[field] ?? "theirs"}
          onChoose={(side) => {
            setChoices({ ...choices, [field]: side });
          }}
        />
      ))}
      <div className="flex gap-2">
        <button type="submit" className="btn primary tg-btn">
          Save the result
        </button>
        <button type="button" className="btn line tg-btn" onClick={onDiscard}>
          Keep theirs
        </button>
      </div>
    </form>
  );
}

function shownText(entry: Entry, field: TypedField, accounts: readonly AccountOut[]): string {
  const text = cellText(entry, field, accounts);
  return (field === "date" && text ? day(text) : text) || "nothing";
}

type LineProps = {
  field: TypedField;
  mine: string;
  theirs: string;
  chosen: Side;
  onChoose: (side: Side) => void;
};

function Line({ field, mine, theirs, chosen, onChoose }: LineProps) {
  const name = useId();
  const label = COLUMNS.find((column) => column.field === field)?.label ?? field;
  const option = (side: Side, owner: string, text: string) => (
    <label className="tg-option">
      <input
        type="radio"
        name={name}
        className="accent-blue size-4"
        checked={chosen === side}
        onChange={() => {
          onChoose(side);
        }}
      />
      <span className="text-ink-2">{owner}</span> <span className="num truncate">{text}</span>
    </label>
  );
  return (
    <fieldset className="tg-line">
      <legend className="sr">{label}</legend>
      <span aria-hidden="true" className="font-medium">
        {label}
      </span>
      {option("mine", "Yours", mine)}
      {option("theirs", "Theirs", theirs)}
      <span className="truncate">
        <span className="text-ink-2">Result</span>{" "}
        <output className="num font-medium">{chosen === "mine" ? mine : theirs}</output>
      </span>
    </fieldset>
  );
}

function Deleted({ onDiscard, isDeleted }: { onDiscard: () => void; isDeleted: boolean }) {
  return (
    <div className="tg-conflict" role="group" aria-label="Somebody else changed this record too">
      <p className="font-semibold">
        {isDeleted
          ? "Somebody else deleted this record. Bring it back from its history to change it."
          : "Somebody else made this record one of a kind that has no form here."}
      </p>
      <button type="button" className="btn line tg-btn" onClick={onDiscard}>
        Let go of what I typed
      </button>
    </div>
  );
}

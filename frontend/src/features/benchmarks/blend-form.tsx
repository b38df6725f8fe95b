import { Plus, X } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import type { BenchmarkDefinitionOut, BlendIn } from "@/shared/api/gen/types.gen";
import { fieldError } from "@/shared/api/problem";
import { percentOf } from "@/shared/format/percent";
import { SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { blendOf, REBALANCING, sumOf, typedOf, type TypedPart } from "./blend";

export type PickInstrument = (
  value: TypedPart["instrument"],
  onChange: (chosen: TypedPart["instrument"]) => void,
) => ReactNode;
type Props = {
  /** The blend that is changed; null for a new one. */
  blend: BenchmarkDefinitionOut | null;
  pick: PickInstrument;
  error: unknown;
  isBusy: boolean;
  onSave: (body: BlendIn) => void;
  onCancel: () => void;
};

const BASES = [
  ["total", "Dividends reinvested"],
  ["price", "Price alone"],
] as const;
const EMPTY = { isSeries: false, instrument: null, basis: "total", weight: "" } as const;

/** A blend: its parts with their weights, and how it is brought back to them. */
export function BlendForm({ blend, pick, error, isBusy, onSave, onCancel }: Props) {
  const [parts, setParts] = useState<TypedPart[]>(
    blend ? typedOf(blend) : [{ key: 0, ...EMPTY, weight: "100" }],
  );
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const told = new FormData(event.currentTarget);
    const text = (name: string) => {
      const typed = told.get(name);
      return typeof typed === "string" ? typed : "";
    };
    const body = blendOf(
      text("name").trim(),
      text("rebalancing") as BlendIn["rebalancing"],
      text("spread_ratio"),
      parts,
    );
    setWrong(typeof body === "string" ? body : null);
    if (typeof body !== "string") onSave(body);
  };
  const add = (isSeries: boolean) => {
    const key = Math.max(-1, ...parts.map((part) => part.key)) + 1;
    setParts([...parts, { key, ...EMPTY, isSeries }]);
  };
  return (
    <form
      aria-label={blend ? `Change ${blend.name}` : "New blend"}
      className="flex flex-col gap-4 max-w-3xl mb-8"
      noValidate
      onSubmit={submit}
    >
      {error !== null && <ProblemNotice error={error} title="The blend was not saved" />}
      {wrong && (
        <p role="alert" className="note warn">
          {wrong}
        </p>
      )}
      <div className="grid sm:grid-cols-3 gap-x-5 gap-y-4 items-start">
        <TextField
          label="Name"
          name="name"
          defaultValue={blend?.name ?? ""}
          error={fieldError(error, "name")}
        />
        <SelectField
          label="Brought back to its weights"
          name="rebalancing"
          defaultValue={blend?.rebalancing ?? "monthly"}
          options={REBALANCING}
        />
        <TextField
          label="Added a year, %"
          name="spread_ratio"
          inputMode="decimal"
          defaultValue={blend ? percentOf(blend.spread_ratio) : "0"}
          hint="such as 3 for consumer prices + 3 %"
          error={fieldError(error, "spread_ratio")}
        />
      </div>
      <Parts parts={parts} pick={pick} onChange={setParts} />
      <div className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
        <button
          type="button"
          className="lnk gap-1"
          onClick={() => {
            add(false);
          }}
        >
          <Plus aria-hidden="true" size={14} />
          Add an instrument
        </button>
        <button
          type="button"
          className="lnk gap-1"
          onClick={() => {
            add(true);
          }}
        >
          <Plus aria-hidden="true" size={14} />
          Add consumer prices
        </button>
      </div>
      <div className="flex gap-2">
        <button type="submit" className="btn primary" disabled={isBusy}>
          {isBusy ? "Saving…" : "Save the blend"}
        </button>
        <button type="button" className="btn line" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

type PartsProps = {
  parts: readonly TypedPart[];
  pick: PickInstrument;
  onChange: (parts: TypedPart[]) => void;
};

function Parts({ parts, pick, onChange }: PartsProps) {
  const sum = sumOf(parts);
  const set = (key: number, change: Partial<TypedPart>) => {
    onChange(parts.map((part) => (part.key === key ? { ...part, ...change } : part)));
  };
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="eyebrow mb-2">Parts</legend>
      {parts.map((part, place) => (
        <div
          key={part.key}
          role="group"
          aria-label={`Part ${String(place + 1)}`}
          className="grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,2fr)_minmax(0,1.2fr)_7rem_auto] gap-x-4 gap-y-3 items-start"
        >
          {part.isSeries ? (
            <p className="self-center text-sm">
              US consumer prices <span className="text-ink-2">(CPI, published monthly)</span>
            </p>
          ) : (
            pick(part.instrument, (instrument) => {
              set(part.key, { instrument });
            })
          )}
          {part.isSeries ? (
            <span className="max-sm:hidden" />
          ) : (
            <SelectField
              label="Counted with"
              value={part.basis}
              options={BASES}
              onChange={(event) => {
                set(part.key, { basis: event.target.value === "price" ? "price" : "total" });
              }}
            />
          )}
          <TextField
            label="Weight, %"
            inputMode="decimal"
            value={part.weight}
            onChange={(event) => {
              set(part.key, { weight: event.target.value });
            }}
          />
          <button
            type="button"
            className="btn icon sm:mt-6"
            aria-label={`Take part ${String(place + 1)} out`}
            disabled={parts.length === 1}
            onClick={() => {
              onChange(parts.filter((other) => other.key !== part.key));
            }}
          >
            <X aria-hidden="true" size={16} />
          </button>
        </div>
      ))}
      <p role="status" className="text-sm text-ink-2 num">
        {sum === null
          ? "Every part needs a weight."
          : sum === "100"
            ? "The weights add up to 100 %."
            : `The weights add up to ${sum} %; 100 % are needed.`}
      </p>
    </fieldset>
  );
}

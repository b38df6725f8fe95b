import { useState } from "react";
import { DayInput, isAskable } from "./day-input";
import { SelectField } from "./field";

/** A day to look back at, what was known by another, and what had settled by then. */
export type Moment = {
  on?: string | undefined;
  known?: string | undefined;
  basis?: "settled" | undefined;
};

type Props = {
  moment: Moment;
  onChange: (change: Moment) => void;
  /** Whether one may ask for what had settled; pages that show both do not offer it. */
  hasBasis?: boolean;
};

const BASES = [
  ["", "As traded"],
  ["settled", "As settled"],
] as const;

/** The fields as the URL has them; an empty one leaves it. */
export function MomentFields({ moment, onChange, hasBasis = false }: Props) {
  const isPast = Boolean(moment.on ?? moment.known ?? moment.basis);
  return (
    <form
      className="grid grid-cols-2 sm:flex sm:flex-wrap gap-x-4 gap-y-3 mb-6 items-end"
      aria-label="Which day"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <DayField
        label="At the end of"
        value={moment.on}
        onChange={(on) => {
          onChange({ on });
        }}
      />
      {hasBasis && (
        <SelectField
          label="Basis"
          options={BASES}
          value={moment.basis ?? ""}
          onChange={(event) => {
            onChange({ basis: event.target.value === "settled" ? "settled" : undefined });
          }}
        />
      )}
      <DayField
        label="As known on"
        value={moment.known}
        onChange={(known) => {
          onChange({ known });
        }}
      />
      {isPast && (
        <button
          type="button"
          className="btn line justify-center"
          onClick={() => {
            onChange({ on: undefined, known: undefined, basis: undefined });
          }}
        >
          Back to today
        </button>
      )}
    </form>
  );
}

type DayProps = {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
};

/** A day of the address; empty leaves it. */
export function DayField({ label, value, onChange }: DayProps) {
  const [typed, setTyped] = useState(value ?? "");
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    // the address changed: by this field, by going back, or by a button
    setSeen(value);
    setTyped(value ?? "");
  }
  return (
    <DayInput
      label={label}
      value={typed}
      onChange={(day) => {
        setTyped(day);
        if (!day || isAskable(day)) onChange(day || undefined);
      }}
    />
  );
}

/** The parts of an address that say which moment, without those that are not said. */
export const momentSearch = ({ on, known, basis }: Moment): Moment => ({
  ...(on ? { on } : {}),
  ...(known ? { known } : {}),
  ...(basis ? { basis } : {}),
});

/** The same as the API is asked. */
export const momentQuery = ({ on, known, basis }: Moment) => ({
  ...(on ? { on } : {}),
  ...(known ? { as_known_on: known } : {}),
  ...(basis ? { basis } : {}),
});

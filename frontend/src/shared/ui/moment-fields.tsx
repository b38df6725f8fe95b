import { SelectField, TextField } from "./field";

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
      <TextField
        label="At the end of"
        type="date"
        value={moment.on ?? ""}
        onChange={(event) => {
          onChange({ on: event.target.value || undefined });
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
      <TextField
        label="As known on"
        type="date"
        value={moment.known ?? ""}
        onChange={(event) => {
          onChange({ known: event.target.value || undefined });
        }}
      />
      {isPast && (
        <button
          type="button"
          className="btn line"
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

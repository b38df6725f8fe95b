import { TextField } from "./field";

const FIRST_DAY = "1900-01-01";
const LAST_DAY = "2200-12-31";

/** While a year is being typed it passes through the years 2, 20 and 201: nobody asks for those. */
export const isAskable = (day: string): boolean => day >= FIRST_DAY && day <= LAST_DAY;

type Props = {
  label: string;
  /** As it is typed; empty is none. */
  value: string;
  error?: string | undefined;
  onChange: (day: string) => void;
  onEnter?: () => void;
};

/** A day one looks at, and what is wrong with it. */
export function DayInput({ label, value, error, onChange, onEnter }: Props) {
  return (
    <TextField
      label={label}
      type="date"
      min={FIRST_DAY}
      max={LAST_DAY}
      value={value}
      error={error}
      onChange={(event) => {
        onChange(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || onEnter === undefined) return;
        // the form around it has nothing to send
        event.preventDefault();
        onEnter();
      }}
    />
  );
}

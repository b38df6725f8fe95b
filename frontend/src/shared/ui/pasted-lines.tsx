import { useId } from "react";

type Props = {
  label: string;
  hint: string;
  rows: number;
  /** How many characters fit. */
  most?: number;
  value: string;
  onChange: (text: string) => void;
};
type Fault = { line: number; message: string };

/** A field for lines out of a sheet or a file. */
export function PastedLines({ label, hint, rows, most = 80_000, value, onChange }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        maxLength={most}
        className="num"
        spellCheck={false}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
    </div>
  );
}

/** What is wrong with them, by line; line 0 is all of them. */
export function Faults({ faults }: { faults: readonly Fault[] }) {
  return (
    <ul className="list-disc pl-5">
      {faults.map((fault) => (
        <li key={`${String(fault.line)} ${fault.message}`}>
          {fault.line > 0 && `line ${String(fault.line)}: `}
          {fault.message}
        </li>
      ))}
    </ul>
  );
}

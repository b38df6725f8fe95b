import { useState } from "react";

type Props = { symbol: string; note: string; onSave: (note: string) => void };

/** A note, changed where it stands: saved with Enter or on leaving, left as it was with Escape. */
export function NoteField({ symbol, note, onSave }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  // once it is saved, the field follows the note again, whoever changes it
  if (typed === note) setTyped(null);
  const save = () => {
    const wanted = typed?.trim();
    setTyped(wanted ?? null);
    if (wanted !== undefined && wanted !== note) onSave(wanted);
  };
  return (
    <input
      aria-label={`Note on ${symbol}`}
      className="w-[calc(100%+8px)] min-w-0 md:min-w-40 h-9 px-2 -ml-2 rounded-md bg-transparent border border-transparent hover:border-rule-strong focus:border-rule-strong focus:bg-sheet placeholder:text-ink-2"
      placeholder="Add a note"
      maxLength={500}
      autoComplete="off"
      value={typed ?? note}
      title={note || undefined}
      onChange={(event) => {
        setTyped(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
        if (event.key === "Escape") setTyped(null);
      }}
      onBlur={save}
    />
  );
}

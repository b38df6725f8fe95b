import { useState } from "react";
import { TextField } from "./field";

type Props = { label: string; name: string; onSave: (name: string) => void };

/** A name, saved with Enter or on leaving; what was typed and not saved stays as it is. */
export function NameField({ label, name, onSave }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  // once it is saved, the field follows the name again, whoever changes it
  if (typed === name) setTyped(null);
  const save = () => {
    const wanted = typed?.trim();
    setTyped(wanted ? wanted : null);
    if (wanted && wanted !== name) onSave(wanted);
  };
  return (
    <TextField
      label={label}
      value={typed ?? name}
      maxLength={80}
      onChange={(event) => {
        setTyped(event.target.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
      onBlur={save}
    />
  );
}

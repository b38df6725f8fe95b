import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

type Props<T extends string> = {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  look?: "box" | "quiet" | "text";
};

const LOOKS = { box: "seg", quiet: "seg quiet", text: "rm" } as const;

/** One of a few, as a radio group that looks like buttons. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  look = "box",
}: Props<T>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={`${LOOKS[look]} flex-wrap`}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const next = options.find(([key]) => keys.has(key));
        if (next) onChange(next[0]);
      }}
    >
      {options.map(([key, text]) => (
        <ToggleButton key={key} id={key}>
          {text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

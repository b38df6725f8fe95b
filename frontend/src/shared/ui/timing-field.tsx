import { SelectField } from "./field";

/** When within its day a flow counts; the usual one has no word in the address. */
export type Timing = "end_of_day" | undefined;

const TIMINGS = [
  ["start_of_day", "Start of day"],
  ["end_of_day", "End of day"],
] as const;

type Props = { timing: Timing; onChange: (timing: Timing) => void };

/** One setting, the same on every page of returns. */
export function TimingField({ timing, onChange }: Props) {
  return (
    <SelectField
      label="Flows count at the"
      value={timing ?? "start_of_day"}
      options={TIMINGS}
      onChange={(event) => {
        onChange(event.target.value === "end_of_day" ? "end_of_day" : undefined);
      }}
    />
  );
}

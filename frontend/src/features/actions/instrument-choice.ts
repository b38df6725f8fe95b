import type { InstrumentOut } from "@/shared/api/gen/types.gen";

/** What a field that finds instruments is given; the page brings one. */
export type InstrumentFieldProps = {
  label?: string | undefined;
  value: InstrumentOut | null;
  error: string | undefined;
  isOptional: boolean;
  onChange: (instrument: InstrumentOut | null) => void;
};

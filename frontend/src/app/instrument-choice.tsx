import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { InstrumentField } from "@/features/transactions/instrument-field";
import type { InstrumentOut } from "@/shared/api/gen/types.gen";
import { instrumentQuery } from "@/shared/api/instruments";
import { Skeleton } from "@/shared/ui/states";

type Props = {
  label?: string;
  /** An instrument's id, as the address has it. */
  value: string | undefined;
  onChange: (id: string | undefined) => void;
};

/** One instrument out of all the portfolio may know, found by symbol or name. */
export function InstrumentChoice({ label, value, onChange }: Props) {
  const [chosen, setChosen] = useState<InstrumentOut | null>(null);
  const isChosen = chosen?.id === value;
  const named = useQuery({
    ...instrumentQuery(value ?? ""),
    enabled: value !== undefined && !isChosen,
  });
  if (value !== undefined && !isChosen && named.isPending) {
    return <Skeleton label="Loading an instrument" rows={1} height={44} />;
  }
  return (
    <InstrumentField
      label={label}
      value={value === undefined ? null : isChosen ? chosen : (named.data ?? null)}
      error={undefined}
      isOptional={false}
      isKnownOnly
      onChange={(next) => {
        setChosen(next);
        onChange(next?.id);
      }}
    />
  );
}

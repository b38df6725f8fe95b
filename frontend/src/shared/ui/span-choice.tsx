import { useState } from "react";
import { isOwnSpan, whyNoSpan, type Span } from "@/shared/span";
import { Choice } from "./choice";
import { DayInput } from "./day-input";

export type SpanChange<P extends string> = {
  period?: P;
  from?: string | undefined;
  to?: string | undefined;
};
type Props<P extends string> = {
  span: Span<P>;
  periods: readonly P[];
  onChange: (change: SpanChange<P>) => void;
};

const OWN = "Dates";

/** A period that ends today, or days of one's own; either stands in the address. */
export function SpanChoice<P extends string>({ span, periods, onChange }: Props<P>) {
  const isOwn = isOwnSpan(span);
  const [isOpen, setOpen] = useState(false);
  const options = [...periods, OWN].map((key) => [key, key] as const);
  return (
    <div className="flex flex-col gap-3 min-w-0">
      <Choice
        label="Period"
        value={isOwn || isOpen ? OWN : span.period}
        options={options}
        onChange={(next) => {
          const period = periods.find((key) => key === next);
          setOpen(period === undefined);
          if (period !== undefined) onChange({ period, from: undefined, to: undefined });
        }}
      />
      {(isOwn || isOpen) && (
        <OwnDays
          key={`${span.from ?? ""} ${span.to ?? ""}`}
          span={span}
          onChange={(days) => {
            setOpen(false);
            onChange(days);
          }}
        />
      )}
    </div>
  );
}

type OwnProps = {
  span: Omit<Span<string>, "period">;
  onChange: (days: { from: string | undefined; to: string | undefined }) => void;
};

/** Two days that go into the address together, once they are a span. */
function OwnDays({ span, onChange }: OwnProps) {
  const [from, setFrom] = useState(span.from ?? "");
  const [to, setTo] = useState(span.to ?? "");
  const [problem, setProblem] = useState(
    isOwnSpan(span) ? whyNoSpan(span.from, span.to) : undefined,
  );
  const show = () => {
    const days = { from: from || undefined, to: to || undefined };
    const why = whyNoSpan(days.from, days.to);
    setProblem(why);
    if (why === undefined) onChange(days);
  };
  return (
    <div
      role="group"
      aria-label="Days of your own"
      className="flex flex-wrap gap-x-4 gap-y-3 items-start"
    >
      <DayInput label="From the end of" value={from} onChange={setFrom} onEnter={show} />
      <DayInput label="To the end of" value={to} error={problem} onChange={setTo} onEnter={show} />
      <button type="button" className="btn line sm:mt-6" onClick={show}>
        Show these days
      </button>
    </div>
  );
}

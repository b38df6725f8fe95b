import type { ReactNode } from "react";
import { SelectField, TextField } from "@/shared/ui/field";
import type { Span } from "@/shared/span";
import { SpanChoice, type SpanChange } from "@/shared/ui/span-choice";
import { TimingField, type Timing } from "@/shared/ui/timing-field";
import { levelWords, QUANTILES, type Quantile } from "./phrases";

export type RiskChange<P extends string> = SpanChange<P> & {
  level?: "0.9" | "0.95" | "0.99";
  window?: number;
  quantile?: Exclude<Quantile, typeof USUAL> | undefined;
  rate?: string | undefined;
  cash?: "bills" | undefined;
  timing?: Timing;
};

type Props<P extends string> = {
  span: Span<P>;
  periods: readonly P[];
  level: "0.9" | "0.95" | "0.99";
  levels: readonly ("0.9" | "0.95" | "0.99")[];
  window: number;
  windows: readonly number[];
  quantile: Quantile | undefined;
  rate: string | undefined;
  isBills: boolean;
  timing: Timing;
  /** A part of the portfolio has a timing of its own. */
  hasTiming: boolean;
  benchmark: ReactNode;
  onChange: (change: RiskChange<P>) => void;
};

const MONTHS: Readonly<Record<number, string>> = {
  63: "a quarter",
  126: "half a year",
  252: "a year",
  504: "two years",
  1260: "five years",
};
const CASH = [
  ["given", "A rate of your own"],
  ["bills", "US Treasury bills, 3 months"],
] as const;
/** The rule that needs no word in the address. */
const USUAL = "linear";
const PLAIN = /^-?\d{1,2}(\.\d{1,4})?$/;

/** What is measured, how, and against what; all of it in the address. */
export function RiskControls<P extends string>(props: Props<P>) {
  const { span, periods, level, levels, window, windows, rate, onChange } = props;
  return (
    <form
      aria-label="How risk is measured"
      className="mb-7 flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <SpanChoice span={span} periods={periods} onChange={onChange} />
      <div className="grid grid-cols-2 lg:grid-cols-4 gap-4 items-start">
        <SelectField
          label="Confidence"
          value={level}
          options={levels.map((key) => [key, levelWords(key)] as const)}
          onChange={(event) => {
            const next = levels.find((key) => key === event.target.value);
            if (next) onChange({ level: next });
          }}
        />
        <SelectField
          label="Window"
          value={window}
          options={windows.map(
            (count) => [String(count), `${String(count)} returns, ${MONTHS[count] ?? ""}`] as const,
          )}
          onChange={(event) => {
            onChange({ window: Number(event.target.value) });
          }}
        />
        <SelectField
          label="Quantile"
          value={props.quantile ?? USUAL}
          options={QUANTILES}
          onChange={(event) => {
            const next = QUANTILES.find(([key]) => key === event.target.value)?.[0];
            onChange({ quantile: next === USUAL ? undefined : next });
          }}
        />
        <SelectField
          label="Cash would have earned"
          value={props.isBills ? "bills" : "given"}
          options={CASH}
          onChange={(event) => {
            onChange({ cash: event.target.value === "bills" ? "bills" : undefined });
          }}
        />
        {!props.isBills && (
          <TextField
            label="Risk-free, % a year"
            inputMode="decimal"
            defaultValue={
              rate === undefined ? "0" : String(Number((Number(rate) * 100).toFixed(4)))
            }
            hint="What cash would have earned"
            onBlur={(event) => {
              const typed = event.target.value.trim();
              if (!PLAIN.test(typed) || Math.abs(Number(typed)) > 50) return;
              const ratio = Number((Number(typed) / 100).toFixed(6));
              onChange({ rate: ratio === 0 ? undefined : String(ratio) });
            }}
          />
        )}
        {props.hasTiming && (
          <TimingField
            timing={props.timing}
            onChange={(timing) => {
              onChange({ timing });
            }}
          />
        )}
        {props.benchmark}
      </div>
    </form>
  );
}

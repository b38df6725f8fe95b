import { useState, type ReactNode } from "react";
import type { AttributionOut } from "@/shared/api/gen/types.gen";
import { percentOf, ratioOf } from "@/shared/format/percent";
import { TextField } from "@/shared/ui/field";

/** A field for one instrument, by its id. */
export type PickById = (
  label: string,
  value: string | undefined,
  onChange: (id: string | undefined) => void,
) => ReactNode;
type Line = { key: string; label: string; instrument: string | undefined; percent: string };
type Props = {
  groups: AttributionOut["groups"];
  pick: PickById;
  blend: string | undefined;
  onChange: (blend: string | undefined) => void;
};

const PERCENT = /^\d{1,3}(\.\d{1,4})?$/;
const parts = (blend: string | undefined) =>
  (blend ?? "").split(",").map((text) => /^(.+):([0-9a-f-]{36}):([0-9.]+)$/.exec(text));

function linesOf({ groups, blend }: Pick<Props, "groups" | "blend">): Line[] {
  return groups.map(({ key, label }) => {
    const found = parts(blend).find((part) => part?.[1] === key);
    return {
      key,
      label,
      instrument: found?.[2],
      percent: found?.[3] ? percentOf(found[3]) : "",
    };
  });
}

/** Which instrument stands for each group, and how much of it; the weights add up to 100 %. */
export function BlendForm(props: Props) {
  const [lines, setLines] = useState(() => linesOf(props));
  const named = lines.filter((line) => line.instrument && PERCENT.test(line.percent));
  const total = named.reduce((sum, line) => sum + Math.round(Number(line.percent) * 10_000), 0);
  const set = (key: string, change: Partial<Line>) => {
    setLines((before) => before.map((line) => (line.key === key ? { ...line, ...change } : line)));
  };
  return (
    <form
      aria-label="Benchmark by group"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const told = named.map(
          (line) => `${line.key}:${line.instrument ?? ""}:${ratioOf(line.percent)}`,
        );
        if (total === 1_000_000) props.onChange(told.join(","));
      }}
    >
      {lines.map((line) => (
        <div key={line.key} className="grid grid-cols-[minmax(0,1fr)_6.5rem] gap-3 max-w-[40rem]">
          {props.pick(`${line.label}: benchmark`, line.instrument, (instrument) => {
            set(line.key, { instrument });
          })}
          <TextField
            label="Weight, %"
            inputMode="decimal"
            value={line.percent}
            onChange={(event) => {
              set(line.key, { percent: event.target.value.trim() });
            }}
          />
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-4">
        <button type="submit" className="btn primary" disabled={total !== 1_000_000}>
          Compare
        </button>
        <p className="text-sm text-ink-2" role="status">
          {total === 1_000_000
            ? "Rebalanced at the end of each month."
            : `Weights add up to ${String(total / 10_000)} %; they must be 100 %.`}
        </p>
        {props.blend && (
          <button
            type="button"
            className="lnk"
            onClick={() => {
              props.onChange(undefined);
            }}
          >
            Without a benchmark
          </button>
        )}
      </div>
    </form>
  );
}

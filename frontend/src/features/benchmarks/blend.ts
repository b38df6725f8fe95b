import Big from "big.js";
import type { BenchmarkDefinitionOut, BlendIn, InstrumentOut } from "@/shared/api/gen/types.gen";
import { percentOf, ratioOf } from "@/shared/format/percent";

type Chosen = Pick<InstrumentOut, "id" | "symbol" | "name" | "currency" | "multiplier">;

/** A part as it is typed: an instrument, or consumer prices when `isSeries`. */
export type TypedPart = {
  key: number;
  isSeries: boolean;
  instrument: Chosen | null;
  basis: "total" | "price";
  /** In percent, as typed. */
  weight: string;
};

export const REBALANCING = [
  ["monthly", "Every month"],
  ["quarterly", "Every quarter"],
  ["yearly", "Every year"],
  ["daily", "Every day"],
  ["never", "Never: weights drift"],
] as const;

const PERCENT = /^-?\d{1,3}(\.\d{1,6})?$/;

/** Percent as typed, as the ratio the server takes; null when it is no number. */
const typedRatio = (percent: string): string | null =>
  PERCENT.test(percent.trim()) ? ratioOf(percent.trim()) : null;

/** What the weights add up to, in percent; null while one of them is no number. */
export function sumOf(parts: readonly TypedPart[]): string | null {
  const weights = parts.map((part) => typedRatio(part.weight));
  if (weights.includes(null)) return null;
  return percentOf(weights.reduce<Big>((sum, next) => sum.plus(next ?? 0), new Big(0)).toFixed());
}

/** The body to send, or what is wrong with what was typed. */
export function blendOf(
  name: string,
  rebalancing: BlendIn["rebalancing"],
  spread: string,
  parts: readonly TypedPart[],
): BlendIn | string {
  const added = typedRatio(spread || "0");
  if (added === null) return "What is added a year is a number, such as 3.";
  if (parts.some((part) => !part.isSeries && part.instrument === null)) {
    return "Choose an instrument for every part, or take the part out.";
  }
  if (sumOf(parts) === null) return "Every part needs a weight in percent.";
  return {
    name,
    rebalancing,
    spread_ratio: added,
    parts: parts.map((part) => ({
      instrument_id: part.isSeries ? null : (part.instrument?.id ?? null),
      series: part.isSeries ? "CPIAUCSL" : null,
      basis: part.basis,
      weight_ratio: typedRatio(part.weight) ?? "0",
    })),
  };
}

/** A stored blend as it would be typed. */
export const typedOf = (blend: BenchmarkDefinitionOut): TypedPart[] =>
  blend.parts.map((part, place) => ({
    key: place,
    isSeries: part.series !== null,
    instrument:
      part.instrument_id === null
        ? null
        : {
            id: part.instrument_id,
            symbol: part.symbol ?? "",
            name: part.name,
            currency: part.currency ?? "",
            multiplier: "1",
          },
    basis: part.basis,
    weight: percentOf(part.weight_ratio),
  }));

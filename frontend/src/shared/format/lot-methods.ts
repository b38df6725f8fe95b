import type { LotMethod } from "@/shared/api/gen/types.gen";

/** What a sale takes first, in the words of brokers. */
export const LOT_METHODS = [
  ["fifo", "First in, first out"],
  ["lifo", "Last in, first out"],
  ["hifo", "Highest cost first"],
  ["lofo", "Lowest cost first"],
  ["minimum_tax", "Minimum tax"],
  ["average", "Average cost"],
  ["uk_pooling", "UK: same day, 30 days, section 104"],
  ["acb", "Canada: adjusted cost base"],
] as const satisfies readonly (readonly [LotMethod, string])[];

export const lotMethodName = (method: LotMethod | null): string =>
  LOT_METHODS.find(([key]) => key === method)?.[1] ?? "Lots named by hand";

export const asLotMethod = (text: string): LotMethod =>
  LOT_METHODS.find(([key]) => key === text)?.[0] ?? "fifo";

import { words } from "./format";

const NAMES: Record<string, string> = {
  csv: "Folder of CSV files",
  tiingo: "Tiingo",
  massive: "Massive",
  alpaca: "Alpaca",
  alpha_vantage: "Alpha Vantage",
  coingecko: "CoinGecko",
  yahoo: "Yahoo",
  ecb: "European Central Bank",
  bundled: "What came with the installation",
};

/** A source of prices as people call it. */
export const sourceName = (code: string): string => NAMES[code] ?? words(code);

/** The same within a sentence. */
export const sourceInText = (code: string): string =>
  code === "bundled" ? "bundled data" : (NAMES[code] ?? code);

/** The same list with one entry a place further up (-1) or down (1). */
export function moved(sources: readonly string[], from: number, by: 1 | -1): string[] {
  const to = from + by;
  const [one, other] = [sources[from], sources[to]];
  if (one === undefined || other === undefined) return [...sources];
  return sources.with(from, other).with(to, one);
}

/** The shortest list to put before the others that leaves all of them in this order. */
export function chosenOf(order: readonly string[], declared: readonly string[]): string[] {
  const rest = (chosen: readonly string[]) => declared.filter((name) => !chosen.includes(name));
  const length = order.findIndex((_, count) => {
    const chosen = order.slice(0, count);
    return [...chosen, ...rest(chosen)].join() === order.join();
  });
  return length < 0 ? [...order] : order.slice(0, length);
}

import Big from "big.js";

/** A price against the close before it, as a ratio; null where there is none. */
export function changeRatio(price: string | null, close: string | null): string | null {
  if (price === null || close === null || new Big(close).eq(0)) return null;
  return new Big(price).div(close).minus(1).toFixed(6);
}

/** A price less the close before it; null where there is none. */
export function changeOf(price: string | null, close: string | null): string | null {
  if (price === null || close === null) return null;
  return new Big(price).minus(close).toFixed();
}

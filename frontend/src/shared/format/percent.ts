import Big from "big.js";

/* Between what a person types in percent and the ratio the server takes: exact, both ways. */

/** "12.5" percent as the ratio "0.125"; whether it is a number at all is for the form to say. */
export const ratioOf = (percent: string): string => new Big(percent).times("0.01").toFixed();

/** "0.125" as "12.5", for a field of percents. */
export const percentOf = (ratio: string): string => new Big(ratio).times(100).toFixed();

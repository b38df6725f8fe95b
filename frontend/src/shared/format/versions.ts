/** Earlier meanings of the time-weighted return that can be asked for; the present one is shown. */
export const EARLIER_RETURNS = ["2026.1", "2026.2"] as const;
export type EarlierReturn = (typeof EARLIER_RETURNS)[number];

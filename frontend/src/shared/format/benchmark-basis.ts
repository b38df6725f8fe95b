/** What of a benchmark is counted, in words that follow its name. */
export const BASIS_WORDS = {
  total: "dividends reinvested",
  price: "price alone",
  mixed: "some parts with dividends reinvested",
  index: "a published series",
} as const;

import type { QuoteOut, WatchedOut, WatchlistOut } from "@/shared/api/gen/types.gen";
import { QUOTE } from "./quote-samples";

/* Watchlists and quotes as the server gives them; a test changes what it is about. */

const idOf = (tail: string): string => `0190a000-0000-7000-8000-0000000000${tail}`;

export const watched = (symbol: string, tail: string, note = ""): WatchedOut => ({
  instrument_id: idOf(tail),
  symbol,
  name: `${symbol} Inc`,
  currency: "USD",
  note,
});

export const IBM = watched("IBM", "e1", "below 90");
export const MSFT = watched("MSFT", "e2");
export const KO = watched("KO", "e3");

export const IDEAS: WatchlistOut = {
  id: idOf("f1"),
  name: "Ideas",
  version: 4,
  items: [IBM, MSFT, KO],
};

export const quoteOf = (item: WatchedOut, parts: Partial<QuoteOut> = {}): QuoteOut => ({
  ...QUOTE,
  instrument_id: item.instrument_id,
  symbol: item.symbol,
  ...parts,
});

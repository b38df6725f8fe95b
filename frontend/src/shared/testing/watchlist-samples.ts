import type { QuoteOut, WatchedOut, WatchlistOut } from "@/shared/api/gen/types.gen";

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
  instrument_id: item.instrument_id,
  symbol: item.symbol,
  price: "104.25",
  previous_close: "100",
  currency: "USD",
  as_of: "2026-03-05T16:00:00Z",
  received_at: "2026-03-05T16:00:01Z",
  price_date: null,
  source: "yahoo",
  delay_minutes: 15,
  session: "regular",
  is_stale: false,
  age_seconds: 5,
  reason: null,
  ...parts,
});

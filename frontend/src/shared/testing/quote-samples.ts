import type { QuoteOut } from "@/shared/api/gen/types.gen";

/** A trade in session, told a quarter of an hour late. */
export const QUOTE: QuoteOut = {
  instrument_id: "01a2-ibm",
  symbol: "IBM",
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
};

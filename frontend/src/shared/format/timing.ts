import type { ConventionsOut } from "@/shared/api/gen/types.gen";

/** When flows count within their day, in a sentence. */
export const TIMING_WORDS: Readonly<Record<ConventionsOut["flow_timing"], string>> = {
  start_of_day: "what is paid in or out counts at the start of its day",
  end_of_day: "what is paid in or out counts at the end of its day",
  in_at_start_out_at_end:
    "of a part of the portfolio, what goes in counts from the start of its day and what comes out at the end",
};

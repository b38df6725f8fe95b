import { useEffect, useRef, useState } from "react";
import type { QuoteOut } from "@/shared/api/gen/types.gen";
import { ago, day, instant } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { sourceInText } from "@/shared/format/sources";
import type { LiveQuote } from "@/shared/live/quotes";

const SESSIONS: Record<QuoteOut["session"], string> = {
  pre: "before hours",
  regular: "",
  post: "after hours",
  overnight: "overnight",
  closed: "market closed",
  unknown: "",
};
const FLASH_MS = 2000;
const AGE_MS = 30_000;

/** Whether what changed just now is to be seen to change: at most every two seconds. */
export function useFlash(value: string | null): boolean {
  const [isOn, setOn] = useState(false);
  const last = useRef({ value, at: 0 });
  useEffect(() => {
    const now = Date.now();
    const { value: before, at } = last.current;
    if (value === before) return undefined;
    last.current = { value, at: now - at < FLASH_MS ? at : now };
    if (before === null || now - at < FLASH_MS) return undefined;
    setOn(true);
    const timer = setTimeout(() => {
      setOn(false);
    }, FLASH_MS / 2);
    return () => {
      clearTimeout(timer);
      setOn(false);
    };
  }, [value]);
  return isOn;
}

/** The day of a close, who told it, how late, and the part of the day. */
export function quoteWords(quote: QuoteOut): string {
  const delay = quote.delay_minutes;
  return [
    quote.price_date === null ? "" : `close of ${day(quote.price_date)}`,
    quote.source === null ? "" : sourceInText(quote.source),
    delay === null || delay === 0 ? "" : `${String(delay)} min delayed`,
    SESSIONS[quote.session],
  ]
    .filter((part) => part !== "")
    .join(", ");
}

type FreshnessProps = { quote: LiveQuote; isTold: boolean; notice: string | null };

/** How old it is, and whether it moves by itself. */
export function Freshness({ quote, isTold, notice }: FreshnessProps) {
  const now = useNow();
  const isTrading = quote.price !== null && quote.price_date === null && quote.session !== "closed";
  const isLive = isTold && isTrading && !quote.is_stale;
  const waits = isTold ? "moves with the next trade" : (notice ?? "refreshed now and then");
  return (
    <span className="text-xs text-ink-2">
      <span aria-hidden="true" className={isLive ? "text-gain" : "text-ink-2"}>
        ●{" "}
      </span>
      {isLive ? "live" : waits}
      {quote.as_of !== null && (
        <>
          {" · "}
          <time dateTime={quote.as_of} title={instant(quote.as_of)}>
            {ago(quote.as_of, now)}
          </time>
        </>
      )}
      {quote.is_stale && quote.reason !== null && ` · ${reasonText([quote.reason]) ?? ""}`}
    </span>
  );
}

/** The present, every half minute. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, AGE_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now;
}

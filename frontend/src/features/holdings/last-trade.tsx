import { useEffect, useRef, useState } from "react";
import type { QuoteOut } from "@/shared/api/gen/types.gen";
import { ago, day, instant } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { sourceName } from "@/shared/format/sources";
import { useLiveQuote, type LiveQuote } from "@/shared/live/quotes";
import { changeRatio } from "@/shared/live/change";
import { Money, SignedPercent, Unknown } from "@/shared/ui/figures";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";

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

/** The last trade anybody told of; moves by itself while it is told live. */
export function LastTrade({ instrumentId }: { instrumentId: string }) {
  const { data, error, refetch, isTold, notice } = useLiveQuote(instrumentId);
  if (error && !data) {
    return (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    );
  }
  if (!data) return <Skeleton label="Loading the last trade" rows={1} height={24} />;
  return (
    <p className="mb-6 flex flex-wrap items-baseline gap-x-2 gap-y-1">
      <span className="eyebrow">Last trade</span>
      <Price quote={data} />
      <span className="text-xs text-ink-2">{told(data)}</span>
      <Freshness quote={data} isTold={isTold} notice={notice} />
    </p>
  );
}

function Price({ quote }: { quote: QuoteOut }) {
  const flash = useFlash(quote.price);
  if (quote.price === null || quote.currency === null) {
    return <Unknown reason={reasonText([quote.reason ?? "price_missing"])} />;
  }
  return (
    // a reader of the screen is not told of every trade
    <span aria-live="off" className={flash ? "flash font-medium" : "font-medium"}>
      <Money value={quote.price} currency={quote.currency} upTo={4} />{" "}
      <SignedPercent
        ratio={changeRatio(quote.price, quote.previous_close)}
        reason="no close before it is known"
      />
    </span>
  );
}

/** Whether what changed just now is to be seen to change: at most every two seconds. */
function useFlash(value: string | null): boolean {
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

function told(quote: QuoteOut): string {
  const delay = quote.delay_minutes;
  return [
    quote.price_date === null ? "" : `close of ${day(quote.price_date)}`,
    quote.source === null ? "" : sourceName(quote.source),
    delay === null || delay === 0 ? "" : `${String(delay)} min delayed`,
    SESSIONS[quote.session],
  ]
    .filter((part) => part !== "")
    .join(", ");
}

type FreshnessProps = { quote: LiveQuote; isTold: boolean; notice: string | null };

/** How old it is, and whether it moves by itself. */
function Freshness({ quote, isTold, notice }: FreshnessProps) {
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

function useNow(): number {
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

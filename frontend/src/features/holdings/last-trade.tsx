import type { QuoteOut } from "@/shared/api/gen/types.gen";
import { reasonText } from "@/shared/format/reasons";
import { useLiveQuote } from "@/shared/live/quotes";
import { changeRatio } from "@/shared/live/change";
import { Money, SignedPercent, Unknown } from "@/shared/ui/figures";
import { Freshness, quoteWords, useFlash } from "@/shared/ui/quote";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";

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
      <span className="text-xs text-ink-2">{quoteWords(data)}</span>
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

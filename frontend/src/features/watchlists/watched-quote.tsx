import { memo } from "react";
import { reasonText } from "@/shared/format/reasons";
import { changeOf, changeRatio } from "@/shared/live/change";
import type { LiveQuote } from "@/shared/live/quotes";
import { Money, SignedPercent, tone, Unknown } from "@/shared/ui/figures";
import { Freshness, quoteWords, useFlash } from "@/shared/ui/quote";

type Props = {
  /** Undefined while it is asked for; null where it could not be. */
  quote: LiveQuote | null | undefined;
  isTold: boolean;
  notice: string | null;
};

const RIGHT = "max-md:col-start-2 max-md:!text-right";

/** The last trade, what it changed since the close before, and where it is from. */
export const WatchedQuote = memo(function WatchedQuote({ quote, isTold, notice }: Props) {
  return (
    <>
      <td className={`${RIGHT} max-md:row-start-1`}>
        <Price quote={quote} />
      </td>
      <td className={`${RIGHT} max-md:row-start-2`}>
        <ChangeSince quote={quote} />
      </td>
      <td className="!text-left max-md:row-start-2 max-md:col-start-1 text-xs text-ink-2">
        {quote && (
          <>
            <span className="md:block">{quoteWords(quote)}</span>{" "}
            <Freshness quote={quote} isTold={isTold} notice={notice} />
          </>
        )}
      </td>
    </>
  );
});

function Price({ quote }: Pick<Props, "quote">) {
  const flash = useFlash(quote?.price ?? null);
  if (quote === undefined) {
    return <span className="skel inline-block h-4 w-16" aria-label="Loading the last trade" />;
  }
  if (quote === null) return <Unknown reason="it could not be loaded" />;
  if (quote.price === null || quote.currency === null) {
    return <Unknown reason={reasonText([quote.reason ?? "price_missing"])} />;
  }
  return (
    // a reader of the screen is not told of every trade
    <span aria-live="off" className={`font-medium ${flash ? "flash" : ""}`}>
      <Money value={quote.price} currency={quote.currency} upTo={4} />
    </span>
  );
}

/** Nothing where there is no price: that says why already. */
function ChangeSince({ quote }: Pick<Props, "quote">) {
  if (!quote || quote.price === null || quote.currency === null) return null;
  const change = changeOf(quote.price, quote.previous_close);
  if (change === null) return <Unknown reason="no close before it is known" />;
  return (
    <span className={tone(change, 4)}>
      <SignedPercent
        ratio={changeRatio(quote.price, quote.previous_close)}
        reason="there is nothing to divide by"
      />{" "}
      <span className="md:block text-xs">
        <Money value={change} currency={quote.currency} upTo={4} signed />
      </span>
    </span>
  );
}

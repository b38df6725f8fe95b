import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ManualPriceOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { Earlier } from "@/shared/ui/earlier";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { CustomSource } from "./custom-source";
import { PasteForm } from "./paste-form";
import { PriceForm } from "./price-form";
import { manualPricesQuery } from "./queries";
import { usePrices } from "./use-prices";

type Props = { instrumentId: string; currency: string };
type Doing = { what: "set" | "paste" } | { what: "change"; price: ManualPriceOut } | null;

/** Prices this portfolio set itself: they count before any source's, and nobody else sees them. */
export function ManualPrices({ instrumentId, currency }: Props) {
  const [doing, setDoing] = useState<Doing>(null);
  const start = (what: "set" | "paste") => () => {
    setDoing(doing?.what === what ? null : { what });
  };
  const done = () => {
    setDoing(null);
  };
  const same = { instrumentId, currency, onDone: done };
  return (
    <Section
      id="own-prices"
      title="Prices of your own"
      aside={
        <span className="flex gap-4">
          <button type="button" className="lnk" onClick={start("set")}>
            Set a price
          </button>
          <button type="button" className="lnk" onClick={start("paste")}>
            Paste many
          </button>
        </span>
      }
    >
      {doing?.what === "paste" && <PasteForm {...same} />}
      {doing?.what === "set" && <PriceForm {...same} />}
      {doing?.what === "change" && (
        <PriceForm key={doing.price.price_date} {...same} price={doing.price} />
      )}
      <Prices
        instrumentId={instrumentId}
        onChange={(price) => {
          setDoing({ what: "change", price });
        }}
      />
      <CustomSource instrumentId={instrumentId} currency={currency} />
    </Section>
  );
}

type ListProps = { instrumentId: string; onChange: (price: ManualPriceOut) => void };

function Prices({ instrumentId, onChange }: ListProps) {
  const query = useInfiniteQuery(manualPricesQuery(instrumentId));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading prices of your own" rows={2} height={32} />
    );
  }
  const items = data.pages.flatMap((page) => page.items);
  return (
    <>
      {error && !query.isFetchNextPageError && <StaleNotice what="your prices" onRetry={retry} />}
      {items.length === 0 ? (
        <p className="text-sm text-ink-2 max-w-[65ch]">
          None. A price you set counts before what any source says, on its day and until the next
          price; nobody else sees it.
        </p>
      ) : (
        <ul className="border-t border-rule" data-testid="own-prices">
          {items.map((price) => (
            <Price
              key={price.price_date}
              price={price}
              instrumentId={instrumentId}
              onChange={onChange}
            />
          ))}
        </ul>
      )}
      <Earlier query={query} what="prices" />
    </>
  );
}

function Price({ price, instrumentId, onChange }: ListProps & { price: ManualPriceOut }) {
  const { remove } = usePrices(instrumentId);
  const on = day(price.price_date);
  return (
    <li className="border-b border-rule py-2">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="num min-w-[8em]">{on}</span>
        <span className="font-medium">
          <Money value={price.close} currency={price.currency} />
        </span>
        <span className="text-sm text-ink-2 grow min-w-0 break-words">
          {price.source === "custom" ? "fetched from your URL" : price.note}
        </span>
        <button
          type="button"
          className="lnk"
          aria-label={`Change the price of ${on}`}
          onClick={() => {
            onChange(price);
          }}
        >
          Change
        </button>
        <button
          type="button"
          className="lnk"
          aria-label={`Remove the price of ${on}`}
          disabled={remove.isPending}
          onClick={() => {
            remove.mutate(price);
          }}
        >
          Remove
        </button>
      </div>
      {remove.error && <ProblemNotice error={remove.error} title="It was not removed" />}
    </li>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CustomSourceOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { CustomSourceForm } from "./custom-source-form";
import { customSourceQuery } from "./queries";
import { useCustomSource } from "./use-custom-source";

type Props = { instrumentId: string; currency: string };

/** The URL that prices of one's own are fetched from once a day, and how that went last. */
export function CustomSource({ instrumentId, currency }: Props) {
  const { data, error, refetch } = useQuery(customSourceQuery(instrumentId));
  const [isOpen, setOpen] = useState(false);
  const retry = () => {
    void refetch();
  };
  const close = () => {
    setOpen(false);
  };
  return (
    <div className="mt-6">
      <h3 className="font-semibold mb-2">Fetched from a URL</h3>
      {error && data && <StaleNotice what="the source" onRetry={retry} />}
      {error && !data && <ProblemNotice error={error} onRetry={retry} />}
      {!data && !error && <Skeleton label="Loading the source" rows={1} height={32} />}
      {data && !isOpen && (
        <Stands
          source={data.source}
          instrumentId={instrumentId}
          currency={currency}
          onOpen={() => {
            setOpen(true);
          }}
        />
      )}
      {data && isOpen && (
        <CustomSourceForm
          key={data.source?.version ?? 0}
          instrumentId={instrumentId}
          currency={currency}
          source={data.source}
          onDone={close}
        />
      )}
    </div>
  );
}

type StandsProps = Props & { source: CustomSourceOut | null; onOpen: () => void };

function Stands({ source, instrumentId, currency, onOpen }: StandsProps) {
  const { remove } = useCustomSource(instrumentId);
  if (!source) {
    return (
      <div className="text-sm text-ink-2 max-w-[65ch]">
        <p className="mb-2">
          None. Where a web address tells the price as JSON, it can be read once a day; it counts
          like a price you set yourself.
        </p>
        <button type="button" className="lnk" onClick={onOpen}>
          Fetch from a URL
        </button>
      </div>
    );
  }
  return (
    <div className="text-sm">
      <p className="break-all">
        <span className="num">{source.url}</span>
        <span className="text-ink-2"> at </span>
        <span className="num">{source.price_path}</span>
      </p>
      <Last source={source} currency={currency} />
      <div className="flex gap-4 mt-1">
        <button type="button" className="lnk" aria-label="Change the source" onClick={onOpen}>
          Change
        </button>
        <button
          type="button"
          className="lnk"
          aria-label="Remove the source"
          disabled={remove.isPending}
          onClick={() => {
            remove.mutate(source.version);
          }}
        >
          Remove
        </button>
      </div>
      {remove.error && <ProblemNotice error={remove.error} title="It was not removed" />}
    </div>
  );
}

function Last({ source, currency }: { source: CustomSourceOut; currency: string }) {
  const { last_error, last_price, last_price_date, tried_at } = source;
  return (
    <>
      {last_price !== null && last_price_date !== null && (
        <p className="text-ink-2">
          Last read: <Money value={last_price} currency={currency} />, of {day(last_price_date)}
        </p>
      )}
      {tried_at === null && <p className="text-ink-2">Not fetched yet; that happens once a day.</p>}
      {last_error !== null && (
        <p className="text-loss">Not read the last time: {last_error.replace(/^\w+: /, "")}</p>
      )}
    </>
  );
}

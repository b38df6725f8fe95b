import { Link } from "@tanstack/react-router";
import { instant, time } from "@/shared/format/format";
import { useLatestHoldings } from "@/shared/live/portfolio";
import { Change, Money } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { useFlash } from "@/shared/ui/quote";

/** What all is worth at the latest trades; nothing where none is newer than the closes. */
export function LatestLine({ account }: { account: string | undefined }) {
  const { data, isTold } = useLatestHoldings({ account });
  const flash = useFlash(data?.nav ?? null);
  const scope = useScopeSearch();
  const newest = data?.latest?.newest_as_of ?? null;
  if (!data?.latest || newest === null) return null;
  const { latest, currency } = data;
  const delay = latest.delay_minutes ?? 0;
  return (
    <p data-testid="latest" className="mt-2 flex flex-wrap items-baseline gap-x-2 text-sm">
      <Link to="/holdings" search={{ ...scope, prices: "latest" as const }} className="lnk">
        At the latest trades
      </Link>
      {/* a reader of the screen is not told of every trade */}
      <span aria-live="off" className={flash ? "flash" : undefined}>
        <Money value={data.nav} currency={currency} reason={data.unknowns[0]?.message} />
      </span>
      <Change
        value={data.total_day_change}
        ratio={null}
        currency={currency}
        reason="one holding has no earlier price"
      />
      <span className="text-xs text-ink-2">
        <span aria-hidden="true" className={isTold ? "text-gain" : "text-ink-2"}>
          ●{" "}
        </span>
        {latest.count} of {data.items.length} traded since their close, the last{" "}
        <time dateTime={newest} title={instant(newest)}>
          {time(newest)}
        </time>
        {delay > 0 && `, up to ${String(delay)} min delayed`}
      </span>
    </p>
  );
}

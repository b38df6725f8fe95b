import { Link } from "@tanstack/react-router";
import { AlertTriangle, Clock3 } from "lucide-react";
import { explainPath } from "@/shared/api/explanations";
import type { OverviewOut } from "@/shared/api/gen/types.gen";
import { counted } from "@/shared/format/format";
import { Money, SignedPercent, tone } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { Section } from "@/shared/ui/states";
import { Why } from "@/shared/ui/why";

type MoversProps = { data: OverviewOut; account: string | undefined };

export function Movers({ data, account }: MoversProps) {
  const search = useScopeSearch();
  const largest = Math.max(...data.movers.map((mover) => Math.abs(Number(mover.day_change))), 1);
  return (
    <Section
      id="movers"
      title="Moving it"
      aside={<span className="text-xs text-ink-2">by effect on value</span>}
    >
      {data.movers.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing moved since the day before.</p>
      ) : (
        <ul className="-mt-1.5">
          {data.movers.map((mover) => (
            <li
              key={mover.instrument_id}
              className="grid grid-cols-[minmax(0,1fr)_92px] items-center hover:bg-sunk/60 -mx-2 px-2 rounded text-sm"
            >
              <Link
                to="/holdings/$instrumentId"
                params={{ instrumentId: mover.instrument_id }}
                search={search}
                className="grid grid-cols-[64px_1fr_72px] items-center gap-2.5 h-9"
              >
                <span className="font-semibold truncate">{mover.symbol}</span>
                <span aria-hidden="true" className="relative h-2">
                  <i
                    className="absolute inset-y-0 rounded-[1px]"
                    style={bar(Number(mover.day_change) / largest)}
                  />
                  <i className="absolute -inset-y-1.5 left-1/2 w-px bg-rule-strong" />
                </span>
                <span className="text-right">
                  <SignedPercent ratio={mover.day_change_ratio} arrow={false} />
                </span>
              </Link>
              <span className="text-right">
                <Why
                  figure={`Day change of ${mover.symbol}`}
                  path={explainPath(`holdings/${mover.instrument_id}`, {
                    figure: "day_change",
                    account_id: account,
                  })}
                >
                  <Money
                    value={mover.day_change}
                    currency={data.currency}
                    signed
                    className={`font-medium ${tone(mover.day_change)}`}
                  />
                </Why>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function bar(share: number) {
  const width = Math.abs(share) * 50;
  return {
    background: share < 0 ? "var(--loss)" : "var(--gain)",
    width: `${String(width)}%`,
    left: share < 0 ? `${String(50 - width)}%` : "50%",
  };
}

/** What keeps a figure from being known, or wants a person's eye. */
export function NeedsALook({ data }: { data: OverviewOut }) {
  const search = useScopeSearch();
  const { freshness } = data;
  if (data.unknowns.length === 0 && data.review_count === 0 && freshness.stale_count === 0) {
    return (
      <Section id="look" title="Needs a look">
        <p className="text-sm text-ink-2">Nothing. Every figure on this page is known.</p>
      </Section>
    );
  }
  return (
    <Section id="look" title="Needs a look">
      <ul className="-mt-1">
        {data.unknowns.map((unknown) => (
          <li
            key={`${unknown.reason_code} ${unknown.instrument_id ?? unknown.message}`}
            className="flex gap-3 py-2.5 border-b border-rule last:border-0"
          >
            <AlertTriangle aria-hidden="true" size={17} className="mt-0.5 text-warn shrink-0" />
            <p className="text-sm min-w-0 flex-1">{unknown.message}</p>
            {unknown.reason_code === "price_missing" && unknown.instrument_id && (
              <Link
                to="/holdings/$instrumentId"
                params={{ instrumentId: unknown.instrument_id }}
                search={search}
                hash="own-prices"
                className="lnk shrink-0"
                aria-label={`Set a price of ${unknown.symbol ?? "it"}`}
              >
                Set a price
              </Link>
            )}
          </li>
        ))}
        {freshness.stale_count > 0 && (
          <li className="flex gap-3 py-2.5 border-b border-rule last:border-0">
            <Clock3 aria-hidden="true" size={17} className="mt-0.5 text-warn shrink-0" />
            <p className="text-sm min-w-0">
              {freshness.stale_count === 1
                ? "One price is"
                : `${String(freshness.stale_count)} prices are`}{" "}
              more than a week old; {freshness.stale_count === 1 ? "it is" : "they are"} used and
              marked.
            </p>
          </li>
        )}
        {data.review_count > 0 && (
          <li className="flex gap-3 py-2.5 border-b border-rule last:border-0">
            <AlertTriangle aria-hidden="true" size={17} className="mt-0.5 text-warn shrink-0" />
            <p className="text-sm min-w-0 flex-1">
              {counted(data.review_count, "record")} could not be fully interpreted.
            </p>
            <Link to="/transactions" search={{ ...search, review: true }} className="lnk shrink-0">
              Review
            </Link>
          </li>
        )}
      </ul>
    </Section>
  );
}

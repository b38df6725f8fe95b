import { Clock3 } from "lucide-react";
import type { ReactNode } from "react";
import { explainPath } from "@/shared/api/explanations";
import type { OverviewOut } from "@/shared/api/gen/types.gen";
import { counted, day } from "@/shared/format/format";
import { sourceInText } from "@/shared/format/sources";
import { Change, LargeMoney, Money, SignedPercent, tone } from "@/shared/ui/figures";
import { Stat } from "@/shared/ui/stat";
import { Why } from "@/shared/ui/why";

const whyUnknown = (data: OverviewOut): string | undefined => data.unknowns[0]?.message;

type CardProps = { data: OverviewOut; account: string | undefined };
/** `latest` is what stands below the value: how it stands at the latest trades. */
type NavProps = CardProps & { latest?: ReactNode };

/** Where the figures of the scope are explained: totals of holdings, and what the overview adds. */
const paths = (account: string | undefined) => ({
  total: (figure: string) => explainPath("holdings", { figure, account_id: account }),
  figure: (figure: string) => explainPath("overview", { figure, account_id: account }),
});

/** One number first, then its change, its age, and what it is made of. */
export function NavCard({ data, account, latest }: NavProps) {
  const reason = whyUnknown(data);
  const of = paths(account);
  return (
    <div className="grid lg:grid-cols-[minmax(0,380px)_minmax(0,1fr)] gap-x-10 gap-y-3 pt-7 lg:pt-8 pb-6 items-end">
      <div>
        <p className="eyebrow mb-2.5">Net asset value</p>
        <p
          data-testid="nav"
          className="font-serif leading-none tracking-[-.02em] text-[2.5rem] sm:text-[3.25rem] font-[520]"
        >
          <Why mark figure="Net asset value" path={of.total("nav")}>
            <LargeMoney value={data.nav} currency={data.currency} reason={reason} />
          </Why>
        </p>
        <p className="mt-3 text-base font-[540] flex flex-wrap items-center gap-x-2">
          <Why mark figure="Day change" path={of.figure("day_change")}>
            <Change
              value={data.day_change}
              ratio={data.day_change_ratio}
              currency={data.currency}
              reason={reason ?? "no earlier value to compare with"}
            />
          </Why>
          <span className="text-ink-2 font-normal">
            {data.previous_date ? `since ${day(data.previous_date)}` : "day change"}
          </span>
        </p>
        {data.nav === null && reason && <p className="note warn mt-3">{reason}</p>}
        {latest}
      </div>
      <Stats data={data} account={account} />
      <div className="lg:col-span-2">
        <Freshness data={data} />
      </div>
    </div>
  );
}

function Stats({ data, account }: CardProps) {
  const reason = whyUnknown(data);
  const of = paths(account);
  const whole = { currency: data.currency, digits: 0 };
  return (
    <dl className="grid grid-cols-2 xl:grid-cols-4 gap-x-4 lg:gap-y-4 max-lg:border-t border-rule max-lg:mt-2">
      <Stat isRuled label="Return this year" sub="time-weighted">
        <Why
          mark
          figure="Return this year"
          path={explainPath("performance", {
            figure: "time_weighted",
            account_id: account,
            from: data.ytd_start_date ?? undefined,
          })}
        >
          <SignedPercent ratio={data.ytd_return_ratio} reason={reason ?? "no value at its start"} />
        </Why>
      </Stat>
      <Stat
        isRuled
        label={data.first_date ? `Gain since ${data.first_date.slice(0, 4)}` : "Gain"}
        sub={
          <>
            <Why figure="Realized gain" path={of.figure("realized_gain")}>
              <Money value={data.realized_gain} {...whole} reason={reason} />
            </Why>{" "}
            realized
          </>
        }
      >
        <Why mark figure="Gain" path={of.figure("total_gain")}>
          <Money
            value={data.total_gain}
            {...whole}
            signed
            reason={reason}
            className={tone(data.total_gain, 0)}
          />
        </Why>
      </Stat>
      <Stat isRuled label="Income this year" sub="dividends, interest; gross">
        <Why mark figure="Income this year" path={of.figure("income_ytd")}>
          <Money value={data.income_ytd} {...whole} reason={reason} />
        </Why>
      </Stat>
      <Stat isRuled label="Cash" sub={<Due data={data} path={of.total("receivable")} />}>
        <Why mark figure="Cash" path={of.total("cash")}>
          <Money value={data.cash} {...whole} reason="no exchange rate for one of the currencies" />
        </Why>
      </Stat>
    </dl>
  );
}

/** Income whose ex-date has passed and whose cash has not come: part of the value, and no cash. */
function Due({ data, path }: { data: OverviewOut; path: string }) {
  if (data.receivable === "0") return "all currencies";
  return (
    <>
      all currencies;{" "}
      <Why figure="Income due" path={path}>
        <Money value={data.receivable} currency={data.currency} reason={whyUnknown(data)} />
      </Why>{" "}
      of income due
    </>
  );
}

function Freshness({ data }: { data: OverviewOut }) {
  const { freshness } = data;
  const names = freshness.sources.map(sourceInText).join(", ");
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-ink-2">
      <span className="inline-flex items-center gap-1.5">
        <i
          aria-hidden="true"
          className={`size-2 rounded-full ${freshness.stale_count + freshness.missing_count > 0 ? "bg-warn" : "bg-gain"}`}
        />
        {freshness.newest_price_date
          ? `Newest price: close of ${day(freshness.newest_price_date)}${names ? `, ${names}` : ""}`
          : "No prices are needed yet"}
      </span>
      <span>Valued as of {day(data.as_of)}</span>
      {freshness.stale_count > 0 && (
        <span className="inline-flex items-center gap-1 text-warn">
          <Clock3 aria-hidden="true" size={13} />
          {freshness.stale_count} of {freshness.instrument_count} prices{" "}
          {freshness.stale_count === 1 ? "is" : "are"} stale
        </span>
      )}
      {freshness.missing_count > 0 && (
        <span className="inline-flex items-center gap-1 text-warn">
          <Clock3 aria-hidden="true" size={13} />
          {freshness.missing_count} of {freshness.instrument_count} without a price
        </span>
      )}
      {data.later_count > 0 && (
        <span>
          {counted(data.later_count, "record")} of later days{" "}
          {data.later_count === 1 ? "counts" : "count"} from then on
        </span>
      )}
      {data.is_recomputing && <span role="status">Recomputing…</span>}
    </p>
  );
}

import { Link } from "@tanstack/react-router";
import { Clock3 } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { explainPath } from "@/shared/api/explanations";
import type { CashHoldingOut, HoldingOut, HoldingsOut } from "@/shared/api/gen/types.gen";
import { day, quantity, rate, time } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money, SignedPercent, tone, Unknown } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { useFlash } from "@/shared/ui/quote";
import { usePartSearch } from "@/shared/ui/sliced";
import { Why } from "@/shared/ui/why";
import { Weight } from "./weight";

export type Column = "symbol" | "market_value" | "day_change" | "unrealized_gain";

type Common = { currency: string; asOf: string; column: Column; account: string | undefined };

const EDGES: Record<string, string> = {
  equity: "var(--c1)",
  fund: "var(--c2)",
  bond: "var(--c5)",
  crypto: "var(--c4)",
  option: "var(--c4)",
  cash: "var(--c3)",
};
const edge = (assetClass: string) =>
  ({ "--edge": EDGES[assetClass] ?? "var(--c5)" }) as CSSProperties;

/** Where a cell stands in the two lines a row has on a phone. */
const LINE_1 = "max-md:col-start-2 max-md:row-start-1 max-md:!text-right";
const LINE_2 = "max-md:col-start-2 max-md:row-start-2 max-md:!text-right";
const LINE_2_LEFT = "max-md:col-start-1 max-md:row-start-2 max-md:text-xs max-md:text-ink-2";
const shownIf = (isShown: boolean): string => (isShown ? LINE_2 : "max-md:hidden");

export function HoldingRow({
  item,
  currency,
  asOf,
  column,
  account,
}: Common & { item: HoldingOut }) {
  const reason = reasonText(item.unknown_reasons);
  const why = (figure: string, name: string) => ({
    figure: `${name} of ${item.symbol}`,
    path: explainPath(`holdings/${item.instrument_id}`, { figure, account_id: account }),
  });
  return (
    <tr style={edge(item.asset_class)}>
      <td>
        <Instrument item={item} />
      </td>
      <td className={LINE_2_LEFT}>
        <Why {...why("price", "Price")}>
          <Moved value={item.price_as_of ? item.price : null}>
            <Money value={item.price} currency={item.currency} reason={reason} />
          </Moved>
        </Why>
        <span className="md:block text-xs text-ink-2 num">
          <span className="md:hidden"> × </span>
          <Why {...why("quantity", "Units")}>
            {quantity(item.quantity)} <span className="max-md:hidden">units</span>
          </Why>
        </span>
      </td>
      <td className={shownIf(column !== "unrealized_gain")}>
        <Why {...why("day_change_ratio", "Day change in percent")}>
          <SignedPercent ratio={item.day_change_ratio} reason={reason ?? "no earlier price"} />
        </Why>
        <span className={`md:block text-xs max-md:ml-2 ${tone(item.day_change)}`}>
          {item.day_change !== null && (
            <Why {...why("day_change", "Day change")}>
              <Money value={item.day_change} currency={currency} signed />
            </Why>
          )}
        </span>
      </td>
      <td className={LINE_1}>
        <span className="font-medium">
          <Why {...why("market_value", "Market value")}>
            <Moved value={item.price_as_of ? item.market_value : null}>
              <Money value={item.market_value} currency={currency} reason={reason} />
            </Moved>
          </Why>
        </span>
        <PriceNote item={item} asOf={asOf} currency={currency} />
      </td>
      <td className="max-md:hidden num">
        <Why {...why("weight_ratio", "Weight")}>
          <Weight ratio={item.weight_ratio} color="var(--edge)" reason={reason} />
        </Why>
      </td>
      <td className="max-lg:hidden">
        <Why {...why("cost", "Cost")}>
          <Money value={item.cost} currency={currency} reason={reason} />
        </Why>
      </td>
      <td className={shownIf(column === "unrealized_gain")}>
        <Why {...why("unrealized_gain", "Unrealized gain")}>
          <Money
            value={item.unrealized_gain}
            currency={currency}
            signed
            reason={reason}
            className={tone(item.unrealized_gain)}
          />
        </Why>
        <span className="md:block text-xs max-md:ml-2">
          {item.unrealized_gain !== null && (
            <Why {...why("unrealized_gain_ratio", "Unrealized gain in percent")}>
              <SignedPercent ratio={item.unrealized_gain_ratio} arrow={false} reason={reason} />
            </Why>
          )}
        </span>
      </td>
    </tr>
  );
}

/** What flashes when it changes; a reader of the screen is not told of every trade. */
function Moved({ value, children }: { value: string | null; children: ReactNode }) {
  const flash = useFlash(value);
  if (value === null) return children;
  return (
    <span aria-live="off" className={flash ? "flash" : undefined}>
      {children}
    </span>
  );
}

function Instrument({ item }: { item: HoldingOut }) {
  return (
    <Link
      to="/holdings/$instrumentId"
      params={{ instrumentId: item.instrument_id }}
      search={{ ...useScopeSearch(), ...usePartSearch() }}
      className="max-md:flex max-md:items-baseline max-md:gap-2 block min-h-6 min-w-0"
    >
      <span className="font-semibold">{item.symbol}</span>{" "}
      {item.is_stale && (
        <span
          className="chip md:ml-2 text-warn"
          title={item.stale_reason ? reasonText([item.stale_reason]) : undefined}
        >
          <Clock3 aria-hidden="true" size={12} />
          {item.stale_reason === "delisted" ? "delisted" : "stale"}
        </span>
      )}
      <span className="md:block text-xs text-ink-2 md:max-w-[30ch] truncate" title={item.name}>
        {item.name}
      </span>
    </Link>
  );
}

/** Only what is not as for the others: an older price, another currency. */
function PriceNote({ item, asOf, currency }: { item: HoldingOut; asOf: string; currency: string }) {
  const at = item.price_as_of;
  const notes = [
    at !== undefined && at !== null ? `traded ${time(at)}` : null,
    item.currency !== currency && item.fx_rate !== null
      ? `${item.currency} at ${rate(item.fx_rate)}`
      : null,
    !at && item.price_date !== null && item.price_date !== asOf
      ? `close of ${day(item.price_date)}`
      : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return <span className="max-md:hidden block text-xs text-ink-2 num">{notes.join(", ")}</span>;
}

export function CashRow({ cash, currency, account }: Common & { cash: CashHoldingOut }) {
  const reason = reasonText(cash.unknown_reasons);
  const path = (figure: string) =>
    explainPath("allocation/node", {
      key: `cash:${cash.currency}`,
      figure,
      account_id: account,
    });
  const isForeign = cash.currency !== currency;
  return (
    <tr style={edge("cash")}>
      <td>
        <span className="max-md:flex max-md:items-baseline max-md:gap-2 block">
          <span className="font-semibold">Cash</span>{" "}
          <span className="md:block text-xs text-ink-2">{cash.currency}</span>
        </span>
      </td>
      <td className={LINE_2_LEFT}>
        {isForeign && <Money value={cash.amount} currency={cash.currency} />}
      </td>
      <td className="max-md:hidden" />
      <td className={LINE_1}>
        <span className="font-medium">
          <Why figure={`Cash in ${cash.currency}`} path={path("value")}>
            <Money value={cash.value} currency={currency} reason={reason} />
          </Why>
        </span>
        {isForeign && cash.fx_rate !== null && (
          <span className="max-md:hidden block text-xs text-ink-2 num">
            {cash.currency} at {rate(cash.fx_rate)}
          </span>
        )}
      </td>
      <td className="max-md:hidden num">
        <Why figure={`Weight of ${cash.currency} cash`} path={path("weight_ratio")}>
          <Weight ratio={cash.weight_ratio} color="var(--edge)" reason={reason} />
        </Why>
      </td>
      <td className="max-lg:hidden" />
      <td className="max-md:hidden" />
    </tr>
  );
}

type TotalProps = { data: HoldingsOut; column: Column; account: string | undefined };

export function TotalRow({ data, column, account }: TotalProps) {
  const reason = data.unknowns[0]?.message;
  const path = (figure: string) => explainPath("holdings", { figure, account_id: account });
  // cash in another currency moves too, and is in the day change of the whole portfolio
  const isPartOfDay = data.cash.some((cash) => cash.currency !== data.currency);
  return (
    <tfoot>
      <tr>
        <td>{data.slice?.is_everything === false ? "Value of this part" : "Net asset value"}</td>
        <td className="max-md:hidden" />
        <td className={shownIf(column !== "unrealized_gain")}>
          <Why figure="Day change of all holdings" path={path("day_change")}>
            <Money
              value={data.total_day_change}
              currency={data.currency}
              signed
              reason="one holding has no earlier price"
            />
          </Why>
          {isPartOfDay && (
            <span className="md:block text-xs font-normal text-ink-2 max-md:ml-2">
              without cash
            </span>
          )}
        </td>
        <td className={LINE_1} data-testid="holdings-total">
          <Why figure="Net asset value" path={path("nav")}>
            <Money value={data.nav} currency={data.currency} reason={reason} />
          </Why>
        </td>
        <td className="max-md:hidden num">
          {data.nav === null ? <Unknown reason={reason} /> : "100.0%"}
        </td>
        <td className="max-lg:hidden" />
        <td className={shownIf(column === "unrealized_gain")}>
          <Why figure="Unrealized gain of all holdings" path={path("unrealized_gain")}>
            <Money
              value={data.total_unrealized_gain}
              currency={data.currency}
              signed
              reason={reason}
            />
          </Why>
        </td>
      </tr>
    </tfoot>
  );
}

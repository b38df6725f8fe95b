import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { quantity } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money, SignedPercent, tone } from "@/shared/ui/figures";
import { holdingsQuery } from "./queries";

type Props = { instrumentId: string; account: string | undefined };

/** What is held of one instrument now; nothing where nothing is. */
export function HoldingSummary({ instrumentId, account }: Props) {
  const { data } = useQuery(holdingsQuery(account));
  const item = data?.items.find((found) => found.instrument_id === instrumentId);
  if (!data || !item) return null;
  const reason = reasonText(item.unknown_reasons);
  return (
    <dl className="grid grid-cols-2 lg:grid-cols-4 gap-x-4 gap-y-4 mb-8 -mt-1">
      <Figure
        label="Market value"
        sub={
          <>
            {quantity(item.quantity)} units at{" "}
            <Money value={item.price} currency={item.currency} reason={reason} />
          </>
        }
      >
        <Money value={item.market_value} currency={data.currency} reason={reason} />
      </Figure>
      <Figure
        label="Day"
        sub={<SignedPercent ratio={item.day_change_ratio} arrow={false} reason={reason} />}
      >
        <Money
          value={item.day_change}
          currency={data.currency}
          signed
          reason={reason ?? "no earlier price"}
          className={tone(item.day_change)}
        />
      </Figure>
      <Figure
        label="Unrealized gain"
        sub={<SignedPercent ratio={item.unrealized_gain_ratio} arrow={false} reason={reason} />}
      >
        <Money
          value={item.unrealized_gain}
          currency={data.currency}
          signed
          reason={reason}
          className={tone(item.unrealized_gain)}
        />
      </Figure>
      <Figure label="Cost" sub="of the open lots">
        <Money value={item.cost} currency={data.currency} reason={reason} />
      </Figure>
    </dl>
  );
}

type FigureProps = { label: string; sub: ReactNode; children: ReactNode };

function Figure({ label, sub, children }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{label}</dt>
      <dd className="mt-1 text-[1.25rem] leading-7 font-[540]">{children}</dd>
      <dd className="text-xs text-ink-2">{sub}</dd>
    </div>
  );
}

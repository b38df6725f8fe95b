import { useQuery } from "@tanstack/react-query";
import { explainPath } from "@/shared/api/explanations";
import { quantity } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money, SignedPercent, tone } from "@/shared/ui/figures";
import { useSlice } from "@/shared/ui/sliced";
import { Stat } from "@/shared/ui/stat";
import { Why } from "@/shared/ui/why";
import { holdingsQuery } from "./queries";

type Props = { instrumentId: string; account: string | undefined };

/** What is held of one instrument now; nothing where nothing is. */
export function HoldingSummary({ instrumentId, account }: Props) {
  const { data } = useQuery(holdingsQuery(account, undefined, useSlice()));
  const item = data?.items.find((found) => found.instrument_id === instrumentId);
  if (!data || !item) return null;
  const reason = reasonText(item.unknown_reasons);
  const why = (figure: string, name: string) => ({
    figure: `${name} of ${item.symbol}`,
    path: explainPath(`holdings/${instrumentId}`, { figure, account_id: account }),
  });
  return (
    <dl className="grid grid-cols-2 lg:grid-cols-4 gap-x-4 gap-y-4 mb-8 -mt-1">
      <Stat
        label="Market value"
        sub={
          <>
            <Why {...why("quantity", "Units")}>{quantity(item.quantity)} units</Why> at{" "}
            <Why {...why("price", "Price")}>
              <Money value={item.price} currency={item.currency} reason={reason} />
            </Why>
          </>
        }
      >
        <Why mark {...why("market_value", "Market value")}>
          <Money value={item.market_value} currency={data.currency} reason={reason} />
        </Why>
      </Stat>
      <Stat
        label="Day"
        sub={
          <Why {...why("day_change_ratio", "Day change in percent")}>
            <SignedPercent ratio={item.day_change_ratio} arrow={false} reason={reason} />
          </Why>
        }
      >
        <Why mark {...why("day_change", "Day change")}>
          <Money
            value={item.day_change}
            currency={data.currency}
            signed
            reason={reason ?? "no earlier price"}
            className={tone(item.day_change)}
          />
        </Why>
      </Stat>
      <Stat
        label="Unrealized gain"
        sub={
          <Why {...why("unrealized_gain_ratio", "Unrealized gain in percent")}>
            <SignedPercent ratio={item.unrealized_gain_ratio} arrow={false} reason={reason} />
          </Why>
        }
      >
        <Why mark {...why("unrealized_gain", "Unrealized gain")}>
          <Money
            value={item.unrealized_gain}
            currency={data.currency}
            signed
            reason={reason}
            className={tone(item.unrealized_gain)}
          />
        </Why>
      </Stat>
      <Stat label="Cost" sub="of the open lots">
        <Why mark {...why("cost", "Cost")}>
          <Money value={item.cost} currency={data.currency} reason={reason} />
        </Why>
      </Stat>
    </dl>
  );
}

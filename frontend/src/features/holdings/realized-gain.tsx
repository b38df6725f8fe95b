import { useQuery } from "@tanstack/react-query";
import { explainPath } from "@/shared/api/explanations";
import type { LotsOut } from "@/shared/api/gen/types.gen";
import { reasonText } from "@/shared/format/reasons";
import { Money, tone } from "@/shared/ui/figures";
import { useSlice } from "@/shared/ui/sliced";
import { Why } from "@/shared/ui/why";
import { realizedQuery } from "./queries";

type Props = { data: LotsOut; account: string | undefined; isPast: boolean };

/** What an instrument realized, as the pages of gains tell it; and as traded where that differs. */
export function RealizedGain({ data, account, isPast }: Props) {
  const query = useQuery({
    ...realizedQuery(data.instrument_id, account, useSlice()),
    enabled: !isPast,
  });
  // of a past day nothing is converted
  if (isPast) {
    return (
      <span className="text-sm">
        Realized gain as traded <Traded data={data} account={account} isMain />
      </span>
    );
  }
  const gains = query.data;
  if (!gains && !query.error) return <span className="text-sm">Realized gain …</span>;
  const realized = gains?.total.realized;
  return (
    <span className="text-sm">
      Realized gain{" "}
      <Why
        mark
        figure={`Realized gain of ${data.symbol}`}
        path={explainPath("overview", {
          figure: "realized_gain",
          instrument_id: data.instrument_id,
          account_id: account,
        })}
      >
        <Money
          value={realized?.gain ?? null}
          currency={gains?.currency ?? data.currency}
          signed
          reason={realized ? reasonText(realized.reasons) : "it could not be loaded"}
          className={`font-semibold ${tone(realized?.gain ?? null)}`}
        />
      </Why>
      {gains?.currency !== data.currency && data.closure_count > 0 && (
        <>
          {" "}
          · as traded <Traded data={data} account={account} />
        </>
      )}
    </span>
  );
}

type TradedProps = Omit<Props, "isPast"> & { isMain?: boolean };

function Traded({ data, account, isMain = false }: TradedProps) {
  return (
    <Why
      mark={isMain}
      figure={`Realized gain of ${data.symbol} as traded`}
      path={explainPath("realized-gains", {
        instrument_id: data.instrument_id,
        account_id: account,
        in_currency: data.currency,
        basis: "traded",
      })}
    >
      <Money
        value={data.traded_gain}
        currency={data.currency}
        signed
        reason="a cost is not known, or it was traded in several currencies"
        className={isMain ? `font-semibold ${tone(data.traded_gain)}` : ""}
      />
    </Why>
  );
}

import { Link } from "@tanstack/react-router";
import { SaveAs } from "@/shared/charts/save-as";
import type { TradeOut, TradesOut } from "@/shared/api/gen/types.gen";
import { day, words } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money } from "@/shared/ui/figures";
import { useKnownSearch } from "@/shared/ui/known";
import { Why } from "@/shared/ui/why";

/** Where a figure of a purchase is explained. */
type Where = (trade: string, figure: string) => string;

/** The purchases that brought most, and least. */
export function Trades({ data, where }: { data: TradesOut; where: Where }) {
  const rows = [...data.best, ...[...data.worst].reverse(), ...data.unknown];
  const lacking = [...new Set(data.unknown.flatMap((one) => one.reasons))];
  if (rows.length === 0) {
    return <p className="text-sm text-ink-2">Nothing was bought in this span.</p>;
  }
  return (
    <>
      <div className="tablewrap">
        <table className="tbl rows stack" aria-label="Purchases by result">
          <thead>
            <tr>
              <th scope="col">Bought</th>
              <th scope="col">What</th>
              <th scope="col">Realized</th>
              <th scope="col">Unrealized</th>
              <th scope="col">Income</th>
              <th scope="col">Together</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <Trade key={one.transaction_id} one={one} currency={data.currency} where={where} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-xs text-ink-2">
        The best and the worst of {data.trade_count}. All together:{" "}
        <Money
          value={data.total}
          currency={data.currency}
          digits={0}
          signed
          reason={reasonText(lacking)}
        />
        .
      </p>
      <SaveAs className="mt-2 text-xs" file="attribution-trades" rows={() => tradeRows(rows)} />
    </>
  );
}

const FIGURES = {
  realized: "Realized",
  unrealized: "Unrealized",
  income: "Income",
  total: "Result",
} as const;

const tradeRows = (rows: readonly TradeOut[]) => [
  ["Day", "Kind", "Symbol", "Realized", "Unrealized", "Income", "Together"],
  ...rows.map((r) => [r.day, r.kind, r.symbol, r.realized, r.unrealized, r.income, r.total]),
];

type TradeProps = { one: TradeOut; currency: string; where: Where };

function Trade({ one, currency, where }: TradeProps) {
  const search = useKnownSearch();
  const why = reasonText(one.reasons);
  const of = `${one.symbol ?? "purchase"} of ${day(one.day)}`;
  const amount = (value: string | null, figure: "realized" | "unrealized" | "income" | "total") => (
    <Why figure={`${FIGURES[figure]}, ${of}`} path={where(one.transaction_id, figure)}>
      <Money value={value} currency={currency} digits={0} signed reason={why} />
    </Why>
  );
  return (
    <tr>
      <th scope="row">
        <Link
          className="lnk"
          to="/transactions/$transactionId"
          params={{ transactionId: one.transaction_id }}
          search={search}
        >
          {day(one.day)}
        </Link>
      </th>
      <td>
        {one.symbol}
        {one.kind !== "buy" && <span className="text-ink-2"> {words(one.kind)}</span>}
      </td>
      <td data-label="Realized">{amount(one.realized, "realized")}</td>
      <td data-label="Unrealized">{amount(one.unrealized, "unrealized")}</td>
      <td data-label="Income">{amount(one.income, "income")}</td>
      <td className="font-semibold" data-label="Together">
        {amount(one.total, "total")}
      </td>
    </tr>
  );
}

import { Link } from "@tanstack/react-router";
import { SaveAs } from "@/shared/charts/save-as";
import type { TradeOut, TradesOut } from "@/shared/api/gen/types.gen";
import { day, words } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { Money, SignedPercent } from "@/shared/ui/figures";
import { useKnownSearch } from "@/shared/ui/known";
import { Why } from "@/shared/ui/why";

/** Where a figure of a purchase is explained. */
type Where = (trade: string, figure: string) => string;

/** The purchases that brought most, and least. */
export function Trades({ data, where }: { data: TradesOut; where: Where }) {
  const rows = [...data.best, ...[...data.worst].reverse(), ...data.unknown];
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
              <th scope="col">Of capital</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <Trade key={one.transaction_id} one={one} currency={data.currency} where={where} />
            ))}
            <Sum label="All purchases" value={data.total} ratio={data.total_ratio} of={data} />
            <Sum label="All else" value={data.residual} ratio={data.residual_ratio} of={data} />
            <Sum label="Gain of the span" value={data.gain} ratio={data.gain_ratio} of={data} />
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-xs text-ink-2">
        The best and the worst of {data.trade_count}. All else is what no purchase of the span
        brought: of lots held before, of cash, costs on their own, income that is due. Of capital is
        the result over the average capital of the span (Modified Dietz), not linked day by day.
      </p>
      <SaveAs
        className="mt-2 text-xs"
        file="attribution-trades"
        rows={() => tradeRows(rows, data)}
      />
    </>
  );
}

const FIGURES = {
  realized: "Realized",
  unrealized: "Unrealized",
  income: "Income",
  total: "Result",
} as const;

const tradeRows = (rows: readonly TradeOut[], of: TradesOut) => [
  ["Day", "Kind", "Symbol", "Realized", "Unrealized", "Income", "Together", "Of capital"],
  ...rows.map((r) => [
    ...[r.day, r.kind, r.symbol, r.realized, r.unrealized, r.income, r.total],
    r.capital_ratio,
  ]),
  ["All purchases", null, null, null, null, null, of.total, of.total_ratio],
  ["All else", null, null, null, null, null, of.residual, of.residual_ratio],
  ["Gain of the span", null, null, null, null, null, of.gain, of.gain_ratio],
];

type SumProps = { label: string; value: string | null; ratio: string | null; of: TradesOut };

/** What purchases, all else, and both together made of the span. */
function Sum({ label, value, ratio, of }: SumProps) {
  const lacking = [...new Set(of.unknown.flatMap((one) => one.reasons))];
  const why = reasonText(lacking.length > 0 ? lacking : ["value_unknown"]);
  return (
    <tr>
      <th scope="row">{label}</th>
      <td colSpan={4} />
      <td className="font-semibold" data-label="Together">
        <Money value={value} currency={of.currency} digits={0} signed reason={why} />
      </td>
      <td data-label="Of capital">
        <SignedPercent ratio={ratio} />
      </td>
    </tr>
  );
}

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
      <td data-label="Of capital">
        <SignedPercent ratio={one.capital_ratio} />
      </td>
    </tr>
  );
}

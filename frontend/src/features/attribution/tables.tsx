import type {
  AttributionOut,
  ComparisonOut,
  TradeOut,
  TradesOut,
} from "@/shared/api/gen/types.gen";
import { saveCsv } from "@/shared/csv";
import { day, words } from "@/shared/format/format";
import { reasonOf, reasonText } from "@/shared/format/reasons";
import { Money, SignedPercent } from "@/shared/ui/figures";

type Groups = { data: AttributionOut };

const Save = ({ onPress }: { onPress: () => void }) => (
  <p className="mt-2 text-xs">
    <button type="button" className="lnk" onClick={onPress}>
      Save as CSV
    </button>
  </p>
);

/** Each group's part of the return; the bar repeats the number. */
export function Contributions({ data }: Groups) {
  const largest = Math.max(...data.groups.map((g) => Math.abs(Number(g.contribution_ratio ?? 0))));
  return (
    <>
      <div className="tablewrap">
        <table className="tbl" aria-label="Contributions">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Contribution</th>
              <th scope="col" aria-hidden="true" className="w-[22%] min-w-24" />
              <th scope="col">Prices</th>
              <th scope="col">Rates</th>
              <th scope="col">Both</th>
              <th scope="col">Own return</th>
              <th scope="col">Mean weight</th>
              <th scope="col">Gain</th>
            </tr>
          </thead>
          <tbody>
            {data.groups.map((group) => {
              const why = reasonText(group.reasons);
              return (
                <tr key={group.key}>
                  <th scope="row">{group.label}</th>
                  <td>
                    <SignedPercent ratio={group.contribution_ratio} reason={why} />
                  </td>
                  <td aria-hidden="true">
                    <Bar ratio={group.contribution_ratio} largest={largest} />
                  </td>
                  <td>
                    <SignedPercent ratio={group.local_ratio} reason={why} />
                  </td>
                  <td>
                    <SignedPercent ratio={group.currency_ratio} reason={why} />
                  </td>
                  <td>
                    <SignedPercent ratio={group.cross_ratio} reason={why} />
                  </td>
                  <td>
                    <SignedPercent
                      ratio={group.return_ratio}
                      reason={reasonOf(group.return_reason)}
                    />
                  </td>
                  <td>
                    <SignedPercent ratio={group.average_weight_ratio} reason={why} />
                  </td>
                  <td>
                    <Money value={group.gain} currency={data.currency} digits={0} signed />
                  </td>
                </tr>
              );
            })}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">All</th>
              <td className="font-semibold">
                <SignedPercent ratio={data.total_ratio} reason={reasonOf(data.reason)} />
              </td>
              <td colSpan={6} />
              <td className="font-semibold">
                <Money value={data.gain} currency={data.currency} digits={0} signed />
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      <Save
        onPress={() => {
          saveCsv(`attribution-${data.by}`, groupRows(data));
        }}
      />
    </>
  );
}

const groupRows = (data: AttributionOut) => [
  ["Group", "Contribution", "Prices", "Rates", "Both", "Own return", "Mean weight", "Gain"],
  ...data.groups.map((g) => [
    g.label,
    g.contribution_ratio,
    g.local_ratio,
    g.currency_ratio,
    g.cross_ratio,
    g.return_ratio,
    g.average_weight_ratio,
    g.gain,
  ]),
];

function Bar({ ratio, largest }: { ratio: string | null; largest: number }) {
  const value = Number(ratio ?? 0);
  if (!value || !largest) return null;
  const width = (Math.abs(value) / largest) * 50;
  return (
    <span className="block relative h-3 bg-[color-mix(in_oklab,var(--rule)_45%,transparent)]">
      <span
        className="absolute inset-y-0"
        style={{
          width: `${width.toFixed(2)}%`,
          left: value < 0 ? `${(50 - width).toFixed(2)}%` : "50%",
          background: value < 0 ? "var(--loss)" : "var(--gain)",
        }}
      />
    </span>
  );
}

/** What other weights and other holdings did against the benchmark. */
export function Effects({ data }: { data: ComparisonOut }) {
  if (data.reason !== null) {
    return (
      <p className="note warn" role="status">
        The comparison is not known: {reasonOf(data.reason)}.
      </p>
    );
  }
  return (
    <>
      <p className="text-sm text-ink-2 mb-2">
        The portfolio made <SignedPercent ratio={data.portfolio_ratio} />, the benchmark{" "}
        <SignedPercent ratio={data.benchmark_ratio} />: <SignedPercent ratio={data.excess_ratio} />{" "}
        against it.
      </p>
      <div className="tablewrap">
        <table className="tbl" aria-label="Effects against the benchmark">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col">Benchmark</th>
              <th scope="col">Allocation</th>
              <th scope="col">Selection</th>
              <th scope="col">Interaction</th>
              <th scope="col">Together</th>
            </tr>
          </thead>
          <tbody>
            {data.groups.map((one) => (
              <tr key={one.key}>
                <th scope="row">{one.label}</th>
                <td>{one.symbol ?? "none"}</td>
                <td>
                  <SignedPercent ratio={one.allocation_ratio} />
                </td>
                <td>
                  <SignedPercent ratio={one.selection_ratio} />
                </td>
                <td>
                  <SignedPercent ratio={one.interaction_ratio} />
                </td>
                <td className="font-semibold">
                  <SignedPercent ratio={one.total_ratio} />
                </td>
              </tr>
            ))}
            <tr>
              <th scope="row">Not told by groups</th>
              <td colSpan={4} />
              <td>
                <SignedPercent ratio={data.residual_ratio} />
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      <Save
        onPress={() => {
          saveCsv("attribution-effects", effectRows(data));
        }}
      />
    </>
  );
}

const effectRows = (data: ComparisonOut) => [
  ["Group", "Benchmark", "Allocation", "Selection", "Interaction", "Together"],
  ...data.groups.map((g) => [
    g.label,
    g.symbol,
    g.allocation_ratio,
    g.selection_ratio,
    g.interaction_ratio,
    g.total_ratio,
  ]),
  ["Not told by groups", null, null, null, null, data.residual_ratio],
];

/** The purchases that brought most, and least. */
export function Trades({ data }: { data: TradesOut }) {
  const rows = [...data.best, ...[...data.worst].reverse(), ...data.unknown];
  if (rows.length === 0) {
    return <p className="text-sm text-ink-2">Nothing was bought in this span.</p>;
  }
  return (
    <>
      <div className="tablewrap">
        <table className="tbl" aria-label="Purchases by result">
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
              <Trade key={one.transaction_id} one={one} currency={data.currency} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-xs text-ink-2">
        The best and the worst of {data.trade_count}. All together:{" "}
        <Money value={data.total} currency={data.currency} digits={0} signed />.
      </p>
      <Save
        onPress={() => {
          saveCsv("attribution-trades", tradeRows(rows));
        }}
      />
    </>
  );
}

const tradeRows = (rows: readonly TradeOut[]) => [
  ["Day", "Kind", "Symbol", "Realized", "Unrealized", "Income", "Together"],
  ...rows.map((r) => [r.day, r.kind, r.symbol, r.realized, r.unrealized, r.income, r.total]),
];

function Trade({ one, currency }: { one: TradeOut; currency: string }) {
  const why = reasonText(one.reasons);
  const amount = (value: string | null) => (
    <Money value={value} currency={currency} digits={0} signed reason={why} />
  );
  return (
    <tr>
      <th scope="row">
        <a className="lnk" href={`/transactions/${one.transaction_id}`}>
          {day(one.day)}
        </a>
      </th>
      <td>
        {one.symbol}
        {one.kind !== "buy" && <span className="text-ink-2"> {words(one.kind)}</span>}
      </td>
      <td>{amount(one.realized)}</td>
      <td>{amount(one.unrealized)}</td>
      <td>{amount(one.income)}</td>
      <td className="font-semibold">{amount(one.total)}</td>
    </tr>
  );
}
